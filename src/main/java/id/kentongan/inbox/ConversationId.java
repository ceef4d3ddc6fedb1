// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a conversation. */
public record ConversationId(UUID value) {
    public static ConversationId next() {
        return new ConversationId(Ids.next());
    }

    public static ConversationId parse(String text) {
        return new ConversationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
