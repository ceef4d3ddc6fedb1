// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Rows of the outbox; every method runs in its caller's transaction. */
@Component
class OutgoingStore {
    private static final String PURPOSE = "channel.outgoing";
    /** The code of what an officer gave up. */
    static final String ABANDONED = "abandoned";
    /** The code of what has a place in its account's budget, at the moment for which it waits. */
    static final String BUDGET = "budget";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;

    OutgoingStore(JdbcClient jdbc, Vault vault, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    /** What a row asks of the network. */
    enum Act {
        SAY,
        EDIT,
        WITHDRAW
    }

    /**
     * A row given to one sender.
     *
     * @param target what is edited or withdrawn; of something said, itself
     * @param before the state it was in
     * @param codeBefore why it stood in that state, or null; a moment promised long ago is forfeit
     * @param patienceFrom from when its days are counted
     * @param perDay how many messages its account may send in a day, or null
     */
    record Claimed(
            Outgoing outgoing,
            Act act,
            OutgoingId target,
            String before,
            @Nullable String codeBefore,
            int attempts,
            Instant patienceFrom,
            @Nullable Integer perDay) {}

    /** Whether it was added; not when its key was there. */
    boolean add(
            Actor actor,
            Outgoing outgoing,
            Act act,
            @Nullable OutgoingId target,
            @Nullable String remoteKey,
            @Nullable Instant place) {
        var now = clock.instant();
        return jdbc.sql("""
                        insert into channel.outgoing
                            (tenant_id, id, account_id, idempotency_key, state, code, next_attempt_at, sealed, about,
                                act, target_id, remote_key, created_at, changed_at)
                        values (:tenant, :id, :account, :key, :state, :code, :at, :sealed, :about, :act, :target,
                                :remote, :now, :now)
                        on conflict (tenant_id, idempotency_key) do nothing
                        """)
                        .param("tenant", actor.tenant().value())
                        .param("id", outgoing.id().value())
                        .param("account", outgoing.account().value())
                        .param("key", outgoing.idempotencyKey())
                        .param("state", state(place, now))
                        .param("code", code(place))
                        .param("at", Timestamp.from(from(place, now)))
                        .param("now", Timestamp.from(now))
                        .param("sealed", vault.sealForTenant(actor, PURPOSE, json.writeValueAsBytes(outgoing)))
                        .param("about", outgoing.about())
                        .param("act", act.name())
                        .param("target", target == null ? null : target.value())
                        .param("remote", remoteKey)
                        .update()
                > 0;
    }

    /** One that has no place asks for it when it is to be sent. */
    private static @Nullable String code(@Nullable Instant place) {
        return place == null ? null : BUDGET;
    }

    private static String state(@Nullable Instant place, Instant now) {
        return place != null && place.isAfter(now) ? "RETRY" : "QUEUED";
    }

    private static Instant from(@Nullable Instant place, Instant now) {
        return place != null && place.isAfter(now) ? place : now;
    }

    /**
     * Adds what is to be said; returns those whose key was not there.
     *
     * @param places the moment that its account's budget gives each, or null where there is no budget
     */
    List<Outgoing> addAll(
            Actor actor,
            List<Outgoing> outgoing,
            List<@Nullable Instant> places,
            Function<Outgoing, @Nullable String> remoteKey) {
        var now = clock.instant();
        var added = new HashSet<>(jdbc.sql("""
                        insert into channel.outgoing
                            (tenant_id, id, account_id, idempotency_key, state, code, next_attempt_at, sealed, about,
                                act, remote_key, created_at, changed_at)
                        select ?, o.id, o.account, o.key, o.state, o.code, o.at, o.sealed, o.about, 'SAY', o.remote, ?, ?
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::bytea[],
                                    ?::uuid[], ?::text[])
                            as o (id, account, key, state, code, at, sealed, about, remote)
                        on conflict (tenant_id, idempotency_key) do nothing
                        returning id
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(now),
                        Timestamp.from(now),
                        outgoing.stream().map(each -> each.id().value()).toArray(UUID[]::new),
                        outgoing.stream().map(each -> each.account().value()).toArray(UUID[]::new),
                        outgoing.stream().map(Outgoing::idempotencyKey).toArray(String[]::new),
                        places.stream().map(place -> state(place, now)).toArray(String[]::new),
                        places.stream().map(OutgoingStore::code).toArray(String[]::new),
                        places.stream()
                                .map(place -> from(place, now).toString())
                                .toArray(String[]::new),
                        outgoing.stream()
                                .map(each -> vault.sealForTenant(actor, PURPOSE, json.writeValueAsBytes(each)))
                                .toArray(byte[][]::new),
                        outgoing.stream().map(Outgoing::about).toArray(UUID[]::new),
                        outgoing.stream().map(remoteKey).toArray(String[]::new))
                .query(UUID.class)
                .list());
        return outgoing.stream()
                .filter(each -> added.contains(each.id().value()))
                .toList();
    }

    OutgoingId byKey(String idempotencyKey) {
        return jdbc.sql("select id from channel.outgoing where idempotency_key = ?")
                .param(idempotencyKey)
                .query((row, n) -> new OutgoingId(row.getObject(1, UUID.class)))
                .single();
    }

    Optional<Outgoing> said(Actor actor, OutgoingId id) {
        return jdbc.sql("select sealed from channel.outgoing where id = ? and act = 'SAY'")
                .param(id.value())
                .query((row, n) -> open(actor, row.getBytes(1)))
                .optional();
    }

    /** An emptied recipient, not none: a message to nobody must never become one to everybody. */
    private static final Outgoing.Recipient FORGOTTEN = new Outgoing.Recipient("", "");

    /** Returns those that were to that person. */
    List<Outgoing> forgetRecipient(Actor actor, Collection<OutgoingId> ids, String personKey) {
        var theirs = new ArrayList<Outgoing>();
        var uuids = ids.stream().map(OutgoingId::value).toArray(UUID[]::new);
        var rows = jdbc.sql("""
                        select sealed
                        from channel.outgoing
                        where id = any(?) or target_id = any(?)
                        order by id
                        for update
                        """)
                .params(uuids, uuids)
                .query((row, n) -> open(actor, row.getBytes(1)))
                .list();
        for (var each : rows) {
            var recipient = each.recipient();
            if (recipient == null || !recipient.key().equals(personKey)) {
                continue;
            }
            theirs.add(each);
            var emptied = new Outgoing(
                    each.id(),
                    each.account(),
                    each.idempotencyKey(),
                    null,
                    FORGOTTEN,
                    each.audience(),
                    each.text(),
                    each.warning(),
                    each.language(),
                    each.attachments(),
                    each.about());
            jdbc.sql("""
                            update channel.outgoing
                            set sealed = :sealed,
                                code = case when state in ('QUEUED', 'RETRY') then 'recipient-gone' else code end,
                                state = case when state in ('QUEUED', 'RETRY') then 'REFUSED' else state end,
                                changed_at = :now
                            where id = :id
                            """)
                    .param("sealed", vault.sealForTenant(actor, PURPOSE, json.writeValueAsBytes(emptied)))
                    .param("now", Timestamp.from(clock.instant()))
                    .param("id", each.id().value())
                    .update();
        }
        return theirs;
    }

    List<OutgoingStatus> statuses(Collection<OutgoingId> ids) {
        return jdbc.sql("select * from channel.outgoing where id = any(?)")
                .param(ids.stream().map(OutgoingId::value).toArray(UUID[]::new))
                .query(OutgoingStore::status)
                .list();
    }

    List<OutgoingStatus> troubled() {
        return jdbc.sql("""
                        select * from channel.outgoing
                        where state in ('REFUSED', 'UNKNOWN') and given_up_at is null
                        order by id desc
                        limit 200
                        """).query(OutgoingStore::status).list();
    }

    List<Outbox.Held> held() {
        return jdbc.sql("""
                        select *
                        from channel.outgoing
                        where (state in ('REFUSED', 'UNKNOWN') and given_up_at is null) or state = 'RETRY'
                        order by id desc
                        limit 200
                        """)
                .query((row, n) -> {
                    var status = status(row, n);
                    return new Outbox.Held(
                            status,
                            row.getTimestamp("created_at").toInstant(),
                            status.state() == OutgoingStatus.State.RETRY
                                    ? row.getTimestamp("next_attempt_at").toInstant()
                                    : null);
                })
                .list();
    }

    /** It stands refused for good; empty when it was sent, or given up before. */
    Optional<OutgoingStatus> abandon(OutgoingId id) {
        return jdbc.sql("""
                        update channel.outgoing
                        set state = 'REFUSED', code = :code, changed_at = :now, given_up_at = :now
                        where id = :id and state in ('REFUSED', 'UNKNOWN', 'RETRY') and given_up_at is null
                        returning *
                        """)
                .param("code", ABANDONED)
                .param("now", Timestamp.from(clock.instant()))
                .param("id", id.value())
                .query(OutgoingStore::status)
                .optional();
    }

    /**
     * What stood refused or unknown, or waited for its next try, as it stands now; empty for others.
     *
     * @param key the network's key of it, where that is known
     */
    Optional<Settled> settle(OutgoingId id, boolean wasSent, @Nullable String key) {
        return jdbc.sql("""
                        update channel.outgoing
                        set state = :state, next_attempt_at = :now, changed_at = :now, patience_from = :now,
                            given_up_at = null,
                            remote_key = case when :sent and act = 'SAY' then coalesce(remote_key, :key) else remote_key end,
                            sent_at = case when :sent then :now::timestamptz else sent_at end
                        where id = :id and state in ('REFUSED', 'UNKNOWN', 'RETRY')
                        returning *
                        """)
                .param("state", wasSent ? "SENT" : "QUEUED")
                .param("sent", wasSent)
                .param("key", key)
                .param("now", Timestamp.from(clock.instant()))
                .param("id", id.value())
                .query((row, n) -> new Settled(status(row, n), Act.valueOf(row.getString("act"))))
                .optional();
    }

    record Settled(OutgoingStatus status, Act act) {}

    /** Those that a receipt names, whose sending it settles where it was open; with the state each was in. */
    List<Confirmed> confirm(AccountId account, String remoteKey, Instant at) {
        return jdbc.sql("""
                        update channel.outgoing o
                        set state = 'SENT', changed_at = :now, given_up_at = null,
                            sent_at = coalesce(o.sent_at, :at), confirmed_at = :at
                        from (
                            select tenant_id, id, state
                            from channel.outgoing
                            where account_id = :account and remote_key = :key and act = 'SAY' and confirmed_at is null
                            and attempts > 0
                            for update) before
                        where o.tenant_id = before.tenant_id and o.id = before.id
                        returning o.*, before.state as before
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("at", Timestamp.from(at))
                .param("account", account.value())
                .param("key", remoteKey)
                .query((row, n) -> new Confirmed(status(row, n), OutgoingStatus.State.valueOf(row.getString("before"))))
                .list();
    }

    /** What its network took, or may have taken, and tells now that it did not arrive; as it stands since. */
    List<OutgoingStatus> returned(AccountId account, String remoteKey, String code) {
        return jdbc.sql("""
                        update channel.outgoing
                        set state = 'REFUSED', code = :code, changed_at = :now
                        where account_id = :account and remote_key = :key and act = 'SAY' and state in ('SENT', 'UNKNOWN')
                        returning *
                        """)
                .param("code", code)
                .param("now", Timestamp.from(clock.instant()))
                .param("account", account.value())
                .param("key", remoteKey)
                .query(OutgoingStore::status)
                .list();
    }

    record Confirmed(OutgoingStatus status, OutgoingStatus.State before) {}

    /** Takes what is due. An edit or a withdrawal waits for what it changes, and for the change before it. */
    List<Claimed> claim(Actor actor, int most, Duration lease) {
        var now = clock.instant();
        return jdbc.sql("""
                        update channel.outgoing o
                        set state = 'SENDING', attempts = o.attempts + 1, next_attempt_at = :lease, changed_at = :now
                        from (
                            select q.tenant_id, q.id, q.state as before,
                                case when q.next_attempt_at > :now::timestamptz - interval '1 minute' then q.code end
                                    as code_before, a.daily_limit
                            from channel.outgoing q
                            join channel.account a on a.tenant_id = q.tenant_id and a.id = q.account_id
                            where q.state in ('QUEUED', 'SENDING', 'RETRY') and q.next_attempt_at <= :now
                            and a.state = 'ACTIVE'
                            and (q.target_id is null or not exists (
                                select 1
                                from channel.outgoing t
                                where t.tenant_id = q.tenant_id and t.state in ('QUEUED', 'SENDING', 'RETRY')
                                and (t.id = q.target_id
                                    or (t.target_id = q.target_id and (t.created_at, t.id) < (q.created_at, q.id)))))
                            order by q.next_attempt_at, q.id
                            limit :limit
                            for update of q skip locked) w
                        where o.tenant_id = w.tenant_id and o.id = w.id
                        returning o.sealed, o.act, coalesce(o.target_id, o.id), w.before, o.attempts,
                            coalesce(o.patience_from, o.created_at), w.daily_limit, w.code_before
                        """)
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(lease)))
                .param("limit", most)
                .query((row, n) -> new Claimed(
                        open(actor, row.getBytes(1)),
                        Act.valueOf(row.getString(2)),
                        new OutgoingId(row.getObject(3, UUID.class)),
                        row.getString(4),
                        row.getString(8),
                        row.getInt(5),
                        row.getTimestamp(6).toInstant(),
                        row.getObject(7, Integer.class)))
                .list();
    }

    /** Whether the row is still the one this sender claimed: a lease that ran out may have given it to another. */
    boolean stillOurs(Claimed claimed) {
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

    void sent(OutgoingId id, String remoteKey, @Nullable String url) {
        update(id, "SENT", null, clock.instant(), remoteKey, url);
    }

    void again(OutgoingId id, String code, Instant when) {
        update(id, "RETRY", code, when, null, null);
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
                .param("account", claimed.outgoing().account().value())
                .param("id", claimed.outgoing().id().value())
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
                        BUDGET,
                        Timestamp.from(clock.instant()),
                        when.keySet().stream().map(OutgoingId::value).toArray(UUID[]::new),
                        when.values().stream().map(Instant::toString).toArray(String[]::new))
                .update();
    }

    void failed(OutgoingId id, OutgoingStatus.State state, String code) {
        update(id, state.name(), code, clock.instant(), null, null);
    }

    private void update(
            OutgoingId id,
            String state,
            @Nullable String code,
            Instant next,
            @Nullable String remoteKey,
            @Nullable String url) {
        jdbc.sql("""
                        update channel.outgoing
                        set state = :state, code = :code, next_attempt_at = :next, changed_at = :now,
                            remote_key = coalesce(:remote, remote_key), url = coalesce(:url, url),
                            sent_at = case when :state = 'SENT' then :now::timestamptz else sent_at end
                        where id = :id
                        """)
                .param("state", state)
                .param("code", code)
                .param("next", Timestamp.from(next))
                .param("now", Timestamp.from(clock.instant()))
                .param("remote", remoteKey)
                .param("url", url)
                .param("id", id.value())
                .update();
    }

    private Outgoing open(Actor actor, byte[] sealed) {
        return json.readValue(vault.openForTenant(actor, PURPOSE, sealed), Outgoing.class);
    }

    private static OutgoingStatus status(ResultSet row, int number) throws SQLException {
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
}
