// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Deadline rules and working calendars of a tenant, by the day they hold. */
public interface Rules {
    /** The rule that holds on the day, if the tenant has one. */
    Optional<DeadlineRule> deadline(Actor actor, String key, LocalDate on);

    List<DeadlineRule> deadlines(Actor actor);

    /**
     * Replaces a rule from a day on: the old one ends the day before. Clocks that already run keep the rule they were
     * started with. Administrators only; recorded in the trail. Refused ({@code policy.rule-exists}) when the key has
     * a rule from that day or later.
     */
    DeadlineRule change(Actor actor, DeadlineRule rule);

    /** The tenant's working calendar as it stands now (holidays may be added in mid-year). */
    WorkCalendar calendar(Actor actor);

    /** The last moment at which a clock started at {@code start} under this rule is still in time. */
    Instant due(Actor actor, DeadlineRule rule, Instant start);

    /** The local day on which {@link #due} falls. */
    LocalDate dueOn(Actor actor, DeadlineRule rule, Instant start);

    /** The days off of a year, by day. */
    List<Holiday> holidays(Actor actor, int year);

    /**
     * Adds a day off, also in mid-year: a new version of the calendar. Tells {@link CalendarChanged}. Administrators
     * only; recorded in the trail. Refused ({@code policy.holiday-exists}) when the day is off already.
     */
    Holiday addHoliday(Actor actor, LocalDate day, Holiday.Kind kind, String title, String source);

    /** Takes a day off back, since a decree moved it. Administrators only; recorded in the trail. */
    void withdrawHoliday(Actor actor, LocalDate day, String reason);

    /** The version of the calendar that {@link #calendar} answers with. */
    int calendarVersion(Actor actor);

    /** Loads the shipped default rules and holidays for a new tenant. */
    void installDefaults(Actor actor);
}
