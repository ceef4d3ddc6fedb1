// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The mark a case leaves on its conversation, so that lists and filters need not ask casework.
 *
 * @param dueAt the nearest open deadline, or null when no clock runs
 * @param agency the agency that has the case; also the one the conversation is shown to
 */
public record CaseMark(
        ConversationId conversation,
        UUID caseId,
        String publicNumber,
        String kind,
        String state,
        @Nullable AgencyId agency,
        boolean confidential,
        boolean anonymous,
        @Nullable Instant dueAt) {}
