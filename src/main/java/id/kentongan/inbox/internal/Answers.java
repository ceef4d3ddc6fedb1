// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView.ReplyTarget;
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
            MessageWriter writer) {
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
    }

    /** The default is where the newest words came from: what was said in private is answered in private. */
    List<ReplyTarget> targets(StoredConversation raw) {
        var able = adapters.stream()
                .filter(adapter -> adapter.network() == raw.network())
                .findFirst()
                .map(ChannelAdapter::capabilities)
                .orElse(null);
        if (able == null) {
            return List.of();
        }
        var targets = new ArrayList<ReplyTarget>();
        if (raw.audience() != Audience.DIRECT && able.publicReply()) {
            targets.add(new ReplyTarget("public", raw.network(), raw.audience(), able.maxLength()));
        }
        if (able.privateReply()) {
            targets.add(new ReplyTarget("private", raw.network(), Audience.DIRECT, able.maxLength()));
        }
        return targets.size() == 2 && lastWasPrivate(raw) ? targets.reversed() : targets;
    }

    private boolean lastWasPrivate(StoredConversation raw) {
        return jdbc.sql("""
                        select audience = 'DIRECT'
                        from inbox.message
                        where conversation_id = ? and direction = 'IN'
                        order by id desc
                        limit 1
                        """)
                .param(raw.id().value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion) {
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
            var message = send(actor, raw, to.audience(), text.strip(), idempotencyKey);
            jdbc.sql("""
                            update inbox.conversation
                            set waiting_since = null, version = version + 1, heard_version = version + 1,
                                assignee = coalesce(assignee, :me)
                            where id = :id
                            """)
                    .param("me", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                    .param("id", id.value())
                    .update();
            jdbc.sql("delete from inbox.draft where officer_id = ? and conversation_id = ?")
                    .params(actor.id(), id.value())
                    .update();
            events.publishEvent(new ReplySent(actor.tenant(), id, message, false));
            told(actor, id, "reply");
            return message;
        });
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

    private record LastWords(@Nullable String key, Receiving.@Nullable Identity author) {}

    private MessageId send(Actor actor, StoredConversation raw, Audience audience, String text, String key) {
        var last = lastWords(actor, raw, audience);
        var outgoing = Sending.outgoingId(raw.id(), key);
        var stored = writer.insert(actor, raw, MessageView.Direction.OUT, audience, text, false, outgoing);
        var message = stored.id();
        outbox.submit(
                actor,
                Sending.outgoing(
                        outgoing, raw.account(), raw.id(), key, last.key(), last.author(), audience, text, message));
        trail.record(
                actor,
                new TrailEntry(
                        "inbox.answered",
                        new Subject("message", message.value()),
                        Map.of("conversation", raw.id().toString(), "audience", audience.name()),
                        stored.commitment()));
        return message;
    }

    /**
     * The newest citizen's message that is still there: what an answer answers, and whom. An answer many can read
     * never answers, and so never shows, what somebody said in private.
     */
    private LastWords lastWords(Actor actor, StoredConversation raw, Audience audience) {
        record Row(DataKeyId key, byte[] details, byte @Nullable [] identity, DataKeyId contactKey) {}
        var row = jdbc.sql("""
                        select m.data_key_id, m.details_sealed, i.sealed, k.data_key_id
                        from inbox.message m
                        join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        where m.conversation_id = ? and m.direction = 'IN' and m.details_sealed is not null
                        and (? or m.audience <> 'DIRECT')
                        order by (m.contact_id = ?) desc, m.id desc
                        limit 1
                        """)
                .params(
                        raw.id().value(),
                        audience == Audience.DIRECT,
                        raw.contact().value())
                .query((r, n) -> new Row(
                        new DataKeyId(r.getObject(1, UUID.class)),
                        r.getBytes(2),
                        r.getBytes(3),
                        new DataKeyId(r.getObject(4, UUID.class))))
                .optional()
                .orElse(null);
        if (row == null) {
            return new LastWords(null, null);
        }
        var details = vault.open(actor, row.key(), Receiving.DETAILS, row.details())
                .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                .orElse(null);
        var sealed = row.identity();
        var identity = sealed == null
                ? null
                : vault.open(actor, row.contactKey(), Receiving.IDENTITY, sealed)
                        .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                        .orElse(null);
        return new LastWords(details == null ? null : details.remoteKey(), identity);
    }

    private void told(Actor actor, ConversationId id, String what) {
        announcements.changed(actor, List.of(id), what.replace(' ', '-'));
    }
}
