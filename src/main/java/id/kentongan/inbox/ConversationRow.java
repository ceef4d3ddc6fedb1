// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in a list.
 *
 * @param preview first words of the newest citizen's message, opened for this actor, or a note that it is gone
 * @param contactName name or handle as the actor may see it (masked for anonymous reporters and auditors)
 * @param waitingSince when the oldest unanswered citizen's message came, or null
 */
public record ConversationRow(
        ConversationId id,
        Network network,
        AccountId account,
        Audience audience,
        String preview,
        String contactName,
        Instant lastAt,
        @Nullable Instant waitingSince,
        boolean unread,
        boolean done,
        @Nullable OfficerId assignee,
        @Nullable AgencyId agency,
        @Nullable CaseMark mark) {}
