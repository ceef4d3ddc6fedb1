// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CasePlace;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.ClockKind;
import id.kentongan.casework.TimelineLine;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Cases as officers see them, opened for whoever may read them; every reading is noted. */
@Component
class CaseReader {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final Vault vault;
    private final ReadingLog readings;
    private final Clock clock;
    private final Conversations conversations;
    private final ObjectMapper json;
    private final Telling telling;

    CaseReader(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            Vault vault,
            ReadingLog readings,
            Clock clock,
            Conversations conversations,
            ObjectMapper json,
            Telling telling) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.vault = vault;
        this.readings = readings;
        this.clock = clock;
        this.conversations = conversations;
        this.json = json;
        this.telling = telling;
    }

    Page<CaseRow> list(Actor actor, CaseFilter filter, @Nullable String after, int limit) {
        if (!CaseAccess.readsWords(actor)) {
            return Page.empty();
        }
        var sql = new StringBuilder("select * from casework.case where true ");
        sql.append(filter.openOnly() ? "and state <> 'CLOSED' " : "");
        sql.append(filter.state() == null ? "" : "and state = :state ");
        sql.append(filter.kind() == null ? "" : "and kind = :kind ");
        sql.append(filter.agency() == null ? "" : "and agency_id = :agency ");
        sql.append(reach(actor));
        sql.append(filter.overdueOnly() ? "and due_at < :now and state <> 'CLOSED' " : "");
        sql.append(after == null ? "" : "and id < :after ");
        sql.append("order by id desc limit :limit");
        var query = jdbc.sql(sql.toString())
                .param("state", filter.state() == null ? null : filter.state().name())
                .param("kind", filter.kind() == null ? null : filter.kind().code())
                .param(
                        "agency",
                        filter.agency() == null ? null : filter.agency().value())
                .param(
                        "reach",
                        actor.agencies().ids().stream().map(AgencyId::value).toArray(UUID[]::new))
                .param("now", Timestamp.from(clock.instant()))
                .param("after", after == null ? null : uuid(after))
                .param("limit", limit + 1);
        return transactions.read(actor, () -> {
            var rows = query.query(CaseBook::row).list();
            var shown = rows.size() > limit ? rows.subList(0, limit) : rows;
            vault.warm(actor, shown.stream().map(CaseBook.Row::key).toList());
            return new Page<>(
                    shown.stream().map(row -> listed(actor, row)).toList(),
                    rows.size() > limit ? shown.getLast().id().toString() : null);
        });
    }

    List<CaseRow> ofReporters(Actor actor, Collection<ContactId> reporters, int limit) {
        if (!CaseAccess.readsWords(actor) || reporters.isEmpty()) {
            return List.of();
        }
        return transactions.read(actor, () -> {
            var rows = jdbc.sql("""
                            select *
                            from casework.case
                            where reporter_id = any(:reporters) and (:reporters_shown or not anonymous)
                            order by id desc
                            limit :limit
                            """)
                    .param("reporters", reporters.stream().map(ContactId::value).toArray(UUID[]::new))
                    .param("reporters_shown", actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR))
                    .param("limit", limit)
                    .query(CaseBook::row)
                    .list();
            vault.warm(actor, rows.stream().map(CaseBook.Row::key).toList());
            return rows.stream().map(row -> listed(actor, row)).toList();
        });
    }

    /** The policy says the same; said here, the index of one agency is used instead of reading everyone's cases. */
    private static String reach(Actor actor) {
        if (actor.agencies().all()) {
            return "";
        }
        return actor.agencies().ids().size() == 1
                ? "and agency_id = (:reach::uuid[])[1] "
                : "and agency_id = any(:reach::uuid[]) ";
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    private CaseRow listed(Actor actor, CaseBook.Row row) {
        return new CaseRow(
                row.id(),
                row.number(),
                row.kind(),
                row.state(),
                actor.readOnly() ? "" : title(actor, row),
                row.agency(),
                row.anonymous(),
                row.confidential(),
                row.openedAt(),
                row.outcome(),
                row.postponedUntil(),
                row.dueAt(),
                row.state() != CaseState.CLOSED
                        && row.dueAt() != null
                        && row.dueAt().isBefore(clock.instant()));
    }

    String title(Actor actor, CaseBook.Row row) {
        var sealed = row.title();
        return sealed == null
                ? ""
                : vault.openText(actor, row.key(), CaseBook.TITLE, sealed).orElse("");
    }

    Optional<CaseView> accessible(Actor actor, CaseId id) {
        if (!CaseAccess.readsWords(actor)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> book.find(id)).map(row -> view(actor, row));
    }

    Optional<CaseView> ofConversation(Actor actor, ConversationId conversation) {
        if (!CaseAccess.readsWords(actor)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> book.ofConversation(conversation)).map(row -> view(actor, row));
    }

    List<CasePlace> places(Actor actor, CaseId id) {
        if (!CaseAccess.readsWords(actor)) {
            return List.of();
        }
        return transactions
                .read(actor, () -> book.find(id))
                .filter(row -> CaseAccess.leadsIt(actor, row))
                .map(row -> telling.places(actor, row))
                .orElse(List.of());
    }

    private CaseView view(Actor actor, CaseBook.Row row) {
        var open = readings.mayRead(actor, new Subject("case", row.id().value()));
        return transactions.read(actor, () -> {
            var links = book.conversationsOf(row.id());
            var sealedPlace = row.place();
            @SuppressWarnings("unchecked")
            Map<String, String> place = sealedPlace == null || !open
                    ? Map.of()
                    : vault.openText(actor, row.key(), CaseBook.PLACE, sealedPlace)
                            .map(text -> (Map<String, String>) json.readValue(text, Map.class))
                            .orElse(Map.of());
            var hidesReporter = row.anonymous() && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR);
            var reporter = hidesReporter || !open || links.isEmpty()
                    ? ""
                    : Optional.ofNullable(row.reporter())
                            .or(() -> conversations.owner(actor, links.getFirst()))
                            .map(whom -> conversations.name(actor, links.getFirst(), whom))
                            .orElse("");
            return new CaseView(
                    row.id(),
                    row.number(),
                    row.kind(),
                    row.state(),
                    open ? title(actor, row) : "",
                    row.category(),
                    row.agency(),
                    row.anonymous(),
                    row.confidential(),
                    reporter,
                    placeInWords(place),
                    number(place.get("lat")),
                    number(place.get("lon")),
                    row.openedAt(),
                    row.answeredAt(),
                    row.closedAt(),
                    row.outcome(),
                    row.archiveReason(),
                    row.postponedUntil(),
                    row.supporting(),
                    CaseAccess.leadsIt(actor, row),
                    clocks(row.id()),
                    lines(actor, row, false, open),
                    links,
                    row.version());
        });
    }

    private @Nullable String placeInWords(Map<String, String> place) {
        var parts = new ArrayList<String>();
        if (place.containsKey("landmark")) {
            parts.add(place.getOrDefault("landmark", ""));
        }
        for (var each : List.of("village", "district")) {
            var code = place.get(each);
            if (code != null) {
                jdbc.sql("select name from casework." + each + " where code = ?")
                        .param(code)
                        .query(String.class)
                        .optional()
                        .ifPresent(parts::add);
            }
        }
        parts.removeIf(String::isBlank);
        return parts.isEmpty() ? null : String.join(", ", parts);
    }

    private static @Nullable Double number(@Nullable String text) {
        try {
            return text == null || text.isBlank() ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private List<id.kentongan.casework.Clock> clocks(CaseId id) {
        return jdbc.sql("select * from casework.clock where case_id = ? order by due_at")
                .param(id.value())
                .query((row, n) -> {
                    var met = row.getTimestamp("met_at");
                    var held = row.getTimestamp("held_at");
                    return new id.kentongan.casework.Clock(
                            ClockKind.valueOf(row.getString("kind")),
                            row.getTimestamp("started_at").toInstant(),
                            row.getObject("due_on", LocalDate.class),
                            row.getTimestamp("due_at").toInstant(),
                            met == null ? null : met.toInstant(),
                            held == null ? null : held.toInstant(),
                            row.getInt("amount"),
                            DeadlineRule.Unit.valueOf(row.getString("unit")),
                            row.getString("source"));
                })
                .list();
    }

    List<TimelineLine> lines(Actor actor, CaseBook.Row row, boolean publicOnly, boolean open) {
        return jdbc.sql("""
                        select * from casework.timeline
                        where case_id = :id and (to_public or not :public)
                        order by at, id
                        """)
                .param("id", row.id().value())
                .param("public", publicOnly)
                .query((line, n) -> {
                    var from = line.getObject("from_agency", UUID.class);
                    var to = line.getObject("to_agency", UUID.class);
                    var sealed = line.getBytes("text_sealed");
                    var message = line.getObject("message_id", UUID.class);
                    return new TimelineLine(
                            line.getTimestamp("at").toInstant(),
                            line.getString("what"),
                            publicOnly ? null : line.getString("by_name"),
                            from == null ? null : new AgencyId(from),
                            to == null ? null : new AgencyId(to),
                            sealed == null || !open
                                    ? null
                                    : new String(
                                            vault.openForTenant(actor, CaseTimeline.TEXT, sealed),
                                            StandardCharsets.UTF_8),
                            line.getBoolean("to_public"),
                            message == null ? null : new MessageId(message),
                            line.getObject("on_day", LocalDate.class));
                })
                .list();
    }
}
