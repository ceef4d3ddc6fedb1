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

    /** Replaces a rule from a day on: the old one ends the day before. Recorded in the trail. */
    DeadlineRule change(Actor actor, DeadlineRule rule);

    /** The tenant's working calendar as it stands now (holidays may be added in mid-year). */
    WorkCalendar calendar(Actor actor);

    /** The last moment at which a clock started at {@code start} under this rule is still in time. */
    Instant due(Actor actor, DeadlineRule rule, Instant start);

    /** Loads the shipped default rules and holidays for a new tenant. */
    void installDefaults(Actor actor);
}
