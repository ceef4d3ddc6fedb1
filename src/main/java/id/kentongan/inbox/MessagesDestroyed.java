// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.TenantId;
import java.util.List;

/** The content of citizens' messages was destroyed, because they or their network deleted it. Heard after commit. */
public record MessagesDestroyed(TenantId tenant, List<MessageId> messages, List<ConversationId> conversations) {
    public MessagesDestroyed {
        messages = List.copyOf(messages);
        conversations = List.copyOf(conversations);
    }
}
