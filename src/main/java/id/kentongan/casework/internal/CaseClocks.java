// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.ClockKind;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The deadlines of cases, by dated rules and the working calendar; every method runs inside the caller's transaction. */
@Component
class CaseClocks {
    private final JdbcClient jdbc;
    private final Rules rules;
    private final SourcedLists lists;
    private final Tenants tenants;

    CaseClocks(JdbcClient jdbc, Rules rules, SourcedLists lists, Tenants tenants) {
        this.jdbc = jdbc;
        this.rules = rules;
        this.lists = lists;
        this.tenants = tenants;
    }

    record Due(LocalDate on, Instant at, int amount, String unit, String source) {}

    record Running(CaseId id, ClockKind kind, Instant start, Due due) {}

    /** The clocks a case of that kind has when it starts then, by the rules of that day. */
    Map<ClockKind, Due> of(Actor actor, CaseKind kind, Instant start) {
        var zone = tenants.get(actor.tenant()).zone();
        var day = start.atZone(zone).toLocalDate();
        var found = new EnumMap<ClockKind, Due>(ClockKind.class);
        for (var each : ClockKind.values()) {
            var key = kind.code() + "." + each.name().toLowerCase(Locale.ROOT).replace('_', '-');
            rules.deadline(actor, key, day)
                    .ifPresent(rule -> found.put(
                            each,
                            new Due(
                                    rules.dueOn(actor, rule, start),
                                    rules.due(actor, rule, start),
                                    rule.amount(),
                                    rule.unit().name(),
                                    rule.source())));
        }
        return found;
    }

    /** Sets clocks, in the place of those of the same kind; they run. */
    void set(Actor actor, List<Running> clocks) {
        jdbc.sql("""
                        insert into casework.clock
                            (tenant_id, case_id, kind, started_at, due_on, due_at, amount, unit, source)
                        select ?, k.id, k.kind, k.started, k.due_on, k.due_at, k.amount, k.unit, k.source
                        from unnest(?::uuid[], ?::text[], ?::timestamptz[], ?::date[], ?::timestamptz[], ?::int[],
                                    ?::text[], ?::text[])
                            as k (id, kind, started, due_on, due_at, amount, unit, source)
                        on conflict (tenant_id, case_id, kind) do update
                        set started_at = excluded.started_at, due_on = excluded.due_on, due_at = excluded.due_at,
                            amount = excluded.amount, unit = excluded.unit, source = excluded.source, met_at = null,
                            overdue_told = false, held_at = null, counted_from = null, left_amount = null,
                            reminded = false, escalated = 0
                        """)
                .params(
                        actor.tenant().value(),
                        clocks.stream().map(each -> each.id().value()).toArray(UUID[]::new),
                        clocks.stream().map(each -> each.kind().name()).toArray(String[]::new),
                        clocks.stream().map(each -> each.start().toString()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().on().toString()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().at().toString()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().amount()).toArray(Integer[]::new),
                        clocks.stream().map(each -> each.due().unit()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().source()).toArray(String[]::new))
                .update();
    }

