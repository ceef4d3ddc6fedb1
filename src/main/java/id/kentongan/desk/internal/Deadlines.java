// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseView;
import id.kentongan.casework.Clock;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.site.Dates;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Deadlines in words: working days left, the date, and the rule they come from. */
@Component
class Deadlines {
    private final java.time.Clock clock;
    private final Dates dates;
    private final Say say;

    Deadlines(java.time.Clock clock, Dates dates, Say say) {
        this.clock = clock;
        this.dates = dates;
        this.say = say;
    }

    /**
     * A clock that runs, drawn large.
     *
     * @param left working days left; below 0 is late
     * @param total days of the bar, or 0 for none
     * @param sentence what is due, "Verifikasi paling lambat"
     * @param day by when
     * @param rule where the deadline comes from
     */
    record Running(int left, int total, String text, String sentence, String day, String rule, List<String> later) {}

    /** @param left working days left, negative when late; 0 is today */
    private record Left(int left, boolean late) {}

    private Left left(WorkCalendar calendar, Instant dueAt) {
        var today = calendar.dayOf(clock.instant());
        var lastDay = calendar.dayOf(dueAt.minusMillis(1));
        if (!clock.instant().isBefore(dueAt)) {
            return new Left(-Math.max(1, calendar.workingDaysBetween(lastDay, today)), true);
        }
        return new Left(calendar.workingDaysBetween(today, lastDay), false);
    }

    private String words(Left left) {
        if (left.late()) {
            return say.it("desk.due.late", dates.workingDays(-left.left()));
        }
        return left.left() == 0 ? say.it("desk.due.today") : say.it("desk.due.left", dates.workingDays(left.left()));
    }

    /** For a row: only today and late are filled, the rest is quiet. */
    StateMark mark(WorkCalendar calendar, Instant dueAt) {
        var left = left(calendar, dueAt);
        if (left.late()) {
            return new StateMark("late-label", "clock-late", words(left));
        }
        return new StateMark(left.left() == 0 ? "waiting" : "quiet", "clock", words(left));
    }

    boolean late(Instant dueAt) {
        return !clock.instant().isBefore(dueAt);
    }

    /** The nearest clock that runs, and the ones after it. */
    Optional<Running> running(WorkCalendar calendar, CaseView found) {
        var open = found.clocks().stream()
                .filter(each -> each.metAt() == null)
                .sorted(Comparator.comparing(Clock::dueAt))
                .toList();
        if (open.isEmpty() || found.closedAt() != null) {
            return Optional.empty();
        }
        var next = open.getFirst();
        var left = left(calendar, next.dueAt());
        var total = next.unit() == DeadlineRule.Unit.WORKING_DAYS ? next.amount() : 0;
        return Optional.of(new Running(
                left.left(),
                total,
                words(left),
                what(next),
                dates.day(next.dueOn()) + ".",
                say.it("desk.clock.rule", amount(next), next.source()),
                open.stream()
                        .skip(1)
                        .map(each -> what(each) + " " + dates.day(each.dueOn()) + ".")
                        .toList()));
    }

    private String what(Clock each) {
        return say.it("desk.clock." + each.kind().name().toLowerCase(java.util.Locale.ROOT));
    }

    private String amount(Clock each) {
        return switch (each.unit()) {
            case WORKING_DAYS -> dates.workingDays(each.amount());
            case DAYS -> say.it("desk.clock.days", each.amount());
            case HOURS -> say.it("desk.clock.hours", each.amount());
        };
    }
}
