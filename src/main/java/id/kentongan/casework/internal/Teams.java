// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseTeams;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class Teams implements CaseTeams {
    static final String TITLE = "casework.task.title";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseSteps steps;
    private final CaseBook book;
    private final NoticeBoard board;
    private final Agencies agencies;
    private final Officers officers;
    private final Vault vault;
    private final ReadingLog readings;
    private final Clock clock;

    Teams(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseSteps steps,
            CaseBook book,
            NoticeBoard board,
            Agencies agencies,
            Officers officers,
            Vault vault,
            ReadingLog readings,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.steps = steps;
        this.book = book;
        this.board = board;
        this.agencies = agencies;
        this.officers = officers;
        this.vault = vault;
        this.readings = readings;
        this.clock = clock;
    }

    @Override
    public void support(Actor actor, CaseId id, AgencyId agency, String note, long version) {
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            CaseAccess.leads(actor, row);
            active(actor, agency);
            if (agency.equals(row.agency())) {
                throw Refusal.invalid("casework.supports-itself").asException();
            }
            if (row.supporting().contains(agency)) {
                return;
            }
            join(actor, row, agency, note);
        });
    }

    private void active(Actor actor, AgencyId agency) {
        if (agencies.find(actor, agency).filter(Agency::active).isEmpty()) {
            throw Refusal.invalid("casework.no-such-agency").asException();
        }
    }

    private void join(Actor actor, CaseBook.Row row, AgencyId agency, String note) {
        steps.line(actor, row, "support", null, agency, note, false);
        steps.record(actor, row.id(), "casework.supported", Map.of("agency", agency.toString()));
        var team = new ArrayList<>(row.supporting());
        team.add(agency);
        change(actor, row, team);
        steps.announce(actor, row.id(), "support");
        tell(actor, row, agency, null, What.SUPPORT, agency.toString());
    }

    private void change(Actor actor, CaseBook.Row row, List<AgencyId> team) {
        var system = CaseSteps.system(actor);
        transactions.run(system, () -> book.support(system, row.id(), team));
    }

    @Override
    public void release(Actor actor, CaseId id, AgencyId agency, long version) {
        transactions.run(actor, () -> {
            var row = steps.locked(actor, id, version);
            CaseAccess.leads(actor, row);
            if (!row.supporting().contains(agency)) {
                return;
            }
            var open = jdbc.sql(
                            "select count(*) from casework.task where case_id = ? and for_agency = ? and done_at is null")
                    .params(id.value(), agency.value())
                    .query(Integer.class)
                    .single();
            if (open > 0) {
                throw Refusal.conflict("casework.supporter-has-tasks", open).asException();
            }
            steps.line(actor, row, "support-ended", null, agency, null, false);
            steps.record(actor, id, "casework.support-ended", Map.of("agency", agency.toString()));
            change(
                    actor,
                    row,
                    row.supporting().stream()
                            .filter(each -> !each.equals(agency))
                            .toList());
            steps.announce(actor, id, "support");
        });
    }

    @Override
    public void contribute(Actor actor, CaseId id, String text) {
        transactions.run(actor, () -> {
            CaseAccess.worksHere(actor);
            var row = book.find(id).orElseThrow(() -> Refusal.notFound().asException());
            if (text.isBlank()) {
                throw Refusal.invalid("casework.no-contribution").asException();
            }
            if (text.strip().length() > LONGEST_CONTRIBUTION) {
                throw Refusal.invalid("casework.reason-too-long", LONGEST_CONTRIBUTION)
                        .asException();
            }
            steps.line(actor, row, "contributed", agencyOf(actor).orElse(null), null, text, false);
            steps.record(actor, id, "casework.contributed", Map.of());
            steps.announce(actor, id, "contributed");
            if (!CaseAccess.leadsIt(actor, row)) {
                var lead = row.agency();
                if (lead != null) {
                    tell(actor, row, lead, null, What.CONTRIBUTED, Ids.next().toString());
                }
            }
        });
    }

    private Optional<AgencyId> agencyOf(Actor actor) {
        return actor.kind() == Actor.Kind.OFFICER
                ? officers.find(actor, actor.officer()).map(Officer::agency)
                : Optional.empty();
    }

    @Override
    public UUID give(
            Actor actor,
            CaseId id,
            String title,
            AgencyId agency,
            @Nullable OfficerId officer,
            @Nullable LocalDate due) {
        return transactions.write(actor, () -> {
            CaseAccess.worksHere(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            CaseAccess.leads(actor, row);
            if (row.state() == CaseState.CLOSED) {
                throw Refusal.conflict("casework.already-closed").asException();
            }
            if (title.isBlank() || title.strip().length() > LONGEST_TITLE) {
                throw Refusal.invalid("casework.task-title", LONGEST_TITLE).asException();
            }
            active(actor, agency);
            if (officer != null
                    && officers.find(actor, officer)
                            .filter(Officer::active)
                            .filter(each -> each.agency().equals(agency))
                            .isEmpty()) {
                throw Refusal.invalid("casework.task-officer").asException();
            }
            if (!agency.equals(row.agency()) && !row.supporting().contains(agency)) {
                join(actor, row, agency, "");
            }
            var task = Ids.next();
            jdbc.sql("""
                            insert into casework.task
                                (tenant_id, id, case_id, title_sealed, for_agency, officer_id, due_on, created_at,
                                 created_by)
                            values (:tenant, :id, :case, :title, :agency, :officer, :due, :now, :by)
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("id", task)
                    .param("case", id.value())
                    .param(
                            "title",
                            vault.sealForTenant(actor, TITLE, title.strip().getBytes(StandardCharsets.UTF_8)))
                    .param("agency", agency.value())
                    .param("officer", officer == null ? null : officer.value())
                    .param("due", due)
                    .param("now", Timestamp.from(clock.instant()))
                    .param("by", actor.name())
                    .update();
            steps.line(actor, row, "task", null, agency, title, false, due);
            steps.record(
                    actor, id, "casework.task-given", Map.of("task", task.toString(), "agency", agency.toString()));
            steps.announce(actor, id, "task");
            tell(actor, row, agency, officer, What.TASK, task.toString());
            return task;
        });
    }

    private record Stored(
            UUID id,
            CaseId matter,
            AgencyId agency,
            @Nullable OfficerId officer,
            boolean done) {}

    @Override
    public void done(Actor actor, UUID task, boolean done) {
        transactions.run(actor, () -> {
            CaseAccess.worksHere(actor);
            var stored = jdbc.sql("select * from casework.task where id = ? for update")
                    .param(task)
                    .query((row, n) -> new Stored(
                            row.getObject("id", UUID.class),
                            new CaseId(row.getObject("case_id", UUID.class)),
                            new AgencyId(row.getObject("for_agency", UUID.class)),
                            officer(row),
                            row.getTimestamp("done_at") != null))
                    .optional()
                    .orElseThrow(() -> Refusal.notFound().asException());
            var row = book.find(stored.matter())
                    .orElseThrow(() -> Refusal.notFound().asException());
            if (!actor.agencies().includes(stored.agency()) && !CaseAccess.leadsIt(actor, row)) {
                throw Refusal.notFound().asException();
            }
            if (stored.done() == done) {
                return;
            }
            jdbc.sql("update casework.task set done_at = :at, done_by = :by where id = :id")
                    .param("at", done ? Timestamp.from(clock.instant()) : null)
                    .param("by", done ? actor.name() : null)
                    .param("id", task)
                    .update();
            steps.line(actor, row, done ? "task-done" : "task-open", stored.agency(), null, title(actor, task), false);
            steps.record(
                    actor,
                    row.id(),
                    done ? "casework.task-done" : "casework.task-open",
                    Map.of("task", task.toString()));
            steps.announce(actor, row.id(), "task");
            var lead = row.agency();
            if (done && lead != null && !actor.agencies().includes(lead)) {
                tell(actor, row, lead, null, What.TASK_DONE, task.toString());
            }
        });
    }

    private static @Nullable OfficerId officer(ResultSet row) throws SQLException {
        var officer = row.getObject("officer_id", UUID.class);
        return officer == null ? null : new OfficerId(officer);
    }

    private String title(Actor actor, UUID task) {
        var sealed = jdbc.sql("select title_sealed from casework.task where id = ?")
                .param(task)
                .query(byte[].class)
                .single();
        return new String(vault.openForTenant(actor, TITLE, sealed), StandardCharsets.UTF_8);
    }

    @Override
    public List<Task> tasks(Actor actor, CaseId id) {
        if (!CaseAccess.readsWords(actor)) {
            return List.of();
        }
        var open = readings.mayRead(actor, new Subject("case", id.value()));
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select t.*, c.public_number, c.agency_id
                        from casework.task t
                        join casework.case c on c.tenant_id = t.tenant_id and c.id = t.case_id
                        where t.case_id = ?
                        order by t.done_at is not null, t.due_on, t.id
                        """)
                        .param(id.value())
                        .query((row, n) -> task(actor, row, open))
                        .list());
    }

    @Override
    public List<Task> mine(Actor actor) {
        if (actor.kind() != Actor.Kind.OFFICER || !CaseAccess.readsWords(actor) || actor.readOnly()) {
            return List.of();
        }
        return transactions.read(actor, () -> {
            var own = agencyOf(actor).map(AgencyId::value).orElse(null);
            return jdbc.sql("""
                            select t.*, c.public_number, c.agency_id
                            from casework.task t
                            join casework.case c on c.tenant_id = t.tenant_id and c.id = t.case_id
                            where t.done_at is null
                            and (t.officer_id = :me or t.officer_id is null and t.for_agency = :agency)
                            order by t.due_on, t.id
                            limit 100
                            """)
                    .param("me", actor.id())
                    .param("agency", own)
                    .query((row, n) -> task(actor, row, true))
                    .list();
        });
    }

    private Task task(Actor actor, ResultSet row, boolean open) throws SQLException {
        var agency = new AgencyId(row.getObject("for_agency", UUID.class));
        var lead = row.getObject("agency_id", UUID.class);
        var done = row.getTimestamp("done_at");
        return new Task(
                row.getObject("id", UUID.class),
                new CaseId(row.getObject("case_id", UUID.class)),
                row.getString("public_number"),
                open
                        ? new String(
                                vault.openForTenant(actor, TITLE, row.getBytes("title_sealed")), StandardCharsets.UTF_8)
                        : "",
                agency,
                officer(row),
                row.getObject("due_on", LocalDate.class),
                done == null ? null : done.toInstant(),
                row.getString("done_by"),
                !actor.readOnly()
                        && (actor.agencies().includes(agency)
                                || (lead != null && actor.agencies().includes(new AgencyId(lead)))));
    }

    /** The one officer, or all who work for the agency; whoever did it needs no notice of it. */
    private void tell(
            Actor actor, CaseBook.Row row, AgencyId agency, @Nullable OfficerId officer, What what, String once) {
        var system = CaseSteps.system(actor);
        transactions.run(system, () -> {
            var to = officer != null
                    ? Set.of(officer)
                    : board.staff(system).named(Set.of("liaison"), agency, row.confidential());
            board.put(
                    system,
                    row,
                    what,
                    once,
                    to.stream()
                            .filter(each -> !Objects.equals(each.value(), actor.id()))
                            .toList());
        });
    }
}
