// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountBroken;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.internal.OutgoingClaims.Claimed;
import id.kentongan.channel.internal.OutgoingStore.Act;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps what became of an attempt: in its row, in the trail, and told to whoever listens; in one transaction. */
@Component
class SendingResults {
    private static final Logger log = LoggerFactory.getLogger(SendingResults.class);
    private static final Map<Act, String> VERBS =
            Map.of(Act.SAY, "channel.sent", Act.EDIT, "channel.edited", Act.WITHDRAW, "channel.withdrawn");

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final OutgoingClaims claims;
    private final Trail trail;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    SendingResults(
            ActorTransactions transactions,
            JdbcClient jdbc,
            OutgoingClaims claims,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.claims = claims;
        this.trail = trail;
        this.clock = clock;
        this.events = events;
    }

    void keep(Actor actor, Claimed claimed, Attempts.Told told) {
        transactions.run(actor, () -> {
            if (!claims.stillOurs(claimed)) {
                log.warn("{} was settled by someone else while it was being sent", claimed.id());
                return;
            }
            switch (told.outcome()) {
                case SendOutcome.Sent sent -> sent(actor, claimed, sent);
                case SendOutcome.Retry retry -> retry(actor, claimed, retry, told.doubtSince());
                case SendOutcome.Refused(var code) ->
                    fail(actor, claimed, OutgoingStatus.State.REFUSED, code, told.doubtSince());
                case SendOutcome.Unknown(var code) ->
                    fail(actor, claimed, OutgoingStatus.State.UNKNOWN, code, told.doubtSince());
                case SendOutcome.ShutOut(var code) -> shutOut(actor, claimed, code);
            }
        });
    }

    private void sent(Actor actor, Claimed claimed, SendOutcome.Sent sent) {
        claims.sent(claimed.id(), sent.remoteKey(), sent.url());
        // The network's own name of what was said is the receipt: with it an auditor finds it there.
        trail.record(
                actor,
                TrailEntry.of(
                        VERBS.getOrDefault(claimed.act(), "channel.sent"),
                        "outgoing",
                        claimed.target().value(),
                        Map.of("remote", sent.remoteKey())));
        if (claimed.act() == Act.SAY) {
            events.publishEvent(new Delivered(
                    actor.tenant(),
                    claimed.id(),
                    claimed.account(),
                    sent.remoteKey(),
                    claimed.outgoing().about()));
        }
    }

    private void retry(Actor actor, Claimed claimed, SendOutcome.Retry retry, @Nullable Instant doubtSince) {
        var now = clock.instant();
        if (retry.code().equals(OutboxSender.DAY_BUDGET)) {
            claims.notToday(claimed, now.plus(retry.after()));
        } else if (Backoff.exhausted(claimed.patienceFrom(), now)) {
            // What may have arrived was not refused by anybody.
            fail(
                    actor,
                    claimed,
                    doubtSince == null ? OutgoingStatus.State.REFUSED : OutgoingStatus.State.UNKNOWN,
                    "given-up",
                    doubtSince);
        } else {
            claims.again(claimed.id(), retry.code(), Backoff.next(now, claimed.attempts(), retry.after()), doubtSince);
        }
    }

    private void fail(
            Actor actor, Claimed claimed, OutgoingStatus.State state, String code, @Nullable Instant doubtSince) {
        claims.failed(claimed.id(), state, code, doubtSince);
        trail.record(
                actor,
                TrailEntry.of("channel.not-sent", "outgoing", claimed.id().value(), Map.of("code", code)));
        events.publishEvent(new DeliveryFailed(
                actor.tenant(),
                claimed.id(),
                claimed.account(),
                state,
                code,
                claimed.outgoing().about()));
    }

    /** The account stands broken, told once; its messages wait until somebody has mended it. */
    private void shutOut(Actor actor, Claimed claimed, String code) {
        claims.waitForAccount(claimed.id(), code);
        var broke = jdbc.sql("update channel.account set state = 'BROKEN' where id = ? and state = 'ACTIVE'")
                        .param(claimed.account().value())
                        .update()
                > 0;
        if (broke) {
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.account-broken",
                            "account",
                            claimed.account().value(),
                            Map.of("code", code)));
            events.publishEvent(new AccountBroken(actor.tenant(), claimed.account(), code));
        }
    }
}
