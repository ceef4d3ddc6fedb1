// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView.ClosedTarget;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the reporter of a case is answered in one of its conversations.
 *
 * @param reporter who is answered, who need not be the one whose conversation it is
 * @param owners whether it is the reporter's own conversation
 * @param targets what can be chosen, where the reporter spoke last first; none where nothing of theirs is left
 */
public record CasePlace(
        ConversationId conversation,
        Network network,
        ContactId reporter,
        boolean owners,
        List<ReplyTarget> targets,
        List<ClosedTarget> closed) {
    public Optional<ReplyTarget> target(String code) {
        return targets.stream().filter(each -> each.code().equals(code)).findFirst();
    }

    /** Where it is said; what was chosen to be private stays so, and is left out where only the public can be told. */
    public Optional<ReplyTarget> where(@Nullable String chosen) {
        if (chosen == null) {
            return targets.stream().findFirst();
        }
        return target(chosen)
                .or(() -> targets.stream()
                        .filter(each -> each.audience() == Audience.DIRECT)
                        .findFirst());
    }
}
