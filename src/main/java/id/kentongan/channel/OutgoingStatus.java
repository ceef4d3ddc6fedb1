// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * @param remoteKey the network's id, once it is known
 * @param code stable code of the last failure, also a message key below {@code channel.failure.}
 * @param sentAt when the network took it
 * @param confirmedAt when the network's receipt was read back
 */
public record OutgoingStatus(
        OutgoingId id,
        AccountId account,
        State state,
        int attempts,
        @Nullable String remoteKey,
        @Nullable String url,
        @Nullable String code,
        Instant changedAt,
        @Nullable Instant sentAt,
        @Nullable Instant confirmedAt,
        @Nullable UUID about) {
    public enum State {
        QUEUED,
        SENDING,
        SENT,
        RETRY,
        REFUSED,
        UNKNOWN
    }
}
