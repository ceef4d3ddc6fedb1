// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Corrects and withdraws what an officer answered, wherever it went. What was said before stays on record here: an
 * office does not make its own words undone, it says that they no longer hold.
 */
@Component
class AnswerChanges {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final SearchWords search;
    private final Vault vault;
    private final Trail trail;
    private final Outbox outbox;
    private final Accounts accounts;
    private final Announcements announcements;
    private final ConversationTable table;
    private final Clock clock;

    AnswerChanges(
            ActorTransactions transactions,
            JdbcClient jdbc,
            SearchWords search,
            Vault vault,
            Trail trail,
            Outbox outbox,
            Accounts accounts,
            Announcements announcements,
            ConversationTable table,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.search = search;
        this.vault = vault;
        this.trail = trail;
        this.outbox = outbox;
        this.accounts = accounts;
        this.announcements = announcements;
        this.table = table;
        this.clock = clock;
    }

    /** What can be done with what was sent from that account, as of now. */
    record Possible(@Nullable Change edit, @Nullable Change withdrawal, Instant now) {
        boolean correctable(OutgoingStatus status) {
            return possible(edit, status);
        }

        boolean withdrawable(OutgoingStatus status) {
            return possible(withdrawal, status);
        }

        private boolean possible(@Nullable Change change, OutgoingStatus status) {
            var sent = status.sentAt();
            return change != null
                    && status.state() != OutgoingStatus.State.REFUSED
                    && (sent == null || change.possible(sent, now));
        }
    }

    Possible possible(Actor actor, AccountId account) {
        var able = accounts.capabilities(actor, account);
        return new Possible(
                able.map(Capabilities::edit).orElse(null),
                able.map(Capabilities::withdrawal).orElse(null),
                clock.instant());
    }

    private record Answer(
            UUID id,
            DataKeyId key,
            OutgoingId outgoing,
            byte @Nullable [] bodyKey,
            byte @Nullable [] body,
            int wordings,
            boolean withdrawn,
            Audience audience) {}

    void correct(Actor actor, ConversationId id, MessageId message, String text, int seenWordings) {
        InboxAccess.worksHere(actor);
        if (text.isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        transactions.run(actor, () -> {
            var raw = table.locked(actor, id);
            InboxAccess.mustLead(actor, raw);
            var answer = changeable(actor, raw, message);
            var words = text.strip();
            accounts.capabilities(actor, raw.account())
                    .flatMap(able -> able.answering(answer.audience()))
                    .ifPresent(answering -> Answers.shortEnough(answering, words));
            if (answer.withdrawn()) {
                throw Refusal.conflict("inbox.withdrawn-meanwhile").asException();
            }
            if (words.equals(words(actor, answer))) {
                // The form came twice, or nothing in it was changed.
                return;
            }
            if (answer.wordings() != seenWordings) {
                throw Refusal.conflict("inbox.corrected-meanwhile").asException();
            }
            var change = outbox.edit(
                    actor, answer.outgoing(), "correct:" + message + ":" + (answer.wordings() + 1), words, null);
            keepWording(answer);
            var sealed = vault.sealContent(actor, answer.key(), Receiving.BODY, words.getBytes(StandardCharsets.UTF_8));
            var commitment = Receiving.commitment(sealed.sealed());
            jdbc.sql("""
                            update inbox.message
                            set body_key = :key, body_sealed = :body, commitment = :commitment, edited_at = :now,
                                change_id = :change
                            where id = :id
                            """)
                    .param("key", sealed.key())
                    .param("body", sealed.sealed())
                    .param("commitment", commitment)
                    .param("now", Timestamp.from(clock.instant()))
                    .param("change", change.value())
                    .param("id", answer.id())
                    .update();
            jdbc.sql(
                            "update inbox.message_search set words = array_to_tsvector(?::text[]), keyed = true where message_id = ?")
                    .params(search.lexemes(actor, words), answer.id())
                    .update();
            told(actor, raw, answer, "inbox.corrected", commitment);
        });
    }

    private void keepWording(Answer answer) {
        jdbc.sql("""
                        insert into inbox.message_version (tenant_id, message_id, at, body_key, body_sealed)
                        select tenant_id, id, coalesce(edited_at, '-infinity'), body_key, body_sealed
                        from inbox.message
                        where id = ?
                        """).param(answer.id()).update();
    }

    void withdraw(Actor actor, ConversationId id, MessageId message) {
        InboxAccess.worksHere(actor);
        transactions.run(actor, () -> {
            var raw = table.locked(actor, id);
            InboxAccess.mustLead(actor, raw);
            var answer = changeable(actor, raw, message);
            if (answer.withdrawn()) {
                return;
            }
            var change = outbox.withdraw(actor, answer.outgoing(), "withdraw:" + message);
            jdbc.sql("update inbox.message set deleted_at = ?, change_id = ? where id = ?")
                    .params(Timestamp.from(clock.instant()), change.value(), answer.id())
                    .update();
            told(actor, raw, answer, "inbox.withdrawn", null);
        });
    }

    private void told(Actor actor, StoredConversation raw, Answer answer, String verb, byte @Nullable [] commitment) {
        jdbc.sql("update inbox.conversation set version = version + 1 where id = ?")
                .param(raw.id().value())
                .update();
        var facts = Map.of("conversation", raw.id().toString());
        trail.record(
                actor,
                commitment == null
                        ? TrailEntry.of(verb, "message", answer.id(), facts)
                        : new TrailEntry(verb, new Subject("message", answer.id()), facts, commitment));
        announcements.changed(actor, List.of(raw.id()), verb);
    }

    /** What an officer said there and the network took or may still take; a receipt of our own is no answer. */
    private Answer changeable(Actor actor, StoredConversation raw, MessageId message) {
        var answer = jdbc.sql("""
                        select m.id, m.data_key_id, m.outgoing_id, m.body_key, m.body_sealed, m.deleted_at, m.audience,
                               (select count(*) from inbox.message_version v
                                where v.tenant_id = m.tenant_id and v.message_id = m.id)
                        from inbox.message m
                        where m.id = ? and m.conversation_id = ? and m.direction = 'OUT' and not m.automatic
                        and m.outgoing_id is not null and m.body_key is not null
                        """)
                .params(message.value(), raw.id().value())
                .query((row, n) -> new Answer(
                        row.getObject(1, UUID.class),
                        new DataKeyId(row.getObject(2, UUID.class)),
                        new OutgoingId(row.getObject(3, UUID.class)),
                        row.getBytes(4),
                        row.getBytes(5),
                        row.getInt(8),
                        row.getTimestamp(6) != null,
                        Audience.valueOf(row.getString(7))))
                .optional()
                .orElseThrow(() -> Refusal.notFound().asException());
        var status = outbox.statuses(actor, List.of(answer.outgoing())).get(answer.outgoing());
        if (status == null || status.state() == OutgoingStatus.State.REFUSED) {
            throw Refusal.invalid("inbox.answer-not-sent").asException();
        }
        return answer;
    }

    private @Nullable String words(Actor actor, Answer answer) {
        var key = answer.bodyKey();
        var body = answer.body();
        return key == null || body == null
                ? null
                : vault.openContent(actor, answer.key(), Receiving.BODY, new SealedContent(key, body))
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .orElse(null);
    }
}
