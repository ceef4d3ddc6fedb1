// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.OutgoingId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * An account's share of a minute on this node: so many at once, then one per interval. Who must wait is promised
 * a moment of its own, so that a long queue is not claimed again and again for one free place.
 */
final class Budget {
    private final Duration interval;
    private final Duration burst;
    private final Map<OutgoingId, Instant> promised = new HashMap<>();
    private Instant next = Instant.EPOCH;

    Budget(int perMinute) {
        this.interval = Duration.ofMinutes(1).dividedBy(perMinute);
        this.burst = interval.multipliedBy(perMinute - 1L);
    }

    synchronized Duration take(OutgoingId id, Instant now) {
        var mine = promised.remove(id);
        if (mine == null) {
            var earliest = now.minus(burst);
            mine = next.isBefore(earliest) ? earliest : next;
            next = mine.plus(interval);
        }
        if (!mine.isAfter(now)) {
            return Duration.ZERO;
        }
        promised.put(id, mine);
        return Duration.between(now, mine);
    }
}
