// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** The table of raw deliveries. Every method runs inside the caller's transaction. */
@Component
class DeliveryStore {
    private static final Logger log = LoggerFactory.getLogger(DeliveryStore.class);
    private static final String PURPOSE = "channel.delivery";
    private static final String AUTHOR = "channel.delivery_words.author";
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;

    DeliveryStore(JdbcClient jdbc, Vault vault, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * @param packed headers and body; of one whose body lies in a file, the headers
     * @param file name of that file, or null
     */
    record NewDelivery(
            DeliveryId id,
            AccountId account,
            Network network,
            byte[] packed,
            @Nullable String file) {}

    void insert(Actor actor, List<NewDelivery> deliveries) {
        var size = deliveries.size();
        var ids = new UUID[size];
        var accounts = new UUID[size];
        var networks = new String[size];
        var sealed = new byte[size][];
        var files = new String[size];
        for (var i = 0; i < size; i++) {
            var each = deliveries.get(i);
            ids[i] = each.id().value();
            accounts[i] = each.account().value();
            networks[i] = each.network().code();
            sealed[i] = vault.sealForTenant(actor, PURPOSE, each.packed());
            files[i] = each.file();
        }
        var now = Timestamp.from(clock.instant());
        jdbc.sql("""
                        insert into channel.delivery
                            (tenant_id, id, account_id, network, received_at, state, next_attempt_at, sealed,
                                file_name)
                        select ?, d.id, d.account, d.network, ?, 'new', ?, d.sealed, d.file
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::text[])
                            as d (id, account, network, sealed, file)
                        """)
                .params(actor.tenant().value(), now, now, ids, accounts, networks, sealed, files)
                .update();
    }

    /**
     * @param file name of the file in which its body lies, to be read before it is; or null
     * @param damaged whether what is kept of it cannot be opened any more; it has neither headers nor body then
     */
    record Claimed(
            RawDelivery delivery, int attempts, @Nullable String file, boolean damaged) {}

    /** Takes what was never tried, many at once: all that lie in their rows. */
    List<Claimed> claim(Actor actor, int limit) {
        return claim(actor, "state = 'new' and file_name is null", limit);
    }

    /** Takes what was never tried and lies in files. Few: the bodies of all that were claimed may be in memory at once. */
    List<Claimed> claimLarge(Actor actor, int limit) {
        return claim(actor, "state = 'new' and file_name is not null", limit);
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
                        returning d.id, d.account_id, d.network, d.received_at, d.attempts, d.sealed, d.file_name
                        """.formatted(which))
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(LEASE)))
                .param("limit", limit)
                .query((row, n) -> claimed(actor, row))
                .list();
    }

    private Claimed claimed(Actor actor, ResultSet row) throws SQLException {
        var id = new DeliveryId(row.getObject("id", UUID.class));
        var packed = opened(actor, id, row.getBytes("sealed"));
        return new Claimed(
                new RawDelivery(
                        id,
                        new AccountId(row.getObject("account_id", UUID.class)),
                        Network.of(row.getString("network")),
                        row.getTimestamp("received_at").toInstant(),
                        packed.map(Packed::headers).orElse(Map.of()),
                        packed.map(Packed::body).orElse(new byte[0])),
                row.getInt("attempts"),
                row.getString("file_name"),
                packed.isEmpty());
    }

    /**
     * Only what is still the reader's: one that was late must not overwrite what another made of it since. Returns the
     * files that no row names any more.
     */
    List<String> done(Collection<Claimed> claimed) {
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
        return released(claimed);
    }

    /** The files of those that were to be forgotten and are now finished. */
    private List<String> released(Collection<Claimed> claimed) {
        var large = claimed.stream()
                .filter(each -> each.file() != null)
                .map(each -> each.delivery().id().value())
                .toArray(UUID[]::new);
        return large.length == 0
                ? List.of()
                : jdbc.sql("""
                                update channel.delivery d
                                set file_name = null
                                from (
                                    select tenant_id, id, file_name
                                    from channel.delivery
                                    where id = any(?) and forgotten and state = 'done' and file_name is not null
                                    for update) w
                                where d.tenant_id = w.tenant_id and d.id = w.id
                                returning w.file_name
                                """).param(large).query(String.class).list();
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

    /** @param released files that no row names any more */
    record Failed(boolean ours, List<String> released) {}

    /** Whether it was still the reader's. What failed for good and is to be forgotten is finished. */
    Failed failed(Claimed claimed, String code, @Nullable Instant retryAt) {
        var ours = jdbc.sql("""
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
        return new Failed(ours, released(List.of(claimed)));
    }

    /** Notes whose words these deliveries hold: under which keys, and by whom where that is known. */
    void words(Actor actor, List<DeliveryId> deliveries, List<byte[]> hashes, List<byte @Nullable []> authors) {
        if (deliveries.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into channel.delivery_words (tenant_id, delivery_id, key_hash, author_hash)
                        select ?, w.id, w.hash, w.author
                        from unnest(?::uuid[], ?::bytea[], ?::bytea[]) as w (id, hash, author)
                        on conflict do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        values(deliveries),
                        hashes.toArray(byte[][]::new),
                        authors.toArray(byte[][]::new))
                .update();
    }

    /** Returns the files that no row names any more. */
    List<String> forget(Actor actor, Collection<String> remoteKeys) {
        return forget(remoteKeys.stream().map(key -> keyHash(actor, key)).toList(), null);
    }

    /** The same, of this author's words alone. */
    List<String> forget(Actor actor, String remoteKey, String authorKey) {
        return forget(List.of(keyHash(actor, remoteKey)), authorHash(actor, authorKey));
    }

    private List<String> forget(List<byte[]> hashes, byte @Nullable [] author) {
        return jdbc
                .sql("""
                        update channel.delivery d
                        set forgotten = true,
                            sealed = case when d.state in ('done', 'failed') then '' else d.sealed end,
                            file_name = case when d.state in ('done', 'failed') then null else d.file_name end,
                            state = case when d.state = 'failed' then 'done' else d.state end
                        from (
                            select d.tenant_id, d.id, d.file_name, d.state
                            from channel.delivery_words w
                            join channel.delivery d on d.tenant_id = w.tenant_id and d.id = w.delivery_id
                            where w.key_hash = any(:hashes) and not d.forgotten
                            and (:author::bytea is null or w.author_hash is null or w.author_hash = :author)
                            order by d.id
                            for update of d) w
                        where d.tenant_id = w.tenant_id and d.id = w.id
                        returning case when w.state in ('done', 'failed') then w.file_name end
                        """)
                .param("hashes", hashes.toArray(byte[][]::new))
                .param("author", author, Types.BINARY)
                .query((row, n) -> Optional.ofNullable(row.getString(1)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    byte[] keyHash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, SeenKeys.PURPOSE, remoteKey);
    }

    byte[] authorHash(Actor actor, String authorKey) {
        return vault.keyedHash(actor, AUTHOR, authorKey);
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

    /** @param file name of the file in which all of it lies, or null */
    record Stored(byte[] packed, @Nullable String file) {}

    /** Empty also where what is kept of it cannot be opened any more. */
    Optional<Stored> stored(Actor actor, DeliveryId id) {
        return jdbc.sql("select sealed, file_name from channel.delivery where id = ?")
                .param(id.value())
                .query((row, n) -> {
                    var file = row.getString(2);
                    return opened(actor, id, row.getBytes(1)).map(packed -> new Stored(packed, file));
                })
                .optional()
                .flatMap(each -> each);
    }

    /**
     * What is sealed of a delivery. Empty where it cannot be opened: one row that a disk has garbled must not keep the
     * others from being claimed.
     */
    private Optional<byte[]> opened(Actor actor, DeliveryId id, byte[] sealed) {
        try {
            return Optional.of(vault.openForTenant(actor, PURPOSE, sealed));
        } catch (DataAccessException | TransactionException away) {
            // The keys could not be fetched: nothing is said of the row.
            throw away;
        } catch (RuntimeException broken) {
            // Its message may quote what could not be read.
            log.error(
                    "The delivery {} cannot be opened: {}",
                    id,
                    broken.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private static UUID[] values(Collection<DeliveryId> ids) {
        return ids.stream().map(DeliveryId::value).toArray(UUID[]::new);
    }
}
