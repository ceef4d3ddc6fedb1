// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.internal.Backoff;
import id.kentongan.channel.internal.SenderLoop;
import id.kentongan.channel.internal.activitypub.ServerDeliveries.Claimed;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Delivers what was said to each server by itself: one that is slow, away or gone keeps nobody else waiting, and is
 * tried again for days. The activity is made of the note as it stands, so a repetition is the same to every server.
 */
@Component
class ServerSending implements SmartLifecycle, SenderLoop.Work<Claimed> {
    private static final int LANES = 32;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final ServerDeliveries deliveries;
    private final FederationStore store;
    private final LocalActors locals;
    private final PeerRequests requests;
    private final Trail trail;
    private final Clock clock;
    private final SenderLoop<Claimed> loop = new SenderLoop<>("fediverse", LANES, this);

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
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.running();
    }

    @Override
    public List<TenantId> due() {
        return jdbc
                .sql("select channel.tenants_with_ap_deliveries(?)")
                .param(Timestamp.from(clock.instant()))
                .query(UUID.class)
                .list()
                .stream()
                .map(TenantId::new)
                .toList();
    }

    @Override
    public SenderLoop.Batch<Claimed> claim(Actor actor, int most) {
        var claimed = deliveries.claim(actor, most, SenderLoop.LEASE);
        return new SenderLoop.Batch<>(claimed, claimed.size() == most);
    }

    @Override
    public void send(Actor actor, Claimed claimed) {
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
            // The activity has one id: what may have been taken is sent again and taken once.
            case SendOutcome.Unknown(var code) -> again(actor, claimed, Duration.ZERO, code);
            case SendOutcome.ShutOut(var code) -> refuse(actor, claimed, code);
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
        if (Backoff.exhausted(claimed.patienceFrom(), now)) {
            refuse(actor, claimed, "given-up");
        } else {
            deliveries.again(actor, claimed, code, Backoff.next(now, claimed.attempts(), after));
        }
    }

    private void refuse(Actor actor, Claimed claimed, String code) {
        transactions.run(actor, () -> {
            deliveries.refused(actor, claimed, code);
            trail.record(
                    actor, TrailEntry.of("channel.server-refused", "outgoing", claimed.note(), Map.of("code", code)));
        });
    }
}
