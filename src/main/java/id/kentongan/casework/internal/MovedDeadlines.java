// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.CalendarChanged;
import id.kentongan.policy.Rules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * A day off that was added or withdrawn in mid-year moves the deadlines that are still open, with an entry in the
 * trail for each case; closed cases keep theirs.
 */
@Component
class MovedDeadlines {
    private final ActorTransactions transactions;
    private final CaseBook book;
    private final CaseClocks clocks;
    /** How many cases the summary names; the rest are in the trail one by one. */
    private static final int NAMED = 50;

    private final Trail trail;
    private final Rules rules;

    MovedDeadlines(ActorTransactions transactions, CaseBook book, CaseClocks clocks, Trail trail, Rules rules) {
        this.transactions = transactions;
        this.book = book;
        this.clocks = clocks;
        this.trail = trail;
        this.rules = rules;
    }

    @ApplicationModuleListener
    void on(CalendarChanged event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            var calendar = rules.calendar(actor);
            var moved = new ArrayList<String>();
            for (var id : clocks.move(actor, event.day())) {
                book.locked(id).ifPresent(row -> {
                    var changed = book.change(actor, row, row.state(), row.kind(), row.agency(), false, false);
                    moved.add(row.number() + " " + day(calendar, row.dueAt()) + " " + day(calendar, changed.dueAt()));
                    trail.record(
                            actor,
                            TrailEntry.of(
                                    "casework.deadlines-moved",
                                    "case",
                                    id.value(),
                                    Map.of(
                                            "calendar", Integer.toString(event.version()),
                                            "day", event.day().toString(),
                                            "from", String.valueOf(row.dueAt()),
                                            "to", String.valueOf(changed.dueAt()))));
                });
            }
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
                                    "moved", String.join("; ", moved.subList(0, Math.min(NAMED, moved.size()))))));
        });
    }

    /** The last day in time: deadlines end with their day. */
    private static String day(WorkCalendar calendar, @Nullable Instant due) {
        return due == null ? "-" : calendar.dayOf(due.minusNanos(1)).toString();
    }
}
