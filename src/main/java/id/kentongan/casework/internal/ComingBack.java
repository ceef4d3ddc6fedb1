// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseState;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/** Takes up again what was put off until today, each in a transaction of its own. */
@Component
class ComingBack {
    private static final Logger log = LoggerFactory.getLogger(ComingBack.class);
    private static final int AT_ONCE = 200;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final CaseDetours detours;
    private final Tenants tenants;
    private final Clock clock;

    ComingBack(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            CaseDetours detours,
            Tenants tenants,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.detours = detours;
        this.tenants = tenants;
        this.clock = clock;
    }

    @Bean
    static RecurringTask<Void> comingBackTask(ComingBack comingBack) {
        return Tasks.recurring("casework-coming-back", FixedDelay.ofMinutes(5))
                .execute((instance, context) -> comingBack.run());
    }

    void run() {
        for (var tenant : Pieces.untilInterrupted(tenants.all())) {
            var failed = new HashSet<CaseId>();
            List<CaseId> some;
            do {
                some = due(tenant, failed);
                Pieces.untilInterrupted(some).forEach(id -> {
                    try {
                        take(tenant, id);
                    } catch (TransientDataAccessException | CannotCreateTransactionException away) {
                        throw away;
                    } catch (RuntimeException e) {
                        log.warn("Case {} could not be taken up again", id, e);
                        failed.add(id);
                    }
                });
            } while (some.size() == AT_ONCE && !Pieces.interrupted());
        }
    }

    private List<CaseId> due(Tenant tenant, Set<CaseId> failed) {
        var actor = Actor.system(tenant.id(), "casework");
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select id
                        from casework.case
                        where state = 'POSTPONED' and postponed_until <= ? and id <> all(?)
                        order by postponed_until, id
                        limit ?
                        """)
                        .params(
                                clock.instant().atZone(tenant.zone()).toLocalDate(),
                                failed.stream().map(CaseId::value).toArray(UUID[]::new),
                                AT_ONCE)
                        .query((row, n) -> new CaseId(row.getObject(1, UUID.class)))
                        .list());
    }

    private void take(Tenant tenant, CaseId id) {
        var actor = Actor.system(tenant.id(), "casework");
        var today = clock.instant().atZone(tenant.zone()).toLocalDate();
        transactions.run(
                actor,
                () -> book.locked(id)
                        .filter(row -> row.state() == CaseState.POSTPONED)
                        // Somebody may have put it off further meanwhile.
                        .filter(row -> Optional.ofNullable(row.postponedUntil())
                                .filter(until -> !until.isAfter(today))
                                .isPresent())
                        .ifPresent(row -> detours.resumed(actor, row)));
    }
}
