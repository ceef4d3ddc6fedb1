// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of cases and what changes them; every method runs inside the caller's transaction. */
@Component
class CaseBook {
    static final String TITLE = "casework.case.title";
    static final String PLACE = "casework.case.place";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Tenants tenants;
    private final Conversations conversations;
    private final Agencies agencies;
    private final Clock clock;
    private final ActorTransactions transactions;

    CaseBook(
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            CaseClocks clocks,
            CaseTimeline timeline,
            Tenants tenants,
            Conversations conversations,
            Agencies agencies,
            Clock clock,
            ActorTransactions transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.clocks = clocks;
        this.timeline = timeline;
        this.tenants = tenants;
        this.conversations = conversations;
        this.agencies = agencies;
        this.clock = clock;
        this.transactions = transactions;
    }

    record Row(
            CaseId id,
            String number,
            CaseKind kind,
            CaseState state,
            @Nullable String category,
            @Nullable AgencyId agency,
            boolean anonymous,
            boolean confidential,
            DataKeyId key,
            @Nullable ContactId reporter,
            byte @Nullable [] title,
            byte @Nullable [] place,
            Instant openedAt,
            @Nullable Instant firstAnswerAt,
            @Nullable Instant closedAt,
            @Nullable Instant dueAt,
            @Nullable CaseOutcome outcome,
            @Nullable String archiveReason,
            @Nullable LocalDate postponedUntil,
            @Nullable CaseState resumesAs,
            @Nullable Instant answeredAt,
            int closings,
            List<AgencyId> supporting,
            long version) {}

    /** What a verb leaves a case as: begun from how it stands. */
    record Change(
            CaseState state,
            CaseKind kind,
            @Nullable AgencyId agency,
            boolean answered,
            @Nullable CaseOutcome outcome,
            @Nullable String archiveReason,
            @Nullable LocalDate postponedUntil,
            @Nullable CaseState resumesAs) {
        static Change of(Row row) {
            return new Change(
                    row.state(),
                    row.kind(),
                    row.agency(),
                    false,
                    row.outcome(),
                    row.archiveReason(),
                    row.postponedUntil(),
                    row.resumesAs());
        }

        /** In another state that is neither postponed nor closed. */
        Change in(CaseState state) {
            return new Change(state, kind, agency, answered, null, null, null, null);
        }

        Change kind(CaseKind kind) {
            return new Change(state, kind, agency, answered, outcome, archiveReason, postponedUntil, resumesAs);
        }

        Change with(@Nullable AgencyId agency) {
            return new Change(state, kind, agency, answered, outcome, archiveReason, postponedUntil, resumesAs);
        }

        Change answering() {
            return new Change(CaseState.ANSWERED, kind, agency, true, null, null, null, null);
        }

        Change ending(CaseOutcome outcome, @Nullable String archiveReason) {
            return new Change(CaseState.CLOSED, kind, agency, answered, outcome, archiveReason, null, null);
        }

        Change postponing(LocalDate until, CaseState resumesAs) {
            return new Change(CaseState.POSTPONED, kind, agency, answered, null, null, until, resumesAs);
        }

        /** As it was before it was put off. */
        Change resuming() {
            return in(resumesAs == null ? CaseState.RECEIVED : resumesAs);
        }

        /** Opened again: with its agency, or with those who find it one. */
        private Change reopening(boolean withAgency) {
            return withAgency ? in(CaseState.FORWARDED) : in(CaseState.RECEIVED).with(null);
        }
    }

    /**
     * A case to be opened.
     *
     * @param key the reporter's: what is derived from their words is sealed under it
     * @param place JSON of what the citizen said of the place, or null
     * @param message the citizen's message it is opened for
     */
    record NewCase(
            ConversationId conversation,
            CaseKind kind,
            @Nullable String category,
            @Nullable AgencyId agency,
            boolean anonymous,
            boolean confidential,
            DataKeyId key,
            ContactId reporter,
            String title,
            @Nullable String place,
            @Nullable String district,
            @Nullable UUID rule,
            @Nullable UUID message,
            Instant at,
            String secret) {}

