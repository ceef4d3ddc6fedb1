// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of raw deliveries and what was seen of them. Every method runs inside the caller's transaction. */
@Component
class DeliveryStore {
    private static final String PURPOSE = "channel.delivery";
    private static final String SEEN = "channel.seen";
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;

    DeliveryStore(JdbcClient jdbc, Vault vault, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    record NewDelivery(DeliveryId id, AccountId account, Network network, byte[] packed) {}

    void insert(Actor actor, List<NewDelivery> deliveries) {
        var size = deliveries.size();
        var ids = new UUID[size];
        var accounts = new UUID[size];
        var networks = new String[size];
        var sealed = new byte[size][];
        for (var i = 0; i < size; i++) {
            var each = deliveries.get(i);
            ids[i] = each.id().value();
            accounts[i] = each.account().value();
            networks[i] = each.network().code();
            sealed[i] = vault.sealForTenant(actor, PURPOSE, each.packed());
        }
        var now = Timestamp.from(clock.instant());
        jdbc.sql("""
                        insert into channel.delivery
                            (tenant_id, id, account_id, network, received_at, state, next_attempt_at, sealed)
                        select ?, d.id, d.account, d.network, ?, 'new', ?, d.sealed
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bytea[]) as d (id, account, network, sealed)
                        """)
                .params(actor.tenant().value(), now, now, ids, accounts, networks, sealed)
                .update();
    }

    record Claimed(RawDelivery delivery, int attempts) {}

    /** Takes what was never tried, many at once. */
    List<Claimed> claim(Actor actor, int limit) {
        return claim(actor, "state = 'new'", limit);
    }

    /**
     * Takes one that was tried before. Alone: it may be what took its neighbours down the first time, and must not
     * do it again.
     */
    Optional<Claimed> claimTried(Actor actor) {
        return claim(actor, "state in ('claimed', 'retry')", 1).stream().findFirst();
    }

    private List<Claimed> claim(Actor actor, String which, int limit) {
        var now = clock.instant();
        return jdbc.sql("""
                        update channel.delivery d
                        set state = 'claimed', attempts = d.attempts + 1, next_attempt_at = :lease
                        from (
                            select tenant_id, id
                            from channel.delivery
                            where %s and next_attempt_at <= :now
                            order by next_attempt_at, id
                            limit :limit
                            for update skip locked) w
                        where d.tenant_id = w.tenant_id and d.id = w.id
                        returning d.id, d.account_id, d.network, d.received_at, d.attempts, d.sealed
                        """.formatted(which))
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(LEASE)))
                .param("limit", limit)
                .query((row, n) -> {
                    var packed = vault.openForTenant(actor, PURPOSE, row.getBytes("sealed"));
                    return new Claimed(
                            new RawDelivery(
                                    new DeliveryId(row.getObject("id", UUID.class)),
                                    new AccountId(row.getObject("account_id", UUID.class)),
                                    Network.of(row.getString("network")),
                                    row.getTimestamp("received_at").toInstant(),
                                    Packed.headers(packed),
                                    Packed.body(packed)),
                            row.getInt("attempts"));
                })
                .list();
    }

    /** Only what is still the reader's: one that was late must not overwrite what another made of it since. */
    void done(Collection<Claimed> claimed) {
        jdbc.sql("""
                        update channel.delivery d
                        set state = 'done', code = null, sealed = case when d.forgotten then '' else d.sealed end
                        from unnest(?::uuid[], ?::integer[]) as c (id, attempts)
                        where d.id = c.id and d.state = 'claimed' and d.attempts = c.attempts
                        """)
                .params(
                        claimed.stream()
                                .map(each -> each.delivery().id().value())
                                .toArray(UUID[]::new),
                        claimed.stream().map(Claimed::attempts).toArray(Integer[]::new))
                .update();
    }

    /** As before they were claimed; what was settled since, or claimed by another, is left alone. */
    void giveBack(Collection<Claimed> claimed) {
        jdbc.sql("""
                        update channel.delivery d
                        set state = case when d.attempts = 1 then 'new' else 'retry' end,
                            attempts = d.attempts - 1, next_attempt_at = ?
                        from unnest(?::uuid[], ?::integer[]) as c (id, attempts)
                        where d.id = c.id and d.state = 'claimed' and d.attempts = c.attempts
                        """)
                .params(
                        Timestamp.from(clock.instant()),
                        claimed.stream()
                                .map(each -> each.delivery().id().value())
                                .toArray(UUID[]::new),
                        claimed.stream().map(Claimed::attempts).toArray(Integer[]::new))
                .update();
    }

    /** Whether it was still the reader's. What failed for good and is to be forgotten is finished. */
    boolean failed(Claimed claimed, String code, @Nullable Instant retryAt) {
        return jdbc.sql("""
                        update channel.delivery
                        set state = case when :failed and forgotten then 'done' when :failed then 'failed' else 'retry' end,
                            sealed = case when :failed and forgotten then '' else sealed end,
                            code = :code, next_attempt_at = :at
                        where id = :id and state = 'claimed' and attempts = :attempts
                        """)
                        .param("failed", retryAt == null)
                        .param("code", code)
                        .param("at", Timestamp.from(retryAt == null ? clock.instant() : retryAt))
                        .param("id", claimed.delivery().id().value())
                        .param("attempts", claimed.attempts())
                        .update()
                > 0;
    }

    /** Notes whose words these deliveries hold. */
    void words(Actor actor, List<DeliveryId> deliveries, List<byte[]> hashes) {
        if (deliveries.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into channel.delivery_words (tenant_id, delivery_id, key_hash)
                        select ?, w.id, w.hash
                        from unnest(?::uuid[], ?::bytea[]) as w (id, hash)
                        on conflict do nothing
                        """)
                .params(actor.tenant().value(), values(deliveries), hashes.toArray(byte[][]::new))
                .update();
    }

    void forget(Actor actor, Collection<String> remoteKeys) {
        jdbc.sql("""
                        update channel.delivery d
                        set forgotten = true,
                            sealed = case when d.state in ('done', 'failed') then '' else d.sealed end,
                            state = case when d.state = 'failed' then 'done' else d.state end
                        from (
                            select d.tenant_id, d.id
                            from channel.delivery_words w
                            join channel.delivery d on d.tenant_id = w.tenant_id and d.id = w.delivery_id
                            where w.key_hash = any(?) and not d.forgotten
                            order by d.id
                            for update of d) w
                        where d.tenant_id = w.tenant_id and d.id = w.id
                        """)
                .param(remoteKeys.stream().map(key -> keyHash(actor, key)).toArray(byte[][]::new))
                .update();
    }

    byte[] keyHash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, SEEN, remoteKey);
    }

    int again(Collection<DeliveryId> ids) {
        return jdbc.sql("""
                        update channel.delivery
                        set state = 'new', attempts = 0, code = null, next_attempt_at = ?
                        where id = any(?) and not forgotten
                        """)
                .params(Timestamp.from(clock.instant()), values(ids))
                .update();
    }

    /** Puts what failed through again: everything, or what failed for this reason. */
    int failedAgain(@Nullable String code) {
        return jdbc.sql("""
                        update channel.delivery
                        set state = 'new', attempts = 0, code = null, next_attempt_at = :now
                        where state = 'failed' and (:code::text is null or coalesce(code, '') = :code)
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("code", code)
                .update();
    }

    Optional<byte[]> packed(Actor actor, DeliveryId id) {
        return jdbc.sql("select sealed from channel.delivery where id = ?")
                .param(id.value())
                .query((row, n) -> vault.openForTenant(actor, PURPOSE, row.getBytes(1)))
                .optional();
    }

    /** Marks the keys as seen; returns those that were new, as hexadecimal of their hashes. */
    Set<String> unseen(Actor actor, List<AccountId> accounts, List<byte[]> hashes) {
        var found = jdbc.sql("""
                        insert into channel.seen (tenant_id, account_id, key_hash)
                        select ?, s.account, s.hash
                        from unnest(?::uuid[], ?::bytea[]) as s (account, hash)
                        order by s.account, s.hash -- two nodes with the same keys wait for each other in one order
                        on conflict do nothing
                        returning account_id, key_hash
                        """)
                .params(
                        actor.tenant().value(),
                        accounts.stream().map(AccountId::value).toArray(UUID[]::new),
                        hashes.toArray(byte[][]::new))
                .query((row, n) -> seenKey(row.getObject(1, UUID.class), row.getBytes(2)))
                .list();
        return new HashSet<>(found);
    }

    static String seenKey(UUID account, byte[] hash) {
        return account + ":" + HexFormat.of().formatHex(hash);
    }

    private static UUID[] values(Collection<DeliveryId> ids) {
        return ids.stream().map(DeliveryId::value).toArray(UUID[]::new);
    }
}
