// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.internal.Backoff;
import id.kentongan.channel.internal.WorkLoop;
import id.kentongan.channel.internal.activitypub.ServerDeliveries.Claimed;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Delivers what was said to each server by itself: one that is slow, away or gone keeps nobody else waiting, and is
 * tried again for days. The activity is made of the note as it stands, so a repetition is the same to every server.
 */
@Component
class ServerSending implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ServerSending.class);
    private static final int BATCH = 100;
    private static final int LANES = 32;
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofDays(4);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final ServerDeliveries deliveries;
    private final FederationStore store;
    private final LocalActors locals;
    private final PeerRequests requests;
    private final Trail trail;
    private final Clock clock;
    private final WorkLoop loop = new WorkLoop("fediverse", Duration.ofSeconds(1), this::round);
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    private final Semaphore lanes = new Semaphore(LANES);

    ServerSending(
            ActorTransactions transactions,
            JdbcClient jdbc,
            ServerDeliveries deliveries,
            FederationStore store,
            LocalActors locals,
            PeerRequests requests,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.deliveries = deliveries;
        this.store = store;
        this.locals = locals;
        this.requests = requests;
        this.trail = trail;
        this.clock = clock;
    }

    /** After the commit of the caller's transaction, or at once. */
    void wake() {
        transactions.afterCommit(loop::wake);
    }

    @Override
    public void start() {
        if (senders.isShutdown()) {
            senders = Executors.newVirtualThreadPerTaskExecutor();
        }
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
        senders.close();
    }

    @Override
    public boolean isRunning() {
        return loop.running();
    }

    private boolean round() {
        var tenants = jdbc.sql("select channel.tenants_with_ap_deliveries(?)")
                .param(Timestamp.from(clock.instant()))
                .query(UUID.class)
                .list();
        var more = false;
        for (var tenant : tenants) {
            more |= sendSome(new TenantId(tenant)) == BATCH;
        }
        return more;
    }

    private int sendSome(TenantId tenant) {
        var actor = Actor.system(tenant, "channel");
        var claimed = deliveries.claim(actor, BATCH, LEASE);
        for (var each : claimed) {
            lanes.acquireUninterruptibly();
            senders.execute(() -> {
                try {
                    sendOne(actor, each);
                } catch (RuntimeException e) {
                    // Nothing could be written: the lease brings it back.
                    log.warn("The outcome of a delivery of {} could not be kept", each.note(), e);
                } finally {
                    lanes.release();
                }
            });
        }
        return claimed.size();
    }

    private void sendOne(Actor actor, Claimed claimed) {
        var local = locals.of(actor.tenant(), claimed.account()).orElse(null);
        var activity = local == null ? null : activity(local, claimed);
        if (local == null || activity == null) {
            refuse(actor, claimed, "nothing-to-send");
            return;
        }
        switch (requests.post(local, claimed.inbox(), activity.getBytes(StandardCharsets.UTF_8))) {
            case SendOutcome.Sent ignored -> deliveries.done(actor, claimed);
            case SendOutcome.Refused(var code) -> refuse(actor, claimed, code);
            case SendOutcome.Retry(var after, var code) -> again(actor, claimed, after, code);
            case SendOutcome.Unknown(var code) -> again(actor, claimed, Duration.ZERO, code);
        }
    }

    /** Of a note; or, under the account's own id, of the account itself. Null when there is nothing any more. */
    private @Nullable String activity(LocalActor local, Claimed claimed) {
        if (claimed.note().equals(local.account().value())) {
            return locals.fresh(local.tenant().id(), local.account())
                    .map(each -> Sending.json(ActivityDocuments.introduction(each, clock.instant())))
                    .orElse(null);
        }
        return store.note(local, claimed.note())
                .map(note -> Sending.json(ActivityDocuments.about(local, note, claimed.activity())))
                .orElse(null);
    }

    private void again(Actor actor, Claimed claimed, Duration after, String code) {
        var now = clock.instant();
        if (now.isAfter(claimed.patienceFrom().plus(GIVE_UP))) {
            refuse(actor, claimed, "given-up");
            return;
        }
        var backoff = Backoff.after(claimed.attempts());
        deliveries.again(actor, claimed, code, now.plus(after.compareTo(backoff) > 0 ? after : backoff));
    }

    private void refuse(Actor actor, Claimed claimed, String code) {
        transactions.run(actor, () -> {
            deliveries.refused(actor, claimed, code);
            trail.record(
                    actor, TrailEntry.of("channel.server-refused", "outgoing", claimed.note(), Map.of("code", code)));
        });
    }
}
