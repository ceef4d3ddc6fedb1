// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseEscalated;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseReminded;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Pieces;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reminds before a deadline, and after it tells further up the tree of agencies, by the dated rules and lists. The mark on
 * the clock and what is told stand or fall together, so that a run that dies tells all of it the next time and nothing
 * twice; clocks that go back find the marks.
 */
@Component
class DeadlineNotices {
    static final int STEPS = 3;
    private static final int AT_ONCE = 500;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final CaseTimeline timeline;
    private final NoticeBoard board;
    private final Conversations conversations;
    private final Rules rules;
    private final SourcedLists lists;
    private final Tenants tenants;
    private final Trail trail;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    DeadlineNotices(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            CaseTimeline timeline,
            NoticeBoard board,
            Conversations conversations,
            Rules rules,
            SourcedLists lists,
            Tenants tenants,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.timeline = timeline;
        this.board = board;
        this.conversations = conversations;
        this.rules = rules;
        this.lists = lists;
        this.tenants = tenants;
        this.trail = trail;
        this.clock = clock;
        this.events = events;
    }

    @Bean
    static RecurringTask<Void> deadlineNoticesTask(DeadlineNotices notices) {
        return Tasks.recurring("casework-notices", FixedDelay.ofSeconds(60))
                .execute((instance, context) -> notices.run());
    }

    void run() {
        for (var tenant : Pieces.untilInterrupted(tenants.all())) {
            run(Actor.system(tenant.id(), "casework"));
        }
    }

    void run(Actor actor) {
        var now = clock.instant();
        remind(actor, now);
        for (var step = 1; step <= STEPS; step++) {
            escalate(actor, step, now);
        }
        forget(actor, now);
    }

    /** A clock of which something is told now. */
    private record Concerned(
            CaseId id,
            ClockKind kind,
            LocalDate dueOn,
            String number,
            @Nullable AgencyId agency,
            boolean confidential) {}

    private void remind(Actor actor, Instant now) {
        var rule = rule(actor, "case.remind", now);
        if (rule == null) {
            return;
        }
        var calendar = rules.calendar(actor);
        var today = calendar.dayOf(now);
        // How long before it is depends on the days between, so that the last day is found and not each clock asked.
        var day = switch (rule.unit()) {
            case WORKING_DAYS -> calendar.plusWorkingDays(today, rule.amount());
            case DAYS -> today.plusDays(rule.amount());
            case HOURS -> today.plusDays(rule.amount() / 24 + 1L);
        };
        var until = rule.unit() == DeadlineRule.Unit.HOURS
                ? now.plus(Duration.ofHours(rule.amount()))
                : calendar.endOf(day);
        all(actor, () -> remindOfTasks(actor, today, day));
        all(actor, () -> tell(actor, now, 0, "case.remind", """
                not k.reminded and k.due_at > :now and k.due_on <= :day and k.due_at <= :until
                """, "reminded = true", day, until));
    }

    private record DueTask(
            UUID id,
            CaseId matter,
            String number,
            boolean confidential,
            AgencyId agency,
            @Nullable OfficerId officer,
            LocalDate due) {}

    private int remindOfTasks(Actor actor, LocalDate today, LocalDate until) {
        var due = jdbc.sql("""
                        with due as (
                            select t.tenant_id, t.id
                            from casework.task t
                            join casework.case c on c.tenant_id = t.tenant_id and c.id = t.case_id
                            where t.done_at is null and not t.reminded and t.due_on <= ? and c.state <> 'CLOSED'
                            order by t.due_on, t.id
                            limit ?
                            for update of t skip locked)
                        update casework.task t
                        set reminded = true
                        from due
                        join casework.task k on k.tenant_id = due.tenant_id and k.id = due.id
                        join casework.case c on c.tenant_id = k.tenant_id and c.id = k.case_id
                        where t.tenant_id = due.tenant_id and t.id = due.id
                        returning t.id, t.case_id, c.public_number, c.confidential, t.for_agency, t.officer_id, t.due_on
                        """)
                .params(until, AT_ONCE)
                .query((row, n) -> {
                    var officer = row.getObject("officer_id", UUID.class);
                    return new DueTask(
                            row.getObject("id", UUID.class),
                            new CaseId(row.getObject("case_id", UUID.class)),
                            row.getString("public_number"),
                            row.getBoolean("confidential"),
                            new AgencyId(row.getObject("for_agency", UUID.class)),
                            officer == null ? null : new OfficerId(officer),
                            row.getObject("due_on", LocalDate.class));
                })
                .list();
        if (due.isEmpty()) {
            return 0;
        }
        var staff = board.staff(actor);
        var told = new ArrayList<NoticeBoard.Told>();
        for (var each : due) {
            var officer = each.officer();
            var to = officer != null
                    ? List.of(officer)
                    : List.copyOf(staff.named(Set.of("liaison"), each.agency(), each.confidential()));
            to.forEach(who -> told.add(new NoticeBoard.Told(
                    who,
                    What.TASK_DUE + ":" + each.id(),
                    What.TASK_DUE,
                    each.matter(),
                    each.number(),
                    null,
                    null,
                    null,
                    each.due())));
        }
        board.put(actor, told);
        trail.recordAll(
                actor,
                due.stream()
                        .map(each -> TrailEntry.of(
                                "casework.task-reminded",
                                "case",
                                each.matter().value(),
                                Map.of("task", each.id().toString(), "today", today.toString())))
                        .toList());
        return due.size();
    }

