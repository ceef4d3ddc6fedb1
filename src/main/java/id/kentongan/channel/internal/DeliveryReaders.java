// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reads claimed deliveries by their networks' adapters, many at once and outside any transaction, since an adapter may
 * ask other servers. What is not read within a batch's patience is kept until it is, and taken with a later batch.
 */
@Component
class DeliveryReaders {
    private static final Logger log = LoggerFactory.getLogger(DeliveryReaders.class);
    static final int MOST_ATTEMPTS = 8;

    private final DeliveryFiles files;
    private final Adapters adapters;
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

    /** Fewer than there are database connections: each reader may need one, and so does everybody else. */
    private final Semaphore reading = new Semaphore(12);

    /** What was read after its batch was settled; it is settled together with the next. */
    private final Map<TenantId, Queue<ReadDelivery>> late = new ConcurrentHashMap<>();

    DeliveryReaders(DeliveryFiles files, Adapters adapters) {
        this.files = files;
        this.adapters = adapters;
    }

    void open() {
        if (readers.isShutdown()) {
            readers = Executors.newVirtualThreadPerTaskExecutor();
        }
    }

    void close() {
        readers.close();
    }

    /**
     * Returns what could be read within the patience; empty when interrupted.
     *
     * @param belated told of the tenant once something that came too late is there
     */
    List<ReadDelivery> read(
            Actor actor, List<DeliveryStore.Claimed> claimed, Duration patience, Consumer<TenantId> belated) {
        var pending = claimed.stream()
                .map(each -> CompletableFuture.supplyAsync(() -> read(actor, each), readers))
                .toList();
        try {
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(patience.toMillis(), MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A reader failed past its own guard", e);
        } catch (TimeoutException slow) {
            log.debug("Some deliveries are still being read; they follow on their own");
        }
        var read = new ArrayList<ReadDelivery>(claimed.size());
        for (var each : pending) {
            if (each.isDone()) {
                read.add(each.join());
            } else {
                each.thenAccept(one -> {
                    late.computeIfAbsent(actor.tenant(), key -> new ConcurrentLinkedQueue<>())
                            .add(one);
                    belated.accept(actor.tenant());
                });
            }
        }
        return read;
    }

    /** Whose deliveries came late and wait. */
    Collection<TenantId> tenantsWaiting() {
        return late.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Those that came late, all at once: settled each on its own they would queue for the tenant's lock, and hold every
     * connection of the pool while they wait.
     */
    List<ReadDelivery> belated(TenantId tenant) {
        var reads = new ArrayList<ReadDelivery>();
        var queue = late.get(tenant);
        for (var next = queue == null ? null : queue.poll(); queue != null && next != null; next = queue.poll()) {
            reads.add(next);
        }
        return reads;
    }

    private ReadDelivery read(Actor actor, DeliveryStore.Claimed claimed) {
        reading.acquireUninterruptibly();
        try {
            if (claimed.attempts() > MOST_ATTEMPTS) {
                // Claimed again and again and never finished: it may be what kills the process.
                return ReadDelivery.failed(claimed, "given-up", false);
            }
            if (claimed.damaged()) {
                return ReadDelivery.failed(claimed, "damaged", false);
            }
            var adapter = adapters.of(claimed.delivery().network());
            if (adapter.isEmpty()) {
                return ReadDelivery.failed(claimed, "no-adapter", false);
            }
            return new ReadDelivery(claimed, adapter.get().read(actor, whole(actor, claimed)), null, false);
        } catch (UnreadableDelivery e) {
            return ReadDelivery.failed(claimed, e.code(), e.worthRetrying());
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("The delivery {} broke its adapter", claimed.delivery().id(), e);
            return ReadDelivery.failed(claimed, "broken", false);
        } finally {
            reading.release();
        }
    }

    /** With its body, where that lies in a file. */
    private RawDelivery whole(Actor actor, DeliveryStore.Claimed claimed) throws UnreadableDelivery {
        var delivery = claimed.delivery();
        var file = claimed.file();
        if (file == null) {
            return delivery;
        }
        var packed = files.read(actor, file);
        return new RawDelivery(
                delivery.id(),
                delivery.account(),
                delivery.network(),
                delivery.receivedAt(),
                Packed.headers(packed),
                Packed.body(packed));
    }
}
