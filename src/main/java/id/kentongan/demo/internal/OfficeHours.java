// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.kernel.WorkCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;

/** When the imaginary officers are at their desks: half past seven to four on the days of the working calendar. */
record OfficeHours(WorkCalendar calendar) {
    static final LocalTime OPENS = LocalTime.of(7, 30);
    static final LocalTime CLOSES = LocalTime.of(16, 0);
    static final double HOURS_A_DAY = Duration.between(OPENS, CLOSES).toMinutes() / 60.0;

    /** The moment at which so much work is done by somebody who begins at {@code from}. */
    Instant after(Instant from, Duration work) {
        var local = from.atZone(calendar.zone());
        var left = work;
        while (true) {
            var day = local.toLocalDate();
            if (calendar.isWorkingDay(day) && local.toLocalTime().isBefore(CLOSES)) {
                var begin = local.toLocalTime().isBefore(OPENS) ? OPENS : local.toLocalTime();
                var today = Duration.between(begin, CLOSES);
                if (left.compareTo(today) < 0) {
                    return day.atTime(begin).atZone(calendar.zone()).toInstant().plus(left);
                }
                left = left.minus(today);
            }
            local = day.plusDays(1).atTime(OPENS).atZone(calendar.zone());
        }
    }

    boolean open(Instant moment) {
        var local = moment.atZone(calendar.zone());
        return calendar.isWorkingDay(local.toLocalDate())
                && !local.toLocalTime().isBefore(OPENS)
                && local.toLocalTime().isBefore(CLOSES);
    }
}
