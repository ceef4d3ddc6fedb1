// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.EntryHash;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Links new entries into each tenant's chain within two seconds of their commit, and signs checkpoints over what was
 * linked: every minute while entries come in, as soon as they stop, and when the platform stops. What is linked and not
 * signed could be cut off unnoticed, so no tail stays unsigned for long. One node seals a tenant at a time (an advisory
 * lock of the transaction).
 */
@Component
class Sealer implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Sealer.class);
    private static final int BATCH = 2000;
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(1500);
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(4);
    private static final Duration FAREWELL = Duration.ofSeconds(8);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final DataFolder folder;
    private final CheckpointKey key;
    /** Ends of chains that were seen unsigned. */
    private final Map<TenantId, Tail> tails = new HashMap<>();

    private volatile boolean running;
    private volatile Thread thread = Thread.currentThread();

    /** @param seen on the clock that never steps */
    private record Tail(long sequence, long seen) {}

    Sealer(ActorTransactions transactions, JdbcClient jdbc, Clock clock, DataFolder folder, CheckpointKey key) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.folder = folder;
        this.key = key;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("trail-sealer").daemon().start(this::loop);
    }

    /** Before this, whatever writes to the trail has stopped: see {@link #getPhase}. */
    @Override
    public void stop() {
        running = false;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (thread.isAlive()) {
            return;
        }
        var until = System.nanoTime() + FAREWELL.toNanos();
        try {
            sealAll(() -> System.nanoTime() < until);
            signTails(true);
        } catch (DataAccessException | TransactionException | UncheckedIOException e) {
            log.warn(
                    "The end of the trail could not be sealed while stopping; the next start does it: {}",
                    e.getMessage());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the web server and the workers and stops after them. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void loop() {
        while (running) {
            var pause = PAUSE;
            try {
                sealAll(() -> running);
                signTails(false);
            } catch (DataAccessException | TransactionException e) {
                log.warn("The trail could not be sealed for now: {}", e.getMessage());
                pause = AFTER_TROUBLE;
            } catch (RuntimeException | Error e) {
                // Also when the memory ran out for a moment: a sealer that ended in silence would leave all that
                // follows
                // unsealed until the next start.
                log.error("The trail's sealer stumbled and goes on", e);
                pause = AFTER_TROUBLE;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Links everything that waits, for every tenant, as long as it may. */
    private void sealAll(BooleanSupplier may) {
        for (var tenant :
                jdbc.sql("select archive.tenants_to_seal()").query(UUID.class).list()) {
            var id = new TenantId(tenant);
            while (seal(id) == BATCH) {
                if (!may.getAsBoolean()) {
                    return;
                }
            }
        }
    }

    private int seal(TenantId tenant) {
        var actor = Actor.system(tenant, "archive");
        return transactions.write(actor, () -> isMine(tenant) ? link(tenant) : 0);
    }

    private boolean isMine(TenantId tenant) {
        return jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('trail:' || ?, 0))")
                .param(tenant.toString())
                .query(Boolean.class)
                .single();
    }

    /** Signs the ends of chains that are due, or all that are unsigned. */
    private void signTails(boolean all) {
        var unsigned = jdbc.sql("select archive.tenants_to_sign()").query(UUID.class).list().stream()
                .map(TenantId::new)
                .toList();
        tails.keySet().retainAll(unsigned);
        for (var tenant : unsigned) {
            transactions.run(Actor.system(tenant, "archive"), () -> {
                if (isMine(tenant)) {
                    sign(tenant, all);
                }
            });
        }
    }

    private void sign(TenantId tenant, boolean all) {
        var head = head();
        if (all || isDue(tenant, head.sequence())) {
            checkpoint(tenant, head.sequence(), head.hash());
        }
    }

    /** The first time, a minute after the last checkpoint, or once nothing was linked for a while. */
    private boolean isDue(TenantId tenant, long sequence) {
        var last = jdbc.sql("select at from archive.checkpoint order by sequence desc limit 1")
                .query(Timestamp.class)
                .optional();
        if (last.isEmpty() || !clock.instant().isBefore(last.get().toInstant().plus(CHECKPOINT_EVERY))) {
            return true;
        }
        var now = System.nanoTime();
        var tail = tails.get(tenant);
        if (tail == null || tail.sequence() != sequence) {
            tails.put(tenant, new Tail(sequence, now));
            return false;
        }
        return now - tail.seen() >= QUIET.toNanos();
    }

    private Head head() {
        return jdbc.sql("select sequence, chain_hash from archive.link order by sequence desc limit 1")
                .query((row, n) -> new Head(row.getLong(1), row.getBytes(2)))
                .optional()
                .orElse(new Head(0, EntryHash.GENESIS));
    }

    private record Head(long sequence, byte[] hash) {}

    private record Waiting(UUID id, byte[] hash) {}

    private int link(TenantId tenant) {
        var head = head();
        var waiting = jdbc.sql("""
                        select e.*
                        from (select tenant_id, entry_id from archive.unsealed order by entry_id limit ?) u
                        join archive.entry e on e.tenant_id = u.tenant_id and e.id = u.entry_id
                        order by e.id
                        """)
                .param(BATCH)
                .query((row, n) -> new Waiting(row.getObject("id", UUID.class), EntryHash.of(row)))
                .list();
        if (waiting.isEmpty()) {
            return 0;
        }
        var size = waiting.size();
        var sequences = new Long[size];
        var ids = new UUID[size];
        var hashes = new byte[size][];
        var chained = new byte[size][];
        var sequence = head.sequence();
        var previous = head.hash();
        for (var i = 0; i < size; i++) {
            sequences[i] = ++sequence;
            ids[i] = waiting.get(i).id();
            hashes[i] = waiting.get(i).hash();
            previous = EntryHash.chain(previous, sequence, hashes[i]);
            chained[i] = previous;
        }
        jdbc.sql("""
                        insert into archive.link (tenant_id, sequence, entry_id, entry_hash, chain_hash)
                        select ?, l.sequence, l.entry_id, l.entry_hash, l.chain_hash
                        from unnest(?::bigint[], ?::uuid[], ?::bytea[], ?::bytea[])
                            as l (sequence, entry_id, entry_hash, chain_hash)
                        """).params(tenant.value(), sequences, ids, hashes, chained).update();
        jdbc.sql("delete from archive.unsealed where entry_id = any(?)")
                .param(ids)
                .update();
        return size;
    }

    /**
     * Outside the database first, so that cutting the database's tail shows; then the row. What is signed is committed
     * already, and a row without its line would be reported.
     */
    private void checkpoint(TenantId tenant, long sequence, byte[] chainHash) {
        var now = clock.instant();
        var signature = key.sign(EntryHash.checkpoint(tenant.value(), sequence, chainHash));
        try {
            CheckpointFile.append(folder.checkpoints().resolve(tenant + ".log"), sequence, chainHash, now, signature);
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint cannot be written", e);
        }
        jdbc.sql("""
                        insert into archive.checkpoint (tenant_id, sequence, chain_hash, at, signature)
                        values (?, ?, ?, ?, ?)
                        on conflict do nothing
                        """)
                .params(tenant.value(), sequence, chainHash, Timestamp.from(now), signature)
                .update();
    }
}
