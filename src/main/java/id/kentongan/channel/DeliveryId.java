// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a raw delivery as a network made it. */
public record DeliveryId(UUID value) {
    public static DeliveryId next() {
        return new DeliveryId(Ids.next());
    }

    public static DeliveryId parse(String text) {
        return new DeliveryId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
