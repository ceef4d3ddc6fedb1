// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Network;
import id.kentongan.kernel.OfficerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who speaks with us, with all that officers have joined and the actor may see.
 *
 * @param contact whose conversation was asked for
 * @param identities how networks know them, the one that was asked for first
 * @param reach numbers and addresses they left in forms, masked
 * @param suggestions who may be the same person, by hard evidence; for those who may join
 * @param joinings who joined and split them, newest first; for those who may join
 */
public record Person(
        ContactId contact,
        List<Identity> identities,
        List<Reach> reach,
        List<Suggestion> suggestions,
        List<Joining> joinings) {

    public Person {
        identities = List.copyOf(identities);
        reach = List.copyOf(reach);
        suggestions = List.copyOf(suggestions);
        joinings = List.copyOf(joinings);
    }

    /**
     * @param name name or handle; empty when they left, or gave none
     * @param newest their newest conversation, or null when they only spoke in others' or none is within reach
     * @param caseNumber of that conversation's case, or null
     */
    public record Identity(
            ContactId contact,
            Network network,
            String name,
            @Nullable ConversationId newest,
            @Nullable String caseNumber) {}

    /**
     * @param conversation where it was left, and where the whole of it is asked for
     * @param masked enough to tell it from others, {@code 0812…41}
     */
    public record Reach(ConversationId conversation, MessageId message, Kind kind, String masked) {
        public enum Kind {
            PHONE,
            MAIL,
            OTHER
        }
    }

    public record Suggestion(Identity identity, Because because) {}

    /** @param by who joined them, and {@code splitBy} who split them again, or null while the joining stands */
    public record Joining(
            JoiningId id,
            ContactId one,
            ContactId other,
            Because because,
            Instant at,
            OfficerId by,
            @Nullable Instant splitAt,
            @Nullable OfficerId splitBy) {}

    public enum Because {
        /** An officer says so. */
        OFFICER,
        /** A form came by the secret link of the other's case. */
        SECRET_LINK,
        /** Both left the same telephone number. */
        PHONE,
        /** Both left the same mail address. */
        MAIL,
        /** They stayed joined when the one between them was taken out. */
        KEPT
    }
}
