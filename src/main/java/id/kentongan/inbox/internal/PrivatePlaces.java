// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.internal.ThreadTable.Known;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Private words of one person to one account are one conversation, and so is each form. */
@Component
class PrivatePlaces {
    private final ThreadTable threads;

    PrivatePlaces(ThreadTable threads) {
        this.threads = threads;
    }

    void place(List<Incoming> alone, Map<String, List<Known>> known) {
        if (alone.isEmpty()) {
            return;
        }
        var began = threads.byThread(alone);
        var named = threads.existing(alone.stream()
                .map(PrivatePlaces::addition)
                .filter(Objects::nonNull)
                .toList());
        for (var each : alone) {
            var addition = addition(each);
            var thread = Receiving.scoped(each.received.account(), each.threadHash);
            var there = addition != null && named.contains(addition)
                    ? addition
                    : ownAnswered(each, known).orElseGet(() -> began.get(thread));
            if (there != null) {
                each.into(there);
            } else if (each.said.addressed()) {
                each.opens(ConversationId.next());
                began.put(thread, each.conversation());
            }
        }
    }

    /**
     * A private answer to what we said to them stays where we said it: it lands in the same case. Somebody else's is
     * no business of the one whose conversation it is, and who reads all of it by their link.
     */
    private static Optional<ConversationId> ownAnswered(Incoming each, Map<String, List<Known>> known) {
        return Branches.above(each, known).stream()
                .filter(one ->
                        one.ours() && one.owner().equals(each.contact().id().value()))
                .map(Known::conversation)
                .findFirst();
    }

    /** The conversation a form adds to, as the tracking page says. Only our own forms can name one. */
    private static @Nullable ConversationId addition(Incoming each) {
        var hint = each.web() ? each.said.hints().get("conversation") : null;
        try {
            return hint == null ? null : ConversationId.parse(hint);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
