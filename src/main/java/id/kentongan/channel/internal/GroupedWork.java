// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.kernel.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets many callers share one transaction: what is asked for while one runs goes into the next, together. The database
 * is asked, and the disk waited for, once for all of them, and who comes alone waits for nobody.
 *
 * @param <T> what each caller brings
 * @param <R> what each caller gets
 */
public final class GroupedWork<T, R> {
    private static final int LARGEST_GROUP = 256;

    /** Runs one group in a transaction of its own; returns as many results, in the same order. */
    @FunctionalInterface
    public interface Work<T, R> {
        List<R> of(TenantId tenant, List<T> parts);
    }

    private final String name;
    private final Work<T, R> work;
    private final Map<TenantId, Group<T, R>> groups = new ConcurrentHashMap<>();

    public GroupedWork(String name, Work<T, R> work) {
        this.name = name;
        this.work = work;
    }

    private record Waiting<T, R>(T part, CompletableFuture<R> result) {}

    /** What waits for the tenant's next transaction. */
    private static final class Group<T, R> {
        private final List<Waiting<T, R>> waiting = new ArrayList<>();
        private boolean working;
    }

    /** Completes once the group is committed, or fails as its transaction did. */
    public CompletableFuture<R> add(TenantId tenant, T part) {
        var mine = new Waiting<>(part, new CompletableFuture<R>());
        var group = groups.computeIfAbsent(tenant, t -> new Group<>());
        boolean lead;
        synchronized (group) {
            group.waiting.add(mine);
            lead = !group.working;
            if (lead) {
                group.working = true;
            }
        }
        if (lead) {
            // On a thread of its own: it is committed on its own even when the caller is inside a transaction, and
            // nobody's answer waits for the groups that come after.
            Thread.ofVirtual().name(name).start(() -> work(tenant, group));
        }
        return mine.result();
    }

    /**
     * Waits for the result. Within a transaction it is done there and then: who holds one connection and waits for
     * another may wait for ever.
     */
    public R get(TenantId tenant, T part) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.of(tenant, List.of(part)).getFirst();
        }
        try {
            return add(tenant, part).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw e;
        }
    }

    /** Works until nobody waits. */
    private void work(TenantId tenant, Group<T, R> group) {
        while (true) {
            List<Waiting<T, R>> batch;
            synchronized (group) {
                if (group.waiting.isEmpty()) {
                    group.working = false;
                    return;
                }
                var size = Math.min(LARGEST_GROUP, group.waiting.size());
                batch = new ArrayList<>(group.waiting.subList(0, size));
                group.waiting.subList(0, size).clear();
            }
            try {
                var results = work.of(tenant, batch.stream().map(Waiting::part).toList());
                for (var i = 0; i < batch.size(); i++) {
                    batch.get(i).result().complete(results.get(i));
                }
            } catch (RuntimeException | Error e) {
                // Whatever it was: each caller hears that nothing was done, and the next group is tried.
                batch.forEach(each -> each.result().completeExceptionally(e));
            }
        }
    }
}