    static Row row(ResultSet row, int number) throws SQLException {
        var agency = row.getObject("agency_id", UUID.class);
        var reporter = row.getObject("reporter_id", UUID.class);
        var outcome = row.getString("outcome");
        var resumes = row.getString("resumes_as");
        return new Row(
                new CaseId(row.getObject("id", UUID.class)),
                row.getString("public_number"),
                CaseKind.of(row.getString("kind")),
                CaseState.valueOf(row.getString("state")),
                row.getString("category"),
                agency == null ? null : new AgencyId(agency),
                row.getBoolean("anonymous"),
                row.getBoolean("confidential"),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                reporter == null ? null : new ContactId(reporter),
                row.getBytes("title_sealed"),
                row.getBytes("place_sealed"),
                row.getTimestamp("opened_at").toInstant(),
                instant(row, "first_answer_at"),
                instant(row, "closed_at"),
                instant(row, "due_at"),
                outcome == null ? null : CaseOutcome.valueOf(outcome),
                row.getString("archive_reason"),
                row.getObject("postponed_until", LocalDate.class),
                resumes == null ? null : CaseState.valueOf(resumes),
                instant(row, "answered_at"),
                row.getInt("closings"),
                agencies(row.getArray("supporting")),
                row.getLong("version"));
    }

    private static List<AgencyId> agencies(Array ids) throws SQLException {
        return Arrays.stream((UUID[]) ids.getArray()).map(AgencyId::new).toList();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }

    Optional<Row> find(CaseId id) {
        return jdbc.sql("select * from casework.case where id = ?")
                .param(id.value())
                .query(CaseBook::row)
                .optional();
    }

