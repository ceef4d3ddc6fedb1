// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a message of a conversation. */
public record MessageId(UUID value) {
    public static MessageId next() {
        return new MessageId(Ids.next());
    }

    public static MessageId parse(String text) {
        return new MessageId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
