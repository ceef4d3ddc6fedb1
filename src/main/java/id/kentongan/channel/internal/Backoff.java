// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long what failed waits before it is tried again: twice as long each time, up to an hour, never all at once. */
public final class Backoff {
    private Backoff() {}

    public static Duration after(int attempts) {
        var most = Math.min(3_600_000L, 2000L << Math.min(20, attempts));
        return Duration.ofMillis(1000 + ThreadLocalRandom.current().nextLong(most));
    }
}