    /** One opening or addition at a time: two must not open two cases for one conversation. */
    void oneAtATime(Actor actor) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('casework:' || ?, 0))")
                .param(actor.tenant().toString())
                .query((row, n) -> 1)
                .list();
    }

    Optional<Row> locked(CaseId id) {
        return jdbc.sql("select * from casework.case where id = ? for update")
                .param(id.value())
                .query(CaseBook::row)
                .optional();
    }

    /** The newest case of a conversation. */
    Optional<Row> ofConversation(ConversationId conversation) {
        return jdbc.sql("""
                        select c.*
                        from casework.case_conversation l
                        join casework.case c on c.tenant_id = l.tenant_id and c.id = l.case_id
                        where l.conversation_id = ?
                        order by c.id desc
                        limit 1
                        """).param(conversation.value()).query(CaseBook::row).optional();
    }

    /** The newest case of each of these conversations that has one. */
    Map<ConversationId, Row> ofConversations(Collection<ConversationId> conversations) {
        var found = new HashMap<ConversationId, Row>();
        jdbc.sql("""
                        select distinct on (l.conversation_id) l.conversation_id, c.*
                        from casework.case_conversation l
                        join casework.case c on c.tenant_id = l.tenant_id and c.id = l.case_id
                        where l.conversation_id = any(?)
                        order by l.conversation_id, c.id desc
                        """)
                .param(conversations.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query((RowCallbackHandler) row ->
                        found.put(new ConversationId(row.getObject("conversation_id", UUID.class)), row(row, 0)));
        return found;
    }

    /** The same, as they stand once whoever holds them is done, and held until the transaction ends. */
    Map<ConversationId, Row> lockedOfConversations(Collection<ConversationId> conversations) {
        var found = ofConversations(conversations);
        var locked = new HashMap<CaseId, Row>();
        jdbc.sql("select * from casework.case where id = any(?) order by id for update")
                .param(found.values().stream().map(row -> row.id().value()).toArray(UUID[]::new))
                .query(CaseBook::row)
                .list()
                .forEach(row -> locked.put(row.id(), row));
        found.replaceAll((conversation, row) -> locked.getOrDefault(row.id(), row));
        return found;
    }

    /** Which of these messages a line of some case tells of already. */
    Set<UUID> told(Collection<UUID> messages) {
        return new HashSet<>(jdbc.sql("select message_id from casework.timeline where message_id = any(?)")
                .param(messages.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    /** Which of these messages stand on this case's timeline. */
    Set<UUID> told(CaseId id, Collection<UUID> messages) {
        return new HashSet<>(
                jdbc.sql("select message_id from casework.timeline where case_id = ? and message_id = any(?)")
                        .params(id.value(), messages.toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }

    List<ConversationId> conversationsOf(CaseId id) {
        return jdbc.sql("select conversation_id from casework.case_conversation where case_id = ?")
                .param(id.value())
                .query((row, n) -> new ConversationId(row.getObject(1, UUID.class)))
                .list();
    }

    static String newSecret() {
        var bytes = new byte[18];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens cases in bulk: numbers, rows, clocks, links, first lines and marks with one statement each. */
    List<Row> open(Actor actor, List<NewCase> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        var tenant = tenants.get(actor.tenant());
        var size = wanted.size();
        var opened = new ArrayList<Row>(size);
        var year = clock.instant().atZone(tenant.zone()).getYear();
        var next = numbers(actor, year, size);
        var lines = new ArrayList<CaseTimeline.Line>();
        var running = new ArrayList<CaseClocks.Running>();
        for (var each : wanted) {
            var id = new CaseId(Ids.next());
            var number = "%s-%d-%06d".formatted(tenant.casePrefix(), year, next++);
            var own = clocks.of(actor, each.kind(), each.at());
            own.forEach((kind, due) -> running.add(new CaseClocks.Running(id, kind, each.at(), due)));
            var dueAt = own.values().stream()
                    .map(CaseClocks.Due::at)
                    .min(Instant::compareTo)
                    .orElse(null);
            opened.add(new Row(
                    id,
                    number,
                    each.kind(),
                    CaseState.RECEIVED,
                    each.category(),
                    each.agency(),
                    each.anonymous(),
                    each.confidential(),
                    each.key(),
                    each.reporter(),
                    vault.seal(actor, each.key(), TITLE, each.title()),
                    each.place() == null ? null : vault.seal(actor, each.key(), PLACE, each.place()),
                    each.at(),
                    null,
                    null,
                    dueAt,
                    null,
                    null,
                    null,
                    null,
                    null,
                    0,
                    List.of(),
                    1));
            lines.add(new CaseTimeline.Line(
                    id, each.at(), "received", null, null, each.agency(), null, true, each.message()));
        }
        insertCases(actor, wanted, opened);
        clocks.set(actor, running);
        timeline.add(actor, lines);
        jdbc.sql("""
                        insert into casework.case_conversation (tenant_id, conversation_id, case_id)
                        select ?, l.conversation, l.id from unnest(?::uuid[], ?::uuid[]) as l (conversation, id)
                        """)
                .params(
                        actor.tenant().value(),
                        wanted.stream().map(each -> each.conversation().value()).toArray(UUID[]::new),
                        ids(opened))
                .update();
        jdbc.sql("""
                        insert into casework.secret_link (tenant_id, token_hash, case_id)
                        select ?, s.hash, s.id from unnest(?::bytea[], ?::uuid[]) as s (hash, id)
                        on conflict do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        wanted.stream().map(each -> hash(each.secret())).toArray(byte[][]::new),
                        ids(opened))
                .update();
        var marks = new ArrayList<CaseMark>();
        var entries = new ArrayList<TrailEntry>();
        for (var i = 0; i < size; i++) {
            var row = opened.get(i);
            marks.add(mark(row, wanted.get(i).conversation()));
            entries.add(TrailEntry.of(
                    "casework.opened",
                    "case",
                    row.id().value(),
                    Map.of("number", row.number(), "kind", row.kind().code())));
        }
        trail.recordAll(actor, entries);
        conversations.mark(actor, marks);
        return opened;
    }

    private int numbers(Actor actor, int year, int count) {
        return jdbc.sql("""
                        insert into casework.case_number (tenant_id, year, last)
                        values (:tenant, :year, :count)
                        on conflict (tenant_id, year) do update set last = casework.case_number.last + :count
                        returning last - :count + 1
                        """)
                .param("tenant", actor.tenant().value())
                .param("year", year)
                .param("count", count)
                .query(Integer.class)
                .single();
    }

    private void insertCases(Actor actor, List<NewCase> wanted, List<Row> opened) {
        jdbc.sql("""
                        insert into casework.case
                            (tenant_id, id, public_number, kind, state, category, agency_id, anonymous, confidential,
                             data_key_id, reporter_id, title_sealed, place_sealed, district, rule_id, opened_at,
                             due_at)
                        select ?, c.id, c.number, c.kind, 'RECEIVED', c.category, c.agency, c.anonymous, c.confidential,
                               c.key, c.reporter, c.title, c.place, c.district, c.rule, c.at, c.due
                        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::boolean[], ?::boolean[],
                                    ?::uuid[], ?::uuid[], ?::bytea[], ?::bytea[], ?::text[], ?::uuid[],
                                    ?::timestamptz[], ?::timestamptz[])
                            as c (id, number, kind, category, agency, anonymous, confidential, key, reporter, title,
                                  place, district, rule, at, due)
                        """)
                .params(
                        actor.tenant().value(),
                        ids(opened),
                        opened.stream().map(Row::number).toArray(String[]::new),
                        opened.stream().map(row -> row.kind().code()).toArray(String[]::new),
                        opened.stream().map(Row::category).toArray(String[]::new),
                        opened.stream().map(row -> value(row.agency())).toArray(UUID[]::new),
                        opened.stream().map(Row::anonymous).toArray(Boolean[]::new),
                        opened.stream().map(Row::confidential).toArray(Boolean[]::new),
                        opened.stream().map(row -> row.key().value()).toArray(UUID[]::new),
                        wanted.stream().map(each -> each.reporter().value()).toArray(UUID[]::new),
                        opened.stream().map(Row::title).toArray(byte[][]::new),
                        opened.stream().map(Row::place).toArray(byte[][]::new),
                        wanted.stream().map(NewCase::district).toArray(String[]::new),
                        wanted.stream().map(NewCase::rule).toArray(UUID[]::new),
                        opened.stream().map(row -> row.openedAt().toString()).toArray(String[]::new),
                        opened.stream()
                                .map(row -> row.dueAt() == null ? null : String.valueOf(row.dueAt()))
                                .toArray(String[]::new))
                .update();
    }

    private static UUID[] ids(List<Row> rows) {
        return rows.stream().map(row -> row.id().value()).toArray(UUID[]::new);
    }

    private static @Nullable UUID value(@Nullable AgencyId agency) {
        return agency == null ? null : agency.value();
    }

    /** The citizen said more: nothing of the case changes but its version. */
    void heard(Collection<CaseId> cases) {
        jdbc.sql("update casework.case set version = version + 1 where id = any(?)")
                .param(cases.stream().map(CaseId::value).toArray(UUID[]::new))
                .update();
    }

    /** Writes what a verb changed, recomputes the nearest deadline, and leaves the new mark on the conversations. */
    Row change(Actor actor, Row row, Change change) {
        var now = clock.instant();
        var outcome = change.outcome();
        var resumes = change.resumesAs();
        jdbc.sql("""
                        update casework.case c
                        set state = :state, kind = :kind, agency_id = :agency, version = c.version + 1,
                            confidential = c.confidential or :kind = 'whistle-blowing',
                            first_answer_at = case when :answered then coalesce(c.first_answer_at, :now::timestamptz)
                                                   else c.first_answer_at end,
                            answered_at = case when :answered then :now::timestamptz else c.answered_at end,
                            closings = c.closings
                                + case when :state = 'CLOSED' and c.state <> 'CLOSED' then 1 else 0 end,
                            closed_at = case when :state = 'CLOSED' then coalesce(c.closed_at, :now::timestamptz) end,
                            supporting = array_remove(c.supporting, :agency::uuid),
                            outcome = :outcome, archive_reason = :reason, postponed_until = :until,
                            resumes_as = :resumes,
                            due_at =
                        """ + NEAREST + " where c.id = :id")
                .param("state", change.state().name())
                .param("kind", change.kind().code())
                .param("agency", value(change.agency()))
                .param("answered", change.answered())
                .param("outcome", outcome == null ? null : outcome.name())
                .param("reason", change.archiveReason())
                .param("until", change.postponedUntil())
                .param("resumes", resumes == null ? null : resumes.name())
                .param("now", Timestamp.from(now))
                .param("id", row.id().value())
                .update();
        // The agency that hands a case on no longer sees it: the mark is left by the machine.
        var system = Actor.system(actor.tenant(), "casework");
        return transactions.write(system, () -> {
            var changed = find(row.id()).orElseThrow();
            remark(system, List.of(changed));
            return changed;
        });
    }

    /** Opened again it is with the agency that had it, unless that was closed meanwhile. */
    Change reopening(Actor actor, Row row) {
        var system = Actor.system(actor.tenant(), "casework");
        var there = Optional.ofNullable(row.agency())
                .flatMap(id -> agencies.find(system, id))
                .filter(Agency::active)
                .isPresent();
        return Change.of(row).reopening(there);
    }

    /** The nearest deadline that runs; one that stands still is none. */
    private static final String NEAREST = """
            (select min(k.due_at) from casework.clock k
             where k.tenant_id = c.tenant_id and k.case_id = c.id and k.met_at is null and k.held_at is null)
            """;

    /** Names the agencies that help; the marks follow, and with them who reads the conversations. By the machine. */
    void support(Actor system, CaseId id, List<AgencyId> team) {
        jdbc.sql("update casework.case set supporting = ?::uuid[], version = version + 1 where id = ?")
                .params(team.stream().map(AgencyId::value).toArray(UUID[]::new), id.value())
                .update();
        remark(system, List.of(find(id).orElseThrow()));
    }

    /** Recomputes the nearest deadline of many after their clocks were moved, in one statement, and marks them. */
    List<Row> redue(Actor actor, Collection<CaseId> cases) {
        var moved = jdbc.sql("""
                        with held as (
                            select id
                            from casework.case
                            where id = any(?)
                            order by id
                            for update)
                        update casework.case c
                        set version = c.version + 1, due_at =
                        """ + NEAREST + " from held where c.id = held.id returning c.*")
                .param(cases.stream().map(CaseId::value).toArray(UUID[]::new))
                .query(CaseBook::row)
                .list();
        remark(actor, moved);
        return moved;
    }

    private void remark(Actor actor, List<Row> rows) {
        var conversationsOf = conversationsOf(rows.stream().map(Row::id).toList());
        var marks = new ArrayList<CaseMark>();
        for (var row : rows) {
            conversationsOf.getOrDefault(row.id(), List.of()).forEach(each -> marks.add(mark(row, each)));
        }
        conversations.mark(actor, marks);
    }

    Map<CaseId, List<ConversationId>> conversationsOf(Collection<CaseId> cases) {
        var found = new HashMap<CaseId, List<ConversationId>>();
        jdbc.sql("select case_id, conversation_id from casework.case_conversation where case_id = any(?)")
                .param(cases.stream().map(CaseId::value).toArray(UUID[]::new))
                .query((RowCallbackHandler)
                        row -> found.computeIfAbsent(new CaseId(row.getObject(1, UUID.class)), id -> new ArrayList<>())
                                .add(new ConversationId(row.getObject(2, UUID.class))));
        return found;
    }

    /** The newest message by which the reporter speaks in this case, whether or not its words are still there. */
    Optional<MessageId> newestOfReporter(CaseId id) {
        return jdbc.sql("""
                        select message_id
                        from casework.timeline
                        where case_id = ? and what in ('received', 'added') and message_id is not null
                        order by at desc, id desc
                        limit 1
                        """)
                .param(id.value())
                .query((row, n) -> new MessageId(row.getObject(1, UUID.class)))
                .optional();
    }

    static CaseMark mark(Row row, ConversationId conversation) {
        return new CaseMark(
                conversation,
                row.id().value(),
                row.number(),
                row.kind().code(),
                row.state().name(),
                row.agency(),
                row.confidential(),
                row.anonymous(),
                row.state() == CaseState.CLOSED ? null : row.dueAt(),
                row.supporting());
    }
}
