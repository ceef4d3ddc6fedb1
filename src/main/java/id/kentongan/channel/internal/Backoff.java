// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** How long what failed waits before it is tried again: twice as long each time, up to an hour, never all at once. */
public final class Backoff {
    private static final Duration PATIENCE = Duration.ofDays(4);

    private Backoff() {}

    public static Duration after(int attempts) {
        var most = Math.min(3_600_000L, 2000L << Math.min(20, attempts));
        return Duration.ofMillis(1000 + ThreadLocalRandom.current().nextLong(most));
    }

    /** When it is tried next. @param asked how long the network asks to wait at least */
    public static Instant next(Instant now, int attempts, Duration asked) {
        var own = after(attempts);
        return now.plus(asked.compareTo(own) > 0 ? asked : own);
    }

    /** Whether what is to be sent was tried long enough. @param since from when its days are counted */
    public static boolean exhausted(Instant since, Instant now) {
        return now.isAfter(since.plus(PATIENCE));
    }
}
