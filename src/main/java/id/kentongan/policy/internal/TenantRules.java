// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Holiday;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All rules and days off of one tenant at one moment, immutable. */
record TenantRules(
        List<DeadlineRule> rules,
        Map<String, List<DeadlineRule>> byKey,
        List<Holiday> holidays,
        WorkCalendar calendar,
        int calendarVersion) {

    Optional<DeadlineRule> on(String key, LocalDate day) {
        return byKey.getOrDefault(key, List.of()).stream()
                .filter(rule -> !rule.effectiveFrom().isAfter(day))
                .filter(rule ->
                        rule.effectiveTo() == null || !rule.effectiveTo().isBefore(day))
                .findFirst();
    }

    /** Days end with the local day; hours run on, on any day. */
    Instant due(DeadlineRule rule, Instant start) {
        return switch (rule.unit()) {
            case WORKING_DAYS -> calendar.endOf(calendar.plusWorkingDays(calendar.dayOf(start), rule.amount()));
            case DAYS -> calendar.endOf(calendar.dayOf(start).plusDays(rule.amount()));
            case HOURS -> start.plus(Duration.ofHours(rule.amount()));
        };
    }

    LocalDate dueOn(DeadlineRule rule, Instant start) {
        return calendar.dayOf(due(rule, start).minusNanos(1));
    }
}
