// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a message came on a network of many servers. It counts as sent once it is said; each server is then a
 * delivery of its own.
 *
 * @param taken servers' inboxes that took it
 * @param waiting those that will still be tried
 * @param refused those that refused it, or were given up after days
 * @param troubled what waits after a failure and what was refused, newest first, at most a hundred
 */
public record Reach(int taken, int waiting, int refused, List<Trouble> troubled) {
    public static final Reach NONE = new Reach(0, 0, 0, List.of());

    public Reach {
        troubled = List.copyOf(troubled);
    }

    /**
     * @param server host, with its port where it has one
     * @param code stable code of the last failure
     * @param nextAttempt when it is tried again, or null when it is not
     */
    public record Trouble(
            String server,
            int attempts,
            String code,
            @Nullable Instant nextAttempt) {}
}
