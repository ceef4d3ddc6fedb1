// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A case in a list. */
public record CaseRow(
        CaseId id,
        String publicNumber,
        CaseKind kind,
        CaseState state,
        String title,
        @Nullable AgencyId agency,
        boolean anonymous,
        boolean confidential,
        Instant openedAt,
        @Nullable CaseOutcome outcome,
        @Nullable LocalDate postponedUntil,
        @Nullable Instant dueAt,
        boolean overdue) {}
