// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Where a message belongs. Private words of one person to one account are one conversation, and so is each form; in
 * public, each branch below a post is one. Whatever the order of arrival, the branches end the same: a message that
 * links two of them joins them, and the conversation belongs to the one who began its topmost message.
 *
 * <p>Two branches that both have a case already stay apart, because two cases cannot become one unasked. What is not
 * addressed to us is taken in where it continues something, and opens nothing.
 */
@Component
class Branches {
    private final JdbcClient jdbc;
    private final Trail trail;

    Branches(JdbcClient jdbc, Trail trail) {
        this.jdbc = jdbc;
        this.trail = trail;
    }

    /** @param reseal conversations that have another owner now, whose preview must be written under their key */
    record Placed(List<Incoming> kept, Set<ConversationId> reseal) {}

    /** @param owner contact whose conversation it is */
    private record Known(ConversationId conversation, UUID owner, boolean ours, boolean branching) {}

    private record Row(
            ConversationId id, Audience audience, boolean hasCase, UUID contact, DataKeyId key, byte[] thread) {}

    Placed place(Actor actor, List<Incoming> said) {
        var known = known(said);
        var fresh = new LinkedHashMap<String, Incoming>();
        for (var each : said) {
            var earlier = known.get(each.key());
            if (earlier == null || earlier.ours()) {
                fresh.putIfAbsent(each.key(), each);
            }
        }
        var all = List.copyOf(fresh.values());
        placeAlone(all, known);
        var reseal =
                placeBranches(actor, all.stream().filter(Incoming::branching).toList(), fresh, known);
        return new Placed(all.stream().filter(Incoming::isPlaced).toList(), reseal);
    }

    // ---- forms and private words -------------------------------------------------------------------------------

    private void placeAlone(List<Incoming> all, Map<String, Known> known) {
        var alone = all.stream().filter(each -> !each.branching()).toList();
        if (alone.isEmpty()) {
            return;
        }
        var threads = byThread(alone);
        var named = named(alone);
        for (var each : alone) {
            var answered = each.parent() == null ? null : known.get(each.parent());
            var addition = addition(each);
            var thread = Receiving.scoped(each.received.account(), each.threadHash);
            var there = addition != null && named.contains(addition)
                    ? addition
                    // A private answer to what we said to them stays where we said it: it lands in the same case.
                    // Somebody
                    // else's is no business of the one whose conversation it is, and who reads all of it by their link.
                    : answered != null
                                    && answered.ours()
                                    && answered.owner()
                                            .equals(each.contact().id().value())
                            ? answered.conversation()
                            : threads.get(thread);
            if (there != null) {
                each.into(there);
            } else if (each.said.addressed()) {
                each.opens(ConversationId.next());
                threads.put(thread, each.conversation());
            }
        }
    }