    /**
     * Moves running clocks in working days that a change of the calendar touches: those that run over the day. What
     * was met keeps its day, and so does every closed case. One that stands still has its days left, whatever days are
     * off meanwhile.
     *
     * @return of each case the clocks that moved, the one its reporter waits for first
     */
    Map<CaseId, List<MovedClock>> move(Actor actor, LocalDate day) {
        record Kept(CaseId id, ClockKind kind, Instant start, LocalDate dueOn, int amount) {}
        record Count(LocalDate from, int amount) {}
        var calendar = rules.calendar(actor);
        var ends = new HashMap<Count, LocalDate>();
        var moved = new ArrayList<Running>();
        var told = new LinkedHashMap<CaseId, List<MovedClock>>();
        jdbc.sql("""
                        select k.case_id, k.kind, coalesce(k.counted_from, k.started_at) as start, k.due_on,
                               coalesce(k.left_amount, k.amount) as amount
                        from casework.clock k
                        join casework.case c on c.tenant_id = k.tenant_id and c.id = k.case_id
                        where k.met_at is null
                          and k.held_at is null
                          and k.unit = 'WORKING_DAYS'
                          and k.due_on >= ?
                          and c.state <> 'CLOSED'
                        """)
                .param(day)
                .query((row, n) -> new Kept(
                        new CaseId(row.getObject("case_id", UUID.class)),
                        ClockKind.valueOf(row.getString("kind")),
                        row.getTimestamp("start").toInstant(),
                        row.getObject("due_on", LocalDate.class),
                        row.getInt("amount")))
                .list()
                .forEach(each -> {
                    var on = ends.computeIfAbsent(
                            new Count(calendar.dayOf(each.start()), each.amount()),
                            count -> calendar.plusWorkingDays(count.from(), count.amount()));
                    if (!on.equals(each.dueOn())) {
                        moved.add(new Running(
                                each.id(),
                                each.kind(),
                                each.start(),
                                new Due(on, calendar.endOf(on), each.amount(), "WORKING_DAYS", "")));
                        told.computeIfAbsent(each.id(), id -> new ArrayList<>())
                                .add(new MovedClock(each.kind(), each.dueOn(), on));
                    }
                });
        reset(moved);
        told.values()
                .forEach(each -> each.sort(Comparator.comparing((MovedClock one) -> one.kind() == ClockKind.VERIFY)
                        .thenComparing(MovedClock::to)));
        return told;
    }

    /** A deadline that a change of the calendar moved. */
    record MovedClock(ClockKind kind, LocalDate from, LocalDate to) {}

    /** What was met meanwhile keeps its day. */
    private void reset(List<Running> clocks) {
        jdbc.sql("""
                        update casework.clock k
                        set due_on = n.due_on, due_at = n.due_at, overdue_told = false, reminded = false,
                            escalated = 0
                        from unnest(?::uuid[], ?::text[], ?::date[], ?::timestamptz[]) as n (id, kind, due_on, due_at)
                        where k.case_id = n.id and k.kind = n.kind and k.met_at is null
                        """)
                .params(
                        clocks.stream().map(each -> each.id().value()).toArray(UUID[]::new),
                        clocks.stream().map(each -> each.kind().name()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().on().toString()).toArray(String[]::new),
                        clocks.stream().map(each -> each.due().at().toString()).toArray(String[]::new))
                .update();
    }

    /** Gives a case another kind's deadlines; what was met stays met, and time counts from the opening. */
    void rekind(Actor actor, CaseBook.Row row, CaseKind kind) {
        var met = jdbc.sql("select kind from casework.clock where case_id = ? and met_at is not null")
                .param(row.id().value())
                .query(String.class)
                .list();
        set(
                actor,
                of(actor, kind, row.openedAt()).entrySet().stream()
                        .filter(each -> !met.contains(each.getKey().name()))
                        .map(each -> new Running(row.id(), each.getKey(), row.openedAt(), each.getValue()))
                        .toList());
    }

    /** Starts those clocks anew that the list {@code case.reopened-restarts} names on that day. */
    void restart(Actor actor, CaseBook.Row row, Instant at) {
        var named = named(actor, "case.reopened-restarts", at);
        set(
                actor,
                of(actor, row.kind(), at).entrySet().stream()
                        .filter(each -> named.contains(code(each.getKey())))
                        .map(each -> new Running(row.id(), each.getKey(), at, each.getValue()))
                        .toList());
    }

    /** By when the citizen is to hear something next. */
    Optional<LocalDate> nearestOfAnswer(CaseId id) {
        return nearestDueOfAnswer(id).map(Promised::on);
    }

    /** @param at the moment after the last one of that day */
    record Promised(LocalDate on, Instant at) {}

    /** The same with its moment. */
    Optional<Promised> nearestDueOfAnswer(CaseId id) {
        return jdbc.sql("""
                        select due_on, due_at
                        from casework.clock
                        where case_id = ? and kind <> 'VERIFY' and met_at is null and held_at is null
                        order by due_at
                        limit 1
                        """)
                .param(id.value())
                .query((row, n) -> new Promised(
                        row.getObject(1, LocalDate.class), row.getTimestamp(2).toInstant()))
                .optional();
    }

