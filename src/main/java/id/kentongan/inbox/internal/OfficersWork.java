// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Audience;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What officers do with a conversation besides answering: read, assign, finish, note. */
@Component
class OfficersWork {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final Announcements announcements;
    private final ConversationTable table;
    private final MessageWriter writer;

    OfficersWork(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            Announcements announcements,
            ConversationTable table,
            MessageWriter writer) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.announcements = announcements;
        this.table = table;
        this.writer = writer;
    }

    void markRead(Actor actor, ConversationId id) {
        if (actor.readOnly()) {
            return;
        }
        transactions.run(actor, () -> {
            var raw = table.kept(actor, id);
            jdbc.sql("""
                            insert into inbox.conversation_read (tenant_id, officer_id, conversation_id, read_at)
                            values (?, ?, ?, ?)
                            on conflict (tenant_id, officer_id, conversation_id) do update set read_at = excluded.read_at
                            """)
                    .params(actor.tenant().value(), actor.id(), raw.id().value(), Timestamp.from(clock.instant()))
                    .update();
        });
    }

    Optional<Instant> lastRead(Actor actor, ConversationId id) {
        return transactions.read(actor, () -> {
            var raw = table.get(actor, id);
            return jdbc.sql("select read_at from inbox.conversation_read where officer_id = ? and conversation_id = ?")
                    .params(actor.id(), raw.id().value())
                    .query((row, n) -> row.getTimestamp(1).toInstant())
                    .optional();
        });
    }

    void assign(Actor actor, ConversationId id, @Nullable OfficerId officer) {
        change(
                actor,
                id,
                "update inbox.conversation set assignee = :value, version = version + 1 where id = :id",
                officer == null ? null : officer.value(),
                "inbox.assigned",
                officer == null ? Map.of() : Map.of("officer", officer.toString()));
    }

    /** What came in after the page was drawn was seen by nobody: it must not go out of sight with the rest. */
    void finish(Actor actor, ConversationId id, @Nullable Long seenVersion) {
        InboxAccess.worksHere(actor);
        transactions.run(actor, () -> {
            var raw = table.locked(actor, id);
            InboxAccess.mustLead(actor, raw);
            if (raw.heardSince(id, seenVersion)) {
                throw Refusal.conflict("inbox.not-seen").asException();
            }
            jdbc.sql(
                            "update inbox.conversation set done = true, waiting_since = null, version = version + 1 where id = ?")
                    .param(raw.id().value())
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of("inbox.finished", "conversation", raw.id().value()));
            told(actor, raw.id(), "inbox.finished");
        });
    }

    void reopen(Actor actor, ConversationId id) {
        change(
                actor,
                id,
                "update inbox.conversation set done = false, version = version + 1 where id = :id and :value::uuid is null",
                null,
                "inbox.reopened",
                Map.of());
    }

    private void change(
            Actor actor, ConversationId id, String sql, @Nullable UUID value, String verb, Map<String, String> facts) {
        InboxAccess.worksHere(actor);
        transactions.run(actor, () -> {
            var raw = table.locked(actor, id);
            InboxAccess.mustLead(actor, raw);
            jdbc.sql(sql).param("value", value).param("id", raw.id().value()).update();
            trail.record(actor, TrailEntry.of(verb, "conversation", raw.id().value(), facts));
            told(actor, raw.id(), verb);
        });
    }

    private void told(Actor actor, ConversationId id, String what) {
        announcements.changed(actor, List.of(id), what.replace(' ', '-'));
    }

    MessageId note(Actor actor, ConversationId id, String text) {
        InboxAccess.worksHere(actor);
        if (text.isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        if (text.strip().codePointCount(0, text.strip().length()) > Conversations.LONGEST_NOTE) {
            throw Refusal.invalid("inbox.note-too-long", Conversations.LONGEST_NOTE)
                    .asException();
        }
        return transactions.write(actor, () -> {
            var raw = table.locked(actor, id);
            var stored =
                    writer.insert(actor, raw, MessageView.Direction.NOTE, Audience.DIRECT, text.strip(), false, null);
            trail.record(
                    actor,
                    new TrailEntry(
                            "inbox.noted",
                            new Subject("message", stored.id().value()),
                            Map.of("conversation", raw.id().toString()),
                            stored.commitment()));
            told(actor, raw.id(), "note");
            return stored.id();
        });
    }

    void left(Actor actor, ConversationId id) {
        jdbc.sql("delete from inbox.presence where conversation_id = ? and officer_id = ?")
                .params(id.value(), actor.id())
                .update();
    }

    List<OfficerId> present(Actor actor, ConversationId id) {
        return jdbc.sql(
                        "select officer_id from inbox.presence where conversation_id = ? and officer_id <> ? and at > ?")
                .params(id.value(), actor.id(), Timestamp.from(clock.instant().minus(Duration.ofMinutes(1))))
                .query((row, n) -> new OfficerId(row.getObject(1, UUID.class)))
                .list();
    }

    List<OfficerId> present(Actor actor, ConversationId id, boolean writing) {
        if (actor.readOnly()) {
            return List.of();
        }
        return transactions.write(actor, () -> {
            var raw = table.kept(actor, id);
            if (writing) {
                jdbc.sql("""
                                insert into inbox.presence (tenant_id, conversation_id, officer_id, at)
                                values (?, ?, ?, ?)
                                on conflict (tenant_id, conversation_id, officer_id) do update set at = excluded.at
                                """)
                        .params(actor.tenant().value(), raw.id().value(), actor.id(), Timestamp.from(clock.instant()))
                        .update();
            } else {
                left(actor, raw.id());
            }
            return present(actor, raw.id());
        });
    }
}
