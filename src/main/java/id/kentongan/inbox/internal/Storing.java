// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Stores a batch whose messages have found their places, with everything that hangs on them. */
@Component
class Storing {
    private final JdbcClient jdbc;
    private final Vault vault;
    private final SearchWords search;
    private final MessageFiles files;
    private final Trail trail;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final ThreadTable threads;
    private final WaitingWords waiting;
    private final Changes changes;
    private final HeardConversations conversations;
    private final ContactEvidence evidence;
    private final Previews previews;
    private final Announcements announcements;

    Storing(
            JdbcClient jdbc,
            Vault vault,
            SearchWords search,
            MessageFiles files,
            Trail trail,
            ObjectMapper json,
            ApplicationEventPublisher events,
            ThreadTable threads,
            WaitingWords waiting,
            Changes changes,
            HeardConversations conversations,
            ContactEvidence evidence,
            Previews previews,
            Announcements announcements) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.search = search;
        this.files = files;
        this.trail = trail;
        this.json = json;
        this.events = events;
        this.threads = threads;
        this.waiting = waiting;
        this.changes = changes;
        this.conversations = conversations;
        this.evidence = evidence;
        this.previews = previews;
        this.announcements = announcements;
    }

    void store(Actor actor, Branches.Placed placed) {
        waiting.keep(actor, placed.unplaced());
        changes.firstWordings(actor, placed.repeated());
        var said = placed.kept();
        var called = placed.called();
        var all = Incoming.all(said, called);
        if (all.isEmpty()) {
            return;
        }
        waiting.placed(all);
        var heard = HeardConversations.heard(all);
        conversations.open(actor, said, heard);
        var entries = insertMessages(actor, said);
        evidence.keep(actor, said);
        address(actor, called);
        conversations.touch(actor, said, heard);
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
            var sealed = vault.sealContent(
                    actor, key, Receiving.BODY, each.said.text().getBytes(StandardCharsets.UTF_8));
            bodyKeys[i] = sealed.key();
            bodies[i] = sealed.sealed();
            details[i] = vault.seal(
                    actor,
                    key,
                    Receiving.DETAILS,
                    json.writeValueAsBytes(new Receiving.Details(
                            each.said.remoteKey(),
                            each.said.parentKey(),
                            each.said.url(),
                            each.said.warning(),
                            each.said.language(),
                            each.said.hints())));
            commitments[i] = Receiving.commitment(sealed.sealed());
            ids[i] = each.id.value();
            conversations[i] = each.conversation().value();
            words[i] = Receiving.literal(search.lexemes(actor, each.said.text()));
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
}
