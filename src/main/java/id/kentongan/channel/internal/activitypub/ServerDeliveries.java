// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Reach;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** To which inboxes what we said goes, and what became of each. Methods open a transaction or join their caller's. */
@Component
class ServerDeliveries {
    private static final String INBOX = "channel.ap_delivery";
    private static final int MOST_TROUBLES = 100;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;

    ServerDeliveries(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    /** What an inbox is told about a note; the database calls them the same. */
    enum Activity {
        Create,
        Update,
        Delete
    }

    /** One inbox's delivery, given to one sender. */
    record Claimed(
            UUID note,
            Activity activity,
            byte[] inboxHash,
            AccountId account,
            String inbox,
            int attempts,
            Instant patienceFrom) {}

    /**
     * Queues the activity for the inboxes. One that waits or was made already stays as it is; a further change of the
     * same note is sent again, since it has other words now: after the one that is on its way, never beside it.
     */
    void queue(LocalActor local, UUID note, Activity activity, Collection<String> inboxes) {
        var actor = local.system();
        transactions.run(actor, () -> {
            var hashes = inboxes.stream().map(inbox -> hash(actor, inbox)).toArray(byte[][]::new);
            var sealed = inboxes.stream().map(inbox -> seal(actor, inbox)).toArray(byte[][]::new);
            jdbc.sql("""
                            insert into channel.ap_delivery as d
                                (tenant_id, note_id, activity, inbox_hash, account_id, sealed, state, next_attempt_at,
                                    patience_from, changed_at)
                            select :tenant, :note, :activity, i.hash, :account, i.sealed, 'waiting', :now, :now, :now
                            from unnest(:hashes::bytea[], :sealed::bytea[]) as i (hash, sealed)
                            on conflict (tenant_id, note_id, activity, inbox_hash) do update
                            set state = case when d.state = 'sending' then d.state else 'waiting' end,
                                once_more = d.state = 'sending',
                                attempts = case when d.state = 'sending' then d.attempts else 0 end,
                                next_attempt_at = case when d.state = 'sending' then d.next_attempt_at
                                    else :now::timestamptz end,
                                patience_from = :now, code = null, changed_at = :now
                            where d.activity = 'Update' and d.state <> 'waiting'
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("note", note)
                    .param("activity", activity.name())
                    .param("account", local.account().value())
                    .param("hashes", hashes)
                    .param("sealed", sealed)
                    .param("now", Timestamp.from(clock.instant()))
                    .update();
        });
    }

    /** Whether the inbox has taken or refused that already. */
    boolean settled(LocalActor local, UUID note, Activity activity, String inbox) {
        var actor = local.system();
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select 1
                        from channel.ap_delivery
                        where note_id = ? and activity = ? and inbox_hash = ? and state in ('done', 'refused')
                        """)
                        .params(note, activity.name(), hash(actor, inbox))
                        .query(Integer.class)
                        .optional()
                        .isPresent());
    }

    /** Notes that the inbox took what was sent to it at once. */
    void taken(LocalActor local, UUID note, Activity activity, String inbox) {
        var actor = local.system();
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_delivery
                            (tenant_id, note_id, activity, inbox_hash, account_id, sealed, state, changed_at)
                        values (?, ?, ?, ?, ?, ?, 'done', ?)
                        on conflict (tenant_id, note_id, activity, inbox_hash) do update
                        set state = 'done', code = null, changed_at = excluded.changed_at
                        """)
                        .params(
                                actor.tenant().value(),
                                note,
                                activity.name(),
                                hash(actor, inbox),
                                local.account().value(),
                                seal(actor, inbox),
                                Timestamp.from(clock.instant()))
                        .update());
    }

    /** Every inbox the note went to or still goes to, but for those that refused it. */
    Set<String> inboxes(LocalActor local, UUID note) {
        var actor = local.system();
        return transactions.read(
                actor,
                () -> new LinkedHashSet<>(jdbc.sql("""
                        select sealed
                        from channel.ap_delivery
                        where note_id = ? and activity = 'Create' and state <> 'refused' and sealed is not null
                        order by inbox_hash
                        """)
                        .param(note)
                        .query((row, n) -> open(actor, row.getBytes(1)))
                        .list()));
    }

    /** A creation or change that still waits need not be sent when the note is taken back. */
    void forgetWaiting(LocalActor local, UUID note) {
        transactions.run(
                local.system(),
                () -> jdbc.sql("""
                        update channel.ap_delivery
                        set state = 'refused', code = 'withdrawn', changed_at = ?
                        where note_id = ? and activity <> 'Delete' and state in ('waiting', 'retry')
                        """)
                        .params(Timestamp.from(clock.instant()), note)
                        .update());
    }

    /** Takes what is due: of one note to one inbox, the creation first, then its change, then its end. */
    List<Claimed> claim(Actor actor, int most, Duration lease) {
        var now = clock.instant();
        return transactions.write(
                actor,
                () -> jdbc.sql("""
                        update channel.ap_delivery d
                        set state = 'sending', attempts = d.attempts + 1, next_attempt_at = :lease, changed_at = :now,
                            once_more = false
                        from (
                            select q.tenant_id, q.note_id, q.activity, q.inbox_hash
                            from channel.ap_delivery q
                            join channel.account a on a.tenant_id = q.tenant_id and a.id = q.account_id
                            where q.state in ('waiting', 'sending', 'retry') and q.next_attempt_at <= :now
                            and a.state = 'ACTIVE'
                            and not exists (
                                select 1
                                from channel.ap_delivery e
                                where e.tenant_id = q.tenant_id and e.note_id = q.note_id
                                and e.inbox_hash = q.inbox_hash and e.state in ('waiting', 'sending', 'retry')
                                and array_position(array['Create', 'Update', 'Delete'], e.activity)
                                    < array_position(array['Create', 'Update', 'Delete'], q.activity))
                            order by q.next_attempt_at
                            limit :limit
                            for update of q skip locked) w
                        where d.tenant_id = w.tenant_id and d.note_id = w.note_id and d.activity = w.activity
                            and d.inbox_hash = w.inbox_hash
                        returning d.note_id, d.activity, d.inbox_hash, d.account_id, d.sealed, d.attempts, d.patience_from
                        """)
                        .param("now", Timestamp.from(now))
                        .param("lease", Timestamp.from(now.plus(lease)))
                        .param("limit", most)
                        .query((row, n) -> claimed(actor, row))
                        .list());
    }

    void done(Actor actor, Claimed claimed) {
        settle(actor, claimed, "done", null, null);
    }

    void again(Actor actor, Claimed claimed, String code, Instant when) {
        settle(actor, claimed, "retry", code, when);
    }

    void refused(Actor actor, Claimed claimed, String code) {
        settle(actor, claimed, "refused", code, null);
    }

    Reach reach(Actor actor, UUID note) {
        return transactions.read(actor, () -> {
            var counts = new int[3];
            var troubled = new ArrayList<Reach.Trouble>();
            jdbc.sql("""
                            select state, sealed, attempts, code, next_attempt_at
                            from channel.ap_delivery
                            where note_id = ?
                            order by changed_at desc
                            """).param(note).query(row -> {
                var state = row.getString("state");
                counts[state.equals("done") ? 0 : state.equals("refused") ? 2 : 1]++;
                var code = row.getString("code");
                var sealed = row.getBytes("sealed");
                if (code != null && sealed != null && troubled.size() < MOST_TROUBLES) {
                    troubled.add(new Reach.Trouble(
                            server(open(actor, sealed)),
                            row.getInt("attempts"),
                            code,
                            state.equals("refused")
                                    ? null
                                    : row.getTimestamp("next_attempt_at").toInstant()));
                }
            });
            return new Reach(counts[0], counts[1], counts[2], troubled);
        });
    }

    /** What became of it; where other words are to follow, it waits for them instead. */
    private void settle(Actor actor, Claimed claimed, String state, @Nullable String code, @Nullable Instant next) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        update channel.ap_delivery
                        set state = case when once_more then 'waiting' else :state end,
                            code = case when once_more then null else :code end,
                            next_attempt_at = case when once_more then :now::timestamptz
                                else :next::timestamptz end,
                            attempts = case when once_more then 0 else attempts end,
                            once_more = false, changed_at = :now
                        where note_id = :note and activity = :activity and inbox_hash = :hash
                        and state = 'sending' and attempts = :attempts
                        """)
                        .param("state", state)
                        .param("code", code)
                        .param("next", next == null ? null : Timestamp.from(next))
                        .param("now", Timestamp.from(clock.instant()))
                        .param("note", claimed.note())
                        .param("activity", claimed.activity().name())
                        .param("hash", claimed.inboxHash())
                        .param("attempts", claimed.attempts())
                        .update());
    }

    private Claimed claimed(Actor actor, ResultSet row) throws SQLException {
        return new Claimed(
                row.getObject("note_id", UUID.class),
                Activity.valueOf(row.getString("activity")),
                row.getBytes("inbox_hash"),
                new AccountId(row.getObject("account_id", UUID.class)),
                open(actor, row.getBytes("sealed")),
                row.getInt("attempts"),
                row.getTimestamp("patience_from").toInstant());
    }

    private static String server(String inbox) {
        var address = ActivityJson.address(inbox);
        return address == null ? inbox : address.getRawAuthority();
    }

    private byte[] hash(Actor actor, String inbox) {
        return vault.keyedHash(actor, INBOX, inbox);
    }

    private byte[] seal(Actor actor, String inbox) {
        return vault.sealForTenant(actor, INBOX, inbox.getBytes(StandardCharsets.UTF_8));
    }

    private String open(Actor actor, byte[] sealed) {
        return new String(vault.openForTenant(actor, INBOX, sealed), StandardCharsets.UTF_8);
    }
}
