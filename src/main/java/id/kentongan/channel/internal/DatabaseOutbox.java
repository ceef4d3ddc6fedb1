// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
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
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
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
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofDays(4);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final Accounts accounts;
    private final ObjectProvider<ChannelAdapter> adapters;
    private final ApplicationEventPublisher events;
    private final WorkLoop loop = new WorkLoop("outbox", Duration.ofSeconds(1), this::round);
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<AccountId, Budget> budgets = new ConcurrentHashMap<>();

    DatabaseOutbox(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            Accounts accounts,
            ObjectProvider<ChannelAdapter> adapters,
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
        transactions.run(actor, () -> {
            var now = Timestamp.from(clock.instant());
            var changed = jdbc.sql("""
                            update channel.outgoing
                            set state = :state, next_attempt_at = :now, changed_at = :now
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

    private record Claimed(Outgoing outgoing, String before, int attempts, Instant created) {}

    private int sendSome(TenantId tenant) {
        var actor = Actor.system(tenant, "channel");
        var claimed = transactions.write(actor, () -> claim(actor));
        if (claimed.isEmpty()) {
            return 0;
        }
        try {
            senders.invokeAll(claimed.stream()
                    .map(each -> (Callable<Boolean>) () -> {
                        sendOne(actor, each);
                        return Boolean.TRUE;
                    })
                    .toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
                        returning o.sealed, w.before, o.attempts, o.created_at
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
        SendOutcome outcome;
        try {
            outcome = attempt(actor, claimed);
        } catch (RuntimeException e) {
            log.warn("Sending {} broke its adapter", outgoing.id(), e);
            outcome = new SendOutcome.Unknown("broken");
        }
        settle(actor, claimed, outcome);
    }

    private SendOutcome attempt(Actor actor, Claimed claimed) {
        var outgoing = claimed.outgoing();
        var account = accounts.find(actor, outgoing.account()).orElseThrow();
        var adapter = adapters.stream()
                .filter(each -> each.network() == account.network())
                .findFirst()
                .orElse(null);
        if (adapter == null) {
            return new SendOutcome.Refused("no-adapter");
        }
        if (claimed.before().equals("SENDING") && !adapter.capabilities().repeatable()) {
            // Somebody died between sending and knowing: only reading may settle it.
            return adapter.reconcile(actor, account, outgoing).orElse(new SendOutcome.Unknown("sender-died"));
        }
        var wait = budgets.computeIfAbsent(
                        account.id(), id -> new Budget(adapter.capabilities().perMinute()))
                .take(clock.instant());
        if (!wait.isZero()) {
            return new SendOutcome.Retry(wait, "budget");
        }
        return adapter.send(actor, account, outgoing);
    }

    private void settle(Actor actor, Claimed claimed, SendOutcome outcome) {
        var outgoing = claimed.outgoing();
        transactions.run(actor, () -> {
            switch (outcome) {
                case SendOutcome.Sent sent -> {
                    update(outgoing.id(), "SENT", null, null, sent.remoteKey(), sent.url());
                    record(actor, outgoing.id(), "channel.sent", "");
                    events.publishEvent(new Delivered(
                            actor.tenant(), outgoing.id(), outgoing.account(), sent.remoteKey(), outgoing.about()));
                }
                case SendOutcome.Retry retry -> {
                    var now = clock.instant();
                    if (now.isAfter(claimed.created().plus(GIVE_UP))) {
                        fail(actor, outgoing, OutgoingStatus.State.REFUSED, "given-up");
                    } else {
                        var backoff = IntakeWorker.backoff(claimed.attempts());
                        var wait = retry.after().compareTo(backoff) > 0
                                        || retry.code().equals("budget")
                                ? retry.after()
                                : backoff;
                        update(outgoing.id(), "RETRY", retry.code(), now.plus(wait), null, null);
                    }
                }
                case SendOutcome.Refused refused -> fail(actor, outgoing, OutgoingStatus.State.REFUSED, refused.code());
                case SendOutcome.Unknown unknown -> fail(actor, outgoing, OutgoingStatus.State.UNKNOWN, unknown.code());
            }
        });
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

    /** How many messages an account may still send this minute on this node. */
    private static final class Budget {
        private final int perMinute;
        private double left;
        private Instant last = Instant.MIN;

        Budget(int perMinute) {
            this.perMinute = perMinute;
            this.left = perMinute;
        }

        synchronized Duration take(Instant now) {
            if (!last.equals(Instant.MIN)) {
                left = Math.min(perMinute, left + Duration.between(last, now).toMillis() * perMinute / 60_000.0);
            }
            last = now;
            if (left >= 1) {
                left--;
                return Duration.ZERO;
            }
            return Duration.ofMillis(Math.max(200, (long) ((1 - left) * 60_000 / perMinute)));
        }
    }
}
