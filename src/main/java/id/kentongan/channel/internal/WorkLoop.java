// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that works while there is work, sleeps otherwise, and survives whatever goes wrong. */
public final class WorkLoop {
    private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier work;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean running;
    private volatile Thread thread = Thread.currentThread();

    /** @param work does one round and says whether there may be more at once */
    public WorkLoop(String name, Duration pause, BooleanSupplier work) {
        this.name = name;
        this.pause = pause;
        this.work = work;
    }

    public void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Thread.ofPlatform().name(name).daemon().start(this::loop);
    }

    public void stop() {
        running = false;
        bell.release();
        try {
            thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean running() {
        return running;
    }

    public void wake() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    private void loop() {
        while (running) {
            var more = false;
            try {
                more = work.getAsBoolean();
            } catch (RuntimeException | Error e) {
                // The database away, a full disk: wait and go on, nothing is lost that was not acknowledged.
                log.warn("{} cannot work for now: {}", name, e.toString());
            }
            if (!more && running) {
                try {
                    bell.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                    bell.drainPermits();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
