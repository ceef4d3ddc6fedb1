// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How everything is sent that waits in a table. What is due is claimed with a lease, which is committed before the
 * network is touched; a lane of its own sends each claim and keeps what became of it. Nobody waits for the slowest
 * peer, and whoever dies meanwhile is found by the lease.
 *
 * @param <C> a row given to one sender
 */
public final class SenderLoop<C> {
    private static final Logger log = LoggerFactory.getLogger(SenderLoop.class);
    public static final Duration LEASE = Duration.ofMinutes(2);
    private static final int BATCH = 100;

    private final Work<C> work;
    private final WorkLoop loop;
    private final Semaphore lanes;
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    public interface Work<C> {
        /** Which tenants have something due. */
        List<TenantId> due();

        Batch<C> claim(Actor actor, int most);

        /** Sends one and keeps what became of it. What it throws left nothing written. */
        void send(Actor actor, C claimed);
    }

    /** @param full whether there may be more */
    public record Batch<C>(List<C> ready, boolean full) {}

    /** @param lanes how many are under way at once */
    public SenderLoop(String name, int lanes, Work<C> work) {
        this.work = work;
        this.lanes = new Semaphore(lanes);
        this.loop = new WorkLoop(name, Duration.ofSeconds(1), this::round);
    }

    public void wake() {
        loop.wake();
    }

    public void start() {
        if (senders.isShutdown()) {
            senders = Executors.newVirtualThreadPerTaskExecutor();
        }
        loop.start();
    }

    public void stop() {
        loop.stop();
        senders.close();
    }

    public boolean running() {
        return loop.running();
    }

    private boolean round() {
        var more = false;
        for (var tenant : work.due()) {
            more |= sendSome(Actor.system(tenant, "channel"));
        }
        return more;
    }

    private boolean sendSome(Actor actor) {
        var batch = work.claim(actor, BATCH);
        for (var each : batch.ready()) {
            lanes.acquireUninterruptibly();
            senders.execute(() -> {
                try {
                    work.send(actor, each);
                } catch (RuntimeException e) {
                    // Nothing could be written: the lease brings it back.
                    log.warn("The outcome of a sending could not be kept", e);
                } finally {
                    lanes.release();
                }
            });
        }
        return batch.full();
    }
}
