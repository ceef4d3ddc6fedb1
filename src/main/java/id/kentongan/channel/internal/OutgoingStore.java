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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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

    /** When the network took it; empty while it has not. */
    Optional<Instant> sentAt(OutgoingId id) {
        return jdbc.sql("select sent_at from channel.outgoing where id = ? and sent_at is not null")
                .param(id.value())
                .query((row, n) -> row.getTimestamp(1).toInstant())
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
                            -- One that is only to be tried at once may have been said all the same.
                            doubt_since = case when state = 'RETRY' and not :sent then doubt_since end,
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
                        set state = 'SENT', changed_at = :now, given_up_at = null, doubt_since = null,
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

    Outgoing open(Actor actor, byte[] sealed) {
        return json.readValue(vault.openForTenant(actor, PURPOSE, sealed), Outgoing.class);
    }

    private static OutgoingStatus status(ResultSet row, int number) throws SQLException {
        var sent = row.getTimestamp("sent_at");
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
                sent == null ? null : sent.toInstant(),
                confirmed == null ? null : confirmed.toInstant(),
                row.getObject("about", UUID.class));
    }
}
