// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.internal.OutgoingStore.Act;
import id.kentongan.channel.internal.OutgoingStore.Claimed;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sends what the outbox holds. A row is committed as SENDING before the network is touched; a row whose sender died is
 * found by its lease, and sent again only where the network makes a repetition harmless.
 */
@Component
class OutboxSender implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(OutboxSender.class);
    private static final int BATCH = 100;
    private static final int LANES = 64;
    static final String DAY_BUDGET = "day-budget";
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofDays(4);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final OutgoingStore store;
    private final Trail trail;
    private final Clock clock;
    private final Accounts accounts;
    private final Adapters adapters;
    private final Budget budget;
    private final DayBudgets days;
    private final ApplicationEventPublisher events;
    private final WorkLoop loop = new WorkLoop("outbox", Duration.ofSeconds(1), this::round);
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    private final Semaphore lanes = new Semaphore(LANES);

    OutboxSender(
            ActorTransactions transactions,
            JdbcClient jdbc,
            OutgoingStore store,
            Trail trail,
            Clock clock,
            Accounts accounts,
            Adapters adapters,
            Budget budget,
            DayBudgets days,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.store = store;
        this.trail = trail;
        this.clock = clock;
        this.accounts = accounts;
        this.adapters = adapters;
        this.budget = budget;
        this.days = days;
        this.events = events;
    }

    void wake() {
        loop.wake();
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
        var tenants = jdbc.sql("select channel.tenants_with_outgoing(?)")
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
        var claimed = transactions.write(actor, () -> store.claim(actor, BATCH, LEASE));
        // Nobody waits for the slowest peer: the lanes bound how many are under way, the loop goes on.
        for (var each : withinBudget(actor, claimed)) {
            lanes.acquireUninterruptibly();
            senders.execute(() -> {
                try {
                    sendOne(actor, each);
                } catch (RuntimeException e) {
                    // Nothing could be written: the lease brings it back.
                    log.warn(
                            "The outcome of {} could not be kept",
                            each.outgoing().id(),
                            e);
                } finally {
                    lanes.release();
                }
            });
        }
        return claimed.size();
    }

    /**
     * Puts off at once, by one statement, what has lost its place and finds no room in its account's budget now: after
     * a pause, or a time without the database, that may be many times what a minute allows.
     */
    private List<Claimed> withinBudget(Actor actor, List<Claimed> claimed) {
        var now = clock.instant();
        var ready = new ArrayList<Claimed>();
        var asking = new LinkedHashMap<AccountId, List<Claimed>>();
        for (var each : claimed) {
            if (hasPlace(each)) {
                ready.add(each);
            } else {
                asking.computeIfAbsent(each.outgoing().account(), account -> new ArrayList<>())
                        .add(each);
            }
        }
        var later = new HashMap<OutgoingId, Instant>();
        asking.forEach((account, all) -> {
            var moments = budget.places(actor, account, all.size());
            for (var i = 0; i < all.size(); i++) {
                var moment = moments.get(i);
                if (moment != null && moment.isAfter(now)) {
                    later.put(all.get(i).outgoing().id(), moment);
                } else {
                    ready.add(all.get(i));
                }
            }
        });
        if (!later.isEmpty()) {
            transactions.run(actor, () -> store.notYet(later));
        }
        return ready;
    }

    /**
     * One whose sender died had its place before; put off, nobody would know any more that it may have been sent. One
     * that was put off comes at the moment that it was promised.
     */
    private static boolean hasPlace(Claimed claimed) {
        return claimed.before().equals("SENDING") || OutgoingStore.BUDGET.equals(claimed.codeBefore());
    }

    private void sendOne(Actor actor, Claimed claimed) {
        var outgoing = claimed.outgoing();
        // Read before the network is touched: a database that is away now leaves the row to its lease.
        var account = accounts.find(actor, outgoing.account()).orElseThrow();
        var adapter = adapters.of(account.network());
        if (adapter.isEmpty()) {
            settle(actor, claimed, new SendOutcome.Refused("no-adapter"));
            return;
        }
        var repeatable = adapter.get().capabilities().repeatable();
        SendOutcome outcome;
        try {
            outcome = attempt(actor, adapter.get(), account, claimed);
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("Sending {} broke its adapter", outgoing.id(), e);
            outcome = new SendOutcome.Unknown("broken");
        }
        if (outcome instanceof SendOutcome.Unknown unknown && repeatable) {
            // Where a repetition changes nothing at the network, not knowing is a reason to repeat.
            outcome = new SendOutcome.Retry(Duration.ZERO, unknown.code());
        }
        settle(actor, claimed, outcome);
    }

    private SendOutcome attempt(Actor actor, ChannelAdapter adapter, Account account, Claimed claimed) {
        var outgoing = claimed.outgoing();
        if (claimed.before().equals("SENDING") && !adapter.capabilities().repeatable()) {
            // Somebody died between sending and knowing: only reading may settle it.
            return reconciled(actor, adapter, account, claimed, new SendOutcome.Unknown("sender-died"));
        }
        if (claimed.perDay() != null) {
            var tomorrow = days.take(actor, account.id(), outgoing.id(), claimed.perDay());
            if (tomorrow.isPresent()) {
                return new SendOutcome.Retry(tomorrow.get(), DAY_BUDGET);
            }
        }
        var outcome = switch (claimed.act()) {
            case SAY -> adapter.send(actor, account, outgoing);
            case EDIT -> adapter.edit(actor, account, claimed.target(), outgoing);
            case WITHDRAW -> adapter.withdraw(actor, account, claimed.target(), outgoing);
        };
        return outcome instanceof SendOutcome.Unknown unknown
                ? reconciled(actor, adapter, account, claimed, unknown)
                : outcome;
    }

    private static SendOutcome reconciled(
            Actor actor, ChannelAdapter adapter, Account account, Claimed claimed, SendOutcome.Unknown otherwise) {
        return claimed.act() == Act.SAY
                ? adapter.reconcile(actor, account, claimed.outgoing()).orElse(otherwise)
                : otherwise;
    }

    private void settle(Actor actor, Claimed claimed, SendOutcome outcome) {
        var outgoing = claimed.outgoing();
        transactions.run(actor, () -> {
            if (!store.stillOurs(claimed)) {
                log.warn("{} was settled by someone else while it was being sent", outgoing.id());
                return;
            }
            switch (outcome) {
                case SendOutcome.Sent sent -> sent(actor, claimed, sent);
                case SendOutcome.Retry retry -> retry(actor, claimed, retry);
                case SendOutcome.Refused refused -> fail(actor, outgoing, OutgoingStatus.State.REFUSED, refused.code());
                case SendOutcome.Unknown unknown -> fail(actor, outgoing, OutgoingStatus.State.UNKNOWN, unknown.code());
            }
        });
    }

    private void sent(Actor actor, Claimed claimed, SendOutcome.Sent sent) {
        var outgoing = claimed.outgoing();
        store.sent(outgoing.id(), sent.remoteKey(), sent.url());
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
                    actor.tenant(), outgoing.id(), outgoing.account(), sent.remoteKey(), outgoing.about()));
        }
    }

    private static final Map<Act, String> VERBS =
            Map.of(Act.SAY, "channel.sent", Act.EDIT, "channel.edited", Act.WITHDRAW, "channel.withdrawn");

    private void retry(Actor actor, Claimed claimed, SendOutcome.Retry retry) {
        var now = clock.instant();
        var id = claimed.outgoing().id();
        if (retry.code().equals(DAY_BUDGET)) {
            store.notToday(claimed, now.plus(retry.after()));
        } else if (now.isAfter(claimed.patienceFrom().plus(GIVE_UP))) {
            fail(actor, claimed.outgoing(), OutgoingStatus.State.REFUSED, "given-up");
        } else {
            var backoff = Backoff.after(claimed.attempts());
            store.again(id, retry.code(), now.plus(retry.after().compareTo(backoff) > 0 ? retry.after() : backoff));
        }
    }

    private void fail(Actor actor, Outgoing outgoing, OutgoingStatus.State state, String code) {
        store.failed(outgoing.id(), state, code);
        record(actor, outgoing.id(), "channel.not-sent", code);
        events.publishEvent(
                new DeliveryFailed(actor.tenant(), outgoing.id(), outgoing.account(), state, code, outgoing.about()));
    }

    private void record(Actor actor, OutgoingId id, String verb, String code) {
        trail.record(
                actor, TrailEntry.of(verb, "outgoing", id.value(), code.isEmpty() ? Map.of() : Map.of("code", code)));
    }
}
