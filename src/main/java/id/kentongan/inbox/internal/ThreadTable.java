// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.DataKeyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is there of the threads to which a batch belongs. */
@Component
class ThreadTable {
    private static final int MOST_BELOW = 2000;

    private final JdbcClient jdbc;
    private final Trail trail;

    ThreadTable(JdbcClient jdbc, Trail trail) {
        this.jdbc = jdbc;
        this.trail = trail;
    }

    /**
     * A message that is there.
     *
     * @param owner contact whose conversation it is in
     * @param branching whether it belongs to a thread that many can read
     * @param hangs whether it was said to us or by us, or stands below something that was; what does not is context
     *     of its conversation alone, and ties nothing to it
     */
    record Known(
            MessageId id,
            ConversationId conversation,
            UUID owner,
            boolean ours,
            boolean branching,
            boolean addressed,
            boolean hangs) {
        Known lifted() {
            return new Known(id, conversation, owner, ours, branching, addressed, true);
        }
    }

    /** What is known by the keys of these messages and of what they answer, by account and key. */
    Map<String, List<Known>> known(Collection<Incoming> said) {
        var found = new HashMap<String, List<Known>>();
        jdbc.sql("""
                        select c.account_id, m.key_hash, m.id, m.conversation_id, c.contact_id, m.direction = 'OUT',
                               m.audience, c.network, m.addressed
                        from inbox.message m
                        join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                        where m.key_hash = any(?)
                        """)
                .param(said.stream()
                        .flatMap(each -> each.parentHash == null
                                ? Stream.of(each.keyHash)
                                : Stream.of(each.keyHash, each.parentHash))
                        .toArray(byte[][]::new))
                .query(row -> {
                    var addressed = row.getBoolean(6) || row.getBoolean(9);
                    found.computeIfAbsent(
                                    Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                                    key -> new ArrayList<>())
                            .add(new Known(
                                    new MessageId(row.getObject(3, UUID.class)),
                                    new ConversationId(row.getObject(4, UUID.class)),
                                    row.getObject(5, UUID.class),
                                    row.getBoolean(6),
                                    !row.getString(7).equals(Audience.DIRECT.name())
                                            && !row.getString(8).equals("web"),
                                    addressed,
                                    addressed));
                });
        var context = found.values().stream()
                .flatMap(List::stream)
                .filter(each -> !each.addressed())
                .map(each -> each.id().value())
                .toArray(UUID[]::new);
        if (context.length > 0) {
            var hanging = hanging(context);
            found.replaceAll((key, all) -> all.stream()
                    .map(each -> hanging.contains(each.id().value()) ? each.lifted() : each)
                    .toList());
        }
        return found;
    }

    private Set<UUID> hanging(UUID[] context) {
        // "union" ends a thread that loops.
        return new HashSet<>(jdbc.sql("""
                        with recursive up (start, conversation_id, parent_hash, addressed) as (
                            select m.id, m.conversation_id, m.parent_hash, m.addressed
                            from inbox.message m
                            where m.id = any(?)
                            union
                            select u.start, u.conversation_id, p.parent_hash, p.addressed
                            from up u
                            join inbox.message p on p.key_hash = u.parent_hash and p.conversation_id = u.conversation_id
                            where not u.addressed)
                        select distinct start from up where addressed
                        """).param(context).query(UUID.class).list());
    }

    /**
     * What stands below these messages as context, however far, and is there already: its hashes by account and key of
     * the one above.
     */
    Map<String, List<byte[]>> contextBelow(Collection<Incoming> above) {
        var found = new HashMap<String, List<byte[]>>();
        if (above.isEmpty()) {
            return found;
        }
        // "union" ends a thread that loops.
        jdbc.sql("""
                        with recursive down (account_id, start, key_hash) as (
                            select c.account_id, m.parent_hash, m.key_hash
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.parent_hash = any(?) and m.direction = 'IN' and not m.addressed
                            and m.audience <> 'DIRECT' and m.key_hash is not null
                            union
                            select d.account_id, d.start, m.key_hash
                            from down d
                            join inbox.message m on m.parent_hash = d.key_hash
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                                and c.account_id = d.account_id
                            where m.direction = 'IN' and not m.addressed and m.audience <> 'DIRECT'
                            and m.key_hash is not null)
                        select account_id, start, key_hash from down limit ?
                        """)
                .params(above.stream().map(each -> each.keyHash).toArray(byte[][]::new), MOST_BELOW)
                .query(row -> {
                    found.computeIfAbsent(
                                    Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                                    key -> new ArrayList<>())
                            .add(row.getBytes(3));
                });
        return found;
    }

