// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessagesDestroyed;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.SealedFiles.StoredFile;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * Edits and deletions of what citizens said. A change that comes before its message waits for it. The newest wording
 * shows whatever came last, the others are kept as earlier ones; a deletion wins over everything, and reaches every
 * copy of the message the tenant's accounts have received.
 */
@Component
class Changes {
    private static final String PENDING = "inbox.pending_change";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;
    private final Trail trail;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final ActorTransactions transactions;
    private final Previews previews;
    private final ContactBook contacts;
    private final Announcements announcements;

    Changes(
            JdbcClient jdbc,
            Vault vault,
            SealedFiles files,
            Trail trail,
            ObjectMapper json,
            ApplicationEventPublisher events,
            ActorTransactions transactions,
            Previews previews,
            ContactBook contacts,
            Announcements announcements) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.json = json;
        this.events = events;
        this.transactions = transactions;
        this.previews = previews;
        this.contacts = contacts;
        this.announcements = announcements;
    }

    private record Target(
            UUID id,
            ConversationId conversation,
            DataKeyId key,
            @Nullable Instant deletedAt,
            @Nullable Instant editedAt) {}

    /** A wording with its warning, as it waits sealed for its message. */
    private record Wording(String text, @Nullable String warning) {}

    void edit(Actor actor, AccountId account, Item.Edited edited, byte[] targetHash) {
        var wording = new Wording(edited.text(), edited.warning());
        var targets = targets(List.of(targetHash));
        if (targets.isEmpty()) {
            keep(actor, account, targetHash, edited.at(), wording);
            return;
        }
        targets.forEach(target -> apply(actor, target, edited.at(), wording));
    }

    void delete(Actor actor, AccountId account, byte[] targetHash, Instant at) {
        var targets = targets(List.of(targetHash));
        if (targets.isEmpty()) {
            keep(actor, account, targetHash, at, null);
            return;
        }
        destroy(actor, targets, at, "inbox.deleted");
    }

    /** Everything the author said is destroyed, and their key with it. */
    void left(Actor actor, Network network, byte[] authorHash, Instant at) {
        var gone = contacts.forget(actor, network, authorHash, at);
        if (gone == null) {
            return;
        }
        var said = jdbc.sql(SELECT + "where contact_id = ? and direction = 'IN' and at <= ?")
                .params(gone.contact().value(), Timestamp.from(at))
                .query(Changes::target)
                .list();
        destroy(actor, said, at, "inbox.author-left");
        vault.destroy(actor, gone.key());
    }

    /** Applies to new messages what came before them. */
    void applyEarlier(Actor actor, List<Incoming> said) {
        var hashes = said.stream().map(each -> each.keyHash).toList();
        applyPending(actor, hashes);
        var late = said.stream()
                .filter(each -> ContactBook.lateWords(each, each.contact().leftAt()))
                .map(each -> each.id.value())
                .toList();
        if (!late.isEmpty()) {
            var leftAt = Objects.requireNonNull(said.stream()
                    .map(each -> each.contact().leftAt())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null));
            destroy(
                    actor,
                    jdbc.sql(SELECT + "where id = any(?)")
                            .param(late.toArray(UUID[]::new))
                            .query(Changes::target)
                            .list(),
                    leftAt,
                    "inbox.author-left");
        }
    }

    private void applyPending(Actor actor, List<byte[]> hashes) {
        record Pending(byte[] hash, Instant at, boolean deleted, byte @Nullable [] sealed) {}
        var waiting = jdbc.sql("""
                        delete from inbox.pending_change
                        where target_hash = any(?)
                        returning target_hash, at, deleted, sealed
                        """)
                .param(hashes.toArray(byte[][]::new))
                .query((row, n) -> new Pending(
                        row.getBytes(1), row.getTimestamp(2).toInstant(), row.getBoolean(3), row.getBytes(4)))
                .list();
        // Another account's copy of the same message may have been deleted already.
        var deletedCopies = jdbc.sql("""
                        select key_hash, min(deleted_at)
                        from inbox.message
                        where key_hash = any(?) and direction = 'IN' and deleted_at is not null
                        group by key_hash
                        """)
                .param(hashes.toArray(byte[][]::new))
                .query((row, n) ->
                        new Pending(row.getBytes(1), row.getTimestamp(2).toInstant(), true, null))
                .list();
        var all = new ArrayList<>(waiting);
        all.addAll(deletedCopies);
        all.sort(Comparator.comparing(Pending::deleted).reversed().thenComparing(Pending::at));
        for (var each : all) {
            var targets = targets(List.of(each.hash()));
            var sealed = each.sealed();
            if (each.deleted()) {
                destroy(actor, targets, each.at(), "inbox.deleted");
            } else if (sealed != null) {
                var wording = json.readValue(vault.openForTenant(actor, PENDING, sealed), Wording.class);
                targets.forEach(target -> apply(actor, target, each.at(), wording));
            }
        }
    }

    /** An edit comes after what it edits, whatever the clocks of a network say: only edits are compared. */
    private void apply(Actor actor, Target target, Instant at, Wording wording) {
        if (target.deletedAt() != null || at.equals(target.editedAt())) {
            return;
        }
        var sealed = vault.sealContent(
                actor, target.key(), Receiving.BODY, wording.text().getBytes(StandardCharsets.UTF_8));
        if (target.editedAt() != null && at.isBefore(target.editedAt())) {
            jdbc.sql("""
                            insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                            values (?, ?, ?, ?, ?)
                            on conflict do nothing
                            """)
                    .params(actor.tenant().value(), target.id(), Timestamp.from(at), sealed.key(), sealed.sealed())
                    .update();
        } else {
            jdbc.sql("""
                            insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                            select tenant_id, id, coalesce(edited_at, '-infinity'), body_key, body_sealed
                            from inbox.message
                            where id = ? and body_key is not null
                            on conflict do nothing
                            """).param(target.id()).update();
            jdbc.sql("""
                            update inbox.message
                            set body_key = ?, body_sealed = ?, details_sealed = ?, commitment = ?, edited_at = ?
                            where id = ?
                            """)
                    .params(
                            sealed.key(),
                            sealed.sealed(),
                            warned(actor, target, wording.warning()),
                            Receiving.commitment(sealed.sealed()),
                            Timestamp.from(at),
                            target.id())
                    .update();
            jdbc.sql("update inbox.message_search set words = array_to_tsvector(?::text[]) where message_id = ?")
                    .params(Words.lexemes(wording.text()), target.id())
                    .update();
        }
        trail.record(
                actor,
                new TrailEntry(
                        "inbox.edited",
                        new Subject("message", target.id()),
                        Map.of("conversation", target.conversation().toString()),
                        Receiving.commitment(sealed.sealed())));
        previews.refresh(actor, List.of(target.conversation()));
        announcements.changed(actor, List.of(target.conversation()), "edited");
    }

    /** The details beside the words, with the warning the edit has put on them. */
    private byte[] warned(Actor actor, Target target, @Nullable String warning) {
        var sealed = jdbc.sql("select details_sealed from inbox.message where id = ?")
                .param(target.id())
                .query(byte[].class)
                .single();
        var before = vault.open(actor, target.key(), Receiving.DETAILS, sealed)
                .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                .orElseThrow();
        return vault.seal(
                actor,
                target.key(),
                Receiving.DETAILS,
                json.writeValueAsBytes(new Receiving.Details(
                        before.remoteKey(),
                        before.parentKey(),
                        before.url(),
                        warning,
                        before.language(),
                        before.hints())));
    }

    /** The words go, with their keys, their earlier wordings, files and search rows; hash and time remain. */
    private void destroy(Actor actor, List<Target> targets, Instant at, String verb) {
        if (targets.isEmpty()) {
            return;
        }
        var ids = targets.stream().map(Target::id).toArray(UUID[]::new);
        jdbc.sql("""
                        update inbox.message
                        set body_key = null, body_sealed = null, details_sealed = null, edited_at = null,
                            deleted_at = least(deleted_at, ?)
                        where id = any(?)
                        """).params(Timestamp.from(at), ids).update();
        var fresh =
                targets.stream().filter(target -> target.deletedAt() == null).toList();
        if (fresh.isEmpty()) {
            return;
        }
        jdbc.sql("delete from inbox.message_version where message_id = any(?)")
                .param(ids)
                .update();
        jdbc.sql("delete from inbox.message_search where message_id = any(?)")
                .param(ids)
                .update();
        var removed = jdbc.sql(
                        "delete from inbox.message_file where message_id = any(?) returning file_name, file_key, size")
                .param(ids)
                .query((row, n) -> new StoredFile(row.getString(1), row.getBytes(2), row.getLong(3)))
                .list();
        transactions.afterCommit(() -> removed.forEach(file -> files.remove(actor, file)));
        var conversations = fresh.stream().map(Target::conversation).distinct().toList();
        jdbc.sql("update inbox.conversation set version = version + 1 where id = any(?)")
                .param(conversations.stream().map(ConversationId::value).toArray(UUID[]::new))
                .update();
        previews.refresh(actor, conversations);
        trail.recordAll(
                actor,
                fresh.stream()
                        .map(target -> TrailEntry.of(
                                verb,
                                "message",
                                target.id(),
                                Map.of("conversation", target.conversation().toString())))
                        .toList());
        events.publishEvent(new MessagesDestroyed(
                actor.tenant(),
                fresh.stream().map(target -> new MessageId(target.id())).toList(),
                conversations));
        announcements.changed(actor, conversations, "deleted");
    }

    private void keep(Actor actor, AccountId account, byte[] hash, Instant at, @Nullable Wording wording) {
        jdbc.sql("""
                        insert into inbox.pending_change (tenant_id, account_id, target_hash, at, deleted, sealed)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, account_id, target_hash, at) do update
                        set deleted = inbox.pending_change.deleted or excluded.deleted
                        """)
                .params(actor.tenant().value(), account.value(), hash, Timestamp.from(at), wording == null)
                .param(wording == null ? null : vault.sealForTenant(actor, PENDING, json.writeValueAsBytes(wording)))
                .update();
    }

    private static final String SELECT = """
            select id, conversation_id, data_key_id, deleted_at, edited_at
            from inbox.message
            """;

    private List<Target> targets(List<byte[]> hashes) {
        return jdbc.sql(SELECT + "where key_hash = any(?) and direction = 'IN'")
                .param(hashes.toArray(byte[][]::new))
                .query(Changes::target)
                .list();
    }

    private static Target target(ResultSet row, int number) throws SQLException {
        var deleted = row.getTimestamp(4);
        var edited = row.getTimestamp(5);
        return new Target(
                row.getObject(1, UUID.class),
                new ConversationId(row.getObject(2, UUID.class)),
                new DataKeyId(row.getObject(3, UUID.class)),
                deleted == null ? null : deleted.toInstant(),
                edited == null ? null : edited.toInstant());
    }
}