    /** The conversation a form adds to, as the tracking page says. Only our own forms can name one. */
    private static @Nullable ConversationId addition(Incoming each) {
        var hint = each.web() ? each.said.hints().get("conversation") : null;
        try {
            return hint == null ? null : ConversationId.parse(hint);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Set<ConversationId> named(List<Incoming> alone) {
        var ids = alone.stream()
                .map(Branches::addition)
                .filter(Objects::nonNull)
                .map(ConversationId::value)
                .toArray(UUID[]::new);
        return ids.length == 0
                ? Set.of()
                : new HashSet<>(jdbc.sql("select id from inbox.conversation where id = any(?)")
                        .param(ids)
                        .query((row, n) -> new ConversationId(row.getObject(1, UUID.class)))
                        .list());
    }

    private Map<String, ConversationId> byThread(List<Incoming> alone) {
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

    // ---- branches ----------------------------------------------------------------------------------------------

    private Set<ConversationId> placeBranches(
            Actor actor, List<Incoming> branching, Map<String, Incoming> fresh, Map<String, Known> known) {
        if (branching.isEmpty()) {
            return Set.of();
        }
        var anchored = withWhatStandsAbove(
                branching.stream()
                        .filter(each -> anchored(each, fresh, known, new HashSet<>()))
                        .toList(),
                fresh);
        var groups = new Groups();
        var keys = new HashSet<String>();
        anchored.forEach(each -> keys.add(each.key()));
        var children = children(anchored);
        for (var each : anchored) {
            groups.add(each.key());
            var parent = each.parent();
            var answered = parent == null ? null : known.get(parent);
            if (parent != null && keys.contains(parent)) {
                groups.join(each.key(), parent);
            } else if (answered != null && (answered.ours() || answered.branching())) {
                groups.join(each.key(), "c:" + answered.conversation());
            }
            for (var child : children.getOrDefault(each.key(), List.of())) {
                groups.join(each.key(), "c:" + child);
            }
        }
        var rows = rows(groups.names("c:"));
        var reseal = new LinkedHashSet<ConversationId>();
        var members = new LinkedHashMap<String, List<Incoming>>();
        anchored.forEach(each -> members.computeIfAbsent(groups.of(each.key()), key -> new ArrayList<>())
                .add(each));
        members.forEach((group, items) -> settle(
                actor,
                items,
                groups.in(group, "c:").stream()
                        .map(rows::get)
                        .filter(Objects::nonNull)
                        .toList(),
                top(items, known),
                reseal));
        return reseal;
    }

    /** What an anchored message answers came with it as context, and is read with it. */
    private static List<Incoming> withWhatStandsAbove(List<Incoming> anchored, Map<String, Incoming> fresh) {
        var all = new LinkedHashSet<>(anchored);
        for (var each : anchored) {
            var above = each.parent() == null ? null : fresh.get(each.parent());
            while (above != null && above.branching() && all.add(above)) {
                above = above.parent() == null ? null : fresh.get(above.parent());
            }
        }
        return List.copyOf(all);
    }

    /** Whether it is meant for us, or continues something that is there. */
    private static boolean anchored(
            Incoming each, Map<String, Incoming> fresh, Map<String, Known> known, Set<String> passed) {
        var parent = each.parent();
        if (each.said.addressed()) {
            return true;
        }
        if (parent == null || !passed.add(each.key())) {
            return false;
        }
        if (known.containsKey(parent)) {
            return true;
        }
        var above = fresh.get(parent);
        return above != null && above.branching() && anchored(above, fresh, known, passed);
    }

    /** @param item the topmost message when it came just now @param conversation else the conversation above it */
    private record Top(Incoming item, @Nullable ConversationId conversation) {}

    private static Top top(List<Incoming> items, Map<String, Known> known) {
        var byKey = new HashMap<String, Incoming>();
        items.forEach(each -> byKey.put(each.key(), each));
        var passed = new HashSet<String>();
        var at = items.getFirst();
        var begun = at;
        while (passed.add(at.key())) {
            // Context is nobody's report: the conversation is whose who spoke to us.
            begun = at.said.addressed() || !begun.said.addressed() ? at : begun;
            var parent = at.parent();
            var above = parent == null ? null : byKey.get(parent);
            if (above == null) {
                break;
            }
            at = above;
        }
        var parent = at.parent();
        var answered = parent == null ? null : known.get(parent);
        return new Top(
                begun, answered != null && (answered.ours() || answered.branching()) ? answered.conversation() : null);
    }

    private void settle(Actor actor, List<Incoming> items, List<Row> there, Top top, Set<ConversationId> reseal) {
        if (there.isEmpty()) {
            var fresh = ConversationId.next();
            items.forEach(each -> each.into(fresh));
            top.item().opens(fresh);
            return;
        }
        // The one with a case stays; a private conversation is never folded into a public one.
        var stays = there.stream()
                .min(Comparator.comparing((Row row) -> !row.hasCase())
                        .thenComparing(row -> row.audience() != Audience.DIRECT)
                        .thenComparing(row -> row.id().value()))
                .orElseThrow();
        items.forEach(each -> each.into(stays.id()));
        var gone = there.stream()
                .filter(row -> row != stays && !row.hasCase() && row.audience() != Audience.DIRECT)
                .toList();
        gone.forEach(row -> join(actor, row, stays));
        // A case knows its reporter: that one keeps the conversation, whoever is found to have begun it.
        if (stays.hasCase() || stays.audience() == Audience.DIRECT) {
            return;
        }
        if (top.conversation() == null) {
            var by = top.item().contact();
            own(
                    stays,
                    new Row(
                            stays.id(),
                            top.item().said.audience(),
                            stays.hasCase(),
                            by.id().value(),
                            by.key(),
                            top.item().threadHash));
            reseal.add(stays.id());
        } else {
            gone.stream().filter(row -> row.id().equals(top.conversation())).forEach(row -> {
                own(stays, row);
                reseal.add(stays.id());
            });
        }
    }

    private void own(Row stays, Row owner) {
        jdbc.sql("""
                        update inbox.conversation
                        set contact_id = ?, data_key_id = ?, thread_hash = ?, audience = ?, preview_sealed = null
                        where id = ?
                        """)
                .params(
                        owner.contact(),
                        owner.key().value(),
                        owner.thread(),
                        owner.audience().name(),
                        stays.id().value())
                .update();
    }

    /** Everything of one conversation becomes part of another; nothing of it is said twice. */
    private void join(Actor actor, Row from, Row into) {
        for (var table : List.of("message", "message_search")) {
            jdbc.sql("update inbox." + table + " set conversation_id = ? where conversation_id = ?")
                    .params(into.id().value(), from.id().value())
                    .update();
        }
        jdbc.sql("""
                        update inbox.draft d
                        set conversation_id = :into
                        where d.conversation_id = :from
                        and not exists (
                            select 1 from inbox.draft o
                            where o.tenant_id = d.tenant_id and o.officer_id = d.officer_id
                            and o.conversation_id = :into)
                        """)
                .param("into", into.id().value())
                .param("from", from.id().value())
                .update();
        for (var table : List.of("conversation_read", "presence")) {
            jdbc.sql("delete from inbox." + table + " where conversation_id = ?")
                    .param(from.id().value())
                    .update();
        }
        jdbc.sql("""
                        update inbox.conversation c
                        set opened_at = least(c.opened_at, o.opened_at),
                            last_at = greatest(c.last_at, o.last_at),
                            heard_at = greatest(c.heard_at, o.heard_at),
                            waiting_since = least(c.waiting_since, o.waiting_since),
                            done = c.done and o.done,
                            assignee = coalesce(c.assignee, o.assignee),
                            version = c.version + 1,
                            heard_version = c.version + 1
                        from inbox.conversation o
                        where c.id = ? and o.tenant_id = c.tenant_id and o.id = ?
                        """).params(into.id().value(), from.id().value()).update();
        jdbc.sql("delete from inbox.conversation where id = ?")
                .param(from.id().value())
                .update();
        trail.record(
                actor,
                TrailEntry.of(
                        "inbox.joined",
                        "conversation",
                        from.id().value(),
                        Map.of("into", into.id().toString())));
    }

    // ---- what is there -----------------------------------------------------------------------------------------

    /** What is known by the keys of these messages and of what they answer, by account and key. */
    private Map<String, Known> known(List<Incoming> said) {
        var found = new HashMap<String, Known>();
        jdbc.sql("""
                        select c.account_id, m.key_hash, m.conversation_id, m.direction = 'OUT', m.audience, c.network,
                               c.contact_id
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
                    found.put(
                            Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                            new Known(
                                    new ConversationId(row.getObject(3, UUID.class)),
                                    row.getObject(7, UUID.class),
                                    row.getBoolean(4),
                                    !row.getString(5).equals(Audience.DIRECT.name())
                                            && !row.getString(6).equals("web")));
                });
        return found;
    }

    /** The conversations with answers to these messages, by account and key. */
    private Map<String, List<ConversationId>> children(List<Incoming> anchored) {
        var found = new HashMap<String, List<ConversationId>>();
        jdbc.sql("""
                        select distinct c.account_id, m.parent_hash, m.conversation_id
                        from inbox.message m
                        join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                        where m.parent_hash = any(?) and m.direction = 'IN' and m.audience <> 'DIRECT'
                        """)
                .param(anchored.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                .query(row -> {
                    found.computeIfAbsent(
                                    Receiving.scoped(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)),
                                    key -> new ArrayList<>())
                            .add(new ConversationId(row.getObject(3, UUID.class)));
                });
        return found;
    }

    private Map<String, Row> rows(List<String> names) {
        var found = new HashMap<String, Row>();
        if (names.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                        select id, audience, case_id is not null, contact_id, data_key_id, thread_hash
                        from inbox.conversation
                        where id = any(?)
                        order by id
                        for update
                        """)
                .param(names.stream()
                        .map(name -> UUID.fromString(name.substring(2)))
                        .toArray(UUID[]::new))
                .query(row -> {
                    var id = new ConversationId(row.getObject(1, UUID.class));
                    found.put(
                            "c:" + id,
                            new Row(
                                    id,
                                    Audience.valueOf(row.getString(2)),
                                    row.getBoolean(3),
                                    row.getObject(4, UUID.class),
                                    new DataKeyId(row.getObject(5, UUID.class)),
                                    row.getBytes(6)));
                });
        return found;
    }

    /** Which names belong together (disjoint sets). */
    private static final class Groups {
        private final Map<String, String> above = new LinkedHashMap<>();

        void add(String name) {
            above.putIfAbsent(name, name);
        }

        String of(String name) {
            var at = name;
            for (var next = above.get(at); next != null && !next.equals(at); next = above.get(at)) {
                at = next;
            }
            return at;
        }

        void join(String one, String other) {
            add(one);
            add(other);
            above.put(of(one), of(other));
        }

        List<String> names(String prefix) {
            return above.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }

        List<String> in(String group, String prefix) {
            return names(prefix).stream().filter(name -> of(name).equals(group)).toList();
        }
    }
}
