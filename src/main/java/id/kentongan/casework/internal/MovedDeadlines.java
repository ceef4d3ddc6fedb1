// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.policy.CalendarChanged;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final NoticeBoard board;
    private final Trail trail;
    private final Clock clock;

    MovedDeadlines(
            ActorTransactions transactions,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            NoticeBoard board,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.board = board;
        this.trail = trail;
        this.clock = clock;
    }

    @ApplicationModuleListener
    void on(CalendarChanged event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            var clocksOf = clocks.move(actor, event.day());
            var moved = book.redue(actor, clocksOf.keySet()).stream()
                    .map(row -> new Moved(row, clocksOf.getOrDefault(row.id(), List.of())))
                    .toList();
            timeline.add(actor, moved.stream().map(this::line).toList());
            trail.recordAll(
                    actor, moved.stream().map(each -> entry(event, each)).toList());
            tell(actor, event, moved);
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
                                                            + each.first().from() + " "
                                                            + each.first().to())
                                                    .collect(Collectors.joining("; ")))));
        });
    }

    /** @param clocks those that moved, the one its reporter waits for first */
    private record Moved(CaseBook.Row row, List<CaseClocks.MovedClock> clocks) {
        CaseClocks.MovedClock first() {
            return clocks.getFirst();
        }
    }

    /** Those who work on them, each once and in one sentence, however many of their cases moved. */
    private void tell(Actor actor, CalendarChanged event, List<Moved> moved) {
        var staff = board.staff(actor);
        var concerned = new HashMap<OfficerId, Integer>();
        moved.forEach(each -> staff.named(
                        Set.of("liaison", "coordinator"),
                        each.row().agency(),
                        each.row().confidential())
                .forEach(officer -> concerned.merge(officer, 1, Integer::sum)));
        board.put(
                actor,
                concerned.entrySet().stream()
                        .map(each -> new NoticeBoard.Told(
                                each.getKey(),
                                "DEADLINES_MOVED:" + event.version(),
                                What.DEADLINES_MOVED,
                                null,
                                null,
                                null,
                                null,
                                each.getValue(),
                                event.day()))
                        .toList());
    }

    private CaseTimeline.Line line(Moved each) {
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
                each.first().to());
    }

    private static TrailEntry entry(CalendarChanged event, Moved each) {
        return TrailEntry.of(
                "casework.deadlines-moved",
                "case",
                each.row().id().value(),
                Map.of(
                        "calendar", Integer.toString(event.version()),
                        "day", event.day().toString(),
                        "clocks",
                                each.clocks().stream()
                                        .map(one -> one.kind() + " " + one.from() + " " + one.to())
                                        .collect(Collectors.joining("; "))));
    }
}