    private Set<String> named(Actor actor, String list, Instant at) {
        return lists.codes(
                actor, list, at.atZone(tenants.get(actor.tenant()).zone()).toLocalDate());
    }

    private static String code(ClockKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private record Held(ClockKind kind, LocalDate dueOn, Instant dueAt, DeadlineRule.Unit unit, int left) {}

    /**
     * Stops the running clocks that the list {@code case.postponed-runs-on} does not name, with what is left of them.
     * What is late already stays late.
     *
     * @return those that stand still now
     */
    List<ClockKind> hold(Actor actor, CaseId id, Instant at) {
        var running = named(actor, "case.postponed-runs-on", at);
        var calendar = rules.calendar(actor);
        var today = calendar.dayOf(at);
        var held = jdbc
                .sql("select * from casework.clock where case_id = ? and met_at is null and held_at is null")
                .param(id.value())
                .query((row, n) -> new Held(
                        ClockKind.valueOf(row.getString("kind")),
                        row.getObject("due_on", LocalDate.class),
                        row.getTimestamp("due_at").toInstant(),
                        DeadlineRule.Unit.valueOf(row.getString("unit")),
                        0))
                .list()
                .stream()
                .filter(each -> !running.contains(code(each.kind())) && at.isBefore(each.dueAt()))
                .toList();
        held.forEach(each -> jdbc.sql(
                        "update casework.clock set held_at = ?, left_amount = ? where case_id = ? and kind = ?")
                .params(
                        Timestamp.from(at),
                        switch (each.unit()) {
                            case WORKING_DAYS -> calendar.workingDaysBetween(today, each.dueOn());
                            case DAYS -> (int) ChronoUnit.DAYS.between(today, each.dueOn());
                            case HOURS ->
                                (int) Math.max(
                                        1, Duration.between(at, each.dueAt()).toHours());
                        },
                        id.value(),
                        each.kind().name())
                .update());
        return held.stream().map(Held::kind).toList();
    }

    /** Lets what stands still go on from now with what was left. */
    void release(Actor actor, CaseId id, Instant at) {
        var calendar = rules.calendar(actor);
        var today = calendar.dayOf(at);
        jdbc.sql("select * from casework.clock where case_id = ? and met_at is null and held_at is not null")
                .param(id.value())
                .query((row, n) -> new Held(
                        ClockKind.valueOf(row.getString("kind")),
                        row.getObject("due_on", LocalDate.class),
                        row.getTimestamp("due_at").toInstant(),
                        DeadlineRule.Unit.valueOf(row.getString("unit")),
                        row.getInt("left_amount")))
                .list()
                .forEach(each -> {
                    var due = switch (each.unit()) {
                        case WORKING_DAYS -> calendar.endOf(calendar.plusWorkingDays(today, each.left()));
                        case DAYS -> calendar.endOf(today.plusDays(each.left()));
                        case HOURS -> at.plus(Duration.ofHours(each.left()));
                    };
                    jdbc.sql("""
                                    update casework.clock
                                    set held_at = null, counted_from = ?, due_on = ?, due_at = ?, reminded = false
                                    where case_id = ? and kind = ?
                                    """)
                            .params(
                                    Timestamp.from(at),
                                    calendar.dayOf(due.minusNanos(1)),
                                    Timestamp.from(due),
                                    id.value(),
                                    each.kind().name())
                            .update();
                });
    }

    /** Whether one of these clocks was running. */
    boolean meet(CaseId id, Instant at, ClockKind... kinds) {
        var names = Arrays.stream(kinds).map(ClockKind::name).toArray(String[]::new);
        return jdbc.sql(
                                "update casework.clock set met_at = ?, held_at = null where case_id = ? and kind = any(?) and met_at is null")
                        .params(Timestamp.from(at), id.value(), names)
                        .update()
                > 0;
    }
}
