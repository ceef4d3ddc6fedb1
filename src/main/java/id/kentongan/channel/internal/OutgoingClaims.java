// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.internal.OutgoingStore.Act;
import id.kentongan.kernel.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The outbox as its senders see it: what is due is given to one of them, and comes back with what became of it. */
@Component
class OutgoingClaims {
    private final JdbcClient jdbc;
    private final OutgoingStore store;
    private final Clock clock;

    OutgoingClaims(JdbcClient jdbc, OutgoingStore store, Clock clock) {
        this.jdbc = jdbc;
        this.store = store;
        this.clock = clock;
    }

    /**
     * A row given to one sender.
     *
     * @param target what is edited or withdrawn; of something said, itself
     * @param died whether a sender had it before and never told what became of it
     * @param promised whether it comes at the moment that its account's budget gave it; one long past is forfeit
     * @param code why it stood as it did, or null
     * @param at when it was given away
     * @param patienceFrom from when its days are counted
     * @param perDay how many messages its account may send in a day, or null
     * @param doubtSince since when it may have been said already, or null
     */
    record Claimed(
            Outgoing outgoing,
            Act act,
            OutgoingId target,
            boolean died,
            boolean promised,
            @Nullable String code,
            int attempts,
            Instant at,
            Instant patienceFrom,
            @Nullable Integer perDay,
            @Nullable Instant doubtSince) {
        OutgoingId id() {
            return outgoing.id();
        }

        AccountId account() {
            return outgoing.account();
        }
    }

