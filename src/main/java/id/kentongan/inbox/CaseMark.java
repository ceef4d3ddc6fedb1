// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The mark a case leaves on its conversation, so that lists and filters need not ask casework.
 *
 * @param dueAt the nearest open deadline, or null when no clock runs
 * @param agency the agency that has the case; also the one the conversation is shown to
 * @param supporting agencies that help: the conversation is shown to them too, and they answer nobody there
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
        @Nullable Instant dueAt,
        List<AgencyId> supporting) {
    public CaseMark {
        supporting = List.copyOf(supporting);
    }

    /** Of a case that one agency works on alone. */
    public CaseMark(
            ConversationId conversation,
            UUID caseId,
            String publicNumber,
            String kind,
            String state,
            @Nullable AgencyId agency,
            boolean confidential,
            boolean anonymous,
            @Nullable Instant dueAt) {
        this(conversation, caseId, publicNumber, kind, state, agency, confidential, anonymous, dueAt, List.of());
    }
}
