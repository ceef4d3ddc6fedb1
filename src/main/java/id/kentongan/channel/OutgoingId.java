// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names an outgoing message in the outbox. */
public record OutgoingId(UUID value) {
    public static OutgoingId next() {
        return new OutgoingId(Ids.next());
    }

    public static OutgoingId parse(String text) {
        return new OutgoingId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
