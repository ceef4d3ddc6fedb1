// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with its newest messages.
 *
 * @param replyTargets where an answer can appear, the default first
 * @param version changes with every change; a reply names the version it was written against
 */
public record ConversationView(
        ConversationRow row,
        ContactId contact,
        Account account,
        Page<MessageView> messages,
        List<ReplyTarget> replyTargets,
        @Nullable String draft,
        List<OfficerId> others,
        long version) {
    /**
     * @param audience who will read it
     * @param maxLength characters the network takes
     * @param mostPictures how many pictures the network takes with them
     */
    public record ReplyTarget(String code, Network network, Audience audience, int maxLength, int mostPictures) {}
}
