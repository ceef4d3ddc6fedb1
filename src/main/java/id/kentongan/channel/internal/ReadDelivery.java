// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.Item;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery and what its network's adapter made of it.
 *
 * @param fault why nothing could be made of it, or null
 */
record ReadDelivery(
        DeliveryStore.Claimed claimed,
        List<Item> items,
        @Nullable String fault,
        boolean worthRetrying) {
    static ReadDelivery failed(DeliveryStore.Claimed claimed, String fault, boolean worthRetrying) {
        return new ReadDelivery(claimed, List.of(), fault, worthRetrying);
    }
}
