// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.EntryHash;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Links new entries into each tenant's chain within two seconds of their commit, and signs a checkpoint every
 * minute in which something was linked. One node seals a tenant at a time (an advisory lock of the transaction).
 */
@Component
class Sealer implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Sealer.class);
    private static final int BATCH = 2000;
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(60);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final DataFolder folder;
    private final CheckpointKey key;
    private final Map<TenantId, Instant> lastCheckpoint = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile Thread thread = Thread.currentThread();

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

    @Override
    public void stop() {
        running = false;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void loop() {
        while (running) {
            try {
                sealAll();
            } catch (DataAccessException | TransactionException e) {
                log.warn("The trail could not be sealed for now: {}", e.getMessage());
            } catch (RuntimeException e) {
                log.error("The trail's sealer stumbled and goes on", e);
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Seals everything that waits, for every tenant. */
    void sealAll() {
        for (var tenant :
                jdbc.sql("select archive.tenants_to_seal()").query(UUID.class).list()) {
            var id = new TenantId(tenant);
            while (seal(id) == BATCH) {
                if (!running) {
                    return;
                }
            }
        }
    }

    private int seal(TenantId tenant) {
        var actor = Actor.system(tenant, "archive");
        return transactions.write(actor, () -> {
            var mine = jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('trail:' || ?, 0))")
                    .param(tenant.toString())
                    .query(Boolean.class)
                    .single();
            return mine ? link(tenant) : 0;
        });
    }

    private record Head(long sequence, byte[] hash) {}

    private record Waiting(UUID id, byte[] hash) {}

    private int link(TenantId tenant) {
        var head = jdbc.sql("select sequence, chain_hash from archive.link order by sequence desc limit 1")
                .query((row, n) -> new Head(row.getLong(1), row.getBytes(2)))
                .optional()
                .orElse(new Head(0, EntryHash.GENESIS));
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
        checkpoint(tenant, sequence, previous);
        return size;
    }

    private void checkpoint(TenantId tenant, long sequence, byte[] chainHash) {
        var now = clock.instant();
        var last = lastCheckpoint.get(tenant);
        if (last != null && now.isBefore(last.plus(CHECKPOINT_EVERY))) {
            return;
        }
        var signature = key.sign(EntryHash.checkpoint(tenant.value(), sequence, chainHash));
        jdbc.sql("""
                        insert into archive.checkpoint (tenant_id, sequence, chain_hash, at, signature)
                        values (?, ?, ?, ?, ?)
                        """)
                .params(tenant.value(), sequence, chainHash, Timestamp.from(now), signature)
                .update();
        transactions.afterCommit(() -> {
            append(tenant, sequence, chainHash, now, signature);
            lastCheckpoint.put(tenant, now);
        });
    }

    /** Outside the database too, so that cutting the database's tail shows. */
    private void append(TenantId tenant, long sequence, byte[] chainHash, Instant at, byte[] signature) {
        var hex = HexFormat.of();
        var line = String.join(
                        " ", List.of("" + sequence, hex.formatHex(chainHash), at.toString(), hex.formatHex(signature)))
                + "\n";
        try (var file = FileChannel.open(
                folder.checkpoints().resolve(tenant + ".log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint cannot be written", e);
        }
    }
}
