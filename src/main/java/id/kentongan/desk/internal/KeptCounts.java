// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import java.util.Map;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** The numbers of the boxes, asked once for a page: the rail and the list both show them. */
@Component
class KeptCounts {
    private static final String NAME = KeptCounts.class.getName();

    private final Conversations conversations;

    KeptCounts(@Lazy Conversations conversations) {
        this.conversations = conversations;
    }

    @SuppressWarnings("unchecked")
    Map<Box, Integer> of(Actor actor) {
        var request = RequestContextHolder.getRequestAttributes();
        if (request == null) {
            return conversations.counts(actor);
        }
        if (request.getAttribute(NAME, RequestAttributes.SCOPE_REQUEST) instanceof Map<?, ?> known) {
            return (Map<Box, Integer>) known;
        }
        var counts = conversations.counts(actor);
        request.setAttribute(NAME, counts, RequestAttributes.SCOPE_REQUEST);
        return counts;
    }
}
