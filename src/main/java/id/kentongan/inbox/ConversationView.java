// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.MediaLimit;
import id.kentongan.channel.Network;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with its newest messages.
 *
 * @param replyTargets where an answer can appear, the default first
 * @param closedTargets where an answer could have appeared, and the network takes none any more
 * @param drafts what the reader has written there and not sent, newest first
 * @param version changes with every change; a reply names the version it was written against
 */
public record ConversationView(
        ConversationRow row,
        ContactId contact,
        Account account,
        Page<MessageView> messages,
        List<ReplyTarget> replyTargets,
        List<ClosedTarget> closedTargets,
        List<Draft> drafts,
        List<OfficerId> others,
        long version) {
    /**
     * @param audience who will read it
     * @param answering what the network takes there
     * @param openUntil until when it takes an answer, or null without end
     */
    public record ReplyTarget(
            String code,
            Network network,
            Audience audience,
            Answering answering,
            @Nullable Instant openUntil) {
        public int mostPictures() {
            return answering.pictures().map(MediaLimit::most).orElse(0);
        }
    }

    /** @param since when the network stopped taking answers there */
    public record ClosedTarget(Network network, Audience audience, Instant since) {}
}
