// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.OutgoingId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** An account's messages of a day, for all nodes: each takes a place before it is sent. */
@Component
class DayBudgets {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Tenants tenants;
    private final Clock clock;

    DayBudgets(ActorTransactions transactions, JdbcClient jdbc, Tenants tenants, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.tenants = tenants;
        this.clock = clock;
    }

    /** Empty when the message has its place of today; otherwise how long until the next day begins. */
    Optional<Duration> take(Actor actor, AccountId account, OutgoingId outgoing, int limit) {
        var now = clock.instant();
        var zone = zone(actor);
        var today = now.atZone(zone).toLocalDate();
        var has = transactions.write(actor, () -> has(outgoing, today) || took(actor, account, outgoing, today, limit));
        return has
                ? Optional.empty()
                : Optional.of(Duration.between(
                        now, today.plusDays(1).atStartOfDay(zone).toInstant()));
    }

    private boolean has(OutgoingId outgoing, LocalDate today) {
        return jdbc.sql("select coalesce(budget_day = ?, false) from channel.outgoing where id = ?")
                .params(today, outgoing.value())
                .query(Boolean.class)
                .single();
    }

    private boolean took(Actor actor, AccountId account, OutgoingId outgoing, LocalDate today, int limit) {
        // A limit that was set during the day counts what was sent before.
        jdbc.sql("""
                        insert into channel.account_day (tenant_id, account_id, day, taken)
                        select :tenant, :account, :day, :sent
                        where not exists (select from channel.account_day where account_id = :account and day = :day)
                        on conflict do nothing
                        """)
                .param("tenant", actor.tenant().value())
                .param("account", account.value())
                .param("day", today)
                .param("sent", known(account, today) ? 0 : sent(account, today, zone(actor)))
                .update();
        var taken = jdbc.sql("""
                        update channel.account_day
                        set taken = taken + 1
                        where account_id = :account and day = :day and taken < :limit
                        """)
                .param("account", account.value())
                .param("day", today)
                .param("limit", limit)
                .update();
        if (taken > 0) {
            jdbc.sql("update channel.outgoing set budget_day = ? where id = ?")
                    .params(today, outgoing.value())
                    .update();
        }
        return taken > 0;
    }

    private boolean known(AccountId account, LocalDate today) {
        return jdbc.sql("select exists (select from channel.account_day where account_id = ? and day = ?)")
                .params(account.value(), today)
                .query(Boolean.class)
                .single();
    }

    /** What the network accepted today; a message is tried for days, so it may have been written some days before. */
    private int sent(AccountId account, LocalDate today, ZoneId zone) {
        var from = today.atStartOfDay(zone).toInstant();
        return jdbc.sql("""
                        select count(*)
                        from channel.outgoing
                        where id >= kentongan.uuid_at(:written) and account_id = :account
                        and state = 'SENT' and sent_at >= :from
                        """)
                .param("written", Timestamp.from(from.minus(Duration.ofDays(7))))
                .param("account", account.value())
                .param("from", Timestamp.from(from))
                .query(Integer.class)
                .single();
    }

    ZoneId zone(Actor actor) {
        return tenants.get(actor.tenant()).zone();
    }
}
