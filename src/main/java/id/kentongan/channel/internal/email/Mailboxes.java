// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccounts.Standing;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** How the tenant's mailboxes are reached, how far each was read, and who reads it. */
@Component
class Mailboxes implements KnownMailboxes {
    private static final String CREDENTIALS = "channel.account.credentials";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;
    private final Cache<TenantId, Map<AccountId, Known>> known =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(5)).build();

    Mailboxes(ActorTransactions transactions, JdbcClient jdbc, Vault vault, ObjectMapper json, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<Known> of(Actor actor, AccountId account) {
        return Optional.ofNullable(all(actor).get(account));
    }

    @Override
    public List<String> addresses(Actor actor) {
        return all(actor).values().stream()
                .map(each -> each.mailbox().address())
                .toList();
    }

    private Map<AccountId, Known> all(Actor actor) {
        var cached = known.getIfPresent(actor.tenant());
        if (cached != null) {
            return cached;
        }
        var loaded = load(Actor.system(actor.tenant(), "channel"));
        known.put(actor.tenant(), loaded);
        return loaded;
    }

    private Map<AccountId, Known> load(Actor actor) {
        var found = new HashMap<AccountId, Known>();
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        select a.id, a.credentials, m.marked
                        from channel.account a
                        join channel.mailbox m on m.tenant_id = a.tenant_id and m.account_id = a.id
                        where a.network = 'email'
                        """).query(row -> {
                    found.put(
                            new AccountId(row.getObject(1, UUID.class)),
                            new Known(opened(actor, row.getBytes(2)), row.getBoolean(3)));
                }));
        return Map.copyOf(found);
    }

    private MailAccount opened(Actor actor, byte[] sealed) {
        return json.readValue(vault.openForTenant(actor, CREDENTIALS, sealed), MailAccount.class);
    }

    // ---- within the caller's transaction ----------------------------------------------------------------------------

    /** Whether it was added; not when the tenant has an account of that address. */
    boolean add(Actor actor, AccountId id, String displayName, String summary, MailAccount mailbox) {
        var now = Timestamp.from(clock.instant());
        var added = jdbc.sql("""
                        insert into channel.account
                            (tenant_id, id, network, name, handle, display_name, summary, state, credentials, public_key,
                             created_at)
                        values (?, ?, 'email', ?, ?, ?, ?, 'ACTIVE', ?, '', ?)
                        on conflict do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        id.value(),
                        mailbox.address(),
                        mailbox.address(),
                        displayName,
                        summary,
                        sealed(actor, mailbox),
                        now)
                .update();
        if (added == 0) {
            return false;
        }
        jdbc.sql("insert into channel.mailbox (tenant_id, account_id, since, held_until) values (?, ?, ?, ?)")
                .params(actor.tenant().value(), id.value(), now, now)
                .update();
        forget(actor);
        return true;
    }

    void change(Actor actor, AccountId id, MailAccount mailbox) {
        jdbc.sql("update channel.account set credentials = ? where id = ? and network = 'email'")
                .params(sealed(actor, mailbox), id.value())
                .update();
        forget(actor);
    }

    private byte[] sealed(Actor actor, MailAccount mailbox) {
        return vault.sealForTenant(actor, CREDENTIALS, json.writeValueAsBytes(mailbox));
    }

    void mark(Actor actor, AccountId id, boolean arrives) {
        jdbc.sql("update channel.mailbox set marked = ? where account_id = ?")
                .params(arrives, id.value())
                .update();
        forget(actor);
    }

    private void forget(Actor actor) {
        transactions.afterCommit(() -> known.invalidate(actor.tenant()));
    }

    Map<AccountId, Standing> standings() {
        var found = new HashMap<AccountId, Standing>();
        jdbc.sql("select account_id, looked_at, failure, marked from channel.mailbox")
                .query(row -> {
                    var looked = row.getTimestamp(2);
                    found.put(
                            new AccountId(row.getObject(1, UUID.class)),
                            new Standing(
                                    looked == null ? null : looked.toInstant(), row.getString(3), row.getBoolean(4)));
                });
        return found;
    }

    // ---- who reads, and how far -------------------------------------------------------------------------------------

    record Free(TenantId tenant, AccountId account) {}

    List<Free> free() {
        return jdbc.sql("select tenant_id, account_id from channel.free_mailboxes(?)")
                .param(Timestamp.from(clock.instant()))
                .query((row, n) -> new Free(
                        new TenantId(row.getObject(1, UUID.class)), new AccountId(row.getObject(2, UUID.class))))
                .list();
    }

    /** Takes or keeps the mailbox for a reader; false when another has it. */
    boolean hold(Actor actor, AccountId account, UUID reader, Duration lease) {
        var now = clock.instant();
        return transactions.write(
                        actor,
                        () -> jdbc.sql("""
                                update channel.mailbox
                                set held_by = :reader, held_until = :until
                                where account_id = :account and (held_by = :reader or held_until <= :now)
                                """)
                                .param("reader", reader)
                                .param("until", Timestamp.from(now.plus(lease)))
                                .param("now", Timestamp.from(now))
                                .param("account", account.value())
                                .update())
                > 0;
    }

    void release(Actor actor, AccountId account, UUID reader) {
        transactions.run(
                actor,
                () -> jdbc.sql("update channel.mailbox set held_until = ? where account_id = ? and held_by = ?")
                        .params(Timestamp.from(clock.instant()), account.value(), reader)
                        .update());
    }

    /** @param validity of the numbers, or null before anything was read */
    record Place(@Nullable Long validity, long lastUid, Instant since) {}

    Place place(Actor actor, AccountId account) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select uid_validity, last_uid, since from channel.mailbox where account_id = ?")
                        .param(account.value())
                        .query((row, n) -> new Place(
                                row.getObject(1, Long.class),
                                row.getLong(2),
                                row.getTimestamp(3).toInstant()))
                        .single());
    }

    /** Read so far. Another reader, who may have taken over meanwhile, is not set back. */
    void readTo(Actor actor, AccountId account, UUID reader, long validity, long uid) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        update channel.mailbox
                        set uid_validity = :validity, last_uid = :uid
                        where account_id = :account and held_by = :reader
                        """)
                        .param("validity", validity)
                        .param("uid", uid)
                        .param("account", account.value())
                        .param("reader", reader)
                        .update());
    }

    void looked(Actor actor, AccountId account) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        update channel.mailbox
                        set looked_at = ?, failure = null, failed_at = null
                        where account_id = ?
                        """)
                        .params(Timestamp.from(clock.instant()), account.value())
                        .update());
    }

    void failed(Actor actor, AccountId account, String code) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        update channel.mailbox
                        set failure = ?, failed_at = coalesce(failed_at, ?)
                        where account_id = ?
                        """)
                        .params(code, Timestamp.from(clock.instant()), account.value())
                        .update());
    }
}
