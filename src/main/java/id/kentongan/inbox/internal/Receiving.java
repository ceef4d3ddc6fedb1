// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * Takes items of the intake in, a batch in one set of multi-row statements. Whatever the order of arrival,
 * duplicates, edits and deletions end in the same messages: see {@link Branches} and {@link Changes}.
 */
@Component
class Receiving implements ItemReceiver {
    static final String BODY = "inbox.message.body";
    static final String DETAILS = "inbox.message.details";
    static final String IDENTITY = "inbox.contact_identity";
    static final String PREVIEW = "inbox.conversation.preview";
    static final String KEYS = "inbox.message.key";
    static final String HANDLES = "inbox.contact.handle";
    static final String FILES = "inbox.message_file";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final MessageFiles files;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final ThreadTable threads;
    private final WaitingWords waiting;
    private final Branches branches;
    private final Changes changes;
    private final Previews previews;
    private final Announcements announcements;

    Receiving(
            JdbcClient jdbc,
            Vault vault,
            MessageFiles files,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            ApplicationEventPublisher events,
            ThreadTable threads,
            WaitingWords waiting,
            Branches branches,
            Changes changes,
            Previews previews,
            Announcements announcements) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.events = events;
        this.threads = threads;
        this.waiting = waiting;
        this.branches = branches;
        this.changes = changes;
        this.previews = previews;
        this.announcements = announcements;
    }

    /** What stands beside the words of a message, sealed with them. */
    record Details(
            @Nullable String remoteKey,
            @Nullable String parentKey,
            @Nullable String url,
            @Nullable String warning,
            @Nullable String language,
            Map<String, String> hints) {}

    /** Who a contact is on a network. */
    record Identity(
            String key,
            String handle,
            String name,
            @Nullable String profileUrl) {}

    @Override
    public void receive(Actor actor, List<ReceivedItem> items) {
        // One intake at a time per tenant: two nodes must not open the same contact or thread twice.
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('inbox:' || ?, 0))")
                .param(actor.tenant().toString())
                .query((row, n) -> 1)
                .list();
        var now = clock.instant();
        var said = said(actor, items, now);
        if (!said.isEmpty()) {
            store(actor, branches.place(actor, said));
        }
        for (var item : items) {
            switch (item.item()) {
                case Item.Said ignored -> {}
                case Item.Edited edited -> changes.edit(actor, item.account(), edited, hash(actor, edited.targetKey()));
                case Item.Deleted deleted ->
                    changes.delete(actor, item.account(), deleted, hash(actor, deleted.targetKey()));
                case Item.Left left ->
                    changes.left(actor, item.network(), left, vault.keyedHash(actor, IDENTITY, left.authorKey()));
                case Item.Reacted reacted ->
                    trail.record(
                            actor,
                            new TrailEntry(
                                    "inbox.reacted",
                                    new Subject("delivery", item.delivery().value()),
                                    Map.of("reaction", reacted.reaction(), "undone", "" + reacted.undone()),
                                    null));
                case Item.Followed followed ->
                    trail.record(
                            actor,
                            new TrailEntry(
                                    "inbox.followed",
                                    new Subject("account", item.account().value()),
                                    Map.of("undone", "" + followed.undone()),
                                    null));
                case Item.Receipt ignored -> {}
            }
        }
    }

    /** What was said, with what an edit has addressed to us, and what has waited for any of it. */
    private List<Incoming> said(Actor actor, List<ReceivedItem> items, Instant now) {
        var said = new ArrayList<Incoming>();
        var called = new ArrayList<Incoming>();
        for (var item : items) {
            if (item.item() instanceof Item.Said words) {
                said.add(incoming(actor, item, words, now));
            } else if (item.item() instanceof Item.Edited edited && edited.message() != null) {
                called.add(incoming(actor, item, edited.message(), now).asEdited(edited.at()));
            }
        }
        if (said.isEmpty() && called.isEmpty()) {
            return said;
        }
        var around = waiting.around(
                actor, Branches.all(said, called), kept -> incoming(actor, kept, (Item.Said) kept.item(), now));
        for (var each : called) {
            // What was said first is the earlier wording, where it is there.
            var first = around.remove(each.key());
            var place = place(said, each.key());
            if (first != null && place < 0) {
                said.add(first.called(each.editedAt()));
            } else if (place < 0) {
                said.add(each);
            } else if (!said.get(place).said.addressed()) {
                said.set(place, said.get(place).called(each.editedAt()));
            }
        }
        said.addAll(around.values());
        return said;
    }

    private static int place(List<Incoming> said, String key) {
        for (var n = 0; n < said.size(); n++) {
            if (said.get(n).key().equals(key)) {
                return n;
            }
        }
        return -1;
    }

    private Incoming incoming(Actor actor, ReceivedItem item, Item.Said said, Instant now) {
        // Private words of one person are one conversation; each form is one; in public, each branch under a post.
        var thread = item.network() == Network.WEB
                ? "web:" + said.remoteKey()
                : said.audience() == Audience.DIRECT ? "direct:" + said.author().key() : "thread:" + said.remoteKey();
        var parent = said.parentKey();
        return new Incoming(
                item,
                said,
                said.at().isAfter(now) ? now : said.at(),
                hash(actor, said.remoteKey()),
                parent == null ? null : hash(actor, parent),
                vault.keyedHash(actor, IDENTITY, said.author().key()),
                vault.keyedHash(actor, "inbox.thread", thread));
    }

    private byte[] hash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, KEYS, remoteKey);
    }

    private void store(Actor actor, Branches.Placed placed) {
        waiting.keep(actor, placed.unplaced());
        changes.firstWordings(actor, placed.repeated());
        var said = placed.kept();
        var called = placed.called();
        var all = Branches.all(said, called);
        if (all.isEmpty()) {
            return;
        }
        waiting.placed(all);
        var heard = heard(all);
        openConversations(actor, said, heard);
        var entries = insertMessages(actor, said);
        address(actor, called);
        touchConversations(actor, said, heard);
        placed.copies().forEach(each -> threads.copy(actor, each.context(), each.into()));
        previews.refresh(actor, placed.reseal());
        said.forEach(each -> files.store(actor, each.contact().key(), each.id.value(), each.said.attachments()));
        trail.recordAll(actor, entries);
        changes.applyEarlier(actor, said);
        events.publishEvent(new MessagesReceived(
                actor.tenant(),
                all.stream()
                        .map(each -> new MessagesReceived.Received(
                                each.id,
                                each.conversation(),
                                each.contact().id(),
                                each.opened(),
                                each.said.addressed(),
                                each.said.author().automated() || each.contact().automated()))
                        .toList()));
        announcements.changed(actor, all.stream().map(Incoming::conversation).toList(), "message");
    }

    /** What stood there as context speaks to us since an edit. */
    private void address(Actor actor, List<Incoming> called) {
        for (var each : called) {
            jdbc.sql("update inbox.message set addressed = true where id = ?")
                    .param(each.id.value())
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "inbox.addressed",
                            "message",
                            each.id.value(),
                            Map.of("conversation", each.conversation().toString())));
        }
    }

    /** What a batch says in one conversation: its newest words, and since when somebody waits, or null. */
    private record Heard(Incoming newest, @Nullable Instant waiting) {
        Heard with(Incoming next) {
            var since = next.said.addressed() ? next.since() : null;
            return new Heard(
                    next.at.isBefore(newest.at) ? newest : next,
                    waiting == null || (since != null && since.isBefore(waiting)) ? since : waiting);
        }

        @Nullable
        String waitingSince() {
            return waiting == null ? null : waiting.toString();
        }

        byte[] preview(Previews previews, Actor actor, DataKeyId key) {
            return previews.sealed(actor, key, newest.said.text(), newest.said.warning());
        }
    }

    private static Map<ConversationId, Heard> heard(List<Incoming> said) {
        var heard = new LinkedHashMap<ConversationId, Heard>();
        for (var each : said) {
            heard.compute(
                    each.conversation(),
                    (id, before) -> before == null ? new Heard(each, null).with(each) : before.with(each));
        }
        return heard;
    }

    /** As they stand after the whole batch: a row of so many indexes is not written twice. */
    private void openConversations(Actor actor, List<Incoming> said, Map<ConversationId, Heard> heard) {
        var fresh = said.stream().filter(Incoming::opened).toList();
        if (fresh.isEmpty()) {
            return;
        }
        var all = fresh.stream()
                .map(each -> Objects.requireNonNull(heard.get(each.conversation())))
                .toList();
        jdbc.sql("""
                        insert into inbox.conversation
                            (tenant_id, id, account_id, network, contact_id, data_key_id, audience, thread_hash,
                             opened_at, last_at, waiting_since, preview_sealed, heard_at, confidential, anonymous)
                        select ?, c.id, c.account, c.network, c.contact, c.key, c.audience, c.thread, c.at, c.last,
                               c.waiting, c.preview, ?, c.confidential, c.anonymous
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[],
                                    ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::bytea[], ?::boolean[],
                                    ?::boolean[])
                            as c (id, account, network, contact, key, audience, thread, at, last, waiting, preview,
                                  confidential, anonymous)
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(clock.instant()),
                        fresh.stream().map(each -> each.conversation().value()).toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.account().value())
                                .toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.network().code())
                                .toArray(String[]::new),
                        fresh.stream().map(each -> each.contact().id().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> each.contact().key().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> each.said.audience().name()).toArray(String[]::new),
                        fresh.stream().map(each -> each.threadHash).toArray(byte[][]::new),
                        fresh.stream().map(each -> each.at.toString()).toArray(String[]::new),
                        all.stream().map(each -> each.newest().at.toString()).toArray(String[]::new),
                        all.stream().map(Heard::waitingSince).toArray(String[]::new),
                        IntStream.range(0, fresh.size())
                                .mapToObj(n -> all.get(n)
                                        .preview(
                                                previews,
                                                actor,
                                                fresh.get(n).contact().key()))
                                .toArray(byte[][]::new),
                        fresh.stream()
                                .map(each -> each.web()
                                        && ("confidential"
                                                        .equals(each.said
                                                                .hints()
                                                                .get("identity"))
                                                || "whistle-blowing"
                                                        .equals(each.said
                                                                .hints()
                                                                .get("kind"))))
                                .toArray(Boolean[]::new),
                        fresh.stream()
                                .map(each -> each.web()
                                        && "anonymous".equals(each.said.hints().get("identity")))
                                .toArray(Boolean[]::new))
                .update();
    }

    /** Stores the messages with their search rows; returns what the trail says of them. */
    private List<TrailEntry> insertMessages(Actor actor, List<Incoming> said) {
        if (said.isEmpty()) {
            return List.of();
        }
        var size = said.size();
        var bodyKeys = new byte[size][];
        var bodies = new byte[size][];
        var details = new byte[size][];
        var commitments = new byte[size][];
        var ids = new UUID[size];
        var conversations = new UUID[size];
        var words = new String[size];
        var entries = new ArrayList<TrailEntry>(size);
        for (var i = 0; i < size; i++) {
            var each = said.get(i);
            var key = each.contact().key();
            var sealed = vault.sealContent(actor, key, BODY, each.said.text().getBytes(StandardCharsets.UTF_8));
            bodyKeys[i] = sealed.key();
            bodies[i] = sealed.sealed();
            details[i] = vault.seal(
                    actor,
                    key,
                    DETAILS,
                    json.writeValueAsBytes(new Details(
                            each.said.remoteKey(),
                            each.said.parentKey(),
                            each.said.url(),
                            each.said.warning(),
                            each.said.language(),
                            each.said.hints())));
            commitments[i] = commitment(sealed.sealed());
            ids[i] = each.id.value();
            conversations[i] = each.conversation().value();
            words[i] = literal(Words.lexemes(each.said.text()));
            entries.add(new TrailEntry(
                    "inbox.received",
                    new Subject("message", ids[i]),
                    Map.of("conversation", conversations[i].toString()),
                    commitments[i]));
        }
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, contact_id, data_key_id, direction, at, audience,
                             key_hash, parent_hash, body_key, body_sealed, details_sealed, commitment,
                             addressed, edited_at)
                        select ?, m.id, m.conversation, m.contact, m.key, 'IN', m.at, m.audience,
                               m.hash, m.parent, m.body_key, m.body, m.details, m.commitment, m.addressed,
                               m.edited
                        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[],
                                    ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::boolean[],
                                    ?::timestamptz[])
                            as m (id, conversation, contact, key, at, audience, hash, parent, body_key, body, details,
                                  commitment, addressed, edited)
                        """)
                .params(
                        actor.tenant().value(),
                        ids,
                        conversations,
                        said.stream().map(each -> each.contact().id().value()).toArray(UUID[]::new),
                        said.stream().map(each -> each.contact().key().value()).toArray(UUID[]::new),
                        said.stream().map(each -> each.at.toString()).toArray(String[]::new),
                        said.stream().map(each -> each.said.audience().name()).toArray(String[]::new),
                        said.stream().map(each -> each.keyHash).toArray(byte[][]::new),
                        said.stream().map(each -> each.parentHash).toArray(byte[][]::new),
                        bodyKeys,
                        bodies,
                        details,
                        commitments,
                        said.stream().map(each -> each.said.addressed()).toArray(Boolean[]::new),
                        said.stream()
                                .map(each -> each.wordedAt() == null
                                        ? null
                                        : each.wordedAt().toString())
                                .toArray(String[]::new))
                .update();
        jdbc.sql("""
                        insert into inbox.message_search (tenant_id, message_id, conversation_id, words)
                        select ?, s.id, s.conversation, array_to_tsvector(s.words::text[])
                        from unnest(?::uuid[], ?::uuid[], ?::text[]) as s (id, conversation, words)
                        """).params(actor.tenant().value(), ids, conversations, words).update();
        return entries;
    }

    /**
     * Newest words, waiting since the first unanswered, open again: of the conversations that were there before. What
     * is not addressed to us only stands there: nobody waits for an answer to it.
     */
    private void touchConversations(Actor actor, List<Incoming> said, Map<ConversationId, Heard> heard) {
        var known = new LinkedHashMap<>(heard);
        said.stream().filter(Incoming::opened).map(Incoming::conversation).forEach(known::remove);
        if (known.isEmpty()) {
            return;
        }
        var ids = known.keySet().stream().map(ConversationId::value).toArray(UUID[]::new);
        var keys = new HashMap<ConversationId, DataKeyId>();
        // Held in one order: whoever else changes many at once waits, and nobody waits in a circle.
        jdbc.sql("select id, data_key_id from inbox.conversation where id = any(?) order by id for no key update")
                .param(ids)
                .query(row -> {
                    keys.put(
                            new ConversationId(row.getObject(1, UUID.class)),
                            new DataKeyId(row.getObject(2, UUID.class)));
                });
        vault.warm(actor, keys.values());
        var late = jdbc.sql("""
                        update inbox.conversation c
                        set last_at = greatest(c.last_at, n.at),
                            heard_at = ?,
                            preview_sealed = case when n.at >= c.last_at then n.preview else c.preview_sealed end,
                            waiting_since = least(c.waiting_since, n.first),
                            done = c.done and n.first is null,
                            version = c.version + 1,
                            heard_version = case when n.first is null then c.heard_version else c.version + 1 end
                        from unnest(?::uuid[], ?::timestamptz[], ?::bytea[], ?::timestamptz[])
                            as n (id, at, preview, first)
                        where c.id = n.id
                        returning c.id, c.last_at > n.at
                        """)
                .params(
                        Timestamp.from(clock.instant()),
                        ids,
                        known.values().stream()
                                .map(each -> each.newest().at.toString())
                                .toArray(String[]::new),
                        known.entrySet().stream()
                                .map(entry -> entry.getValue()
                                        .preview(previews, actor, Objects.requireNonNull(keys.get(entry.getKey()))))
                                .toArray(byte[][]::new),
                        known.values().stream().map(Heard::waitingSince).toArray(String[]::new))
                .query((row, n) -> row.getBoolean(2)
                        ? Optional.of(new ConversationId(row.getObject(1, UUID.class)))
                        : Optional.<ConversationId>empty())
                .list();
        // What came later but was said earlier may still be the newest that is left.
        previews.refresh(actor, late.stream().flatMap(Optional::stream).toList());
    }

    /**
     * The commitment to words that the trail chains: the hash of their sealed form, whose random key and nonce are
     * its salt. It is checked without opening anything, and tells nothing once the words are gone.
     */
    static byte[] commitment(byte[] sealed) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(sealed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String literal(String[] words) {
        var text = new StringBuilder("{");
        for (var word : words) {
            text.append(text.length() > 1 ? "," : "").append('"').append(word).append('"');
        }
        return text.append('}').toString();
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /** Remote keys mean something within their account only. */
    static String scoped(AccountId account, byte[] hash) {
        return account + ":" + hex(hash);
    }
}
