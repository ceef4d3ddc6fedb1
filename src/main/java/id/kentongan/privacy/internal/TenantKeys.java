// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Each tenant's wrapping key (in versions) and hashing key, unwrapped with the master key file and kept for minutes. A
 * key that a transaction makes is used within it alone until it commits: what others sealed under it would be lost with
 * its rollback.
 */
@Component
class TenantKeys {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final MasterKeys master;
    private final Cache<TenantId, Keys> cache = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(10))
            .maximumSize(1000)
            .build();

    TenantKeys(ActorTransactions transactions, JdbcClient jdbc, Clock clock, MasterKeys master) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.master = master;
    }

    record Keys(TreeMap<Integer, SecretKey> wrapping, byte[] hashing) {
        int primary() {
            return wrapping.lastKey();
        }

        SecretKey newest() {
            return wrapping.lastEntry().getValue();
        }
    }

    Keys of(TenantId tenant) {
        if (madeHere().contains(tenant)) {
            return load(tenant);
        }
        var known = cache.getIfPresent(tenant);
        if (known != null) {
            return known;
        }
        // Read within the caller's transaction: a second connection for everybody at once, when nobody knows the key
        // yet or its time in memory is over, is more than a pool has, and all would wait for each other.
        var actor = Actor.system(tenant, "privacy");
        var there = transactions.read(actor, () -> load(tenant));
        if (!there.wrapping().isEmpty()) {
            cache.put(tenant, there);
            return there;
        }
        // Made within it too, for the same reason; nobody else uses the key before it is committed.
        return transactions.write(actor, () -> {
            madeHere(tenant);
            return loadOrMake(tenant);
        });
    }

    /** One version of the tenant's key. Another node may have made it since the keys were last read here. */
    SecretKey version(TenantId tenant, int version) {
        var key = of(tenant).wrapping().get(version);
        if (key == null) {
            forget(tenant);
            key = of(tenant).wrapping().get(version);
        }
        if (key == null) {
            throw new IllegalStateException("The tenant's key has no version " + version);
        }
        return key;
    }

    /** Tenants for whom the running transaction has made a key, which is nobody else's before it commits. */
    private Set<TenantId> madeHere() {
        var made = (Made) TransactionSynchronizationManager.getResource(this);
        return made == null ? Set.of() : made.tenants;
    }

    private void madeHere(TenantId tenant) {
        var made = (Made) TransactionSynchronizationManager.getResource(this);
        if (made == null) {
            made = new Made();
            TransactionSynchronizationManager.bindResource(this, made);
            TransactionSynchronizationManager.registerSynchronization(made);
        }
        made.tenants.add(tenant);
    }

    private final class Made implements TransactionSynchronization {
        private final Set<TenantId> tenants = new HashSet<>();

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(TenantKeys.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(TenantKeys.this, this);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(TenantKeys.this);
            tenants.forEach(TenantKeys.this::forget);
        }
    }

    void forget(TenantId tenant) {
        cache.invalidate(tenant);
    }

    private Keys loadOrMake(TenantId tenant) {
        var keys = load(tenant);
        if (!keys.wrapping().isEmpty()) {
            return keys;
        }
        var version = master.primary();
        insert(tenant, 1, version, Sealing.newKey(), Sealing.newKey());
        return load(tenant);
    }

    private void insert(TenantId tenant, int version, int masterVersion, byte[] wrapping, byte[] hashing) {
        var key = master.version(masterVersion);
        madeHere(tenant);
        jdbc.sql("""
                        insert into privacy.tenant_key
                            (tenant_id, version, master_version, wrapped, hashing_wrapped, created_at)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """)
                .params(
                        tenant.value(),
                        version,
                        masterVersion,
                        Sealing.seal(key, "tenant-key:" + tenant, wrapping),
                        Sealing.seal(key, "hashing-key:" + tenant, hashing),
                        Timestamp.from(clock.instant()))
                .update();
    }

    private Keys load(TenantId tenant) {
        var wrapping = new TreeMap<Integer, SecretKey>();
        var hashing = new byte[1][];
        jdbc.sql("""
                        select version, master_version, wrapped, hashing_wrapped
                        from privacy.tenant_key
                        order by version
                        """).query(row -> {
            var key = master.version(row.getInt(2));
            try {
                wrapping.put(row.getInt(1), Sealing.key(Sealing.open(key, "tenant-key:" + tenant, row.getBytes(3))));
            } catch (IllegalStateException e) {
                throw new IllegalStateException(
                        "The master keys in the data folder are not those this database was sealed by: stop the platform,"
                                + " move the keys folder aside and run ./kentongan keys import FILE",
                        e);
            }
            hashing[0] = Sealing.open(key, "hashing-key:" + tenant, row.getBytes(4));
        });
        return new Keys(wrapping, hashing[0] == null ? new byte[0] : hashing[0]);
    }

    /** Wraps every tenant key of the tenant with the master file's newest version. Returns how many changed. */
    int rewrap(TenantId tenant) {
        var changed = transactions.write(Actor.system(tenant, "privacy"), () -> {
            var primary = master.primary();
            record Row(int version, int masterVersion, byte[] wrapped, byte[] hashing) {}
            var rows = jdbc.sql("""
                            select version, master_version, wrapped, hashing_wrapped
                            from privacy.tenant_key
                            where master_version <> ?
                            for update
                            """)
                    .param(primary)
                    .query((row, n) -> new Row(row.getInt(1), row.getInt(2), row.getBytes(3), row.getBytes(4)))
                    .list();
            for (var row : rows) {
                var old = master.version(row.masterVersion());
                var now = master.version(primary);
                jdbc.sql("""
                                update privacy.tenant_key
                                set master_version = ?, wrapped = ?, hashing_wrapped = ?
                                where version = ?
                                """)
                        .params(
                                primary,
                                Sealing.seal(
                                        now,
                                        "tenant-key:" + tenant,
                                        Sealing.open(old, "tenant-key:" + tenant, row.wrapped())),
                                Sealing.seal(
                                        now,
                                        "hashing-key:" + tenant,
                                        Sealing.open(old, "hashing-key:" + tenant, row.hashing())),
                                row.version())
                        .update();
            }
            return rows.size();
        });
        forget(tenant);
        return changed;
    }

    /** A new master version in the key file. */
    int rotateMaster() {
        return master.rotate();
    }

    /** A new version of the tenant's wrapping key; the hashing key stays, or nothing could be found any more. */
    int rotate(TenantId tenant) {
        return transactions.write(Actor.system(tenant, "privacy"), () -> {
            var keys = loadOrMake(tenant);
            var version = keys.primary() + 1;
            insert(tenant, version, master.primary(), Sealing.newKey(), keys.hashing());
            return version;
        });
    }
}
