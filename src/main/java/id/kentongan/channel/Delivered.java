// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An outgoing message was accepted by its network, as its sender, a receipt or an officer says.
 *
 * @param remoteKey the network's id, or null when only an officer knows that it was sent
 */
public record Delivered(
        TenantId tenant,
        OutgoingId outgoing,
        AccountId account,
        @Nullable String remoteKey,
        @Nullable UUID about) {}
