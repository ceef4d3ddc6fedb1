// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An outgoing message was accepted by its network. */
public record Delivered(
        TenantId tenant,
        OutgoingId outgoing,
        AccountId account,
        String remoteKey,
        @Nullable UUID about) {}
