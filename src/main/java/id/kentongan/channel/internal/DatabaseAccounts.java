// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountHealth;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseAccounts implements Accounts {
    static final String CREDENTIALS = "channel.account.credentials";
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MOST_A_DAY = 1_000_000;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_SUMMARY = 500;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final Vault vault;
    private final Tenants tenants;
    private final Adapters adapters;

    DatabaseAccounts(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            Vault vault,
            Tenants tenants,
            Adapters adapters) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.vault = vault;
        this.tenants = tenants;
        this.adapters = adapters;
    }

    @Override
    public List<Account> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from channel.account order by network, name")
                        .query(DatabaseAccounts::account)
                        .list());
    }

    @Override
    public Optional<Account> find(Actor actor, AccountId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from channel.account where id = ?")
                        .param(id.value())
                        .query(DatabaseAccounts::account)
                        .optional());
    }

    @Override
    public Optional<Capabilities> capabilities(Actor actor, AccountId id) {
        return find(actor, id).flatMap(adapters::capabilities);
    }

    @Override
    public Account add(Actor actor, Network network, String name, String displayName, String summary) {
        administratorsOnly(actor);
        var adapter = adapters.of(network).orElseThrow(() -> Refusal.notFound().asException());
        if (!adapter.isName(name)) {
            throw Refusal.invalid("channel.account-name").asException();
        }
        introduction(displayName, summary);
        return transactions.write(actor, () -> {
            var id = AccountId.next();
            var host = tenants.get(actor.tenant()).host();
            var handle = adapter.handle(name, displayName, host);
            var credentials = adapter.credentials();
            var added = jdbc.sql("""
                            insert into channel.account
                                (tenant_id, id, network, name, handle, display_name, summary, state, credentials, public_key, created_at)
                            values (?, ?, ?, ?, ?, ?, ?, 'ACTIVE', ?, ?, ?)
                            on conflict do nothing
                            """)
                    .params(
                            actor.tenant().value(),
                            id.value(),
                            network.code(),
                            name,
                            handle,
                            displayName,
                            summary,
                            vault.sealForTenant(actor, CREDENTIALS, credentials.secret()),
                            credentials.publicPart(),
                            Timestamp.from(clock.instant()))
                    .update();
            if (added == 0) {
                throw Refusal.invalid("channel.account-taken").asException();
            }
            trail.record(
                    actor,
                    TrailEntry.of("channel.account-added", "account", id.value(), Map.of("network", network.code())));
            return find(actor, id).orElseThrow();
        });
    }

    @Override
    public Account web(Actor actor) {
        var system = Actor.system(actor.tenant(), "channel");
        var found = transactions.read(
                system,
                () -> jdbc.sql("select * from channel.account where network = 'web'")
                        .query(DatabaseAccounts::account)
                        .optional());
        return found.orElseGet(() -> add(system, Network.WEB, "web", "Formulir web", ""));
    }

    @Override
    public void change(Actor actor, Account account) {
        administratorsOnly(actor);
        introduction(account.name(), account.summary());
        transactions.run(actor, () -> {
            var before = find(actor, account.id())
                    .orElseThrow(() -> Refusal.notFound().asException());
            var changed = jdbc.sql("update channel.account set display_name = ?, summary = ?, state = ? where id = ?")
                    .params(
                            account.name(),
                            account.summary(),
                            account.state().name(),
                            account.id().value())
                    .update();
            if (changed == 0) {
                throw Refusal.notFound().asException();
            }
            if (before.state() != Account.State.ACTIVE && account.state() == Account.State.ACTIVE) {
                transactions.run(Machine.of(actor), () -> patienceFromNow(account.id()));
            }
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.account-changed",
                            "account",
                            account.id().value(),
                            Map.of("state", account.state().name())));
            if (!before.name().equals(account.name()) || !before.summary().equals(account.summary())) {
                adapters.of(account.network()).ifPresent(each -> each.introduced(actor, account.id()));
            }
        });
    }

    /** What waited for the account was not tried meanwhile. */
    private void patienceFromNow(AccountId id) {
        jdbc.sql("update channel.outgoing set patience_from = ? where account_id = ? and state in ('QUEUED', 'RETRY')")
                .params(Timestamp.from(clock.instant()), id.value())
                .update();
    }

    private static void introduction(String displayName, String summary) {
        if (displayName.isBlank() || displayName.length() > LONGEST_NAME) {
            throw Refusal.invalid("channel.account-display-name", LONGEST_NAME).asException();
        }
        if (summary.length() > LONGEST_SUMMARY) {
            throw Refusal.invalid("channel.account-summary", LONGEST_SUMMARY).asException();
        }
    }

    @Override
    public Map<AccountId, AccountHealth> health(Actor actor) {
        DatabaseOutbox.readersOnly(actor);
        var now = clock.instant();
        var today = now.atZone(tenants.get(actor.tenant()).zone())
                .toLocalDate()
                .atStartOfDay(tenants.get(actor.tenant()).zone());
        return transactions.read(
                Machine.of(actor),
                () -> jdbc
                        .sql("""
                        select a.*, o.sent_today, o.waiting, o.waiting_since, o.held,
                               o.last_sent, f.failed, d.received_at
                        from channel.account a
                        left join lateral (
                            select count(*) filter (where state = 'SENT' and sent_at >= :today) as sent_today,
                                   count(*) filter (where state in ('QUEUED', 'SENDING', 'RETRY')) as waiting,
                                   min(created_at) filter (where state in ('QUEUED', 'SENDING', 'RETRY'))
                                       as waiting_since,
                                   count(*) filter (where state in ('REFUSED', 'UNKNOWN') and given_up_at is null)
                                       as held,
                                   max(sent_at) filter (where state = 'SENT') as last_sent
                            from channel.outgoing
                            where account_id = a.id
                            and (id >= kentongan.uuid_at(:week) or state in ('QUEUED', 'SENDING', 'RETRY')
                                or (state in ('REFUSED', 'UNKNOWN') and given_up_at is null))) o on true
                        left join lateral (
                            select count(*) as failed
                            from channel.delivery
                            where account_id = a.id and state = 'failed') f on true
                        left join lateral (
                            select received_at
                            from channel.delivery
                            where account_id = a.id and id >= kentongan.uuid_at(:week)
                            order by id desc
                            limit 1) d on true
                        """)
                        .param("today", Timestamp.from(today.toInstant()))
                        .param("week", Timestamp.from(now.minus(WEEK)))
                        .query(this::reading)
                        .list()
                        .stream()
                        .collect(Collectors.toMap(AccountHealth::account, each -> each)));
    }

    private AccountHealth reading(ResultSet row, int number) throws SQLException {
        return new AccountHealth(
                new AccountId(row.getObject("id", UUID.class)),
                row.getObject("daily_limit", Integer.class),
                adapters.capabilities(account(row, number))
                        .map(Capabilities::perMinute)
                        .orElse(0),
                row.getInt("sent_today"),
                row.getInt("waiting"),
                instant(row.getTimestamp("waiting_since")),
                row.getInt("held"),
                row.getInt("failed"),
                instant(row.getTimestamp("received_at")),
                instant(row.getTimestamp("last_sent")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }

    @Override
    public void limit(Actor actor, AccountId id, @Nullable Integer perDay) {
        administratorsOnly(actor);
        if (perDay != null && (perDay < 1 || perDay > MOST_A_DAY)) {
            throw Refusal.invalid("channel.daily-limit", MOST_A_DAY).asException();
        }
        transactions.run(actor, () -> {
            var changed = jdbc.sql("update channel.account set daily_limit = :most where id = :id")
                    .param("most", perDay)
                    .param("id", id.value())
                    .update();
            if (changed == 0) {
                throw Refusal.notFound().asException();
            }
            transactions.run(Machine.of(actor), () -> goOn(id));
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.account-limited",
                            "account",
                            id.value(),
                            Map.of("per-day", perDay == null ? "none" : perDay.toString())));
        });
    }

    /** What waited for the next day is tried at once. */
    private void goOn(AccountId id) {
        jdbc.sql(
                        "update channel.outgoing set next_attempt_at = ? where account_id = ? and state = 'RETRY' and code = ?")
                .params(Timestamp.from(clock.instant()), id.value(), OutboxSender.DAY_BUDGET)
                .update();
    }

    private static void administratorsOnly(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }

    static Account account(ResultSet row, int number) throws SQLException {
        return new Account(
                new AccountId(row.getObject("id", UUID.class)),
                Network.of(row.getString("network")),
                row.getString("handle"),
                row.getString("display_name"),
                row.getString("summary"),
                Account.State.valueOf(row.getString("state")));
    }
}
