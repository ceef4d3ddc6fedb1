// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.SealedFiles.StoredFile;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** The messages of a conversation, opened for whoever may read them; every reading is noted. */
@Component
class MessageReader {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;
    private final ReadingLog readings;
    private final ObjectMapper json;
    private final Outbox outbox;
    private final ConversationTable table;
    private final AnswerChanges changes;

    MessageReader(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            SealedFiles files,
            ReadingLog readings,
            ObjectMapper json,
            Outbox outbox,
            ConversationTable table,
            AnswerChanges changes) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.readings = readings;
        this.json = json;
        this.outbox = outbox;
        this.table = table;
        this.changes = changes;
    }

    Page<MessageView> messages(Actor actor, ConversationId id, @Nullable String before, int limit) {
        InboxAccess.known(before);
        if (!InboxAccess.readsWords(actor) || !table.exists(actor, id)) {
            throw Refusal.notFound().asException();
        }
        return mayRead(actor, id)
                ? transactions.read(actor, () -> messages(actor, table.get(actor, id), before, limit))
                : Page.empty();
    }

    /** A page of one that ends with it: pages go by id, and end before the one that is named. */
    Optional<MessageView> message(Actor actor, ConversationId id, MessageId message) {
        var after = new UUID(
                message.value().getMostSignificantBits(), message.value().getLeastSignificantBits() + 1);
        return messages(actor, id, after.toString(), 1).items().stream()
                .filter(each -> each.id().equals(message))
                .findFirst();
    }

    /**
     * Notes the reading, in a transaction of its own: asked between transactions, and only when the conversation is
     * within reach, so that guessing leaves no traces.
     */
    boolean mayRead(Actor actor, ConversationId id) {
        return readings.mayRead(actor, new Subject("conversation", id.value()));
    }

    Conversations.Spoken spoken(Actor actor, ConversationId id, ContactId whom) {
        if (actor.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(actor, () -> {
            var theirs = new HashSet<MessageId>();
            var toOthers = new HashSet<MessageId>();
            jdbc.sql("""
                            select m.id, m.contact_id = :whom, m.addressed
                            from inbox.message m
                            where m.conversation_id = :id and m.direction = 'IN'
                            """)
                    .param("whom", whom.value())
                    .param("id", table.get(actor, id).id().value())
                    .query(row -> {
                        var message = new MessageId(row.getObject(1, UUID.class));
                        if (row.getBoolean(2)) {
                            theirs.add(message);
                        }
                        if (!row.getBoolean(3)) {
                            toOthers.add(message);
                        }
                    });
            return new Conversations.Spoken(theirs, toOthers);
        });
    }

    /** Of who speaks there only: an id alone opens nobody's name. */
    String name(Actor actor, StoredConversation raw, ContactId whom) {
        record Row(DataKeyId key, byte[] identity) {}
        if (InboxAccess.hidesReporter(actor, raw)) {
            return "";
        }
        return jdbc.sql("""
                        select k.data_key_id, i.sealed
                        from inbox.contact k
                        join inbox.contact_identity i on i.tenant_id = k.tenant_id and i.contact_id = k.id
                        where k.id = :whom and i.sealed <> '' and (k.id = :owner or exists (
                            select 1 from inbox.message m where m.conversation_id = :id and m.contact_id = k.id))
                        limit 1
                        """)
                .param("whom", whom.value())
                .param("owner", raw.contact().value())
                .param("id", raw.id().value())
                .query((row, n) -> new Row(new DataKeyId(row.getObject(1, UUID.class)), row.getBytes(2)))
                .optional()
                .flatMap(row -> vault.open(actor, row.key(), Receiving.IDENTITY, row.identity()))
                .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                .map(Receiving.Identity::shown)
                .orElse("");
    }

    private record Stored(
            UUID id,
            DataKeyId key,
            MessageView.Direction direction,
            Instant at,
            Audience audience,
            byte @Nullable [] bodyKey,
            byte @Nullable [] body,
            byte @Nullable [] details,
            byte @Nullable [] identity,
            @Nullable UUID contact,
            @Nullable DataKeyId contactKey,
            boolean automatic,
            @Nullable OfficerId officer,
            @Nullable OutgoingId outgoing,
            @Nullable OutgoingId change,
            @Nullable Instant editedAt,
            @Nullable Instant deletedAt) {}

    Page<MessageView> messages(Actor actor, StoredConversation raw, @Nullable String before, int limit) {
        var stored = jdbc.sql("""
                        select m.*, k.data_key_id as contact_key, i.sealed as identity
                        from (
                            select * from inbox.message m
                            where m.conversation_id = :id and (:before::uuid is null or m.id < :before::uuid)
                            order by m.id desc
                            limit :limit) m
                        left join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        order by m.id
                        """)
                .param("id", raw.id().value())
                .param("before", before)
                .param("limit", limit + 1)
                .query(MessageReader::stored)
                .list();
        var more = stored.size() > limit;
        // Pages go by arrival; what is shown stands in the order it was said.
        var next = more ? stored.get(1).id().toString() : null;
        var shown = (more ? stored.subList(1, stored.size()) : stored)
                .stream()
                        .sorted(Comparator.comparing(Stored::at).thenComparing(Stored::id))
                        .toList();
        vault.warm(actor, shown.stream().map(Stored::key).toList());
        var ids = shown.stream().map(Stored::id).toArray(UUID[]::new);
        var keys = new HashMap<UUID, DataKeyId>();
        shown.forEach(each -> keys.put(each.id(), each.key()));
        var attached = new HashMap<UUID, List<MessageView.File>>();
        jdbc.sql("""
                        select message_id, position, media_type, size, description_sealed
                        from inbox.message_file
                        where message_id = any(?)
                        order by position
                        """).param(ids).query(row -> {
            var message = row.getObject(1, UUID.class);
            attached.computeIfAbsent(message, key -> new ArrayList<>())
                    .add(new MessageView.File(
                            row.getInt(2),
                            row.getString(3),
                            description(actor, keys.get(message), row.getBytes(5)),
                            row.getLong(4)));
        });
        var earlier = new HashMap<UUID, List<SealedContent>>();
        jdbc.sql("""
                        select message_id, body_key, body_sealed
                        from inbox.message_version
                        where message_id = any(?)
                        order by at
                        """).param(ids).query(row -> {
            earlier.computeIfAbsent(row.getObject(1, UUID.class), key -> new ArrayList<>())
                    .add(new SealedContent(row.getBytes(2), row.getBytes(3)));
        });
        var statuses = outbox.statuses(
                actor,
                shown.stream()
                        .flatMap(each ->
                                Stream.of(Optional.ofNullable(each.outgoing()), Optional.ofNullable(each.change())))
                        .flatMap(Optional::stream)
                        .toList());
        var possible = changes.possible(actor, raw.account());
        var views = shown.stream()
                .map(each -> view(
                        actor,
                        raw,
                        possible,
                        each,
                        earlier.getOrDefault(each.id(), List.of()),
                        attached.getOrDefault(each.id(), List.of()),
                        each.outgoing() == null ? null : statuses.get(each.outgoing()),
                        each.change() == null ? null : statuses.get(each.change())))
                .toList();
        return new Page<>(views, next);
    }

    private MessageView view(
            Actor actor,
            StoredConversation raw,
            AnswerChanges.Possible possible,
            Stored each,
            List<SealedContent> earlier,
            List<MessageView.File> attached,
            @Nullable OutgoingStatus status,
            @Nullable OutgoingStatus change) {
        var bodyKey = each.bodyKey();
        var body = each.body();
        var text = bodyKey == null || body == null ? null : open(actor, each.key(), new SealedContent(bodyKey, body));
        var sealedDetails = each.details();
        var details = sealedDetails == null
                ? null
                : vault.open(actor, each.key(), Receiving.DETAILS, sealedDetails)
                        .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                        .orElse(null);
        var author = "";
        var identity = each.identity();
        var contactKey = each.contactKey();
        if (identity != null && contactKey != null && !InboxAccess.hidesReporter(actor, raw)) {
            author = vault.open(actor, contactKey, Receiving.IDENTITY, identity)
                    .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                    .map(Receiving.Identity::shown)
                    .orElse("");
        }
        var ours = each.direction() == MessageView.Direction.OUT
                && !each.automatic()
                && text != null
                && each.deletedAt() == null;
        return new MessageView(
                new MessageId(each.id()),
                each.direction(),
                each.at(),
                each.audience(),
                author,
                raw.contact().value().equals(each.contact()),
                each.officer(),
                each.automatic(),
                text,
                details == null ? null : details.warning(),
                details == null || InboxAccess.hidesReporter(actor, raw) ? null : details.url(),
                earlier.stream()
                        .map(content -> open(actor, each.key(), content))
                        .filter(Objects::nonNull)
                        .toList(),
                each.editedAt(),
                each.deletedAt(),
                attached,
                status,
                change,
                ours && status != null && possible.correctable(status),
                ours && status != null && possible.withdrawable(status),
                details == null || InboxAccess.hidesReporter(actor, raw)
                        ? MessageView.Beside.NONE
                        : beside(details.hints()));
    }

    private static MessageView.Beside beside(Map<String, String> hints) {
        var notes = hints.getOrDefault(Item.Said.NOTES, "");
        return new MessageView.Beside(
                hints.getOrDefault(Item.Said.FOLDED, ""),
                hints.getOrDefault(Item.Said.HIDDEN, ""),
                notes.isEmpty() ? List.of() : List.of(notes.split("\n")));
    }

    private @Nullable String description(Actor actor, @Nullable DataKeyId key, byte @Nullable [] sealed) {
        return key == null || sealed == null
                ? null
                : vault.openText(actor, key, "inbox.message_file", sealed).orElse(null);
    }

    private @Nullable String open(Actor actor, DataKeyId key, SealedContent content) {
        return vault.openContent(actor, key, Receiving.BODY, content)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        var officer = row.getObject("officer_id", UUID.class);
        var outgoing = row.getObject("outgoing_id", UUID.class);
        var change = row.getObject("change_id", UUID.class);
        var contactKey = row.getObject("contact_key", UUID.class);
        var edited = row.getTimestamp("edited_at");
        var deleted = row.getTimestamp("deleted_at");
        return new Stored(
                row.getObject("id", UUID.class),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                MessageView.Direction.valueOf(row.getString("direction")),
                row.getTimestamp("at").toInstant(),
                Audience.valueOf(row.getString("audience")),
                row.getBytes("body_key"),
                row.getBytes("body_sealed"),
                row.getBytes("details_sealed"),
                row.getBytes("identity"),
                row.getObject("contact_id", UUID.class),
                contactKey == null ? null : new DataKeyId(contactKey),
                row.getBoolean("automatic"),
                officer == null ? null : new OfficerId(officer),
                outgoing == null ? null : new OutgoingId(outgoing),
                change == null ? null : new OutgoingId(change),
                edited == null ? null : edited.toInstant(),
                deleted == null ? null : deleted.toInstant());
    }

    Optional<Conversations.FileContent> file(Actor actor, ConversationId id, MessageId message, int index) {
        record Row(DataKeyId key, String mediaType, StoredFile file) {}
        if (!InboxAccess.readsWords(actor) || !table.exists(actor, id) || !mayRead(actor, id)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> {
            var raw = table.get(actor, id);
            return jdbc.sql("""
                            select m.data_key_id, f.media_type, f.file_name, f.file_key, f.size
                            from inbox.message_file f
                            join inbox.message m on m.tenant_id = f.tenant_id and m.id = f.message_id
                            where f.message_id = ? and f.position = ? and m.conversation_id = ?
                            """)
                    .params(message.value(), index, raw.id().value())
                    .query((row, n) -> new Row(
                            new DataKeyId(row.getObject(1, UUID.class)),
                            row.getString(2),
                            new StoredFile(row.getString(3), row.getBytes(4), row.getLong(5))))
                    .optional()
                    .flatMap(row -> files.read(actor, row.key(), row.file())
                            .map(bytes -> new Conversations.FileContent(row.mediaType(), bytes, null)));
        });
    }

    List<Conversations.MessageContent> contents(Actor actor, Collection<MessageId> messages) {
        if (actor.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
        record Row(
                UUID id,
                UUID conversation,
                UUID contact,
                DataKeyId key,
                Network network,
                AccountId account,
                Audience audience,
                Instant at,
                byte @Nullable [] bodyKey,
                byte @Nullable [] body,
                byte @Nullable [] details) {}
        return transactions.read(actor, () -> {
            var rows = jdbc.sql("""
                            select m.id, m.conversation_id, m.contact_id, m.data_key_id, c.network, c.account_id,
                                   m.audience, m.at, m.body_key, m.body_sealed, m.details_sealed
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.id = any(?) and m.body_key is not null
                            order by m.id
                            """)
                    .param(messages.stream().map(MessageId::value).toArray(UUID[]::new))
                    .query((row, n) -> new Row(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            row.getObject(3, UUID.class),
                            new DataKeyId(row.getObject(4, UUID.class)),
                            Network.of(row.getString(5)),
                            new AccountId(row.getObject(6, UUID.class)),
                            Audience.valueOf(row.getString(7)),
                            row.getTimestamp(8).toInstant(),
                            row.getBytes(9),
                            row.getBytes(10),
                            row.getBytes(11)))
                    .list();
            vault.warm(actor, rows.stream().map(Row::key).toList());
            var contents = new ArrayList<Conversations.MessageContent>();
            for (var row : rows) {
                var bodyKey = row.bodyKey();
                var body = row.body();
                var sealedDetails = row.details();
                if (bodyKey == null || body == null || sealedDetails == null) {
                    continue;
                }
                var text = open(actor, row.key(), new SealedContent(bodyKey, body));
                var details = vault.open(actor, row.key(), Receiving.DETAILS, sealedDetails)
                        .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                        .orElse(null);
                if (text != null && details != null) {
                    contents.add(new Conversations.MessageContent(
                            new MessageId(row.id()),
                            new ConversationId(row.conversation()),
                            new ContactId(row.contact()),
                            row.network(),
                            row.account(),
                            row.audience(),
                            row.at(),
                            text,
                            details.language(),
                            details.hints(),
                            row.key()));
                }
            }
            return contents;
        });
    }
}
