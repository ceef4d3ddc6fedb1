// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What anyone may see of a case by its public number: never a citizen's words before an officer released them.
 *
 * @param agencyName who has it
 * @param dueOn by when the next step is due
 * @param overdue whether that day is over
 * @param answerDueOn by when the citizen is to hear something, as their receipt said: not by when it is checked
 * @param answerOverdue whether that day is over
 */
public record PublicCase(
        String publicNumber,
        CaseKind kind,
        CaseState state,
        @Nullable String agencyName,
        Instant openedAt,
        @Nullable CaseOutcome outcome,
        @Nullable LocalDate postponedUntil,
        @Nullable LocalDate dueOn,
        boolean overdue,
        @Nullable LocalDate answerDueOn,
        boolean answerOverdue,
        List<TimelineLine> timeline) {}
