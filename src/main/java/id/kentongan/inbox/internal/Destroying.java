// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Intake;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessagesDestroyed;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
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
 * Takes the words of citizens' messages away for good, because they or their network deleted them. The content's key goes
 * with them; hash and time remain.
 */
@Component
class Destroying {
    private static final String SELECT = """
            select id, conversation_id, data_key_id, deleted_at, edited_at, contact_id
            from inbox.message
            """;

    private final JdbcClient jdbc;
    private final Vault vault;
    private final MessageFiles files;
    private final Trail trail;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final Previews previews;
    private final Announcements announcements;
    private final Intake intake;
    private final ContactEvidence evidence;

    Destroying(
            JdbcClient jdbc,
            Vault vault,
            MessageFiles files,
            Trail trail,
            ObjectMapper json,
            ApplicationEventPublisher events,
            Previews previews,
            Announcements announcements,
            Intake intake,
            ContactEvidence evidence) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.trail = trail;
        this.json = json;
        this.events = events;
        this.previews = previews;
        this.announcements = announcements;
        this.intake = intake;
        this.evidence = evidence;
    }

    /**
     * A citizen's message that is there, wherever a copy of it stands.
     *
     * @param author null when they are forgotten
     */
    record Target(
            UUID id,
            ConversationId conversation,
            DataKeyId key,
            @Nullable Instant deletedAt,
            @Nullable Instant editedAt,
            @Nullable ContactId author) {}

    List<Target> ofKeys(List<byte[]> hashes) {
        return jdbc.sql(SELECT + "where key_hash = any(?) and direction = 'IN'")
                .param(hashes.toArray(byte[][]::new))
                .query(Destroying::target)
                .list();
    }

    List<Target> ofIds(Collection<UUID> ids) {
        return jdbc.sql(SELECT + "where id = any(?)")
                .param(ids.toArray(UUID[]::new))
                .query(Destroying::target)
                .list();
    }

    /** What this contact said until then. */
    List<Target> saidBy(ContactId contact, Instant until) {
        return jdbc.sql(SELECT + "where contact_id = ? and direction = 'IN' and at <= ?")
                .params(contact.value(), Timestamp.from(until))
                .query(Destroying::target)
                .list();
    }

    private static Target target(ResultSet row, int number) throws SQLException {
        var deleted = row.getTimestamp(4);
        var edited = row.getTimestamp(5);
        var author = row.getObject(6, UUID.class);
        return new Target(
                row.getObject(1, UUID.class),
                new ConversationId(row.getObject(2, UUID.class)),
                new DataKeyId(row.getObject(3, UUID.class)),
                deleted == null ? null : deleted.toInstant(),
                edited == null ? null : edited.toInstant(),
                author == null ? null : new ContactId(author));
    }

    /** The words go, with their keys, their earlier wordings, files and search rows; hash and time remain. */
    void destroy(Actor actor, List<Target> targets, Instant at, String verb) {
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
        evidence.forgetMessages(ids);
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
}
