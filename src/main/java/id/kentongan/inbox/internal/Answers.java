// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Letter;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.inbox.Conversations.Picture;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.ReplySent;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** An officer's answers through the outbox; what the platform says by itself is in {@link AutomaticReplies}. */
@Component
class Answers {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final ObjectMapper json;
    private final Outbox outbox;
    private final ObjectProvider<ChannelAdapter> adapters;
    private final ApplicationEventPublisher events;
    private final Announcements announcements;
    private final ConversationTable table;
    private final MessageWriter writer;
    private final MessageFiles files;

    Answers(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            ObjectMapper json,
            Outbox outbox,
            ObjectProvider<ChannelAdapter> adapters,
            ApplicationEventPublisher events,
            Announcements announcements,
            ConversationTable table,
            MessageWriter writer,
            MessageFiles files) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.json = json;
        this.outbox = outbox;
        this.adapters = adapters;
        this.events = events;
        this.announcements = announcements;
        this.table = table;
        this.writer = writer;
        this.files = files;
    }

    /** The default is where the newest words came from: what was said in private is answered in private. */
    List<ReplyTarget> targets(StoredConversation raw) {
        var adapter = adapters.stream()
                .filter(each -> each.network() == raw.network())
                .findFirst()
                .orElse(null);
        if (adapter == null) {
            return List.of();
        }
        var able = adapter.capabilities();
        var pictures = adapter.mostPictures();
        // The tracking page is read by whoever has its link, whatever became of the words.
        var there = raw.network() == Network.WEB ? new There(false, true, true) : there(raw);
        var targets = new ArrayList<ReplyTarget>();
        if (raw.audience() != Audience.DIRECT && able.publicReply() && there.inPublic()) {
            targets.add(new ReplyTarget("public", raw.network(), raw.audience(), able.maxLength(), pictures));
        }
        if (able.privateReply() && there.ofOwner()) {
            targets.add(new ReplyTarget("private", raw.network(), Audience.DIRECT, able.maxLength(), pictures));
        }
        return targets.size() == 2 && there.lastPrivate() ? targets.reversed() : targets;
    }

    /** Whose words are still there to be answered. */
    private record There(boolean lastPrivate, boolean inPublic, boolean ofOwner) {}

    private There there(StoredConversation raw) {
        return jdbc.sql("""
                        select coalesce((
                                   select audience = 'DIRECT'
                                   from inbox.message
                                   where conversation_id = :id and direction = 'IN'
                                   order by id desc
                                   limit 1), false),
                               exists (
                                   select from inbox.message
                                   where conversation_id = :id and direction = 'IN' and details_sealed is not null
                                   and addressed and audience <> 'DIRECT'),
                               exists (
                                   select from inbox.message
                                   where conversation_id = :id and direction = 'IN' and details_sealed is not null
                                   and contact_id = :owner)
                        """)
                .param("id", raw.id().value())
                .param("owner", raw.contact().value())
                .query((row, n) -> new There(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)))
                .single();
    }

    MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion,
            @Nullable ContactId whom,
            List<Picture> pictures) {
        InboxAccess.worksHere(actor);
        if (text.isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        return transactions.write(actor, () -> {
            var raw = table.locked(actor, id);
            var earlier = earlierReply(id, idempotencyKey);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            if (seenVersion != null && seenVersion < raw.heard()) {
                throw Refusal.conflict("inbox.moved-on").asException();
            }
            var to = targets(raw).stream()
                    .filter(each -> each.code().equals(target))
                    .findFirst()
                    .orElseThrow(() -> Refusal.invalid("inbox.no-such-target").asException());
            if (text.length() > to.maxLength()) {
                throw Refusal.invalid("inbox.too-long", to.maxLength()).asException();
            }
            seemly(pictures, to);
            var answered = newest(actor, raw, to.audience(), whom)
                    .orElseThrow(() -> Refusal.invalid("inbox.nobody-to-answer").asException());
            var message = send(
                    actor,
                    raw,
                    answered,
                    to.audience(),
                    text.strip(),
                    Sending.outgoingId(id, idempotencyKey),
                    Sending.sendKey(id, idempotencyKey),
                    pictures);
            jdbc.sql("""
                            update inbox.conversation
                            set waiting_since = null, version = version + 1, heard_version = version + 1,
                                assignee = coalesce(assignee, :me)
                            where id = :id
                            """)
                    .param("me", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                    .param("id", raw.id().value())
                    .update();
            jdbc.sql("delete from inbox.draft where officer_id = ? and conversation_id = ?")
                    .params(actor.id(), raw.id().value())
                    .update();
            events.publishEvent(new ReplySent(actor.tenant(), raw.id(), message, false));
            told(actor, raw.id(), "reply");
            return message;
        });
    }

    private static void seemly(List<Picture> pictures, ReplyTarget to) {
        if (!pictures.isEmpty() && to.mostPictures() == 0) {
            throw Refusal.invalid("inbox.no-pictures-here").asException();
        }
        if (pictures.size() > to.mostPictures()) {
            throw Refusal.invalid("inbox.too-many-pictures", to.mostPictures()).asException();
        }
        for (var each : pictures) {
            if (each.description().isBlank() || each.description().strip().length() > Picture.LONGEST_DESCRIPTION) {
                throw Refusal.invalid("inbox.picture-without-words", Picture.LONGEST_DESCRIPTION)
                        .asException();
            }
        }
    }

    private Optional<MessageId> earlierReply(ConversationId conversation, String key) {
        return jdbc.sql("""
                        select m.id
                        from inbox.message m
                        where m.outgoing_id = ?
                        """)
                .param(Sending.outgoingId(conversation, key).value())
                .query((row, n) -> new MessageId(row.getObject(1, UUID.class)))
                .optional();
    }

    /** What is answered: its key on its network, and who said it. */
    private record Answered(
            @Nullable String key,
            Receiving.@Nullable Identity author,
            @Nullable Letter letter) {}

    private MessageId send(
            Actor actor,
            StoredConversation raw,
            Answered answered,
            Audience audience,
            String text,
            OutgoingId outgoing,
            String key,
            List<Picture> pictures) {
        var stored = writer.insert(actor, raw, MessageView.Direction.OUT, audience, text, false, outgoing);
        var message = stored.id();
        var attachments = pictures.stream()
                .map(each -> new Attachment(
                        null,
                        each.picture().mediaType(),
                        each.description().strip(),
                        each.picture().content()))
                .toList();
        files.store(actor, stored.key(), message.value(), attachments);
        outbox.submit(
                actor,
                Sending.outgoing(
                        outgoing,
                        raw.account(),
                        key,
                        answered.key(),
                        answered.author(),
                        audience,
                        text,
                        // The tracking page shows what lies in the conversation: no second copy waits for it.
                        raw.network() == Network.WEB ? List.of() : attachments,
                        message,
                        answered.letter()));
        trail.record(
                actor,
                new TrailEntry(
                        "inbox.answered",
                        new Subject("message", message.value()),
                        pictures.isEmpty()
                                ? Map.of("conversation", raw.id().toString(), "audience", audience.name())
                                : Map.of(
                                        "conversation",
                                        raw.id().toString(),
                                        "audience",
                                        audience.name(),
                                        "pictures",
                                        "" + pictures.size()),
                        stored.commitment()));
        return message;
    }

    /**
     * The newest words to us that are still there: what an answer answers, and whom. An answer many can read never answers,
     * and so never shows, what somebody said in private; a private one goes to one person only.
     */
    private Optional<Answered> newest(
            Actor actor, StoredConversation raw, Audience audience, @Nullable ContactId whom) {
        record Row(DataKeyId key, byte[] details, byte @Nullable [] identity, DataKeyId contactKey) {}
        var inPrivate = audience == Audience.DIRECT;
        var of = whom != null ? whom : inPrivate ? raw.contact() : null;
        var found = jdbc.sql("""
                        select m.data_key_id, m.details_sealed, i.sealed, k.data_key_id
                        from inbox.message m
                        join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        where m.conversation_id = :id and m.direction = 'IN' and m.details_sealed is not null
                        and (:private or m.audience <> 'DIRECT')
                        and m.addressed and (:contact::uuid is null or m.contact_id = :contact)
                        order by m.id desc
                        limit 1
                        """)
                .param("id", raw.id().value())
                .param("private", inPrivate)
                .param("contact", of == null ? null : of.value())
                .query((r, n) -> new Row(
                        new DataKeyId(r.getObject(1, UUID.class)),
                        r.getBytes(2),
                        r.getBytes(3),
                        new DataKeyId(r.getObject(4, UUID.class))))
                .optional()
                .flatMap(row -> {
                    var sealed = row.identity();
                    var author = sealed == null
                            ? null
                            : vault.open(actor, row.contactKey(), Receiving.IDENTITY, sealed)
                                    .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                                    .orElse(null);
                    return vault.open(actor, row.key(), Receiving.DETAILS, row.details())
                            .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                            .map(details -> new Answered(
                                    details.remoteKey(),
                                    author,
                                    Sending.letter(raw.network(), details, raw.caseNumber(), false)));
                });
        return raw.network() == Network.WEB
                ? found.or(() -> Optional.of(new Answered(null, null, null)))
                : found.filter(answered -> answered.author() != null);
    }

    private void told(Actor actor, ConversationId id, String what) {
        announcements.changed(actor, List.of(id), what.replace(' ', '-'));
    }
}
