// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.SealedFiles.StoredFile;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What authors do to their own messages afterwards: edit, delete, leave. */
@Component
class Changes {
    private static final String PENDING = "inbox.pending_change";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;
    private final Trail trail;
    private final ApplicationEventPublisher events;
    private final ActorTransactions transactions;

    Changes(
            JdbcClient jdbc,
            Vault vault,
            SealedFiles files,
            Trail trail,
            ApplicationEventPublisher events,
            ActorTransactions transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.events = events;
        this.transactions = transactions;
    }

    private record Target(UUID id, ConversationId conversation, DataKeyId key, boolean gone, Instant changedAt) {}

    void edit(Actor actor, ReceivedItem item, Item.Edited edited, byte[] targetHash) {
        var target = target(targetHash);
        if (target.isEmpty()) {
            pend(actor, item.account(), targetHash, edited.at(), false, edited.text());
            return;
        }
        apply(actor, target.get(), edited.at(), edited.text());
    }

    void delete(Actor actor, AccountId account, byte[] targetHash, Instant at) {
        var target = target(targetHash);
        if (target.isEmpty()) {
            pend(actor, account, targetHash, at, true, "");
            return;
        }
        destroy(actor, target.get(), at);
    }

    /** Everything the author said is destroyed with their key. */
    void left(Actor actor, Network network, byte[] authorHash, Instant at) {
        record Row(UUID contact, DataKeyId key) {}
        var contact = jdbc.sql("""
                        select c.id, c.data_key_id
                        from inbox.contact_identity i
                        join inbox.contact c on c.tenant_id = i.tenant_id and c.id = i.contact_id
                        where i.network = ? and i.key_hash = ?
                        """)
                .params(network.code(), authorHash)
                .query((row, n) -> new Row(row.getObject(1, UUID.class), new DataKeyId(row.getObject(2, UUID.class))))
                .optional();
        contact.ifPresent(found -> {
            var messages =
                    jdbc.sql("""
                            select id, conversation_id, data_key_id, deleted_at is not null, at
                            from inbox.message
                            where contact_id = ?
                            """).param(found.contact()).query(Changes::target).list();
            messages.forEach(message -> destroy(actor, message, at));
            vault.destroy(actor, found.key());
        });
    }

    /** Applies what came before these messages. */
    void applyPending(Actor actor, List<byte[]> keyHashes) {
        record Pending(byte[] hash, Instant at, boolean deleted, byte[] sealed) {}
        var waiting = jdbc.sql("""
                        delete from inbox.pending_change
                        where target_hash = any(?)
                        returning target_hash, at, deleted, sealed
                        """)
                .param(keyHashes.toArray(byte[][]::new))
                .query((row, n) -> new Pending(
                        row.getBytes(1), row.getTimestamp(2).toInstant(), row.getBoolean(3), row.getBytes(4)))
                .list();
        waiting.stream()
                .sorted(java.util.Comparator.comparing(Pending::at))
                .forEach(change -> target(change.hash()).ifPresent(target -> {
                    if (change.deleted()) {
                        destroy(actor, target, change.at());
                    } else {
                        apply(
                                actor,
                                target,
                                change.at(),
                                new String(
                                        vault.openForTenant(actor, PENDING, change.sealed()), StandardCharsets.UTF_8));
                    }
                }));
    }

    private void apply(Actor actor, Target target, Instant at, String text) {
        if (target.gone() || !at.isAfter(target.changedAt())) {
            return;
        }
        jdbc.sql("""
                        insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                        select tenant_id, id, coalesce(edited_at, at), body_key, body_sealed
                        from inbox.message
                        where id = ? and body_key is not null
                        on conflict do nothing
                        """).param(target.id()).update();
        var sealed = vault.sealContent(actor, target.key(), Receiving.BODY, text.getBytes(StandardCharsets.UTF_8));
        jdbc.sql("update inbox.message set body_key = ?, body_sealed = ?, edited_at = ? where id = ?")
                .params(sealed.key(), sealed.sealed(), Timestamp.from(at), target.id())
                .update();
        jdbc.sql("update inbox.message_search set words = array_to_tsvector(?::text[]) where message_id = ?")
                .params(Words.lexemes(text), target.id())
                .update();
        done(actor, target, "inbox.edited");
    }

    /** The words go, with their key, their earlier wordings, files and search row; hash and time remain. */
    private void destroy(Actor actor, Target target, Instant at) {
        if (target.gone()) {
            return;
        }
        jdbc.sql("""
                        update inbox.message
                        set body_key = null, body_sealed = null, details_sealed = null, deleted_at = ?
                        where id = ?
                        """).params(Timestamp.from(at), target.id()).update();
        jdbc.sql("delete from inbox.message_version where message_id = ?")
                .param(target.id())
                .update();
        jdbc.sql("delete from inbox.message_search where message_id = ?")
                .param(target.id())
                .update();
        var removed = jdbc.sql(
                        "delete from inbox.message_file where message_id = ? returning file_name, file_key, size")
                .param(target.id())
                .query((row, n) -> new StoredFile(row.getString(1), row.getBytes(2), row.getLong(3)))
                .list();
        jdbc.sql("update inbox.conversation set preview_sealed = null, version = version + 1 where id = ?")
                .param(target.conversation().value())
                .update();
        transactions.afterCommit(() -> removed.forEach(file -> files.remove(actor, file)));
        events.publishEvent(new id.kentongan.inbox.MessagesDestroyed(
                actor.tenant(),
                List.of(new id.kentongan.inbox.MessageId(target.id())),
                List.of(target.conversation())));
        done(actor, target, "inbox.deleted");
    }

    private void done(Actor actor, Target target, String verb) {
        trail.record(
                actor,
                TrailEntry.of(
                        verb,
                        "message",
                        target.id(),
                        Map.of("conversation", target.conversation().toString())));
        transactions.afterCommit(
                () -> events.publishEvent(new ConversationChanged(actor.tenant(), target.conversation(), "changed")));
    }

    private void pend(Actor actor, AccountId account, byte[] hash, Instant at, boolean deleted, String text) {
        jdbc.sql("""
                        insert into inbox.pending_change (tenant_id, account_id, target_hash, at, deleted, sealed)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        account.value(),
                        hash,
                        Timestamp.from(at),
                        deleted,
                        vault.sealForTenant(actor, PENDING, text.getBytes(StandardCharsets.UTF_8)))
                .update();
    }

    private Optional<Target> target(byte[] hash) {
        return jdbc.sql("""
                        select id, conversation_id, data_key_id, deleted_at is not null, coalesce(edited_at, at)
                        from inbox.message
                        where key_hash = ? and direction = 'IN'
                        """).param(hash).query(Changes::target).optional();
    }

    private static Target target(java.sql.ResultSet row, int number) throws java.sql.SQLException {
        return new Target(
                row.getObject(1, UUID.class),
                new ConversationId(row.getObject(2, UUID.class)),
                new DataKeyId(row.getObject(3, UUID.class)),
                row.getBoolean(4),
                row.getTimestamp(5).toInstant());
    }
}
