// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The vault over the envelope: master key file, tenant key, data key, content key.
 *
 * <p>Unwrapped data keys stay in memory for at most {@link #KEPT}; that is also the longest another node can still
 * open what was erased here.
 */
@Component
class EnvelopeVault implements Vault, OfficerSecrets {
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final TenantKeys tenantKeys;
    private final Trail trail;
    private final Clock clock;
    private final Cache<Kept, SecretKey> cache =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(50_000).build();

    /** Memory knows no row-level security: a key is found only under the tenant whose policy let it be loaded. */
    private record Kept(TenantId tenant, DataKeyId key) {}

    EnvelopeVault(ActorTransactions transactions, JdbcClient jdbc, TenantKeys tenantKeys, Trail trail, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.tenantKeys = tenantKeys;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public List<DataKeyId> newKeys(Actor actor, int count) {
        var ids = Stream.generate(DataKeyId::next).limit(count).toList();
        haveKeys(actor, ids);
        return ids;
    }

    @Override
    public void haveKeys(Actor actor, Collection<DataKeyId> ids) {
        var wanted = List.copyOf(ids);
        var count = wanted.size();
        if (count == 0) {
            return;
        }
        var keys = tenantKeys.of(actor.tenant());
        var version = keys.primary();
        var wrapping = keys.newest();
        var uuids = new UUID[count];
        var wrapped = new byte[count][];
        var plain = new HashMap<UUID, byte[]>();
        for (var i = 0; i < count; i++) {
            var id = wanted.get(i);
            var key = Sealing.newKey();
            uuids[i] = id.value();
            plain.put(id.value(), key);
            wrapped[i] = Sealing.seal(wrapping, context(actor.tenant(), id), key);
        }
        transactions.run(actor, () -> {
            var fresh = fresh();
            jdbc.sql("""
                            insert into privacy.data_key (tenant_id, id, tenant_key_version, wrapped)
                            select ?, k.id, ?, k.wrapped
                            from unnest(?::uuid[], ?::bytea[]) as k (id, wrapped)
                            order by k.id
                            on conflict do nothing
                            returning id
                            """)
                    .params(actor.tenant().value(), version, uuids, wrapped)
                    .query(UUID.class)
                    .list()
                    .forEach(id -> fresh.put(
                            new Kept(actor.tenant(), new DataKeyId(id)),
                            Sealing.key(Objects.requireNonNull(plain.get(id)))));
        });
    }

    @Override
    public byte[] seal(Actor actor, DataKeyId key, String purpose, byte[] plain) {
        return Sealing.seal(required(actor, key), purpose + ":" + key, plain);
    }

    @Override
    public Optional<byte[]> open(Actor actor, DataKeyId key, String purpose, byte[] sealed) {
        return dataKey(actor, key).map(found -> Sealing.open(found, purpose + ":" + key, sealed));
    }

    @Override
    public SealedContent sealContent(Actor actor, DataKeyId key, String purpose, byte[] plain) {
        var contentKey = Sealing.newKey();
        return new SealedContent(
                Sealing.seal(required(actor, key), "content-key:" + purpose + ":" + key, contentKey),
                Sealing.seal(Sealing.key(contentKey), purpose, plain));
    }

    @Override
    public Optional<byte[]> openContent(Actor actor, DataKeyId key, String purpose, SealedContent content) {
        return dataKey(actor, key)
                .map(found -> Sealing.open(found, "content-key:" + purpose + ":" + key, content.key()))
                .map(contentKey -> Sealing.open(Sealing.key(contentKey), purpose, content.sealed()));
    }

    @Override
    public Optional<SealedContent> rewrap(
            Actor actor, DataKeyId from, DataKeyId to, String purpose, SealedContent content) {
        return dataKey(actor, from)
                .map(found -> Sealing.open(found, "content-key:" + purpose + ":" + from, content.key()))
                .map(contentKey -> new SealedContent(
                        Sealing.seal(required(actor, to), "content-key:" + purpose + ":" + to, contentKey),
                        content.sealed()));
    }

    @Override
    public byte[] sealForTenant(Actor actor, String purpose, byte[] plain) {
        return seal(actor.tenant(), purpose, plain);
    }

    @Override
    public byte[] openForTenant(Actor actor, String purpose, byte[] sealed) {
        return open(actor.tenant(), purpose, sealed);
    }

    @Override
    public byte[] keyedHash(Actor actor, String purpose, String value) {
        return keyedHash(actor.tenant(), purpose, value);
    }

    @Override
    public void prepare(TenantId tenant) {
        tenantKeys.of(tenant);
    }

    /** The key's version goes before the ciphertext, so that a rotated tenant key still opens older values. */
    @Override
    public byte[] seal(TenantId tenant, String purpose, byte[] plain) {
        var keys = tenantKeys.of(tenant);
        var sealed = Sealing.seal(keys.newest(), purpose + ":" + tenant, plain);
        return java.nio.ByteBuffer.allocate(4 + sealed.length)
                .putInt(keys.primary())
                .put(sealed)
                .array();
    }

    @Override
    public byte[] open(TenantId tenant, String purpose, byte[] sealed) {
        var version = java.nio.ByteBuffer.wrap(sealed).getInt();
        var body = java.util.Arrays.copyOfRange(sealed, 4, sealed.length);
        return Sealing.open(tenantKeys.version(tenant, version), purpose + ":" + tenant, body);
    }

    @Override
    public byte[] keyedHash(TenantId tenant, String purpose, String value) {
        return Sealing.hmac(tenantKeys.of(tenant).hashing(), purpose, value);
    }

    @Override
    public void warm(Actor actor, Collection<DataKeyId> keys) {
        var missing = keys.stream()
                .distinct()
                .filter(key -> cached(actor, key) == null)
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        transactions.read(actor, () -> {
            load(actor, missing);
            return Boolean.TRUE;
        });
    }

    @Override
    public void destroy(Actor actor, DataKeyId key) {
        transactions.run(actor, () -> {
            var destroyed = jdbc.sql("""
                            update privacy.data_key
                            set wrapped = null, destroyed_at = ?
                            where id = ? and destroyed_at is null
                            """)
                    .params(Timestamp.from(clock.instant()), key.value())
                    .update();
            if (destroyed > 0) {
                trail.record(actor, TrailEntry.of("privacy.key-destroyed", "data-key", key.value()));
            }
            var kept = new Kept(actor.tenant(), key);
            fresh().remove(kept);
            cache.invalidate(kept);
            transactions.afterCommit(() -> cache.invalidate(kept));
        });
    }

    private SecretKey required(Actor actor, DataKeyId key) {
        return dataKey(actor, key)
                .orElseThrow(
                        () -> new IllegalStateException("The data key " + key + " is destroyed or not the tenant's"));
    }

    private Optional<SecretKey> dataKey(Actor actor, DataKeyId key) {
        var known = cached(actor, key);
        if (known != null) {
            return Optional.of(known);
        }
        return transactions.read(actor, () -> {
            load(actor, List.of(key));
            return Optional.ofNullable(cached(actor, key));
        });
    }

    private @Nullable SecretKey cached(Actor actor, DataKeyId key) {
        var kept = new Kept(actor.tenant(), key);
        var fresh = (Fresh) TransactionSynchronizationManager.getResource(this);
        var made = fresh == null ? null : fresh.keys.get(kept);
        return made == null ? cache.getIfPresent(kept) : made;
    }

    /** Keys of the running transaction: there for it alone until it commits, and gone when it does not. */
    private Map<Kept, SecretKey> fresh() {
        var fresh = (Fresh) TransactionSynchronizationManager.getResource(this);
        if (fresh == null) {
            fresh = new Fresh();
            TransactionSynchronizationManager.bindResource(this, fresh);
            TransactionSynchronizationManager.registerSynchronization(fresh);
        }
        return fresh.keys;
    }

    private final class Fresh implements TransactionSynchronization {
        private final Map<Kept, SecretKey> keys = new HashMap<>();

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(EnvelopeVault.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(EnvelopeVault.this, this);
        }

        @Override
        public void afterCommit() {
            cache.putAll(keys);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(EnvelopeVault.this);
        }
    }

    private void load(Actor actor, List<DataKeyId> wanted) {
        jdbc.sql("""
                        select id, tenant_key_version, wrapped
                        from privacy.data_key
                        where id = any(?) and wrapped is not null
                        """)
                .param(wanted.stream().map(DataKeyId::value).toArray(UUID[]::new))
                .query(row -> {
                    var id = new DataKeyId(row.getObject(1, UUID.class));
                    var plain = Sealing.open(
                            tenantKeys.version(actor.tenant(), row.getInt(2)),
                            context(actor.tenant(), id),
                            row.getBytes(3));
                    cache.put(new Kept(actor.tenant(), id), Sealing.key(plain));
                });
    }

    /** Wraps the tenant's data keys anew with its newest key, a batch at a time while the platform runs. */
    int rewrapDataKeys(TenantId tenant, int batch) {
        var actor = Actor.system(tenant, "privacy");
        return transactions.write(actor, () -> {
            var keys = tenantKeys.of(tenant);
            var primary = keys.primary();
            record Row(UUID id, int version, byte[] wrapped) {}
            var rows = jdbc.sql("""
                            select id, tenant_key_version, wrapped
                            from privacy.data_key
                            where tenant_key_version < ? and wrapped is not null
                            limit ?
                            for update skip locked
                            """)
                    .params(primary, batch)
                    .query((row, n) -> new Row(row.getObject(1, UUID.class), row.getInt(2), row.getBytes(3)))
                    .list();
            var ids = rows.stream().map(Row::id).toArray(UUID[]::new);
            var wrapped = rows.stream()
                    .map(row -> {
                        var context = context(tenant, new DataKeyId(row.id()));
                        var plain = Sealing.open(tenantKeys.version(tenant, row.version()), context, row.wrapped());
                        return Sealing.seal(keys.newest(), context, plain);
                    })
                    .toArray(byte[][]::new);
            jdbc.sql("""
                            update privacy.data_key d
                            set tenant_key_version = ?, wrapped = k.wrapped
                            from unnest(?::uuid[], ?::bytea[]) as k (id, wrapped)
                            where d.id = k.id
                            """).params(primary, ids, wrapped).update();
            return rows.size();
        });
    }

    private static String context(TenantId tenant, DataKeyId key) {
        return "data-key:" + tenant + ":" + key;
    }
}
