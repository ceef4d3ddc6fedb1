// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessagesDestroyed;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final MessageFiles files;
    private final Trail trail;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final Previews previews;
    private final ContactBook contacts;
    private final Announcements announcements;
    private final Intake intake;
    private final Outbox outbox;
    private final MessageWriter writer;
    private final Clock clock;
    private final WaitingWords waiting;

    Changes(
            JdbcClient jdbc,
            Vault vault,
            MessageFiles files,
            Trail trail,
            ObjectMapper json,
            ApplicationEventPublisher events,
            Previews previews,
            ContactBook contacts,
            Announcements announcements,
            Intake intake,
            Outbox outbox,
            MessageWriter writer,
            Clock clock,
            WaitingWords waiting) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.json = json;
        this.events = events;
        this.previews = previews;
        this.contacts = contacts;
        this.announcements = announcements;
        this.intake = intake;
        this.outbox = outbox;
        this.writer = writer;
        this.clock = clock;
        this.waiting = waiting;
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
        for (var target : targets) {
            // Only of what is meant for us are the pictures fetched.
            if (apply(actor, target, edited.at(), wording) && edited.message() != null) {
                files.replace(actor, target.key(), target.id(), edited.attachments());
            }
        }
    }

    void delete(Actor actor, AccountId account, Item.Deleted deleted, byte[] targetHash) {
        waiting.deleted(targetHash);
        var targets = targets(List.of(targetHash));
        if (targets.isEmpty()) {
            keep(actor, account, targetHash, deleted.at(), null);
        } else {
            destroy(actor, targets, deleted.at(), "inbox.deleted");
        }
        intake.forget(actor, List.of(deleted.targetKey()));
    }

    /**
     * Everything the author said is destroyed, and their key with it. What we said to them stays, without saying to
     * whom it was sent.
     */
    void left(Actor actor, Network network, Item.Left left, byte[] authorHash) {
        var at = left.at();
        intake.forget(actor, waiting.left(actor, authorHash, at));
        var gone = contacts.forget(actor, network, authorHash, at);
        if (gone == null) {
            return;
        }
        keepOurs(actor, gone, left.authorKey());
        var said = jdbc.sql(SELECT + "where contact_id = ? and direction = 'IN' and at <= ?")
                .params(gone.contact().value(), Timestamp.from(at))
                .query(Changes::target)
                .list();
        destroy(actor, said, at, "inbox.author-left");
        vault.destroy(actor, gone.key());
    }

    private void keepOurs(Actor actor, ContactBook.Left gone, String authorKey) {
        record Ours(
                UUID id,
                ConversationId conversation,
                DataKeyId key,
                @Nullable SealedContent content,
                @Nullable UUID outgoing) {}
        var ours = jdbc.sql("""
                        select m.id, m.conversation_id, m.data_key_id, m.body_key, m.body_sealed, m.outgoing_id
                        from inbox.message m
                        where m.direction <> 'IN' and m.conversation_id in (
                            select id from inbox.conversation where contact_id = :contact
                            union
                            select conversation_id from inbox.message where contact_id = :contact)
                        order by m.conversation_id
                        """)
                .param("contact", gone.contact().value())
                .query((row, n) -> {
                    var bodyKey = row.getBytes(4);
                    return new Ours(
                            row.getObject(1, UUID.class),
                            new ConversationId(row.getObject(2, UUID.class)),
                            new DataKeyId(row.getObject(3, UUID.class)),
                            bodyKey == null ? null : new SealedContent(bodyKey, row.getBytes(5)),
                            row.getObject(6, UUID.class));
                })
                .list();
        // Older ones were sealed under the citizen's key: they are wrapped anew before it goes.
        for (var each : ours) {
            var content = each.content();
            if (content != null && each.key().equals(gone.key())) {
                var own = writer.ownKey(actor, each.conversation());
                vault.rewrap(actor, gone.key(), own, Receiving.BODY, content)
                        .ifPresent(wrapped -> jdbc.sql(
                                        "update inbox.message set data_key_id = ?, body_key = ? where id = ?")
                                .params(own.value(), wrapped.key(), each.id())
                                .update());
            }
        }
        var sent = ours.stream()
                .map(Ours::outgoing)
                .filter(Objects::nonNull)
                .map(OutgoingId::new)
                .toList();
        if (!sent.isEmpty()) {
            outbox.forgetRecipient(actor, sent, authorKey);
        }
    }

    /** Applies to new messages what came before them. */
    void applyEarlier(Actor actor, List<Incoming> said) {
        var hashes = said.stream().map(each -> each.keyHash).toList();
        applyPending(actor, hashes);
        // Each author's by their own leaving.
        var late = new LinkedHashMap<Instant, List<UUID>>();
        for (var each : said) {
            var leftAt = each.contact().leftAt();
            if (leftAt != null && ContactBook.lateWords(each, leftAt)) {
                late.computeIfAbsent(leftAt, at -> new ArrayList<>()).add(each.id.value());
            }
        }
        late.forEach((leftAt, ids) -> destroy(
                actor,
                jdbc.sql(SELECT + "where id = any(?)")
                        .param(ids.toArray(UUID[]::new))
                        .query(Changes::target)
                        .list(),
                leftAt,
                "inbox.author-left"));
    }

    /** What was said first, and came after an edit had brought its message: it stands there as the earlier wording. */
    void firstWordings(Actor actor, List<Incoming> repeated) {
        if (repeated.isEmpty()) {
            return;
        }
        record Edited(byte[] hash, UUID id, DataKeyId key) {}
        var edited = jdbc.sql("""
                        select key_hash, id, data_key_id
                        from inbox.message m
                        where key_hash = any(?) and direction = 'IN' and edited_at is not null and deleted_at is null
                        and not exists (
                            select 1 from inbox.message_version v
                            where v.tenant_id = m.tenant_id and v.message_id = m.id and v.at = '-infinity')
                        """)
                .param(repeated.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                .query((row, n) -> new Edited(
                        row.getBytes(1), row.getObject(2, UUID.class), new DataKeyId(row.getObject(3, UUID.class))))
                .list();
        for (var each : edited) {
            var first = repeated.stream()
                    .filter(one -> Arrays.equals(one.keyHash, each.hash()))
                    .findFirst()
                    .orElseThrow();
            var sealed = vault.sealContent(
                    actor, each.key(), Receiving.BODY, first.said.text().getBytes(StandardCharsets.UTF_8));
            jdbc.sql("""
                            insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                            values (?, ?, '-infinity', ?, ?)
                            on conflict do nothing
                            """)
                    .params(actor.tenant().value(), each.id(), sealed.key(), sealed.sealed())
                    .update();
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

    /**
     * An edit comes after what it edits, whatever the clocks of a network say: only edits are compared. Returns whether
     * the message shows it now.
     */
    private boolean apply(Actor actor, Target target, Instant at, Wording wording) {
        if (target.deletedAt() != null || at.equals(target.editedAt())) {
            return false;
        }
        var sealed = vault.sealContent(
                actor, target.key(), Receiving.BODY, wording.text().getBytes(StandardCharsets.UTF_8));
        var newest = target.editedAt() == null || !at.isBefore(target.editedAt());
        if (!newest) {
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
        return newest;
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
        intake.forget(actor, remoteKeys(actor, ids));
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
        files.remove(actor, ids);
        var conversations = fresh.stream().map(Target::conversation).distinct().toList();
        jdbc.sql("""
                        update inbox.conversation c
                        set version = c.version + 1
                        from (select id from inbox.conversation where id = any(?) order by id for update) l
                        where c.id = l.id
                        """)
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

    /** The keys under which the network knows these messages, while their details can still be opened. */
    private List<String> remoteKeys(Actor actor, UUID[] ids) {
        return jdbc
                .sql(
                        "select data_key_id, details_sealed from inbox.message where id = any(?) and details_sealed is not null")
                .param(ids)
                .query((row, n) -> vault.open(
                        actor, new DataKeyId(row.getObject(1, UUID.class)), Receiving.DETAILS, row.getBytes(2)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .map(bytes -> json.readValue(bytes, Receiving.Details.class).remoteKey())
                .filter(Objects::nonNull)
                .toList();
    }

    /** A deletion takes with it the wordings that wait; after it none is kept. */
    private void keep(Actor actor, AccountId account, byte[] hash, Instant at, @Nullable Wording wording) {
        var deleted = wording == null;
        if (deleted) {
            jdbc.sql("delete from inbox.pending_change where target_hash = ? and not deleted")
                    .param(hash)
                    .update();
        }
        jdbc.sql("""
                        insert into inbox.pending_change
                            (tenant_id, account_id, target_hash, at, deleted, sealed, kept_at)
                        select :tenant, :account, :hash, :at, :deleted, :sealed, :now
                        where :deleted or not exists (
                            select 1 from inbox.pending_change where target_hash = :hash and deleted)
                        on conflict (tenant_id, account_id, target_hash, at) do nothing
                        """)
                .param("tenant", actor.tenant().value())
                .param("account", account.value())
                .param("hash", hash)
                .param("at", Timestamp.from(at))
                .param("deleted", deleted)
                .param("sealed", deleted ? null : vault.sealForTenant(actor, PENDING, json.writeValueAsBytes(wording)))
                .param("now", Timestamp.from(clock.instant()))
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
