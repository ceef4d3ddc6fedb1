// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * What was not said to us and stands in no conversation yet. It is nobody's report and makes nobody a contact; it
 * waits, sealed under the tenant's key, for a message that makes it context: one above it that we know, or one below
 * it that was said to us.
 */
@Component
class WaitingWords {
    private static final String WAITING = "inbox.waiting_message";

    /** So much joins a batch, however long the thread that somebody has prepared; the rest goes on waiting. */
    private static final int MOST = 500;

    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;
    private final ThreadTable threads;

    WaitingWords(JdbcClient jdbc, Vault vault, ObjectMapper json, Clock clock, ThreadTable threads) {
        this.threads = threads;
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    private record Kept(String network, UUID delivery, Item.Said said) {}

    /**
     * What waits under the keys of these messages, above them or below them, however far, also across context that
     * stands below them in a conversation already; by account and key.
     *
     * @param incoming makes a message of the intake of an item
     */
    Map<String, Incoming> around(Actor actor, List<Incoming> said, Function<ReceivedItem, Incoming> incoming) {
        var found = new LinkedHashMap<String, Incoming>();
        Collection<Incoming> edge = anyOf(said) ? said : List.of();
        while (!edge.isEmpty() && found.size() < MOST) {
            var next = new ArrayList<Incoming>();
            for (var each : touching(actor, edge, MOST - found.size(), incoming)) {
                if (found.putIfAbsent(each.key(), each) == null) {
                    next.add(each);
                }
            }
            edge = next;
        }
        return found;
    }

    private boolean anyOf(List<Incoming> said) {
        return jdbc.sql("select exists (select 1 from inbox.waiting_message where account_id = any(?))")
                .param(said.stream()
                        .map(each -> each.received.account().value())
                        .distinct()
                        .toArray(UUID[]::new))
                .query(Boolean.class)
                .single();
    }

    private List<Incoming> touching(
            Actor actor, Collection<Incoming> edge, int most, Function<ReceivedItem, Incoming> incoming) {
        var accounts = new HashSet<UUID>();
        var keys = new ArrayList<byte[]>();
        var above = new ArrayList<byte[]>();
        for (var each : edge) {
            if (each.branching()) {
                accounts.add(each.received.account().value());
                keys.add(each.keyHash);
                above.add(each.keyHash);
                if (each.parentHash != null) {
                    above.add(each.parentHash);
                }
            }
        }
        if (keys.isEmpty()) {
            return List.of();
        }
        threads.contextBelow(edge.stream().filter(Incoming::branching).toList())
                .values()
                .forEach(keys::addAll);
        return jdbc.sql("""
                        select account_id, sealed
                        from inbox.waiting_message
                        where account_id = any(?) and key_hash = any(?)
                        union all
                        select account_id, sealed
                        from inbox.waiting_message
                        where account_id = any(?) and parent_hash = any(?)
                        limit ?
                        """)
                .params(
                        accounts.toArray(UUID[]::new),
                        above.toArray(byte[][]::new),
                        accounts.toArray(UUID[]::new),
                        keys.toArray(byte[][]::new),
                        most)
                .query((row, n) -> {
                    var kept = json.readValue(vault.openForTenant(actor, WAITING, row.getBytes(2)), Kept.class);
                    return incoming.apply(new ReceivedItem(
                            new AccountId(row.getObject(1, UUID.class)),
                            Network.of(kept.network()),
                            new DeliveryId(kept.delivery()),
                            kept.said()));
                })
                .list();
    }

    void keep(Actor actor, List<Incoming> unplaced) {
        if (unplaced.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into inbox.waiting_message
                            (tenant_id, account_id, key_hash, parent_hash, author_hash, at, sealed, kept_at)
                        select ?, w.account, w.key, w.parent, w.author, w.at, w.sealed, ?
                        from unnest(?::uuid[], ?::bytea[], ?::bytea[], ?::bytea[], ?::timestamptz[], ?::bytea[])
                            as w (account, key, parent, author, at, sealed)
                        where not exists (
                            select 1
                            from inbox.pending_change p
                            where p.target_hash = w.key and p.deleted and p.author_hash in ('', w.author))
                        and not exists (
                            select 1 from inbox.left_author l where l.key_hash = w.author and l.left_at >= w.at)
                        on conflict do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(clock.instant()),
                        unplaced.stream()
                                .map(each -> each.received.account().value())
                                .toArray(UUID[]::new),
                        unplaced.stream().map(each -> each.keyHash).toArray(byte[][]::new),
                        unplaced.stream().map(each -> each.parentHash).toArray(byte[][]::new),
                        unplaced.stream().map(each -> each.authorHash).toArray(byte[][]::new),
                        unplaced.stream().map(each -> each.at.toString()).toArray(String[]::new),
                        unplaced.stream()
                                .map(each -> vault.sealForTenant(
                                        actor,
                                        WAITING,
                                        json.writeValueAsBytes(new Kept(
                                                each.received.network().code(),
                                                each.received.delivery().value(),
                                                each.said))))
                                .toArray(byte[][]::new))
                .update();
    }

    /** These stand in a conversation now. */
    void placed(Collection<Incoming> said) {
        if (!said.isEmpty()) {
            jdbc.sql("delete from inbox.waiting_message where account_id = any(?) and key_hash = any(?)")
                    .params(
                            said.stream()
                                    .map(each -> each.received.account().value())
                                    .distinct()
                                    .toArray(UUID[]::new),
                            said.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                    .update();
        }
    }

    /** @param author whose words alone go, or null */
    void deleted(byte[] keyHash, byte @Nullable [] author) {
        jdbc.sql("""
                        delete from inbox.waiting_message
                        where key_hash = :key and (:author::bytea is null or author_hash = :author)
                        """)
                .param("key", keyHash)
                .param("author", author, Types.BINARY)
                .update();
    }

    /** The remote keys of what an author said before they left, and is gone with them. */
    List<String> left(Actor actor, byte[] authorHash, Instant at) {
        return jdbc.sql("delete from inbox.waiting_message where author_hash = ? and at <= ? returning sealed")
                .params(authorHash, Timestamp.from(at))
                .query((row, n) -> json.readValue(vault.openForTenant(actor, WAITING, row.getBytes(1)), Kept.class)
                        .said()
                        .remoteKey())
                .list();
    }
}
