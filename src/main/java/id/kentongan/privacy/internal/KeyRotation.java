// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import id.kentongan.kernel.TenantId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Rotates all keys while the platform runs: a new master key, every tenant's keys wrapped by it, a new key for every
 * tenant, every contact's key wrapped by that. What was sealed for a tenant stays under the key it was sealed with;
 * the next thing sealed uses the new one. The launcher asks for it by a row in the job schedule.
 */
@Component
class KeyRotation {
    private static final Logger log = LoggerFactory.getLogger(KeyRotation.class);
    private static final int SHARE = 1_000;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final TenantKeys tenantKeys;
    private final EnvelopeVault vault;
    private final Trail trail;

    KeyRotation(
            ActorTransactions transactions, JdbcClient jdbc, TenantKeys tenantKeys, EnvelopeVault vault, Trail trail) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.tenantKeys = tenantKeys;
        this.vault = vault;
        this.trail = trail;
    }

    void rotate() {
        var master = tenantKeys.rotateMaster();
        for (var tenant : tenants()) {
            tenantKeys.rewrap(tenant);
            var actor = Actor.system(tenant, "privacy");
            var version = transactions.write(actor, () -> {
                var made = tenantKeys.rotate(tenant);
                trail.record(
                        actor,
                        TrailEntry.of(
                                "privacy.keys-rotated",
                                "tenant",
                                tenant.value(),
                                Map.of("master", "" + master, "tenant", "" + made)));
                return made;
            });
            log.info("Tenant {} has key {}; {} contacts' keys were wrapped by it", tenant, version, rewrap(tenant));
        }
        log.info("The keys were rotated; the newest master key is {}. Export the keys again", master);
    }

    /** Contacts' keys made by a node that had not heard of the rotation yet. */
    void rewrapStragglers() {
        Pieces.untilInterrupted(tenants()).forEach(this::rewrap);
    }

    private long rewrap(TenantId tenant) {
        var all = 0L;
        int done;
        do {
            done = vault.rewrapDataKeys(tenant, SHARE);
            all += done;
        } while (done > 0 && !Pieces.interrupted());
        return all;
    }

    private List<TenantId> tenants() {
        return jdbc.sql("select privacy.tenants_with_keys()")
                .query((row, n) -> new TenantId(row.getObject(1, UUID.class)))
                .list();
    }

    @Configuration(proxyBeanMethods = false)
    static class Jobs {
        @Bean
        OneTimeTask<Void> rotateKeysTask(KeyRotation rotation) {
            // Not repeated when it fails: each try makes new keys. The launcher says so and the operator decides.
            return Tasks.oneTime(KeyRotationRequest.TASK)
                    .onFailure((complete, operations) -> {
                        log.error(
                                "The keys could not all be rotated",
                                complete.getCause().orElse(null));
                        operations.stop();
                    })
                    .execute((instance, context) -> rotation.rotate());
        }

        @Bean
        RecurringTask<Void> rewrapKeysTask(KeyRotation rotation) {
            return Tasks.recurring("privacy-rewrap-keys", FixedDelay.ofHours(1))
                    .execute((instance, context) -> rotation.rewrapStragglers());
        }
    }
}
