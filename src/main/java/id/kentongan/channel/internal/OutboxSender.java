// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.internal.OutgoingClaims.Claimed;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sends what the outbox holds, within each account's budget. How one is sent is in {@link Attempts}. */
@Component
class OutboxSender implements SmartLifecycle, SenderLoop.Work<Claimed> {
    private static final int LANES = 64;
    static final String DAY_BUDGET = "day-budget";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final OutgoingClaims claims;
    private final Clock clock;
    private final Accounts accounts;
    private final Adapters adapters;
    private final Budget budget;
    private final Attempts attempts;
    private final SendingResults results;
    private final SenderLoop<Claimed> loop = new SenderLoop<>("outbox", LANES, this);

    OutboxSender(
            ActorTransactions transactions,
            JdbcClient jdbc,
            OutgoingClaims claims,
            Clock clock,
            Accounts accounts,
            Adapters adapters,
            Budget budget,
            Attempts attempts,
            SendingResults results) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.claims = claims;
        this.clock = clock;
        this.accounts = accounts;
        this.adapters = adapters;
        this.budget = budget;
        this.attempts = attempts;
        this.results = results;
    }

    void wake() {
        loop.wake();
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
                .sql("select channel.tenants_with_outgoing(?)")
                .param(Timestamp.from(clock.instant()))
                .query(UUID.class)
                .list()
                .stream()
                .map(TenantId::new)
                .toList();
    }

    @Override
    public SenderLoop.Batch<Claimed> claim(Actor actor, int most) {
        var claimed = transactions.write(actor, () -> claims.claim(actor, most, SenderLoop.LEASE));
        return new SenderLoop.Batch<>(withinBudget(actor, claimed), claimed.size() == most);
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
            // One whose sender died had its place before; put off, it would wait while nobody knows whether it was
            // said.
            if (each.died() || each.promised()) {
                ready.add(each);
            } else {
                asking.computeIfAbsent(each.account(), account -> new ArrayList<>())
                        .add(each);
            }
        }
        var later = new HashMap<OutgoingId, Instant>();
        asking.forEach((account, all) -> {
            var moments = budget.places(actor, account, all.size());
            for (var i = 0; i < all.size(); i++) {
                var moment = moments.get(i);
                if (moment != null && moment.isAfter(now)) {
                    later.put(all.get(i).id(), moment);
                } else {
                    ready.add(all.get(i));
                }
            }
        });
        if (!later.isEmpty()) {
            transactions.run(actor, () -> claims.notYet(later));
        }
        return ready;
    }

    @Override
    public void send(Actor actor, Claimed claimed) {
        // Read before the network is touched: a database that is away now leaves the row to its lease.
        var account = accounts.find(actor, claimed.account()).orElseThrow();
        var told = adapters.of(account.network())
                .map(adapter -> attempts.make(actor, adapter, account, claimed))
                .orElse(new Attempts.Told(new SendOutcome.Refused("no-adapter"), null));
        results.keep(actor, claimed, told);
    }
}
