// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.policy.DeadlineRule;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * @param dueOn local day it is due
 * @param dueAt first instant that is too late
 * @param metAt when it was met, or null
 * @param heldAt since when it stands still because its case is postponed, or null
 */
public record Clock(
        ClockKind kind,
        Instant startedAt,
        LocalDate dueOn,
        Instant dueAt,
        @Nullable Instant metAt,
        @Nullable Instant heldAt,
        int amount,
        DeadlineRule.Unit unit,
        String source) {}