    /**
     * Takes what is due. An edit or a withdrawal waits for what it changes, until it is known whether that was said, and
     * for the change before it.
     */
    List<Claimed> claim(Actor actor, int most, Duration lease) {
        var now = clock.instant();
        return jdbc.sql("""
                        update channel.outgoing o
                        set state = 'SENDING', attempts = o.attempts + 1, next_attempt_at = :lease, changed_at = :now,
                            doubt_since = case when w.died then coalesce(o.doubt_since, o.changed_at)
                                else o.doubt_since end
                        from (
                            select q.tenant_id, q.id, q.state = 'SENDING' as died, q.code, a.daily_limit,
                                q.code = :budget and q.next_attempt_at > :now::timestamptz - interval '1 minute'
                                    as promised
                            from channel.outgoing q
                            join channel.account a on a.tenant_id = q.tenant_id and a.id = q.account_id
                            where q.state in ('QUEUED', 'SENDING', 'RETRY') and q.next_attempt_at <= :now
                            and a.state = 'ACTIVE'
                            and (q.target_id is null or not exists (
                                select 1
                                from channel.outgoing t
                                where t.tenant_id = q.tenant_id
                                and t.state in ('QUEUED', 'SENDING', 'RETRY', 'UNKNOWN')
                                and (t.id = q.target_id
                                    or (t.target_id = q.target_id and (t.created_at, t.id) < (q.created_at, q.id)))))
                            order by q.next_attempt_at, q.id
                            limit :limit
                            for update of q skip locked) w
                        where o.tenant_id = w.tenant_id and o.id = w.id
                        returning o.sealed, o.act, coalesce(o.target_id, o.id) as target, w.died,
                            coalesce(w.promised, false) as promised, w.code as code_before, o.attempts, o.doubt_since,
                            coalesce(o.patience_from, o.created_at) as patience, w.daily_limit
                        """)
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(lease)))
                .param("limit", most)
                .param("budget", OutgoingStore.BUDGET)
                .query((row, n) -> claimed(actor, row, now))
                .list();
    }

    private Claimed claimed(Actor actor, ResultSet row, Instant now) throws SQLException {
        var doubt = row.getTimestamp("doubt_since");
        return new Claimed(
                store.open(actor, row.getBytes("sealed")),
                Act.valueOf(row.getString("act")),
                new OutgoingId(row.getObject("target", UUID.class)),
                row.getBoolean("died"),
                row.getBoolean("promised"),
                row.getString("code_before"),
                row.getInt("attempts"),
                now,
                row.getTimestamp("patience").toInstant(),
                row.getObject("daily_limit", Integer.class),
                doubt == null ? null : doubt.toInstant());
    }

    /** Whether the row is still the one this sender claimed: a lease that ran out may have given it to another. */
    boolean stillOurs(Claimed claimed) {
        return jdbc.sql("""
                        select 1
                        from channel.outgoing
                        where id = ? and state = 'SENDING' and attempts = ?
                        for update
                        """)
                .params(claimed.id().value(), claimed.attempts())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void sent(OutgoingId id, String remoteKey, @Nullable String url) {
        var now = Timestamp.from(clock.instant());
        jdbc.sql("""
                        update channel.outgoing
                        set state = 'SENT', code = null, doubt_since = null, next_attempt_at = :now, changed_at = :now,
                            sent_at = :now, remote_key = :remote, url = coalesce(:url, url)
                        where id = :id
                        """)
                .param("now", now)
                .param("remote", remoteKey)
                .param("url", url)
                .param("id", id.value())
                .update();
    }

    void again(OutgoingId id, String code, Instant when, @Nullable Instant doubtSince) {
        update(id, "RETRY", code, when, doubtSince);
    }

    void failed(OutgoingId id, OutgoingStatus.State state, String code, @Nullable Instant doubtSince) {
        update(id, state.name(), code, clock.instant(), doubtSince);
    }

    private void update(OutgoingId id, String state, String code, Instant next, @Nullable Instant doubtSince) {
        jdbc.sql("""
                        update channel.outgoing
                        set state = :state, code = :code, next_attempt_at = :next, changed_at = :now,
                            doubt_since = :doubt
                        where id = :id
                        """)
                .param("state", state)
                .param("code", code)
                .param("next", Timestamp.from(next))
                .param("now", Timestamp.from(clock.instant()))
                .param("doubt", doubtSince == null ? null : Timestamp.from(doubtSince))
                .param("id", id.value())
                .update();
    }

    /** Its network has shut the account out: that was no attempt of the message, which waits for the account. */
    void waitForAccount(OutgoingId id, String code) {
        jdbc.sql("""
                        update channel.outgoing
                        set state = 'RETRY', code = ?, attempts = attempts - 1, next_attempt_at = ?, changed_at = ?
                        where id = ?
                        """)
                .params(code, Timestamp.from(clock.instant()), Timestamp.from(clock.instant()), id.value())
                .update();
    }

    /**
     * Its account's day is full: it waits for the next, unless the limit was changed while it was being found out. Held
     * against that change, so that it either finds this row waiting or is found here.
     */
    void notToday(Claimed claimed, Instant when) {
        jdbc.sql("""
                        update channel.outgoing o
                        set state = 'RETRY', code = :code, attempts = o.attempts - 1, changed_at = :now,
                            next_attempt_at = case
                                when a.daily_limit is not distinct from :limit::integer then :when::timestamptz
                                else :now::timestamptz end
                        from (select daily_limit from channel.account where id = :account for share) a
                        where o.id = :id
                        """)
                .param("code", OutboxSender.DAY_BUDGET)
                .param("limit", claimed.perDay())
                .param("when", Timestamp.from(when))
                .param("now", Timestamp.from(clock.instant()))
                .param("account", claimed.account().value())
                .param("id", claimed.id().value())
                .update();
    }

    /** They were not tried, so it does not count as an attempt. */
    void notYet(Map<OutgoingId, Instant> when) {
        jdbc.sql("""
                        update channel.outgoing o
                        set state = 'RETRY', code = ?, next_attempt_at = w.at, attempts = o.attempts - 1, changed_at = ?
                        from unnest(?::uuid[], ?::timestamptz[]) as w (id, at)
                        where o.id = w.id
                        """)
                .params(
                        OutgoingStore.BUDGET,
                        Timestamp.from(clock.instant()),
                        when.keySet().stream().map(OutgoingId::value).toArray(UUID[]::new),
                        when.values().stream().map(Instant::toString).toArray(String[]::new))
                .update();
    }
}
