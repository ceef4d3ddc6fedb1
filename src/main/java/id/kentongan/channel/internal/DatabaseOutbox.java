// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * The outbox and its sender. A row is committed as SENDING before the network is touched; a row whose sender died is
 * found by its lease, and sent again only where the network makes a repetition harmless.
 */
@Component
class DatabaseOutbox implements Outbox, SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(DatabaseOutbox.class);
    private static final String PURPOSE = "channel.outgoing";
    private static final int BATCH = 40;
    private static final int LANES = 64;
    private static final String BUDGET = "budget";
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofDays(4);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final Accounts accounts;
    private final Adapters adapters;
    private final ApplicationEventPublisher events;
    private final WorkLoop loop = new WorkLoop("outbox", Duration.ofSeconds(1), this::round);
    /** Made anew at each start: what was stopped may be started again. */
    private volatile ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    private final Semaphore lanes = new Semaphore(LANES);
    private final Map<AccountId, Budget> budgets = new ConcurrentHashMap<>();

    DatabaseOutbox(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            Accounts accounts,
            Adapters adapters,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.accounts = accounts;
        this.adapters = adapters;
        this.events = events;
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

    @Override
    public OutgoingId submit(Actor actor, Outgoing outgoing) {
        return transactions.write(actor, () -> {
            var now = Timestamp.from(clock.instant());
            var added = jdbc.sql("""
                            insert into channel.outgoing
                                (tenant_id, id, account_id, idempotency_key, state, next_attempt_at, sealed, about, created_at, changed_at)
                            values (:tenant, :id, :account, :key, 'QUEUED', :now, :sealed, :about, :now, :now)
                            on conflict (tenant_id, idempotency_key) do nothing
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("id", outgoing.id().value())
                    .param("account", outgoing.account().value())
                    .param("key", outgoing.idempotencyKey())
                    .param("now", now)
                    .param("sealed", vault.sealForTenant(actor, PURPOSE, json.writeValueAsBytes(outgoing)))
                    .param("about", outgoing.about())
                    .update();
            if (added == 0) {
                return jdbc.sql("select id from channel.outgoing where idempotency_key = ?")
                        .param(outgoing.idempotencyKey())
                        .query((row, n) -> new OutgoingId(row.getObject(1, UUID.class)))
                        .single();
            }
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.queued",
                            "outgoing",
                            outgoing.id().value(),
                            Map.of("audience", outgoing.audience().name())));
            transactions.afterCommit(loop::wake);
            return outgoing.id();
        });
    }

    @Override
    public Map<OutgoingId, OutgoingStatus> statuses(Actor actor, Collection<OutgoingId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return transactions.read(
                actor,
                () -> jdbc
                        .sql("select * from channel.outgoing where id = any(?)")
                        .param(ids.stream().map(OutgoingId::value).toArray(UUID[]::new))
                        .query(DatabaseOutbox::status)
                        .stream()
                        .collect(Collectors.toMap(OutgoingStatus::id, each -> each)));
    }

    @Override
    public List<OutgoingStatus> troubled(Actor actor) {
        settlersOnly(actor);
        return transactions.read(
                actor, () -> jdbc.sql("""
                        select * from channel.outgoing
                        where state in ('REFUSED', 'UNKNOWN')
                        order by id desc
                        limit 200
                        """).query(DatabaseOutbox::status).list());
    }

    @Override
    public void settle(Actor actor, OutgoingId id, boolean wasSent) {
        settlersOnly(actor);
        transactions.run(actor, () -> {
            var now = Timestamp.from(clock.instant());
            var changed = jdbc.sql("""
                            update channel.outgoing
                            set state = :state, next_attempt_at = :now, changed_at = :now,
                                patience_from = :now
                            where id = :id and state in ('REFUSED', 'UNKNOWN')
                            """)
                    .param("state", wasSent ? "SENT" : "QUEUED")
                    .param("now", now)
                    .param("id", id.value())
                    .update();
            if (changed > 0) {
                trail.record(
                        actor, TrailEntry.of("channel.settled", "outgoing", id.value(), Map.of("sent", "" + wasSent)));
                transactions.afterCommit(loop::wake);
            }
        });
    }

    private static void settlersOnly(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM
                && !actor.hasAny(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR)) {
            throw Refusal.notFound().asException();
        }
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

    private record Claimed(Outgoing outgoing, String before, int attempts, Instant patienceFrom) {}

    private int sendSome(TenantId tenant) {
        var actor = Actor.system(tenant, "channel");
        var claimed = transactions.write(actor, () -> claim(actor));
        if (claimed.isEmpty()) {
            return 0;
        }
        // Nobody waits for the slowest peer: the lanes bound how many are under way, the loop goes on.
        for (var each : claimed) {
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

    private List<Claimed> claim(Actor actor) {
        var now = clock.instant();
        return jdbc.sql("""
                        update channel.outgoing o
                        set state = 'SENDING', attempts = o.attempts + 1, next_attempt_at = :lease, changed_at = :now
                        from (
                            select q.tenant_id, q.id, q.state as before
                            from channel.outgoing q
                            join channel.account a on a.tenant_id = q.tenant_id and a.id = q.account_id
                            where q.state in ('QUEUED', 'SENDING', 'RETRY') and q.next_attempt_at <= :now
                            and a.state = 'ACTIVE'
                            order by q.next_attempt_at, q.id
                            limit :limit
                            for update of q skip locked) w
                        where o.tenant_id = w.tenant_id and o.id = w.id
                        returning o.sealed, w.before, o.attempts, coalesce(o.patience_from, o.created_at)
                        """)
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(LEASE)))
                .param("limit", BATCH)
                .query((row, n) -> new Claimed(
                        json.readValue(vault.openForTenant(actor, PURPOSE, row.getBytes(1)), Outgoing.class),
                        row.getString(2),
                        row.getInt(3),
                        row.getTimestamp(4).toInstant()))
                .list();
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
            return adapter.reconcile(actor, account, outgoing).orElse(new SendOutcome.Unknown("sender-died"));
        }
        var wait = budgets.computeIfAbsent(
                        account.id(), id -> new Budget(adapter.capabilities().perMinute()))
                .take(outgoing.id(), clock.instant());
        if (!wait.isZero()) {
            return new SendOutcome.Retry(wait, BUDGET);
        }
        var outcome = adapter.send(actor, account, outgoing);
        if (outcome instanceof SendOutcome.Unknown) {
            return adapter.reconcile(actor, account, outgoing).orElse(outcome);
        }
        return outcome;
    }

    private void settle(Actor actor, Claimed claimed, SendOutcome outcome) {
        var outgoing = claimed.outgoing();
        transactions.run(actor, () -> {
            if (!stillOurs(claimed)) {
                log.warn("{} was settled by someone else while it was being sent", outgoing.id());
                return;
            }
            switch (outcome) {
                case SendOutcome.Sent sent -> {
                    update(outgoing.id(), "SENT", null, null, sent.remoteKey(), sent.url());
                    record(actor, outgoing.id(), "channel.sent", "");
                    events.publishEvent(new Delivered(
                            actor.tenant(), outgoing.id(), outgoing.account(), sent.remoteKey(), outgoing.about()));
                }
                case SendOutcome.Retry retry -> {
                    var now = clock.instant();
                    if (retry.code().equals(BUDGET)) {
                        // It was not tried, so it does not count as an attempt.
                        update(outgoing.id(), "RETRY", BUDGET, now.plus(retry.after()), null, null);
                        jdbc.sql("update channel.outgoing set attempts = attempts - 1 where id = ?")
                                .param(outgoing.id().value())
                                .update();
                    } else if (now.isAfter(claimed.patienceFrom().plus(GIVE_UP))) {
                        fail(actor, outgoing, OutgoingStatus.State.REFUSED, "given-up");
                    } else {
                        var backoff = IntakeWorker.backoff(claimed.attempts());
                        var wait = retry.after().compareTo(backoff) > 0 ? retry.after() : backoff;
                        update(outgoing.id(), "RETRY", retry.code(), now.plus(wait), null, null);
                    }
                }
                case SendOutcome.Refused refused -> fail(actor, outgoing, OutgoingStatus.State.REFUSED, refused.code());
                case SendOutcome.Unknown unknown -> fail(actor, outgoing, OutgoingStatus.State.UNKNOWN, unknown.code());
            }
        });
    }

    /** Whether the row is still the one this sender claimed: a lease that ran out may have given it to another. */
    private boolean stillOurs(Claimed claimed) {
        return jdbc.sql("""
                        select 1
                        from channel.outgoing
                        where id = ? and state = 'SENDING' and attempts = ?
                        for update
                        """)
                .params(claimed.outgoing().id().value(), claimed.attempts())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    private void fail(Actor actor, Outgoing outgoing, OutgoingStatus.State state, String code) {
        update(outgoing.id(), state.name(), code, null, null, null);
        record(actor, outgoing.id(), "channel.not-sent", code);
        events.publishEvent(
                new DeliveryFailed(actor.tenant(), outgoing.id(), outgoing.account(), state, code, outgoing.about()));
    }

    private void record(Actor actor, OutgoingId id, String verb, String code) {
        trail.record(
                actor, TrailEntry.of(verb, "outgoing", id.value(), code.isEmpty() ? Map.of() : Map.of("code", code)));
    }

    private void update(
            OutgoingId id,
            String state,
            @Nullable String code,
            @Nullable Instant next,
            @Nullable String remoteKey,
            @Nullable String url) {
        var now = clock.instant();
        jdbc.sql("""
                        update channel.outgoing
                        set state = :state, code = :code, next_attempt_at = :next, changed_at = :now,
                            remote_key = coalesce(:remote, remote_key), url = coalesce(:url, url),
                            confirmed_at = case when :state = 'SENT' then :now::timestamptz else confirmed_at end
                        where id = :id
                        """)
                .param("state", state)
                .param("code", code)
                .param("next", Timestamp.from(next == null ? now : next))
                .param("now", Timestamp.from(now))
                .param("remote", remoteKey)
                .param("url", url)
                .param("id", id.value())
                .update();
    }

    static OutgoingStatus status(ResultSet row, int number) throws SQLException {
        var confirmed = row.getTimestamp("confirmed_at");
        return new OutgoingStatus(
                new OutgoingId(row.getObject("id", UUID.class)),
                new AccountId(row.getObject("account_id", UUID.class)),
                OutgoingStatus.State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                row.getString("remote_key"),
                row.getString("url"),
                row.getString("code"),
                row.getTimestamp("changed_at").toInstant(),
                confirmed == null ? null : confirmed.toInstant(),
                row.getObject("about", UUID.class));
    }

    /**
     * An account's share of a minute on this node: so many at once, then one per interval. Who must wait is promised
     * a moment of its own, so that a long queue is not claimed again and again for one free place.
     */
    private static final class Budget {
        private final Duration interval;
        private final Duration burst;
        private final Map<OutgoingId, Instant> promised = new HashMap<>();
        private Instant next = Instant.EPOCH;

        Budget(int perMinute) {
            this.interval = Duration.ofMinutes(1).dividedBy(perMinute);
            this.burst = interval.multipliedBy(perMinute - 1L);
        }

        synchronized Duration take(OutgoingId id, Instant now) {
            var mine = promised.remove(id);
            if (mine == null) {
                var earliest = now.minus(burst);
                mine = next.isBefore(earliest) ? earliest : next;
                next = mine.plus(interval);
            }
            if (!mine.isAfter(now)) {
                return Duration.ZERO;
            }
            promised.put(id, mine);
            return Duration.between(now, mine);
        }
    }
}
