// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Network;
import java.time.Instant;
import java.util.Map;

/**
 * A delivery exactly as the network made it.
 *
 * @param headers names in lower case
 */
public record RawDelivery(
        DeliveryId id,
        AccountId account,
        Network network,
        Instant receivedAt,
        Map<String, String> headers,
        byte[] body) {}
