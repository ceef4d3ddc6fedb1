// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/**
 * The clock of an installation that shows the demonstration: the present for everyone, but for the one thread that
 * tells the imaginary month, for which it is the moment being told.
 */
@Component
@Primary
@ConditionalOnProperty(name = "kentongan.demo", havingValue = "true")
class RememberedTime extends Clock {
    private final ThreadLocal<@Nullable Instant> told = new ThreadLocal<>();

    void at(Instant moment, Runnable what) {
        told.set(moment);
        try {
            what.run();
        } finally {
            told.remove();
        }
    }

    @Override
    public Instant instant() {
        var moment = told.get();
        return moment == null ? Clock.systemUTC().instant() : moment;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.system(zone);
    }
}
