// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Capabilities;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * An account's share of a minute, for all nodes: so many at once, then one per interval. Who must wait is promised a
 * moment of its own, so that a long queue is not claimed again and again for one free place.
 */
@Component
class Budget {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    private final Accounts accounts;
    private final Adapters adapters;

    Budget(ActorTransactions transactions, JdbcClient jdbc, Clock clock, Accounts accounts, Adapters adapters) {
        this.accounts = accounts;
        this.adapters = adapters;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The moments of so many messages, in order; each is null where the account's network sets no limit. */
    List<@Nullable Instant> places(Actor actor, AccountId account, int messages) {
        var perMinute = accounts.find(Actor.system(actor.tenant(), "channel"), account)
                .flatMap(adapters::capabilities)
                .map(Capabilities::perMinute)
                .orElse(0);
        return perMinute == 0
                ? Collections.nCopies(messages, null)
                : new ArrayList<@Nullable Instant>(take(actor, account, perMinute, messages));
    }

    /** The moments of so many messages, in order; those that are not later than now may be sent. */
    List<Instant> take(Actor actor, AccountId account, int perMinute, int messages) {
        var interval = Duration.ofMinutes(1).dividedBy(perMinute);
        var taken = interval.multipliedBy(messages);
        var earliest = clock.instant().minus(interval.multipliedBy(perMinute - 1L));
        var end = transactions.<Instant>write(
                actor,
                () -> jdbc.sql("""
                        insert into channel.account_pace as p (tenant_id, account_id, next_at)
                        values (:tenant, :account, :earliest::timestamptz + :taken::interval)
                        on conflict (tenant_id, account_id) do update
                        set next_at = greatest(p.next_at, :earliest::timestamptz) + :taken::interval
                        returning next_at
                        """)
                        .param("tenant", actor.tenant().value())
                        .param("account", account.value())
                        .param("earliest", Timestamp.from(earliest))
                        .param("taken", taken.toNanos() / 1000 + " microseconds")
                        .query((row, n) -> row.getTimestamp(1).toInstant())
                        .single());
        return IntStream.range(0, messages)
                .mapToObj(n -> end.minus(interval.multipliedBy((long) messages - n)))
                .toList();
    }
}
