// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.inbox.internal.Destroying.Target;
import id.kentongan.inbox.internal.PendingChanges.Pending;
import id.kentongan.inbox.internal.PendingChanges.Wording;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * Edits and deletions of what citizens said. A change that comes before its message waits for it. The newest wording
 * shows whatever came last, the others are kept as earlier ones; a deletion wins over everything, and reaches every
 * copy of the message the tenant's accounts have received. Only who said something changes it or takes it back.
 */
@Component
class Changes {
    private final JdbcClient jdbc;
    private final SearchWords search;
    private final Vault vault;
    private final MessageFiles files;
    private final Trail trail;
    private final ObjectMapper json;
    private final Previews previews;
    private final Announcements announcements;
    private final Intake intake;
    private final WaitingWords waiting;
    private final PendingChanges pending;
    private final Destroying destroying;
    private final ContactBook book;

    Changes(
            JdbcClient jdbc,
            SearchWords search,
            Vault vault,
            MessageFiles files,
            Trail trail,
            ObjectMapper json,
            Previews previews,
            Announcements announcements,
            Intake intake,
            WaitingWords waiting,
            PendingChanges pending,
            Destroying destroying,
            ContactBook book) {
        this.jdbc = jdbc;
        this.search = search;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.json = json;
        this.previews = previews;
        this.announcements = announcements;
        this.intake = intake;
        this.waiting = waiting;
        this.pending = pending;
        this.destroying = destroying;
        this.book = book;
    }

    void edit(Actor actor, AccountId account, Item.Edited edited, byte[] targetHash, byte @Nullable [] authorHash) {
        var wording = new Wording(edited.text(), edited.warning());
        var targets = destroying.ofKeys(List.of(targetHash));
        if (targets.isEmpty()) {
            pending.keep(actor, account, new Pending(targetHash, edited.at(), orAnyone(authorHash), wording));
            return;
        }
        for (var target : saidBy(orAnyone(authorHash), targets)) {
            // Only of what is meant for us are the pictures fetched.
            if (apply(actor, target, edited.at(), wording) && edited.message() != null) {
                files.replace(actor, target.key(), target.id(), edited.attachments());
            }
        }
    }

    void delete(Actor actor, AccountId account, Item.Deleted deleted, byte[] targetHash, byte @Nullable [] authorHash) {
        waiting.deleted(targetHash, authorHash);
        var targets = destroying.ofKeys(List.of(targetHash));
        if (targets.isEmpty()) {
            pending.keep(actor, account, new Pending(targetHash, deleted.at(), orAnyone(authorHash), null));
        } else {
            destroying.destroy(actor, saidBy(orAnyone(authorHash), targets), deleted.at(), "inbox.deleted");
        }
        if (deleted.authorKey() == null) {
            intake.forget(actor, List.of(deleted.targetKey()));
        } else {
            intake.forget(actor, deleted.targetKey(), deleted.authorKey());
        }
    }

    /** Whether this is somebody else's message that is there, which they cannot have changed. */
    boolean isAnothers(Incoming edited) {
        var targets = destroying.ofKeys(List.of(edited.keyHash));
        return !targets.isEmpty() && saidBy(edited.authorHash, targets).isEmpty();
    }

    private static byte[] orAnyone(byte @Nullable [] authorHash) {
        return authorHash == null ? new byte[0] : authorHash;
    }

    /** Those of them that this author said; all of them where it is nobody's own to change. */
    private List<Target> saidBy(byte[] author, List<Target> targets) {
        if (author.length == 0 || targets.isEmpty()) {
            return targets;
        }
        var contacts = book.named(author);
        return targets.stream()
                .filter(target -> target.author() != null && contacts.contains(target.author()))
                .toList();
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
        late.forEach((leftAt, ids) -> destroying.destroy(actor, destroying.ofIds(ids), leftAt, "inbox.author-left"));
    }

    /** What was said first, and came after an edit had brought its message: it stands there as the earlier wording. */
    void firstWordings(Actor actor, List<Incoming> repeated) {
        if (repeated.isEmpty()) {
            return;
        }
        record Edited(byte[] hash, UUID id, DataKeyId key, byte[] author) {}
        var edited = jdbc.sql("""
                        select m.key_hash, m.id, m.data_key_id, i.key_hash
                        from inbox.message m
                        join inbox.contact_identity i on i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                        where m.key_hash = any(?) and m.direction = 'IN'
                        and m.edited_at is not null and m.deleted_at is null
                        and not exists (
                            select 1 from inbox.message_version v
                            where v.tenant_id = m.tenant_id and v.message_id = m.id and v.at = '-infinity')
                        """)
                .param(repeated.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                .query((row, n) -> new Edited(
                        row.getBytes(1),
                        row.getObject(2, UUID.class),
                        new DataKeyId(row.getObject(3, UUID.class)),
                        row.getBytes(4)))
                .list();
        for (var each : edited) {
            var first = repeated.stream()
                    .filter(one ->
                            Arrays.equals(one.keyHash, each.hash()) && Arrays.equals(one.authorHash, each.author()))
                    .findFirst()
                    .orElse(null);
            if (first == null) {
                continue;
            }
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
        var all = new ArrayList<>(pending.take(actor, hashes));
        // Another account's copy of the same message may have been deleted already.
        all.addAll(jdbc.sql("""
                        select m.key_hash, min(m.deleted_at), i.key_hash
                        from inbox.message m
                        join inbox.contact_identity i on i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                        where m.key_hash = any(?) and m.direction = 'IN' and m.deleted_at is not null
                        group by m.key_hash, i.key_hash
                        """)
                .param(hashes.toArray(byte[][]::new))
                .query((row, n) ->
                        new Pending(row.getBytes(1), row.getTimestamp(2).toInstant(), row.getBytes(3), null))
                .list());
        // Deletions first: nothing is worded anew after them.
        all.sort(Comparator.comparing((Pending each) -> each.wording() != null).thenComparing(Pending::at));
        for (var each : all) {
            var targets = saidBy(each.author(), destroying.ofKeys(List.of(each.hash())));
            var wording = each.wording();
            if (wording == null) {
                destroying.destroy(actor, targets, each.at(), "inbox.deleted");
            } else {
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
            jdbc.sql(
                            "update inbox.message_search set words = array_to_tsvector(?::text[]), keyed = true where message_id = ?")
                    .params(search.lexemes(actor, wording.text()), target.id())
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
}
