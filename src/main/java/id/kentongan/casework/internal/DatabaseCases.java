// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseAnswered;
import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseForwarded;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOpened;
import id.kentongan.casework.CaseReopened;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.ClockKind;
import id.kentongan.casework.Performance;
import id.kentongan.casework.PublicCase;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

@Component
class DatabaseCases implements Cases {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final Vault vault;
    private final ReadingLog readings;
    private final Trail trail;
    private final Clock clock;
    private final Conversations conversations;
    private final Intake intake;
    private final Receipts receipts;
    private final Agencies agencies;
    private final Tenants tenants;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;

    DatabaseCases(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            Vault vault,
            ReadingLog readings,
            Trail trail,
            Clock clock,
            Conversations conversations,
            Intake intake,
            Receipts receipts,
            Agencies agencies,
            Tenants tenants,
            ObjectMapper json,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.vault = vault;
        this.readings = readings;
        this.trail = trail;
        this.clock = clock;
        this.conversations = conversations;
        this.intake = intake;
        this.receipts = receipts;
        this.agencies = agencies;
        this.tenants = tenants;
        this.json = json;
        this.events = events;
    }

    private static boolean readsWords(Actor actor) {
        return actor.kind() != Actor.Kind.OFFICER
                || actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR);
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    @Override
    public Page<CaseRow> list(Actor actor, CaseFilter filter, @Nullable String after, int limit) {
        if (!readsWords(actor)) {
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
                row.dueAt(),
                row.state() != CaseState.CLOSED
                        && row.dueAt() != null
                        && row.dueAt().isBefore(clock.instant()));
    }

    private String title(Actor actor, CaseBook.Row row) {
        var sealed = row.title();
        return sealed == null
                ? ""
                : vault.openText(actor, row.key(), CaseBook.TITLE, sealed).orElse("");
    }

    @Override
    public Optional<CaseView> accessible(Actor actor, CaseId id) {
        if (!readsWords(actor)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> book.find(id)).map(row -> view(actor, row));
    }

