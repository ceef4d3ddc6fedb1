// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes stored deliveries in: claims a batch of one tenant, lets {@link DeliveryReaders} read it and
 * {@link DeliverySettling} commit what comes of it. A process killed between is caught up by the lease, and what was
 * tried before is tried alone.
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

    /** How long a batch waits for its slowest delivery (a peer that is asked and does not answer). */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    /** How often the database is asked whose deliveries wait: those of another node, those whose time has come. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final DeliveryStore store;
    private final DeliveryReaders readers;
    private final DeliverySettling settling;
    private final Clock clock;
    private final WorkLoop loop = new WorkLoop("intake", LOOK_EVERY, this::round);

    /** Whose deliveries were just stored, or came late. */
    private final Set<TenantId> told = ConcurrentHashMap.newKeySet();

    /** What was claimed and not tried, since the database could not keep what comes of it. */
    private final Map<TenantId, Queue<DeliveryStore.Claimed>> untried = new ConcurrentHashMap<>();

    /** On the clock that never steps. */
    private long looked = System.nanoTime() - LOOK_EVERY.toNanos();

    IntakeWorker(
            ActorTransactions transactions,
            JdbcClient jdbc,
            DeliveryStore store,
            DeliveryReaders readers,
            DeliverySettling settling,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.store = store;
        this.readers = readers;
        this.settling = settling;
        this.clock = clock;
    }

    /** There is something of the tenant's to take in. */
    void wake(TenantId tenant) {
        told.add(tenant);
        loop.wake();
    }

    @Override
    public void start() {
        readers.open();
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
        var more = false;
        for (var tenant : wanted()) {
            try {
                if (takeIn(tenant)) {
                    told.add(tenant);
                    more = true;
                }
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

    /** Whoever was told of, and once a second whoever the database knows of. What is lost of these is found there. */
    private Set<TenantId> wanted() {
        var wanted = new LinkedHashSet<TenantId>();
        told.forEach(each -> {
            told.remove(each);
            wanted.add(each);
        });
        var now = System.nanoTime();
        if (now - looked >= LOOK_EVERY.toNanos()) {
            jdbc.sql("select channel.tenants_with_deliveries(?)")
                    .param(Timestamp.from(clock.instant()))
                    .query(UUID.class)
                    .list()
                    .forEach(each -> wanted.add(new TenantId(each)));
            looked = now;
        }
        wanted.addAll(untried.keySet());
        wanted.addAll(readers.tenantsWaiting());
        return wanted;
    }

    /** Takes in one batch of the tenant and some of what was tried before; returns whether there may be more. */
    private boolean takeIn(TenantId tenant) {
        var actor = Actor.system(tenant, "channel");
        giveBack(actor);
        settle(actor, readers.belated(tenant));
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
        if (!claimed.isEmpty()) {
            settle(actor, readers.read(actor, claimed, patience, this::wake));
        }
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
    private void settle(Actor actor, List<ReadDelivery> read) {
        try {
            settling.settle(actor, read);
        } catch (RuntimeException failed) {
            if (DatabaseAway.is(failed)) {
                untried.computeIfAbsent(actor.tenant(), key -> new ConcurrentLinkedQueue<>())
                        .addAll(read.stream().map(ReadDelivery::claimed).toList());
            }
            throw failed;
        }
    }
}
