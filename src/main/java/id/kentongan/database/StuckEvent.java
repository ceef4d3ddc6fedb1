// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that a listener failed on.
 *
 * @param listener simple name of the class that listens, {@code OpeningCases}
 * @param event simple name of what happened, {@code MessagesReceived}
 * @param attempts how often the listener was handed it
 * @param error classes of the failure and where it happened; never its text, which may name a person. Empty when
 *     nobody knows: the process was killed, or nothing listens any more
 * @param next when it is tried again, or null when it is parked
 */
public record StuckEvent(
        UUID id,
        String listener,
        String event,
        Instant since,
        Instant lastFailed,
        int attempts,
        String error,
        @Nullable Instant next) {}
