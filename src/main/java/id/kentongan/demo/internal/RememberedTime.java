// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Primary;
import org.springframework.core.task.TaskDecorator;
import org.springframework.stereotype.Component;

/**
 * The clock of an installation that shows the demonstration: the present for everyone, but for the one thread that
 * tells the imaginary month, for which it is the moment being told. What that thread sets going (listeners after a
 * commit) lives in the same moment, and can be waited for.
 */
@Component
@Primary
@ConditionalOnProperty(name = "kentongan.demo", havingValue = "true")
class RememberedTime extends Clock implements TaskDecorator {
    private final ThreadLocal<@Nullable Instant> told = new ThreadLocal<>();
    private final Object underWay = new Object();
    private int running;

    /** Runs it at the moment; at the end the thread is back in the moment it came from. */
    void at(Instant moment, Runnable what) {
        var before = told.get();
        told.set(moment);
        try {
            what.run();
        } finally {
            if (before == null) {
                told.remove();
            } else {
                told.set(before);
            }
        }
    }

    @Override
    public Runnable decorate(Runnable task) {
        var moment = told.get();
        if (moment == null) {
            return task;
        }
        count(1);
        return () -> {
            try {
                at(moment, task);
            } finally {
                count(-1);
            }
        };
    }

    private void count(int by) {
        synchronized (underWay) {
            running += by;
            underWay.notifyAll();
        }
    }

    /**
     * Waits until nothing that was set going in a told moment runs any more, the patience is spent, or there is a stop.
     */
    void settle(Duration patience, BooleanSupplier stopping) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        synchronized (underWay) {
            while (running > 0 && !stopping.getAsBoolean() && System.nanoTime() < until) {
                underWay.wait(200);
            }
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
