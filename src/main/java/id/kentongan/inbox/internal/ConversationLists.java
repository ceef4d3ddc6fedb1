// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The boxes of the inbox, their numbers, and search. */
@Component
class ConversationLists {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final SearchWords search;
    private final Vault vault;
    private final Clock clock;
    private final ConversationTable table;
    private final ConversationRows rows;

    ConversationLists(
            ActorTransactions transactions,
            JdbcClient jdbc,
            SearchWords search,
            Vault vault,
            Clock clock,
            ConversationTable table,
            ConversationRows rows) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.search = search;
        this.vault = vault;
        this.clock = clock;
        this.table = table;
        this.rows = rows;
    }

    Page<ConversationRow> list(Actor actor, ConversationFilter filter, @Nullable String after, int limit) {
        if (!InboxAccess.readsWords(actor)) {
            return Page.empty();
        }
        var newest = filter.order() == ConversationFilter.Order.NEWEST || filter.box() == Box.DONE;
        var sql = new StringBuilder(ConversationTable.COLUMNS)
                .append("from (select * from inbox.conversation c where true ");
        sql.append(condition(filter.box())).append(within(actor));
        sql.append(filter.network() == null ? "" : "and c.network = :network ");
        sql.append(filter.agency() == null ? "" : "and c.agency_id = :agency ");
        sql.append(filter.kind() == null ? "" : "and c.case_kind = :kind ");
        if (after != null) {
            sql.append(
                    newest
                            ? "and (c.last_at, c.id) < (:at::timestamptz, :id) "
                            : "and (c.urgent_at, c.id) > (:at::timestamptz, :id) ");
        }
        var order = newest ? "order by c.last_at desc, c.id desc " : "order by c.urgent_at, c.id ";
        sql.append(order)
                .append("limit :limit) c ")
                .append(ConversationTable.JOINS)
                .append(order);
        var query = jdbc.sql(sql.toString())
                .param("me", actor.id())
                .param("reach", reach(actor))
                .param("now", Timestamp.from(clock.instant()))
                .param("limit", limit + 1)
                .param(
                        "network",
                        filter.network() == null ? null : filter.network().code())
                .param(
                        "agency",
                        filter.agency() == null ? null : filter.agency().value())
                .param("kind", filter.kind());
        if (after != null) {
            var from = Position.parse(after);
            query = query.param("at", from.at()).param("id", from.id());
        }
        var ready = query;
        return transactions.read(actor, () -> {
            var raws = ready.query(StoredConversation::from).list();
            var shown = raws.size() > limit ? raws.subList(0, limit) : raws;
            var last = shown.isEmpty() ? null : shown.getLast();
            var next = raws.size() > limit && last != null
                    ? (newest ? last.lastAt().toString() : last.urgent()) + "|" + last.id()
                    : null;
            return new Page<>(rows.rows(actor, shown), next);
        });
    }

    /** The conversations of these contacts but for one, newest first; of hidden reporters none, since that tells who they are. */
    Page<ConversationRow> of(
            Actor actor, Collection<UUID> contacts, ConversationId except, @Nullable String after, int limit) {
        var from = after == null ? null : Position.parse(after);
        var raws = jdbc.sql(ConversationTable.COLUMNS + """
                        from (
                            select *
                            from inbox.conversation c
                            where c.contact_id = any(:contacts) and c.id <> :except
                            and (:reporters or not c.anonymous)
                            and (:at::timestamptz is null or (c.last_at, c.id) < (:at::timestamptz, :id::uuid))
                            order by c.last_at desc, c.id desc
                            limit :limit) c
                        """ + ConversationTable.JOINS
                        + "order by c.last_at desc, c.id desc")
                .param("me", actor.id())
                .param("contacts", contacts.toArray(UUID[]::new))
                .param("except", except.value())
                .param("reporters", InboxAccess.seesReporters(actor))
                .param("at", from == null ? null : from.at())
                .param("id", from == null ? null : from.id())
                .param("limit", limit + 1)
                .query(StoredConversation::from)
                .list();
        var shown = raws.size() > limit ? raws.subList(0, limit) : raws;
        var last = shown.isEmpty() ? null : shown.getLast();
        return new Page<>(
                rows.rows(actor, shown), raws.size() > limit && last != null ? last.lastAt() + "|" + last.id() : null);
    }

    /** Where a page ended: the time it is ordered by, and the id. */
    private record Position(String at, UUID id) {
        static Position parse(String after) {
            try {
                var bar = after.indexOf('|');
                var at = after.substring(0, Math.max(0, bar));
                if (!at.equals("infinity")) {
                    Timestamp.valueOf(at.replace('T', ' ').replaceAll("(Z|[+-][0-9:]+)$", ""));
                }
                return new Position(at, UUID.fromString(after.substring(bar + 1)));
            } catch (IllegalArgumentException e) {
                throw Refusal.notFound().asException();
            }
        }
    }

    /**
     * Says again what the policy says, for whoever does not see every agency: in the policy's own words it stands
     * behind an "or", which no index answers.
     */
    private static String within(Actor actor) {
        return actor.agencies().all() ? "" : "and c.agency_id = any(:reach) ";
    }

    private static UUID[] reach(Actor actor) {
        return actor.agencies().ids().stream().map(AgencyId::value).toArray(UUID[]::new);
    }

    private static String condition(Box box) {
        return switch (box) {
            case OPEN -> "and not c.done ";
            case MINE -> "and not c.done and c.assignee = :me ";
            case NOBODYS -> "and not c.done and c.assignee is null ";
            case UNANSWERED -> "and not c.done and c.waiting_since is not null ";
            case UNREAD -> """
                and not c.done and c.waiting_since is not null and not exists (
                    select 1
                    from inbox.conversation_read u
                    where u.tenant_id = c.tenant_id and u.officer_id = :me and u.conversation_id = c.id
                    and u.read_at >= c.heard_at)
                """;
            case OVERDUE -> "and not c.done and c.due_at < :now ";
            case DONE -> "and c.done ";
            case ALL -> "";
        };
    }

    Map<Box, Integer> counts(Actor actor) {
        var counts = new EnumMap<Box, Integer>(Box.class);
        if (!InboxAccess.readsWords(actor)) {
            return counts;
        }
        transactions.read(actor, () -> {
            for (var box : List.of(Box.OPEN, Box.MINE, Box.NOBODYS, Box.UNANSWERED, Box.OVERDUE)) {
                counts.put(
                        box,
                        jdbc.sql("select count(*) from (select 1 from inbox.conversation c where true " + condition(box)
                                        + within(actor)
                                        // In an index's order: the open ones lie together, and a reader of the whole
                                        // table, which a limit invites, passes hundreds of thousands of others first.
                                        + (box == Box.OVERDUE
                                                ? "order by c.due_at, c.id "
                                                : "order by c.urgent_at, c.id ")
                                        + "limit " + (Conversations.MOST_COUNTED + 1) + ") n")
                                .param("me", actor.id())
                                .param("reach", reach(actor))
                                .param("now", Timestamp.from(clock.instant()))
                                .query(Integer.class)
                                .single());
            }
            return Boolean.TRUE;
        });
        return counts;
    }

    Page<ConversationRow> search(Actor actor, String words, @Nullable String after, int limit) {
        if (!InboxAccess.readsWords(actor) || words.isBlank()) {
            return Page.empty();
        }
        InboxAccess.known(after);
        return transactions.read(actor, () -> {
            var ids = new ArrayList<UUID>();
            String next = null;
            if (after == null) {
                ids.addAll(exact(actor, words.strip()));
            }
            var query = search.query(actor, words);
            if (!query.isEmpty()) {
                record Hit(UUID conversation, UUID newest) {}
                var hits = jdbc.sql("select * from inbox.find(:query::tsquery, :before::uuid, :most)")
                        .param("query", query)
                        .param("before", after)
                        .param("most", limit + 1)
                        .query((row, n) -> new Hit(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                        .list();
                hits.stream().limit(limit).map(Hit::conversation).forEach(ids::add);
                next = hits.size() > limit ? hits.get(limit - 1).newest().toString() : null;
            }
            var wanted = ids.stream().distinct().toList();
            var found = table.byIds(actor, wanted);
            return new Page<>(
                    rows.rows(
                            actor,
                            wanted.stream()
                                    .map(found::get)
                                    .filter(Objects::nonNull)
                                    .toList()),
                    next);
        });
    }

    /** By case number, and by handle through its keyed hash. */
    private List<UUID> exact(Actor actor, String words) {
        var handle = words.toLowerCase(Locale.ROOT);
        return jdbc.sql("""
                        (select id from inbox.conversation where case_number = upper(:words) limit 50)
                        union all
                        (select c.id
                         from inbox.contact_identity i
                         join inbox.conversation c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
                         where i.handle_hash = any(:hashes) and not c.anonymous
                         limit 50)
                        """)
                .param("words", words)
                .param("hashes", new byte[][] {
                    vault.keyedHash(actor, Receiving.HANDLES, handle),
                    vault.keyedHash(actor, Receiving.HANDLES, "@" + handle)
                })
                .query(UUID.class)
                .list();
    }
}
