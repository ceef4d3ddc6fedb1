// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How an event whose listener failed is handed to it again.
 *
 * @param firstWait how long after the first failure; each further wait is twice as long
 * @param longestWait how long at most between two tries
 * @param tries how often a listener is handed an event before it is parked for an administrator; with the defaults,
 *     after about a day
 */
@ConfigurationProperties("kentongan.events")
record EventSettings(
        @DefaultValue("20s") Duration firstWait,
        @DefaultValue("2h") Duration longestWait,
        @DefaultValue("18") int tries) {

    /** The wait after so many tries, between three quarters and five quarters of it, so that not all come at once. */
    Duration after(int attempts) {
        var doubled = firstWait.toMillis() * (1L << Math.clamp(attempts - 1L, 0, 20));
        var wait = Math.min(doubled, longestWait.toMillis());
        return Duration.ofMillis(wait * 3 / 4 + ThreadLocalRandom.current().nextLong(wait / 2 + 1));
    }
}
