// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/**
 * Working days of a tenant: Monday to Friday, without holidays and collective leave (SKB 3 Menteri), in the tenant's
 * zone. Immutable; a holiday added in mid-year makes a new one.
 *
 * @param daysOff dates that are not worked, weekends need not be listed
 */
public record WorkCalendar(ZoneId zone, Set<LocalDate> daysOff) {
    public WorkCalendar {
        daysOff = Set.copyOf(daysOff);
    }

    public boolean isWorkingDay(LocalDate day) {
        return day.getDayOfWeek().getValue() <= 5 && !daysOff.contains(day);
    }

    /** The day that is {@code count} working days after the start; the start day itself is not counted. */
    public LocalDate plusWorkingDays(LocalDate start, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("Working days are counted forwards, not " + count);
        }
        var day = start;
        for (var left = count; left > 0; ) {
            day = day.plusDays(1);
            if (isWorkingDay(day)) {
                left--;
            }
        }
        return day;
    }

    /** Working days after {@code from} up to and including {@code to}; negative when {@code to} is before {@code from}. */
    public int workingDaysBetween(LocalDate from, LocalDate to) {
        if (to.isBefore(from)) {
            return -workingDaysBetween(to, from);
        }
        var count = 0;
        for (var day = from.plusDays(1); !day.isAfter(to); day = day.plusDays(1)) {
            if (isWorkingDay(day)) {
                count++;
            }
        }
        return count;
    }

    /** The end of a local day, the last instant at which work due that day is in time (exclusive). */
    public Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(zone).toInstant();
    }

    public LocalDate dayOf(Instant moment) {
        return moment.atZone(zone).toLocalDate();
    }
}
