// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Takes stored deliveries in: claims a batch of one tenant, reads it outside a transaction, then receives all of
 * its items in one transaction. A batch that fails is taken in one by one, so that a poisoned delivery stops nobody
 * else; a process killed between is caught up by the lease, and what was tried before is tried alone.
 */
@Component
class IntakeWorker implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(IntakeWorker.class);
    private static final int BATCH = 200;
    /** How many that were tried before a round takes, each by itself. */
    private static final int TRIED = 20;

    /**
     * How many large ones are in memory at once, with all that is read from them: letters of 24 MB each, where the
     * platform has 512 MB.
     */
    private static final int LARGE = 2;
    /** How many times a round takes large ones, before everybody else has a turn. */
    private static final int LARGE_TURNS = 4;
    /** A large one is waited for, or more of them would be claimed while it is still in memory. */
    private static final Duration LARGE_PATIENCE = Duration.ofSeconds(20);

    private static final int MOST_ATTEMPTS = 8;

    /** How long a batch waits for its slowest delivery (a peer that is asked and does not answer). */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final DeliveryStore store;
    private final DeliveryFiles files;
    private final SeenKeys seen;
    private final Adapters adapters;
    private final ObjectProvider<ItemReceiver> receiver;
    private final ReadBack readBack;
    private final Trail trail;
    private final Clock clock;
    private final WorkLoop loop = new WorkLoop("intake", Duration.ofSeconds(1), this::round);
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

    /** Fewer than there are database connections: each reader may need one, and so does everybody else. */
    private final Semaphore reading = new Semaphore(12);

    /** What was read after its batch was settled; it is settled together with the next. */
    private final Map<TenantId, Queue<Read>> late = new ConcurrentHashMap<>();

    /** What was claimed and not tried, since the database could not keep what comes of it. */
    private final Map<TenantId, Queue<DeliveryStore.Claimed>> untried = new ConcurrentHashMap<>();

    IntakeWorker(
            ActorTransactions transactions,
            JdbcClient jdbc,
            DeliveryStore store,
            DeliveryFiles files,
            SeenKeys seen,
            Adapters adapters,
            ObjectProvider<ItemReceiver> receiver,
            ReadBack readBack,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.store = store;
        this.files = files;
        this.seen = seen;
        this.adapters = adapters;
        this.receiver = receiver;
        this.readBack = readBack;
        this.trail = trail;
        this.clock = clock;
    }

    void wake() {
        loop.wake();
    }

    @Override
    public void start() {
        if (readers.isShutdown()) {
            readers = Executors.newVirtualThreadPerTaskExecutor();
        }
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
        readers.close();
    }

    @Override
    public boolean isRunning() {
        return loop.running();
    }

    private boolean round() {
        var tenants = jdbc.sql("select channel.tenants_with_deliveries(?)")
                .param(Timestamp.from(clock.instant()))
                .query(UUID.class)
                .list();
        var wanted = new LinkedHashSet<TenantId>();
        tenants.forEach(each -> wanted.add(new TenantId(each)));
        wanted.addAll(untried.keySet());
        late.forEach((tenant, reads) -> {
            if (!reads.isEmpty()) {
                wanted.add(tenant);
            }
        });
        var more = false;
        for (var tenant : wanted) {
            try {
                more |= takeIn(tenant);
            } catch (RuntimeException failed) {
                if (DatabaseAway.is(failed)) {
                    throw failed;
                }
                // What keeps one government's intake from going on is nothing to the others.
                log.warn("The intake of tenant {} cannot work for now", tenant, failed);
            }
        }
        return more;
    }

    /** Takes in one batch of the tenant and some of what was tried before; returns whether there may be more. */
    private boolean takeIn(TenantId tenant) {
        var actor = Actor.system(tenant, "channel");
        giveBack(actor);
        settle(actor, belated(tenant));
        var fresh = transactions.write(actor, () -> store.claim(actor, BATCH));
        takeIn(actor, fresh, PATIENCE);
        var turns = 0;
        while (turns < LARGE_TURNS && loop.running()) {
            var large = transactions.write(actor, () -> store.claimLarge(actor, LARGE));
            if (large.isEmpty()) {
                break;
            }
            turns++;
            takeIn(actor, large, LARGE_PATIENCE);
        }
        var tried = 0;
        while (tried < TRIED && loop.running()) {
            var one = transactions.write(actor, () -> store.claimTried(actor));
            if (one.isEmpty()) {
                break;
            }
            tried++;
            takeIn(actor, List.of(one.get()), one.get().file() == null ? PATIENCE : LARGE_PATIENCE);
        }
        return fresh.size() == BATCH || turns == LARGE_TURNS || tried == TRIED;
    }

    private void takeIn(Actor actor, List<DeliveryStore.Claimed> claimed, Duration patience) {
        if (claimed.isEmpty()) {
            return;
        }
        var pending = claimed.stream()
                .map(each -> CompletableFuture.supplyAsync(() -> read(actor, each), readers))
                .toList();
        try {
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(patience.toMillis(), MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A reader failed past its own guard", e);
        } catch (TimeoutException slow) {
            log.debug("Some deliveries are still being read; they follow on their own");
        }
        var read = new ArrayList<Read>(claimed.size());
        for (var each : pending) {
            if (each.isDone()) {
                read.add(each.join());
            } else {
                each.thenAccept(one -> {
                    late.computeIfAbsent(actor.tenant(), key -> new ConcurrentLinkedQueue<>())
                            .add(one);
                    wake();
                });
            }
        }
        settle(actor, read);
    }

    /**
     * Those that came late, all at once: settled each on its own they would queue for the tenant's lock, and hold every
     * connection of the pool while they wait.
     */
    private List<Read> belated(TenantId tenant) {
        var reads = new ArrayList<Read>();
        var queue = late.get(tenant);
        for (var next = queue == null ? null : queue.poll(); queue != null && next != null; next = queue.poll()) {
            reads.add(next);
        }
        return reads;
    }

    /**
     * A database that is away or full is no attempt of the delivery, or a full disk of some minutes would make failures
     * of what was acknowledged. Nothing more is claimed until this is committed.
     */
    private void giveBack(Actor actor) {
        var waiting = untried.get(actor.tenant());
        if (waiting != null && !waiting.isEmpty()) {
            var all = List.copyOf(waiting);
            transactions.run(actor, () -> store.giveBack(all));
            waiting.removeAll(all);
        }
    }

    /** Commits what was read; when the database cannot, the deliveries are as if they had not been claimed. */
    private void settle(Actor actor, List<Read> read) {
        try {
            settleOrSayAway(actor, read);
        } catch (RuntimeException failed) {
            if (DatabaseAway.is(failed)) {
                untried.computeIfAbsent(actor.tenant(), key -> new ConcurrentLinkedQueue<>())
                        .addAll(read.stream().map(Read::claimed).toList());
            }
            throw failed;
        }
    }

    /** The unreadable as failed, the rest together, or one by one when one of them breaks. */
    private void settleOrSayAway(Actor actor, List<Read> read) {
        for (var each : read) {
            if (each.fault() != null) {
                fail(actor, each, each.fault(), each.worthRetrying());
            }
        }
        var good = read.stream()
                .filter(each -> each.fault() == null)
                .sorted(Comparator.comparing(
                        each -> each.claimed().delivery().id().value()))
                .toList();
        try {
            receive(actor, good);
        } catch (RuntimeException batch) {
            log.info("A batch of {} deliveries is taken in one by one: {}", good.size(), batch.toString());
            for (var each : good) {
                receiveAlone(actor, each);
            }
        }
    }

    private void receiveAlone(Actor actor, Read read) {
        try {
            receive(actor, List.of(read));
        } catch (TransientDataAccessException
                | NonTransientDataAccessResourceException
                | RecoverableDataAccessException
                | TransactionException away) {
            // The database, not the delivery: it is given back, or its lease brings it back.
            throw away;
        } catch (RuntimeException single) {
            log.warn(
                    "The delivery {} could not be taken in",
                    read.claimed().delivery().id(),
                    single);
            fail(actor, read, "not-taken-in", true);
        }
    }

    private record Read(
            DeliveryStore.Claimed claimed,
            List<Item> items,
            @Nullable String fault,
            boolean worthRetrying) {}

    private Read read(Actor actor, DeliveryStore.Claimed claimed) {
        reading.acquireUninterruptibly();
        try {
            if (claimed.attempts() > MOST_ATTEMPTS) {
                // Claimed again and again and never finished: it may be what kills the process.
                return new Read(claimed, List.of(), "given-up", false);
            }
            if (claimed.damaged()) {
                return new Read(claimed, List.of(), "damaged", false);
            }
            var adapter = adapters.of(claimed.delivery().network());
            if (adapter.isEmpty()) {
                return new Read(claimed, List.of(), "no-adapter", false);
            }
            return new Read(claimed, adapter.get().read(actor, whole(actor, claimed)), null, false);
        } catch (UnreadableDelivery e) {
            return new Read(claimed, List.of(), e.code(), e.worthRetrying());
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("The delivery {} broke its adapter", claimed.delivery().id(), e);
            return new Read(claimed, List.of(), "broken", false);
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

    private void receive(Actor actor, List<Read> reads) {
        if (reads.isEmpty()) {
            return;
        }
        transactions.run(actor, () -> {
            var items = new ArrayList<ReceivedItem>();
            var accounts = new ArrayList<AccountId>();
            var hashes = new ArrayList<byte[]>();
            for (var read : reads) {
                var delivery = read.claimed().delivery();
                for (var item : read.items()) {
                    items.add(new ReceivedItem(delivery.account(), delivery.network(), delivery.id(), item));
                    accounts.add(delivery.account());
                    hashes.add(seen.hash(actor, item.remoteKey()));
                }
            }
            keepWords(actor, reads);
            var unseen = seen.mark(actor, accounts, hashes);
            var fresh = new ArrayList<ReceivedItem>();
            for (var i = 0; i < items.size(); i++) {
                if (unseen.remove(SeenKeys.Key.of(accounts.get(i), hashes.get(i)))) {
                    fresh.add(items.get(i));
                }
            }
            if (!fresh.isEmpty()) {
                readBack.take(actor, fresh);
                receiver.getObject().receive(actor, fresh);
            }
            List<DeliveryId> ids =
                    reads.stream().map(each -> each.claimed().delivery().id()).toList();
            files.removeAfterCommit(
                    actor, store.done(reads.stream().map(Read::claimed).toList()));
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.taken-in",
                            "delivery",
                            ids.getFirst().value(),
                            Map.of("deliveries", "" + ids.size(), "items", "" + fresh.size())));
        });
    }

    /** Before the items are received: a deletion that came earlier must find the raw copy as well. */
    private void keepWords(Actor actor, List<Read> reads) {
        var deliveries = new ArrayList<DeliveryId>();
        var hashes = new ArrayList<byte[]>();
        var authors = new ArrayList<byte @Nullable []>();
        for (var read : reads) {
            for (var item : read.items()) {
                var words = words(item);
                if (words != null) {
                    deliveries.add(read.claimed().delivery().id());
                    hashes.add(store.keyHash(actor, words.key()));
                    authors.add(words.author() == null ? null : store.authorHash(actor, words.author()));
                }
            }
        }
        store.words(actor, deliveries, hashes, authors);
    }

    /** @param author whose they are, or null where the network does not tell */
    private record WordsOf(String key, @Nullable String author) {}

    private static @Nullable WordsOf words(Item item) {
        return switch (item) {
            case Item.Said said -> new WordsOf(said.remoteKey(), said.author().key());
            case Item.Edited edited -> new WordsOf(edited.targetKey(), edited.authorKey());
            case Item.Deleted ignored -> null;
            case Item.Reacted ignored -> null;
            case Item.Followed ignored -> null;
            case Item.Left ignored -> null;
            case Item.Receipt ignored -> null;
            case Item.Returned ignored -> null;
        };
    }

    private void fail(Actor actor, Read read, String code, boolean worthRetrying) {
        var claimed = read.claimed();
        var again = worthRetrying && claimed.attempts() < MOST_ATTEMPTS;
        @Nullable Instant retryAt = again ? clock.instant().plus(Backoff.after(claimed.attempts())) : null;
        transactions.run(actor, () -> {
            keepWords(actor, List.of(read));
            var failed = store.failed(claimed, code, retryAt);
            files.removeAfterCommit(actor, failed.released());
            if (failed.ours() && retryAt == null) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "channel.delivery-failed",
                                "delivery",
                                claimed.delivery().id().value(),
                                Map.of("code", code)));
            }
        });
    }
}
