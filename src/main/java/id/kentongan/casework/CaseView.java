// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case as the actor may see it.
 *
 * @param title first words of the report, opened for this actor
 * @param reporterName masked when anonymous to this actor
 * @param place district and village in words, or null
 * @param answeredAt when the citizen was answered last
 * @param archiveReason code of the dated list {@code case.archive-reason}, where the outcome is archived
 * @param postponedUntil the day it comes back, while it is postponed
 * @param supporting agencies that help with it
 * @param leads whether it is the actor's to answer for, and not only theirs to help with
 * @param version changes with every change; an action names the version it was decided on
 */
public record CaseView(
        CaseId id,
        String publicNumber,
        CaseKind kind,
        CaseState state,
        String title,
        @Nullable String category,
        @Nullable AgencyId agency,
        boolean anonymous,
        boolean confidential,
        String reporterName,
        @Nullable String place,
        @Nullable Double latitude,
        @Nullable Double longitude,
        Instant openedAt,
        @Nullable Instant answeredAt,
        @Nullable Instant closedAt,
        @Nullable CaseOutcome outcome,
        @Nullable String archiveReason,
        @Nullable LocalDate postponedUntil,
        List<AgencyId> supporting,
        boolean leads,
        List<Clock> clocks,
        List<TimelineLine> timeline,
        List<ConversationId> conversations,
        long version) {}