    @Override
    public Optional<CaseView> ofConversation(Actor actor, ConversationId conversation) {
        if (!readsWords(actor)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> book.ofConversation(conversation)).map(row -> view(actor, row));
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
                    : conversations
                            .accessible(actor, links.getFirst())
                            .map(view -> view.row().contactName())
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
                    row.closedAt(),
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
                    return new id.kentongan.casework.Clock(
                            ClockKind.valueOf(row.getString("kind")),
                            row.getTimestamp("started_at").toInstant(),
                            row.getObject("due_on", LocalDate.class),
                            row.getTimestamp("due_at").toInstant(),
                            met == null ? null : met.toInstant(),
                            row.getInt("amount"),
                            DeadlineRule.Unit.valueOf(row.getString("unit")),
                            row.getString("source"));
                })
                .list();
    }

    private List<TimelineLine> lines(Actor actor, CaseBook.Row row, boolean publicOnly, boolean open) {
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
                    return new TimelineLine(
                            line.getTimestamp("at").toInstant(),
                            line.getString("what"),
                            publicOnly ? null : line.getString("by_name"),
                            from == null ? null : new AgencyId(from),
                            to == null ? null : new AgencyId(to),
                            sealed == null || !open
                                    ? null
                                    : vault.openText(actor, row.key(), CaseBook.TEXT, sealed)
                                            .orElse(null),
                            line.getBoolean("to_public"));
                })
                .list();
    }

    // ---- verbs --------------------------------------------------------------------------------------------------

    private static void worksHere(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER
                && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER)) {
            throw Refusal.notFound().asException();
        }
    }

    /** What decides about a case as a whole is not the liaison officer's: they answer, or hand it on. */
    private static void coordinates(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR)) {
            throw Refusal.notFound().asException();
        }
    }

    private CaseBook.Row locked(Actor actor, CaseId id, long version) {
        worksHere(actor);
        var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
        if (row.version() != version) {
            throw Refusal.conflict("casework.moved-on").asException();
        }
        return row;
    }

    private void record(Actor actor, CaseId id, String verb, Map<String, String> facts) {
        trail.record(actor, TrailEntry.of("casework." + verb, "case", id.value(), facts));
    }

    private void line(
            Actor actor,
            CaseBook.Row row,
            String what,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic) {
        book.timeline(
                actor,
                List.of(new CaseBook.Line(
                        row.id(), clock.instant(), what, actor.name(), from, to, text, toPublic, row.key())));
    }

    @Override
    public CaseId open(Actor actor, ConversationId conversation, CaseKind kind, @Nullable AgencyId agency) {
        coordinates(actor);
        return transactions.write(actor, () -> {
            if (conversations.accessible(actor, conversation).isEmpty()) {
                throw Refusal.notFound().asException();
            }
            var existing = book.ofConversation(conversation);
            if (existing.isPresent() && existing.get().state() != CaseState.CLOSED) {
                return existing.get().id();
            }
            var system = Actor.system(actor.tenant(), "casework");
            return transactions.write(system, () -> {
                var first = firstMessage(system, conversation);
                var secret = CaseBook.newSecret();
                var opened = book.open(
                                actor,
                                List.of(new CaseBook.NewCase(
                                        conversation,
                                        kind,
                                        null,
                                        agency,
                                        false,
                                        kind == CaseKind.WHISTLE_BLOWING,
                                        first.contactKey(),
                                        OpeningCases.title(first.text()),
                                        null,
                                        null,
                                        null,
                                        first.message().value(),
                                        clock.instant(),
                                        secret)))
                        .getFirst();
                receipts.send(system, opened, first, secret);
                events.publishEvent(new CaseOpened(actor.tenant(), opened.id()));
                return opened.id();
            });
        });
    }

    private Conversations.MessageContent firstMessage(Actor system, ConversationId conversation) {
        var incoming = conversations.messages(system, conversation, null, 100).items().stream()
                .filter(message -> message.direction() == MessageView.Direction.IN && message.text() != null)
                .map(MessageView::id)
                .toList();
        return conversations.contents(system, incoming).stream()
                .findFirst()
                .orElseThrow(() -> Refusal.invalid("casework.nothing-to-open").asException());
    }

    @Override
    public void verify(Actor actor, CaseId id, CaseKind kind, long version) {
        coordinates(actor);
        transactions.run(actor, () -> {
            var row = openAndLocked(actor, id, version);
            if (kind != row.kind()) {
                book.rekind(actor, row, kind);
            }
            book.meet(id, clock.instant(), ClockKind.VERIFY);
            line(actor, row, "verified", null, null, null, true);
            record(actor, id, "verified", Map.of("kind", kind.code()));
            // The rules have chosen an agency already: what is verified is with it.
            var agency = row.agency();
            var forwarded = row.state() == CaseState.RECEIVED && agency != null;
            if (forwarded && agency != null) {
                book.timeline(
                        actor,
                        List.of(new CaseBook.Line(
                                id, clock.instant(), "handed", null, null, agency, null, true, row.key())));
                events.publishEvent(new CaseForwarded(actor.tenant(), id, null, agency));
            }
            // By the machine, because a case that turns out to be confidential leaves the officer's own reach.
            transactions.write(
                    Actor.system(actor.tenant(), "casework"),
                    () -> book.change(
                            actor, row, forwarded ? CaseState.FORWARDED : row.state(), kind, agency, false, false));
        });
    }

    private CaseBook.Row openAndLocked(Actor actor, CaseId id, long version) {
        var row = locked(actor, id, version);
        if (row.state() == CaseState.CLOSED) {
            throw Refusal.conflict("casework.already-closed").asException();
        }
        return row;
    }

    @Override
    public void forward(Actor actor, CaseId id, AgencyId to, String note, long version) {
        transactions.run(actor, () -> {
            var row = openAndLocked(actor, id, version);
            if (agencies.find(actor, to).filter(Agency::active).isEmpty()) {
                throw Refusal.invalid("casework.no-such-agency").asException();
            }
            book.meet(id, clock.instant(), ClockKind.VERIFY);
            line(actor, row, "forwarded", row.agency(), to, note.isBlank() ? null : note.strip(), false);
            book.timeline(
                    actor,
                    List.of(new CaseBook.Line(id, clock.instant(), "handed", null, null, to, null, true, row.key())));
            record(actor, id, "forwarded", Map.of("to", to.toString()));
            events.publishEvent(new CaseForwarded(actor.tenant(), id, row.agency(), to));
            // Last, because the case then leaves the forwarding agency's own reach.
            transactions.write(
                    Actor.system(actor.tenant(), "casework"),
                    () -> book.change(actor, row, CaseState.FORWARDED, row.kind(), to, false, false));
        });
    }

    @Override
    public void answer(Actor actor, CaseId id, String text, String idempotencyKey, long version) {
        transactions.run(actor, () -> {
            worksHere(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            var links = book.conversationsOf(id);
            if (text.isBlank()) {
                throw Refusal.invalid("casework.empty-answer").asException();
            }
            if (row.version() != version) {
                if (alreadyAnswered(actor, id, idempotencyKey)) {
                    return;
                }
                throw Refusal.conflict("casework.moved-on").asException();
            }
            if (row.state() == CaseState.CLOSED) {
                throw Refusal.conflict("casework.already-closed").asException();
            }
            for (var conversation : links) {
                var view = conversations
                        .accessible(actor, conversation)
                        .orElseThrow(() -> Refusal.notFound().asException());
                conversations.reply(
                        actor, conversation, target(row, view), text, idempotencyKey + ":" + conversation, null);
            }
            var now = clock.instant();
            book.meet(id, now, ClockKind.VERIFY, ClockKind.FIRST_FOLLOW_UP, ClockKind.FINISH);
            line(actor, row, "answered", row.agency(), null, text.strip(), true);
            book.change(actor, row, CaseState.ANSWERED, row.kind(), row.agency(), true, false);
            record(actor, id, "answered", Map.of("key", idempotencyKey));
            if (row.agency() != null) {
                events.publishEvent(new CaseAnswered(actor.tenant(), id, row.agency()));
            }
        });
    }

    private boolean alreadyAnswered(Actor actor, CaseId id, String key) {
        return trail.about(actor, new Subject("case", id.value())).stream()
                .anyMatch(entry -> entry.entry().verb().equals("casework.answered")
                        && key.equals(entry.entry().facts().get("key")));
    }

    /** Where the question was asked; what is confidential is never answered in public. */
    private static String target(CaseBook.Row row, ConversationView view) {
        var inPublic = view.row().audience() != Audience.DIRECT && !row.confidential();
        return view.replyTargets().stream()
                .map(ConversationView.ReplyTarget::code)
                .filter(code -> code.equals("public") == inPublic)
                .findFirst()
                .orElse("private");
    }

    @Override
    public void close(Actor actor, CaseId id, String reason, long version) {
        coordinates(actor);
        transactions.run(actor, () -> {
            var row = locked(actor, id, version);
            if (row.state() == CaseState.CLOSED) {
                return;
            }
            book.meet(id, clock.instant(), ClockKind.values());
            line(actor, row, "closed", null, null, reason.isBlank() ? null : reason.strip(), true);
            book.change(actor, row, CaseState.CLOSED, row.kind(), row.agency(), false, true);
            record(actor, id, "closed", Map.of());
            events.publishEvent(new CaseClosed(actor.tenant(), id));
        });
    }

    @Override
    public void reopen(Actor actor, CaseId id, String reason) {
        transactions.run(actor, () -> {
            coordinates(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            if (row.state() != CaseState.CLOSED && row.state() != CaseState.ANSWERED) {
                return;
            }
            book.restart(actor, row, clock.instant());
            line(actor, row, "reopened", null, row.agency(), reason.isBlank() ? null : reason.strip(), true);
            book.change(
                    actor,
                    row,
                    row.agency() == null ? CaseState.RECEIVED : CaseState.FORWARDED,
                    row.kind(),
                    row.agency(),
                    false,
                    false);
            record(actor, id, "reopened", Map.of());
            events.publishEvent(new CaseReopened(actor.tenant(), id));
        });
    }

    // ---- the public and the reporter ----------------------------------------------------------------------------

    @Override
    public Optional<PublicCase> byPublicNumber(Actor actor, String publicNumber) {
        var system = Actor.system(actor.tenant(), "casework");
        return transactions.read(
                system,
                () -> jdbc.sql("select * from casework.case where public_number = ? and not confidential")
                        .param(publicNumber.strip().toUpperCase(java.util.Locale.ROOT))
                        .query(CaseBook::row)
                        .optional()
                        .map(row -> shown(system, row, false)));
    }

    /** @param toReporter whether answers are shown in words; the public sees only that there was one */
    private PublicCase shown(Actor system, CaseBook.Row row, boolean toReporter) {
        var agency = row.agency() == null
                ? null
                : agencies.find(system, row.agency()).map(Agency::shortName).orElse(null);
        var due = row.dueAt();
        var zone = tenants.get(system.tenant()).zone();
        var lines = lines(system, row, true, toReporter).stream().toList();
        return new PublicCase(
                row.number(),
                row.kind(),
                row.state(),
                agency,
                row.openedAt(),
                due == null || row.state() == CaseState.CLOSED
                        ? null
                        : due.minusMillis(1).atZone(zone).toLocalDate(),
                due != null && row.state() != CaseState.CLOSED && due.isBefore(clock.instant()),
                lines);
    }

    private Optional<CaseBook.Row> rowOf(String secret) {
        return jdbc.sql("""
                        select c.*
                        from casework.secret_link s
                        join casework.case c on c.tenant_id = s.tenant_id and c.id = s.case_id
                        where s.token_hash = ?
                        """).param(CaseBook.hash(secret)).query(CaseBook::row).optional();
    }

    @Override
    public Optional<ReporterCase> bySecret(TenantId tenant, String secret) {
        var system = Actor.system(tenant, "casework");
        return transactions.read(
                system,
                () -> rowOf(secret).map(row -> {
                    var messages = new ArrayList<MessageView>();
                    for (var conversation : book.conversationsOf(row.id())) {
                        conversations.messages(system, conversation, null, 200).items().stream()
                                .filter(message -> message.direction() != MessageView.Direction.NOTE)
                                .forEach(messages::add);
                    }
                    return new ReporterCase(
                            row.id(),
                            shown(system, row, true),
                            title(system, row),
                            messages,
                            row.state() == CaseState.CLOSED || row.state() == CaseState.ANSWERED);
                }));
    }

    @Override
    public void add(TenantId tenant, String secret, String text, List<Attachment> files, String idempotencyKey) {
        var system = Actor.system(tenant, "casework");
        var conversation = transactions
                .read(
                        system,
                        () -> rowOf(secret)
                                .map(row -> book.conversationsOf(row.id()).getFirst()))
                .orElseThrow(() -> Refusal.notFound().asException());
        intake.acceptForm(
                system, new WebForm(idempotencyKey, "", text, Map.of("conversation", conversation.toString()), files));
    }

    // ---- numbers ------------------------------------------------------------------------------------------------

    @Override
    public Performance performance(Actor actor, LocalDate from, LocalDate to) {
        var system = Actor.system(actor.tenant(), "casework");
        var zone = tenants.get(actor.tenant()).zone();
        Instant start = from.atStartOfDay(zone).toInstant();
        Instant end = to.plusDays(1).atStartOfDay(zone).toInstant();
        var reach = actor.kind() == Actor.Kind.OFFICER ? actor : system;
        var numbers = """
                count(*) as asked,
                count(*) filter (where first_answer_at is not null or state = 'CLOSED') as answered,
                count(*) filter (where first_answer_at is null and state <> 'CLOSED'
                                 and (due_at is null or due_at >= :now)) as waiting,
                count(*) filter (where first_answer_at is null and state <> 'CLOSED' and due_at < :now) as overdue
                """;
        return transactions.read(reach, () -> {
            var weeks = new ArrayList<Performance.Week>();
            var byAgency = new ArrayList<Performance.OfAgency>();
            // One statement, so that weeks and agencies are counted at the same moment and their sums agree.
            jdbc.sql("""
                            select grouping(week) as by_agency, week, agency_id,
                            """ + numbers + """
                                , percentile_cont(0.5) within group (
                                    order by extract(epoch from first_answer_at - opened_at)) as median
                            from (
                                select ((opened_at at time zone :zone)::date - :from::date) / 7 as week,
                                       agency_id, state, opened_at, first_answer_at, due_at
                                from casework.case
                                where opened_at >= :start and opened_at < :end) opened
                            group by grouping sets ((week), (agency_id))
                            order by by_agency, week, asked desc, agency_id
                            """)
                    .param("zone", zone.getId())
                    .param("from", from)
                    .param("start", Timestamp.from(start))
                    .param("end", Timestamp.from(end))
                    .param("now", Timestamp.from(clock.instant()))
                    .query(row -> {
                        var asked = row.getInt("asked");
                        var answered = row.getInt("answered");
                        var waiting = row.getInt("waiting");
                        var overdue = row.getInt("overdue");
                        var agency = row.getObject("agency_id", UUID.class);
                        if (row.getInt("by_agency") == 0) {
                            weeks.add(new Performance.Week(
                                    from.plusDays(7L * row.getInt("week")), asked, answered, waiting, overdue));
                        } else if (agency != null) {
                            var median = row.getObject("median", Double.class);
                            byAgency.add(new Performance.OfAgency(
                                    new AgencyId(agency),
                                    asked,
                                    answered,
                                    waiting,
                                    overdue,
                                    median == null ? null : Duration.ofSeconds(median.longValue())));
                        }
                    });
            return new Performance(from, to, weeks, byAgency);
        });
    }
}