    private void escalate(Actor actor, int step, Instant now) {
        var key = "case.escalate-" + step;
        var rule = rule(actor, key, now);
        if (rule == null) {
            return;
        }
        var calendar = rules.calendar(actor);
        var today = calendar.dayOf(now);
        var day = switch (rule.unit()) {
            case WORKING_DAYS -> latestDue(calendar, today, rule.amount());
            case DAYS -> today.minusDays(rule.amount());
            case HOURS -> today;
        };
        var until = rule.unit() == DeadlineRule.Unit.HOURS ? now.minus(Duration.ofHours(rule.amount())) : now;
        all(actor, () -> tell(actor, now, step, key, """
                k.escalated < :step and k.due_at <= :now and k.due_on <= :day and k.due_at <= :until
                """, "escalated = :step", day, until));
    }

    /** The latest day from which as many working days have passed. */
    private static LocalDate latestDue(WorkCalendar calendar, LocalDate today, int amount) {
        var day = today;
        for (var left = amount; left > 0; day = day.minusDays(1)) {
            if (calendar.isWorkingDay(day)) {
                left--;
            }
        }
        return day;
    }

    private @Nullable DeadlineRule rule(Actor actor, String key, Instant now) {
        var today = now.atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
        return rules.deadline(actor, key, today).orElse(null);
    }

    private interface Some {
        int told();
    }

    /** In batches, each in its transaction: an office that was away for a week keeps nobody from the database. */
    private void all(Actor actor, Some some) {
        int told;
        do {
            told = transactions.write(actor, some::told);
        } while (told == AT_ONCE && !Pieces.interrupted());
    }

    /** @param step 0 for a reminder */
    private int tell(
            Actor actor, Instant now, int step, String list, String which, String mark, LocalDate day, Instant until) {
        var concerned = jdbc.sql("""
                        with due as (
                            select k.tenant_id, k.case_id, k.kind
                            from casework.clock k
                            join casework.case c on c.tenant_id = k.tenant_id and c.id = k.case_id
                            where k.met_at is null and k.held_at is null and c.state <> 'CLOSED' and
                        """ + which + """
                            order by k.due_at, k.case_id, k.kind
                            limit :limit
                            for update of k skip locked)
                        update casework.clock k
                        set\s""" + mark + """

                        from due
                        join casework.case c on c.tenant_id = due.tenant_id and c.id = due.case_id
                        where k.tenant_id = due.tenant_id and k.case_id = due.case_id and k.kind = due.kind
                        returning k.case_id, k.kind, k.due_on, c.public_number, c.agency_id, c.confidential
                        """)
                .param("now", Timestamp.from(now))
                .param("step", step)
                .param("day", day)
                .param("until", Timestamp.from(until))
                .param("limit", AT_ONCE)
                .query((row, n) -> {
                    var agency = row.getObject("agency_id", UUID.class);
                    return new Concerned(
                            new CaseId(row.getObject("case_id", UUID.class)),
                            ClockKind.valueOf(row.getString("kind")),
                            row.getObject("due_on", LocalDate.class),
                            row.getString("public_number"),
                            agency == null ? null : new AgencyId(agency),
                            row.getBoolean("confidential"));
                })
                .list();
        if (concerned.isEmpty()) {
            return 0;
        }
        var codes = lists.codes(
                actor, list, now.atZone(tenants.get(actor.tenant()).zone()).toLocalDate());
        var staff = board.staff(actor);
        var told = new ArrayList<NoticeBoard.Told>();
        var entries = new ArrayList<TrailEntry>();
        var lines = new ArrayList<CaseTimeline.Line>();
        for (var each : concerned) {
            var officers = List.copyOf(staff.named(codes, each.agency(), each.confidential()));
            officers.forEach(officer -> told.add(notice(each, officer, step)));
            entries.add(entry(each, officers, step));
            lines.add(new CaseTimeline.Line(
                    each.id(),
                    now,
                    step == 0 ? "reminded" : "escalated-" + step,
                    null,
                    null,
                    null,
                    null,
                    false,
                    null,
                    each.dueOn()));
            events.publishEvent(
                    step == 0
                            ? new CaseReminded(actor.tenant(), each.id(), each.kind(), each.dueOn(), officers)
                            : new CaseEscalated(actor.tenant(), each.id(), each.kind(), step, officers));
        }
        board.put(actor, told);
        timeline.add(actor, lines);
        trail.recordAll(actor, entries);
        var touched = book
                .conversationsOf(
                        concerned.stream().map(Concerned::id).distinct().toList())
                .values()
                .stream()
                .<ConversationId>flatMap(List::stream)
                .toList();
        conversations.announce(actor, touched, step == 0 ? "reminded" : "escalated");
        return concerned.size();
    }

    private static NoticeBoard.Told notice(Concerned each, OfficerId officer, int step) {
        var what = step == 0 ? What.REMINDED : What.ESCALATED;
        return new NoticeBoard.Told(
                officer,
                what + ":" + each.id() + ":" + each.kind() + ":" + each.dueOn() + ":" + step,
                what,
                each.id(),
                each.number(),
                each.kind(),
                step == 0 ? null : step,
                null,
                each.dueOn());
    }

    private static TrailEntry entry(Concerned each, List<OfficerId> officers, int step) {
        return TrailEntry.of(
                step == 0 ? "casework.reminded" : "casework.escalated",
                "case",
                each.id().value(),
                Map.of(
                        "clock", each.kind().name(),
                        "due", each.dueOn().toString(),
                        "step", Integer.toString(step),
                        "officers", officers.stream().map(OfficerId::toString).collect(Collectors.joining(" "))));
    }

    private void forget(Actor actor, Instant now) {
        var kept = rule(actor, "case.keep-notices", now);
        if (kept != null) {
            transactions.run(actor, () -> board.forget(now.minus(Duration.ofDays(kept.amount()))));
        }
    }
}
