// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * Takes items of the intake in, a batch in one set of multi-row statements. Whatever the order of arrival,
 * duplicates, edits and deletions end in the same messages: a reply before its parent waits in a conversation the
 * parent then joins; an edit or deletion before its message is kept and applied when it comes.
 */
@Component
class Receiving implements ItemReceiver {
    static final String BODY = "inbox.message.body";
    static final String DETAILS = "inbox.message.details";
    static final String IDENTITY = "inbox.contact_identity";
    static final String PREVIEW = "inbox.conversation.preview";
    static final String KEYS = "inbox.message.key";
    static final String HANDLES = "inbox.contact.handle";
    private static final int PREVIEW_LENGTH = 160;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final Changes changes;
    private final id.kentongan.database.ActorTransactions transactions;

    Receiving(
            JdbcClient jdbc,
            Vault vault,
            SealedFiles files,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            ApplicationEventPublisher events,
            Changes changes,
            id.kentongan.database.ActorTransactions transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.events = events;
        this.changes = changes;
        this.transactions = transactions;
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

    private record Contact(ContactId id, DataKeyId key, boolean automated) {}

    private record Thread(ConversationId id, boolean opened) {}

    private static final class Incoming {
        final ReceivedItem received;
        final Item.Said said;
        final byte[] keyHash;
        byte @Nullable [] parentHash;
        byte[] threadHash = new byte[0];
        MessageId id = MessageId.next();

        @Nullable
        Contact contact;

        @Nullable
        Thread thread;

        Incoming(ReceivedItem received, Item.Said said, byte[] keyHash) {
            this.received = received;
            this.said = said;
            this.keyHash = keyHash;
        }
    }

    @Override
    public void receive(Actor actor, List<ReceivedItem> items) {
        // One intake at a time per tenant: two nodes must not open the same contact or thread twice.
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('inbox:' || ?, 0))")
                .param(actor.tenant().toString())
                .query((row, n) -> 1)
                .list();
        var said = new ArrayList<Incoming>();
        for (var item : items) {
            if (item.item() instanceof Item.Said words) {
                var incoming = new Incoming(item, words, hash(actor, words.remoteKey()));
                incoming.parentHash = words.parentKey() == null ? null : hash(actor, words.parentKey());
                said.add(incoming);
            }
        }
        if (!said.isEmpty()) {
            var kept = place(actor, said);
            store(actor, kept);
        }
        for (var item : items) {
            switch (item.item()) {
                case Item.Edited edited -> changes.edit(actor, item, edited, hash(actor, edited.targetKey()));
                case Item.Deleted deleted ->
                    changes.delete(actor, item.account(), hash(actor, deleted.targetKey()), deleted.at());
                case Item.Left left ->
                    changes.left(actor, item.network(), vault.keyedHash(actor, IDENTITY, left.authorKey()), left.at());
                case Item.Said ignored -> {}
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

    private byte[] hash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, KEYS, remoteKey);
    }

    // ---- who and where ------------------------------------------------------------------------------------------

    private List<Incoming> place(Actor actor, List<Incoming> said) {
        contacts(actor, said);
        var known = new HashMap<String, ConversationId>();
        var parents = said.stream()
                .filter(each -> each.parentHash != null)
                .map(each -> each.parentHash)
                .toList();
        messagesByKey(parents).forEach(known::put);
        for (var each : said) {
            each.threadHash = threadHash(actor, each);
        }
        var threads = conversationsByThread(said);
        var orphans = orphansOf(said);
        var kept = new ArrayList<Incoming>();
        for (var each : said) {
            var hint = each.said.hints().get("conversation");
            var byParent = each.parentHash == null ? null : known.get(hex(each.parentHash));
            var direct = each.said.audience() == Audience.DIRECT;
            ConversationId at = null;
            if (hint != null) {
                at = new ConversationId(UUID.fromString(hint));
            } else if (!direct && byParent != null) {
                at = byParent;
            } else {
                at = threads.get(threadKey(each));
                if (at == null && !direct) {
                    at = orphans.get(hex(each.keyHash));
                }
            }
            var opened = false;
            if (at == null) {
                if (!each.said.addressed()) {
                    continue;
                }
                at = ConversationId.next();
                opened = true;
            }
            threads.putIfAbsent(threadKey(each), at);
            known.put(hex(each.keyHash), at);
            if (!direct && each.parentHash != null) {
                // A parent that comes in the same batch, after its child, joins it too.
                orphans.putIfAbsent(hex(each.parentHash), at);
            }
            each.thread = new Thread(at, opened);
            kept.add(each);
        }
        return kept;
    }

    private static String threadKey(Incoming each) {
        return each.received.account() + ":" + hex(each.threadHash);
    }

    /** Private words of one person are one conversation; each form is one; in public, each branch under a post. */
    private byte[] threadHash(Actor actor, Incoming each) {
        var said = each.said;
        var key = each.received.network() == id.kentongan.channel.Network.WEB
                ? "web:" + said.remoteKey()
                : said.audience() == Audience.DIRECT ? "direct:" + said.author().key() : "thread:" + said.remoteKey();
        return vault.keyedHash(actor, "inbox.thread", key);
    }

    private void contacts(Actor actor, List<Incoming> said) {
        var wanted = new LinkedHashMap<String, Incoming>();
        var hashes = new HashMap<String, byte[]>();
        for (var each : said) {
            var hash = vault.keyedHash(actor, IDENTITY, each.said.author().key());
            var key = each.received.network().code() + ":" + hex(hash);
            wanted.putIfAbsent(key, each);
            hashes.put(key, hash);
        }
        var found = new HashMap<String, Contact>();
        jdbc.sql("""
                        select i.network, i.key_hash, c.id, c.data_key_id, c.automated
                        from inbox.contact_identity i
                        join inbox.contact c on c.tenant_id = i.tenant_id and c.id = i.contact_id
                        where i.key_hash = any(?)
                        """).param(hashes.values().toArray(byte[][]::new)).query(row -> {
            found.put(
                    row.getString(1) + ":" + hex(row.getBytes(2)),
                    new Contact(
                            new ContactId(row.getObject(3, UUID.class)),
                            new DataKeyId(row.getObject(4, UUID.class)),
                            row.getBoolean(5)));
        });
        var fresh =
                wanted.keySet().stream().filter(key -> !found.containsKey(key)).toList();
        if (!fresh.isEmpty()) {
            insertContacts(actor, fresh, wanted, hashes, found);
        }
        vault.warm(actor, found.values().stream().map(Contact::key).toList());
        for (var each : said) {
            each.contact = found.get(each.received.network().code() + ":"
                    + hex(vault.keyedHash(actor, IDENTITY, each.said.author().key())));
        }
    }

    private void insertContacts(
            Actor actor,
            List<String> fresh,
            Map<String, Incoming> wanted,
            Map<String, byte[]> hashes,
            Map<String, Contact> found) {
        var size = fresh.size();
        var keys = vault.newKeys(actor, size);
        var ids = new UUID[size];
        var keyIds = new UUID[size];
        var automated = new Boolean[size];
        var networks = new String[size];
        var keyHashes = new byte[size][];
        var handleHashes = new byte[size][];
        var sealed = new byte[size][];
        for (var i = 0; i < size; i++) {
            var each = wanted.get(fresh.get(i));
            if (each == null) {
                throw new IllegalStateException("No item for a wanted contact");
            }
            var author = each.said.author();
            var contact = new Contact(ContactId.next(), keys.get(i), author.automated());
            found.put(fresh.get(i), contact);
            ids[i] = contact.id().value();
            keyIds[i] = keys.get(i).value();
            automated[i] = author.automated();
            networks[i] = each.received.network().code();
            keyHashes[i] = hashes.get(fresh.get(i));
            handleHashes[i] = vault.keyedHash(actor, HANDLES, author.handle().toLowerCase(java.util.Locale.ROOT));
            sealed[i] = vault.seal(
                    actor,
                    keys.get(i),
                    IDENTITY,
                    json.writeValueAsBytes(
                            new Identity(author.key(), author.handle(), author.name(), author.profileUrl())));
        }
        var now = Timestamp.from(clock.instant());
        jdbc.sql("""
                        insert into inbox.contact (tenant_id, id, data_key_id, automated, created_at)
                        select ?, c.id, c.key, c.automated, ?
                        from unnest(?::uuid[], ?::uuid[], ?::boolean[]) as c (id, key, automated)
                        """)
                .params(actor.tenant().value(), now, ids, keyIds, automated)
                .update();
        jdbc.sql("""
                        insert into inbox.contact_identity
                            (tenant_id, network, key_hash, contact_id, handle_hash, sealed)
                        select ?, i.network, i.hash, i.contact, i.handle, i.sealed
                        from unnest(?::text[], ?::bytea[], ?::uuid[], ?::bytea[], ?::bytea[])
                            as i (network, hash, contact, handle, sealed)
                        """)
                .params(actor.tenant().value(), networks, keyHashes, ids, handleHashes, sealed)
                .update();
    }

    private Map<String, ConversationId> messagesByKey(List<byte[]> hashes) {
        var found = new HashMap<String, ConversationId>();
        if (!hashes.isEmpty()) {
            jdbc.sql("select key_hash, conversation_id from inbox.message where key_hash = any(?)")
                    .param(hashes.toArray(byte[][]::new))
                    .query(row -> {
                        found.put(hex(row.getBytes(1)), new ConversationId(row.getObject(2, UUID.class)));
                    });
        }
        return found;
    }

    private Map<String, ConversationId> conversationsByThread(List<Incoming> said) {
        var found = new HashMap<String, ConversationId>();
        jdbc.sql("select account_id, thread_hash, id from inbox.conversation where thread_hash = any(?)")
                .param(said.stream().map(each -> each.threadHash).toArray(byte[][]::new))
                .query(row -> {
                    found.put(
                            row.getObject(1, UUID.class) + ":" + hex(row.getBytes(2)),
                            new ConversationId(row.getObject(3, UUID.class)));
                });
        return found;
    }

    /** Conversations opened by a public reply whose parent comes only now: the parent joins its child there. */
    private Map<String, ConversationId> orphansOf(List<Incoming> said) {
        var found = new HashMap<String, ConversationId>();
        jdbc.sql("""
                        select parent_hash, conversation_id
                        from inbox.message
                        where parent_hash = any(?) and direction = 'IN' and audience <> 'DIRECT'
                        order by id desc
                        """)
                .param(said.stream().map(each -> each.keyHash).toArray(byte[][]::new))
                .query(row -> {
                    found.put(hex(row.getBytes(1)), new ConversationId(row.getObject(2, UUID.class)));
                });
        return found;
    }

    // ---- storing ------------------------------------------------------------------------------------------------

    private void store(Actor actor, List<Incoming> said) {
        if (said.isEmpty()) {
            return;
        }
        openConversations(actor, said);
        insertMessages(actor, said);
        touchConversations(actor, said);
        for (var each : said) {
            storeFiles(actor, each);
        }
        changes.applyPending(actor, said.stream().map(each -> each.keyHash).toList());
        var entries = new ArrayList<TrailEntry>();
        var received = new ArrayList<MessagesReceived.Received>();
        for (var each : said) {
            var thread = thread(each);
            entries.add(TrailEntry.of(
                    "inbox.received",
                    "message",
                    each.id.value(),
                    Map.of("conversation", thread.id().toString())));
            received.add(new MessagesReceived.Received(
                    each.id,
                    thread.id(),
                    contact(each).id(),
                    thread.opened(),
                    each.said.addressed(),
                    each.said.author().automated() || contact(each).automated()));
        }
        trail.recordAll(actor, entries);
        events.publishEvent(new MessagesReceived(actor.tenant(), received));
        var changed = said.stream().map(each -> thread(each).id()).distinct().toList();
        transactions.afterCommit(() ->
                changed.forEach(id -> events.publishEvent(new ConversationChanged(actor.tenant(), id, "message"))));
    }

    private void openConversations(Actor actor, List<Incoming> said) {
        var fresh = said.stream().filter(each -> thread(each).opened()).toList();
        if (fresh.isEmpty()) {
            return;
        }
        var confidential = fresh.stream()
                .map(each -> "confidential".equals(each.said.hints().get("identity"))
                        || "whistle-blowing".equals(each.said.hints().get("kind")))
                .toArray(Boolean[]::new);
        var anonymous = fresh.stream()
                .map(each -> "anonymous".equals(each.said.hints().get("identity")))
                .toArray(Boolean[]::new);
        jdbc.sql("""
                        insert into inbox.conversation
                            (tenant_id, id, account_id, network, contact_id, data_key_id, audience, thread_hash,
                             opened_at, last_at, confidential, anonymous)
                        select ?, c.id, c.account, c.network, c.contact, c.key, c.audience, c.thread, c.at, c.at,
                               c.confidential, c.anonymous
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[],
                                    ?::timestamptz[], ?::boolean[], ?::boolean[])
                            as c (id, account, network, contact, key, audience, thread, at, confidential, anonymous)
                        """)
                .params(
                        actor.tenant().value(),
                        fresh.stream().map(each -> thread(each).id().value()).toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.account().value())
                                .toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.network().code())
                                .toArray(String[]::new),
                        fresh.stream().map(each -> contact(each).id().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> contact(each).key().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> each.said.audience().name()).toArray(String[]::new),
                        fresh.stream().map(each -> each.threadHash).toArray(byte[][]::new),
                        fresh.stream().map(each -> each.said.at().toString()).toArray(String[]::new),
                        confidential,
                        anonymous)
                .update();
    }

    private void insertMessages(Actor actor, List<Incoming> said) {
        var size = said.size();
        var bodyKeys = new byte[size][];
        var bodies = new byte[size][];
        var details = new byte[size][];
        var commitments = new byte[size][];
        var ids = new UUID[size];
        var conversations = new UUID[size];
        var words = new String[size];
        for (var i = 0; i < size; i++) {
            var each = said.get(i);
            var contact = contact(each);
            var text = each.said.text().getBytes(StandardCharsets.UTF_8);
            var sealed = vault.sealContent(actor, contact.key(), BODY, text);
            bodyKeys[i] = sealed.key();
            bodies[i] = sealed.sealed();
            details[i] = vault.seal(
                    actor,
                    contact.key(),
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
            conversations[i] = thread(each).id().value();
            words[i] = literal(Words.lexemes(each.said.text()));
        }
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, contact_id, data_key_id, direction, at, audience,
                             key_hash, parent_hash, body_key, body_sealed, details_sealed, commitment)
                        select ?, m.id, m.conversation, m.contact, m.key, 'IN', m.at, m.audience,
                               m.hash, m.parent, m.body_key, m.body, m.details, m.commitment
                        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[],
                                    ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])
                            as m (id, conversation, contact, key, at, audience, hash, parent, body_key, body, details,
                                  commitment)
                        """)
                .params(
                        actor.tenant().value(),
                        ids,
                        conversations,
                        said.stream().map(each -> contact(each).id().value()).toArray(UUID[]::new),
                        said.stream().map(each -> contact(each).key().value()).toArray(UUID[]::new),
                        said.stream().map(each -> each.said.at().toString()).toArray(String[]::new),
                        said.stream().map(each -> each.said.audience().name()).toArray(String[]::new),
                        said.stream().map(each -> each.keyHash).toArray(byte[][]::new),
                        said.stream().map(each -> each.parentHash).toArray(byte[][]::new),
                        bodyKeys,
                        bodies,
                        details,
                        commitments)
                .update();
        jdbc.sql("""
                        insert into inbox.message_search (tenant_id, message_id, conversation_id, words)
                        select ?, s.id, s.conversation, array_to_tsvector(s.words::text[])
                        from unnest(?::uuid[], ?::uuid[], ?::text[]) as s (id, conversation, words)
                        """).params(actor.tenant().value(), ids, conversations, words).update();
    }

    /** Newest words, waiting since the first unanswered, open again. One update per batch. */
    private void touchConversations(Actor actor, List<Incoming> said) {
        var newest = new LinkedHashMap<ConversationId, Incoming>();
        var first = new HashMap<ConversationId, Instant>();
        for (var each : said) {
            var id = thread(each).id();
            newest.merge(id, each, (a, b) -> b.said.at().isBefore(a.said.at()) ? a : b);
            first.merge(id, each.said.at(), (a, b) -> b.isBefore(a) ? b : a);
        }
        var keys = new HashMap<ConversationId, DataKeyId>();
        jdbc.sql("select id, data_key_id from inbox.conversation where id = any(?)")
                .param(newest.keySet().stream().map(ConversationId::value).toArray(UUID[]::new))
                .query(row -> {
                    keys.put(
                            new ConversationId(row.getObject(1, UUID.class)),
                            new DataKeyId(row.getObject(2, UUID.class)));
                });
        vault.warm(actor, keys.values());
        var rows = newest.entrySet().stream()
                .filter(entry -> keys.containsKey(entry.getKey()))
                .toList();
        jdbc.sql("""
                        update inbox.conversation c
                        set last_at = greatest(c.last_at, n.at),
                            preview_sealed = case when n.at >= c.last_at then n.preview else c.preview_sealed end,
                            waiting_since = least(c.waiting_since, n.first),
                            done = false,
                            version = c.version + 1
                        from unnest(?::uuid[], ?::timestamptz[], ?::bytea[], ?::timestamptz[])
                            as n (id, at, preview, first)
                        where c.id = n.id
                        """)
                .params(
                        rows.stream().map(entry -> entry.getKey().value()).toArray(UUID[]::new),
                        rows.stream()
                                .map(entry -> entry.getValue().said.at().toString())
                                .toArray(String[]::new),
                        rows.stream()
                                .map(entry -> vault.seal(
                                        actor,
                                        java.util.Objects.requireNonNull(keys.get(entry.getKey())),
                                        PREVIEW,
                                        preview(entry.getValue().said.text())))
                                .toArray(byte[][]::new),
                        rows.stream()
                                .map(entry -> String.valueOf(first.get(entry.getKey())))
                                .toArray(String[]::new))
                .update();
    }

    private void storeFiles(Actor actor, Incoming each) {
        var position = 0;
        for (Attachment attachment : each.said.attachments()) {
            var content = attachment.content();
            if (content == null) {
                continue;
            }
            var stored = files.store(actor, contact(each).key(), content);
            var description = attachment.description();
            jdbc.sql("""
                            insert into inbox.message_file
                                (tenant_id, message_id, position, media_type, size, file_name, file_key, description_sealed)
                            values (:tenant, :message, :position, :type, :size, :name, :key, :description)
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("message", each.id.value())
                    .param("position", position++)
                    .param("type", attachment.mediaType())
                    .param("size", stored.size())
                    .param("name", stored.name())
                    .param("key", stored.key())
                    .param(
                            "description",
                            description == null
                                    ? null
                                    : vault.seal(actor, contact(each).key(), "inbox.message_file", description))
                    .update();
        }
    }

    private static Contact contact(Incoming each) {
        return java.util.Objects.requireNonNull(each.contact);
    }

    private static Thread thread(Incoming each) {
        return java.util.Objects.requireNonNull(each.thread);
    }

    static String preview(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= PREVIEW_LENGTH
                ? line
                : line.substring(0, PREVIEW_LENGTH - 1).strip() + "…";
    }

    /** Salted, so that the trail's chain still verifies, and tells nothing, once the content is gone. */
    static byte[] commitment(byte[] sealed) {
        try {
            var salt = new byte[16];
            RANDOM.nextBytes(salt);
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(sealed);
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
}