    /** The conversations with answers to these messages, by account and key. */
    Map<String, List<ConversationId>> children(Collection<Incoming> above) {
        var found = new HashMap<String, List<ConversationId>>();
        if (above.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                        select distinct c.account_id, m.parent_hash, m.conversation_id
                        from inbox.message m
                        join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                        where m.parent_hash = any(?) and m.direction = 'IN' and m.audience <> 'DIRECT'
                        """)
                .param(above.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                .query(row -> {
                    found.computeIfAbsent(
                                    Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                                    key -> new ArrayList<>())
                            .add(new ConversationId(row.getObject(3, UUID.class)));
                });
        return found;
    }

    /** Conversations by their ids, which nobody takes away until the transaction ends. */
    Map<ConversationId, ThreadRow> kept(Collection<ConversationId> ids) {
        return locked(ids, "key share");
    }

    /** The same, which nobody else changes either. */
    Map<ConversationId, ThreadRow> held(Collection<ConversationId> ids) {
        return locked(ids, "update");
    }

    private Map<ConversationId, ThreadRow> locked(Collection<ConversationId> ids, String strength) {
        var found = new HashMap<ConversationId, ThreadRow>();
        if (ids.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                        select id, audience, case_id is not null, contact_id, data_key_id, thread_hash
                        from inbox.conversation
                        where id = any(?)
                        order by id
                        for %s
                        """.formatted(strength))
                .param(ids.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query(row -> {
                    var id = new ConversationId(row.getObject(1, UUID.class));
                    found.put(
                            id,
                            new ThreadRow(
                                    id,
                                    Audience.valueOf(row.getString(2)),
                                    row.getBoolean(3),
                                    row.getObject(4, UUID.class),
                                    new DataKeyId(row.getObject(5, UUID.class)),
                                    row.getBytes(6)));
                });
        return found;
    }

    /** Conversations by the thread they began with, by account and thread. */
    Map<String, ConversationId> byThread(Collection<Incoming> alone) {
        var found = new HashMap<String, ConversationId>();
        jdbc.sql("""
                        select account_id, thread_hash, id
                        from inbox.conversation
                        where account_id = any(?) and thread_hash = any(?)
                        """)
                .params(
                        alone.stream()
                                .map(each -> each.received.account().value())
                                .distinct()
                                .toArray(UUID[]::new),
                        alone.stream().map(each -> each.threadHash).toArray(byte[][]::new))
                .query(row -> {
                    found.put(
                            Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                            new ConversationId(row.getObject(3, UUID.class)));
                });
        return found;
    }

    Set<ConversationId> existing(Collection<ConversationId> ids) {
        return ids.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql("select id from inbox.conversation where id = any(?)")
                        .param(ids.stream().map(ConversationId::value).toArray(UUID[]::new))
                        .query((row, n) -> new ConversationId(row.getObject(1, UUID.class)))
                        .list());
    }

    /**
     * A message that stands above another as context, with all that stands above it, for one more conversation: the
     * same words under the same keys, so that an edit or a deletion reaches each.
     */
    void copy(Actor actor, MessageId context, ConversationId into) {
        record Above(UUID id, byte[] commitment) {}
        var chain = jdbc.sql("""
                        with recursive up (id, conversation_id, key_hash, parent_hash) as (
                            select m.id, m.conversation_id, m.key_hash, m.parent_hash
                            from inbox.message m
                            where m.id = :start
                            union
                            select p.id, p.conversation_id, p.key_hash, p.parent_hash
                            from up u
                            join inbox.message p on p.key_hash = u.parent_hash and p.conversation_id = u.conversation_id)
                        select m.id, m.commitment
                        from up
                        join inbox.message m on m.id = up.id
                        where not m.addressed and not exists (
                            select 1 from inbox.message o
                            where o.conversation_id = :into and o.key_hash = up.key_hash)
                        """)
                .param("start", context.value())
                .param("into", into.value())
                .query((row, n) -> new Above(row.getObject(1, UUID.class), row.getBytes(2)))
                .list();
        for (var each : chain) {
            var id = Ids.next();
            jdbc.sql("""
                            insert into inbox.message
                                (tenant_id, id, conversation_id, contact_id, data_key_id, direction, at, audience, key_hash,
                                 parent_hash, body_key, body_sealed, details_sealed, commitment, edited_at, deleted_at,
                                 addressed)
                            select tenant_id, ?, ?, contact_id, data_key_id, direction, at, audience, key_hash,
                                   parent_hash, body_key, body_sealed, details_sealed, commitment, edited_at, deleted_at,
                                   addressed
                            from inbox.message
                            where id = ?
                            """).params(id, into.value(), each.id()).update();
            jdbc.sql("""
                            insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                            select tenant_id, ?, at, body_key, body_sealed from inbox.message_version where message_id = ?
                            """).params(id, each.id()).update();
            jdbc.sql("""
                            insert into inbox.message_search (tenant_id, message_id, conversation_id, words, keyed)
                            select tenant_id, ?, ?, words, keyed from inbox.message_search where message_id = ?
                            """).params(id, into.value(), each.id()).update();
            trail.record(
                    actor,
                    new TrailEntry(
                            "inbox.copied",
                            new Subject("message", id),
                            Map.of(
                                    "conversation",
                                    into.toString(),
                                    "of",
                                    each.id().toString()),
                            each.commitment()));
        }
    }
}
