// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Network;
import id.kentongan.kernel.AgencyId;
import org.jspecify.annotations.Nullable;

/**
 * Which conversations to list; null means any.
 *
 * @param box everything open, mine, nobody's, waiting for an answer, of these what the actor has not read since, overdue,
 *     done
 */
public record ConversationFilter(
        Box box,
        @Nullable Network network,
        @Nullable AgencyId agency,
        @Nullable String kind,
        Order order) {
    public enum Box {
        OPEN,
        MINE,
        NOBODYS,
        UNANSWERED,
        UNREAD,
        OVERDUE,
        DONE,
        ALL
    }

    /** Most urgent first (nearest deadline, then longest waiting), or newest first. */
    public enum Order {
        URGENT,
        NEWEST
    }

    public static ConversationFilter of(Box box) {
        return new ConversationFilter(box, null, null, null, Order.URGENT);
    }
}
