// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Letter;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.TextLimit;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView.ClosedTarget;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.inbox.Conversations.Picture;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.ReplySent;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
    private final Accounts accounts;
    private final ApplicationEventPublisher events;
    private final Announcements announcements;
    private final ConversationTable table;
    private final MessageWriter writer;
    private final OfficersWork work;
    private final MessageFiles files;
    private final Clock clock;

    Answers(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            ObjectMapper json,
            Outbox outbox,
            Accounts accounts,
            ApplicationEventPublisher events,
            Announcements announcements,
            ConversationTable table,
            MessageWriter writer,
            OfficersWork work,
            MessageFiles files,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.json = json;
        this.outbox = outbox;
        this.accounts = accounts;
        this.events = events;
        this.announcements = announcements;
        this.table = table;
        this.writer = writer;
        this.work = work;
        this.files = files;
        this.clock = clock;
    }

    /** @param open the default first */
    record Targets(List<ReplyTarget> open, List<ClosedTarget> closed) {}

    /** The default is where the newest words came from: what was said in private is answered in private. */
    Targets targets(Actor actor, StoredConversation raw) {
        return targets(actor, raw, null, null);
    }

    /**
     * The same of one person's own words to us, whoever else speaks there.
     *
     * @param whom who is to be answered, or null for whoever wrote last
     * @param spoken what they said last in another way, as by the form of the tracking page, or null
     */
    Targets targets(Actor actor, StoredConversation raw, @Nullable ContactId whom, @Nullable MessageId spoken) {
        var able = accounts.capabilities(actor, raw.account()).orElse(null);
        if (able == null || !InboxAccess.leads(actor, raw)) {
            return new Targets(List.of(), List.of());
        }
        var questions = questions(raw, whom, spoken);
        var open = new ArrayList<ReplyTarget>();
        var closed = new ArrayList<ClosedTarget>();
        var inPublic = questions.inPublic();
        if (raw.audience() != Audience.DIRECT && inPublic != null) {
            add(raw, able, inPublic, "public", inPublic.audience(), open, closed);
        }
        var ofOne = questions.ofOne();
        if (ofOne != null) {
            add(raw, able, ofOne, "private", Audience.DIRECT, open, closed);
        }
        return new Targets(
                open.size() == 2 && questions.lastPrivate() ? open.reversed() : List.copyOf(open), List.copyOf(closed));
    }

    private void add(
            StoredConversation raw,
            Capabilities able,
            Question question,
            String code,
            Audience audience,
            List<ReplyTarget> open,
            List<ClosedTarget> closed) {
        able.answering(question.audience(), audience).ifPresent(answering -> {
            var window = answering.window();
            var until = window == null ? null : question.at().plus(window);
            if (until != null && !until.isAfter(clock.instant())) {
                closed.add(new ClosedTarget(raw.network(), audience, until));
            } else {
                open.add(new ReplyTarget(code, raw.network(), audience, answering, until));
            }
        });
    }

    /** Words to us that are still there to be answered. */
    private record Question(Audience audience, Instant at) {}

    private record Questions(
            boolean lastPrivate,
            @Nullable Question inPublic,
            @Nullable Question ofOne) {}

    private Questions questions(StoredConversation raw, @Nullable ContactId whom, @Nullable MessageId spoken) {
        if (raw.network() == Network.WEB) {
            // The tracking page is read by whoever has its link, whatever became of the words.
            return new Questions(true, null, new Question(Audience.DIRECT, clock.instant()));
        }
        return jdbc.sql("""
                        select coalesce(l.audience = 'DIRECT', false), p.audience, p.at, o.audience, o.at
                        from (select :id::uuid as id) c
                        left join lateral (
                            select m.audience
                            from inbox.message m
                            where m.conversation_id = c.id and m.direction = 'IN'
                            and (m.addressed and (:whom::uuid is null or m.contact_id = :whom) or m.id = :spoken::uuid)
                            order by m.id desc
                            limit 1) l on true
                        left join lateral (
                            select m.audience, m.at
                            from inbox.message m
                            where m.conversation_id = c.id and m.direction = 'IN' and m.details_sealed is not null
                            and m.addressed and m.audience <> 'DIRECT' and (:whom::uuid is null or m.contact_id = :whom)
                            order by m.id desc
                            limit 1) p on true
                        left join lateral (
                            select m.audience, m.at
                            from inbox.message m
                            where m.conversation_id = c.id and m.direction = 'IN' and m.details_sealed is not null
                            and m.addressed and m.contact_id = :one
                            order by m.id desc
                            limit 1) o on true
                        """)
                .param("id", raw.id().value())
                .param("whom", whom == null ? null : whom.value())
                .param("one", (whom == null ? raw.contact() : whom).value())
                .param("spoken", spoken == null ? null : spoken.value())
                .query((row, n) -> new Questions(
                        row.getBoolean(1),
                        question(row.getString(2), row.getTimestamp(3)),
                        question(row.getString(4), row.getTimestamp(5))))
                .single();
    }

    private static @Nullable Question question(@Nullable String audience, @Nullable Timestamp at) {
        return audience == null || at == null ? null : new Question(Audience.valueOf(audience), at.toInstant());
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
            InboxAccess.mustLead(actor, raw);
            var earlier = earlierReply(id, idempotencyKey);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            if (raw.heardSince(id, seenVersion)) {
                throw Refusal.conflict("inbox.moved-on").asException();
            }
            var targets = targets(actor, raw, whom, null);
            var to = targets.open().stream()
                    .filter(each -> each.code().equals(target))
                    .findFirst()
                    .orElseThrow(() -> Refusal.invalid(
                                    targets.closed().isEmpty() ? "inbox.no-such-target" : "inbox.window-closed")
                            .asException());
            shortEnough(to.answering(), text.strip());
            seemly(pictures, to.answering());
            var answered = newest(actor, raw, to.audience(), whom)
                    .orElseThrow(() -> Refusal.invalid("inbox.nobody-to-answer").asException());
            var message = send(
                    actor,
                    raw,
                    answered,
                    to.audience().narrower(answered.audience()),
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
            work.left(actor, raw.id());
            events.publishEvent(new ReplySent(actor.tenant(), raw.id(), message, false));
            told(actor, raw.id(), "reply");
            return message;
        });
    }

    static void shortEnough(Answering answering, String text) {
        answering.broken(text).ifPresent(limit -> {
            var code = limit.unit() == TextLimit.Unit.UTF8_BYTES ? "inbox.too-long-bytes" : "inbox.too-long";
            throw Refusal.invalid(code, limit.most()).asException();
        });
    }

    private static void seemly(List<Picture> pictures, Answering answering) {
        if (pictures.isEmpty()) {
            return;
        }
        var limit = answering
                .pictures()
                .orElseThrow(() -> Refusal.invalid("inbox.no-pictures-here").asException());
        if (pictures.size() > limit.most()) {
            throw Refusal.invalid("inbox.too-many-pictures", limit.most()).asException();
        }
        for (var each : pictures) {
            if (!limit.takes(each.picture().mediaType(), each.picture().content().length)) {
                throw Refusal.invalid("inbox.picture-not-taken", limit.largest() / 1_000_000.0)
                        .asException();
            }
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

    /** What is answered: its key on its network, who said it, to whom, and as what letter. */
    private record Answered(
            @Nullable String key,
            Receiving.@Nullable Identity author,
            Audience audience,
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
        record Row(
                DataKeyId key, byte[] details, byte @Nullable [] identity, DataKeyId contactKey, Audience audience) {}
        var inPrivate = audience == Audience.DIRECT;
        var of = whom != null ? whom : inPrivate ? raw.contact() : null;
        var found = jdbc.sql("""
                        select m.data_key_id, m.details_sealed, i.sealed, k.data_key_id, m.audience
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
                        new DataKeyId(r.getObject(4, UUID.class)),
                        Audience.valueOf(r.getString(5))))
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
                            // One who is answered in private is answered to what they said to whomever.
                            .map(details -> new Answered(
                                    details.remoteKey(),
                                    author,
                                    inPrivate ? Audience.DIRECT : row.audience(),
                                    Sending.letter(raw.network(), details, raw.caseNumber(), false)));
                });
        return raw.network() == Network.WEB
                ? found.or(() -> Optional.of(new Answered(null, null, Audience.DIRECT, null)))
                : found.filter(answered -> answered.author() != null);
    }

    private void told(Actor actor, ConversationId id, String what) {
        announcements.changed(actor, List.of(id), what.replace(' ', '-'));
    }
}
