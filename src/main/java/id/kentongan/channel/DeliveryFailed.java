// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An outgoing message was refused, or its outcome stands unknown. */
public record DeliveryFailed(
        TenantId tenant,
        OutgoingId outgoing,
        AccountId account,
        OutgoingStatus.State state,
        String code,
        @Nullable UUID about) {}
