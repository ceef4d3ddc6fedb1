// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.CalendarChanged;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * A day off that was added or withdrawn in mid-year moves the deadlines that are still open, with an entry in the
 * trail for each case and a line on its timeline, which is how its reporter learns of it; closed cases keep theirs.
 * Thousands are moved by one statement each for clocks, cases, marks, lines and entries.
 */
@Component
class MovedDeadlines {
    /** How many cases the summary names; the rest are in the trail one by one. */
    private static final int NAMED = 50;

    private final ActorTransactions transactions;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Trail trail;
    private final Rules rules;
    private final Clock clock;

    MovedDeadlines(
            ActorTransactions transactions,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            Trail trail,
            Rules rules,
            Clock clock) {
        this.transactions = transactions;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.trail = trail;
        this.rules = rules;
        this.clock = clock;
    }

    @ApplicationModuleListener
    void on(CalendarChanged event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            var calendar = rules.calendar(actor);
            var moved = book.redue(actor, clocks.move(actor, event.day()));
            timeline.add(actor, moved.stream().map(each -> line(calendar, each)).toList());
            trail.recordAll(
                    actor, moved.stream().map(each -> entry(event, each)).toList());
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.calendar-followed",
                            "calendar",
                            event.tenant().value(),
                            Map.of(
                                    "calendar", Integer.toString(event.version()),
                                    "day", event.day().toString(),
                                    "cases", Integer.toString(moved.size()),
                                    "moved",
                                            moved.stream()
                                                    .limit(NAMED)
                                                    .map(each -> each.row().number() + " "
                                                            + day(calendar, each.before()) + " "
                                                            + day(
                                                                    calendar,
                                                                    each.row().dueAt()))
                                                    .collect(Collectors.joining("; ")))));
        });
    }

    private CaseTimeline.Line line(WorkCalendar calendar, CaseBook.Moved each) {
        var due = each.row().dueAt();
        return new CaseTimeline.Line(
                each.row().id(),
                clock.instant(),
                "deadline-moved",
                null,
                null,
                null,
                null,
                true,
                null,
                due == null ? null : calendar.dayOf(due.minusNanos(1)));
    }

    private static TrailEntry entry(CalendarChanged event, CaseBook.Moved each) {
        return TrailEntry.of(
                "casework.deadlines-moved",
                "case",
                each.row().id().value(),
                Map.of(
                        "calendar", Integer.toString(event.version()),
                        "day", event.day().toString(),
                        "from", String.valueOf(each.before()),
                        "to", String.valueOf(each.row().dueAt())));
    }

    /** The last day in time: deadlines end with their day. */
    private static String day(WorkCalendar calendar, @Nullable Instant due) {
        return due == null ? "-" : calendar.dayOf(due.minusNanos(1)).toString();
    }
}
