// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes what the government says or notes in a conversation. Its words are sealed under a key of the conversation's
 * own, so that they stay on record when the citizen's key is destroyed. Automatic messages are not searched: they
 * carry secret links, and say to everyone the same.
 */
@Component
class MessageWriter {
    private final JdbcClient jdbc;
    private final SearchWords search;
    private final Vault vault;
    private final Clock clock;
    private final Outbox outbox;

    MessageWriter(JdbcClient jdbc, SearchWords search, Vault vault, Clock clock, Outbox outbox) {
        this.outbox = outbox;
        this.jdbc = jdbc;
        this.search = search;
        this.vault = vault;
        this.clock = clock;
    }

    record Written(MessageId id, DataKeyId key, byte[] commitment) {}

    Written insert(
            Actor actor,
            StoredConversation raw,
            MessageView.Direction direction,
            Audience audience,
            String text,
            boolean automatic,
            @Nullable OutgoingId outgoing) {
        var id = new MessageId(Ids.next());
        var key = ownKey(actor, raw.id());
        var sealed = vault.sealContent(actor, key, Receiving.BODY, text.getBytes(StandardCharsets.UTF_8));
        var commitment = Receiving.commitment(sealed.sealed());
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, data_key_id, direction, at, audience, body_key, body_sealed,
                             commitment, automatic, officer_id, outgoing_id, key_hash)
                        values (:tenant, :id, :conversation, :key, :direction, :at, :audience, :body_key, :body,
                                :commitment, :automatic, :officer, :outgoing, :hash)
                        """)
                .param("tenant", actor.tenant().value())
                .param("id", id.value())
                .param("conversation", raw.id().value())
                .param("key", key.value())
                .param("direction", direction.name())
                .param("at", Timestamp.from(clock.instant()))
                .param("audience", audience.name())
                .param("body_key", sealed.key())
                .param("body", sealed.sealed())
                .param("commitment", commitment)
                .param("automatic", automatic)
                .param("officer", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                .param("outgoing", outgoing == null ? null : outgoing.value())
                .param("hash", outgoing == null ? null : keyHash(actor, raw.account(), outgoing))
                .update();
        if (!automatic) {
            jdbc.sql("""
                            insert into inbox.message_search (tenant_id, message_id, conversation_id, words)
                            values (?, ?, ?, array_to_tsvector(?::text[]))
                            """)
                    .params(actor.tenant().value(), id.value(), raw.id().value(), search.lexemes(actor, text))
                    .update();
        }
        return new Written(id, key, commitment);
    }

    /** By which an answer to it finds its thread, where that is known before it is sent. */
    byte @Nullable [] keyHash(Actor actor, AccountId account, OutgoingId outgoing) {
        return outbox.keyOf(actor, account, outgoing)
                .map(key -> vault.keyedHash(actor, Receiving.KEYS, key))
                .orElse(null);
    }

    /** The key of our own words in that conversation, made with the first of them. */
    DataKeyId ownKey(Actor actor, ConversationId id) {
        return Objects.requireNonNull(ownKeys(actor, List.of(id)).get(id));
    }

    Map<ConversationId, DataKeyId> ownKeys(Actor actor, Collection<ConversationId> conversations) {
        var found = new HashMap<ConversationId, DataKeyId>();
        RowCallbackHandler keep = row -> found.put(
                new ConversationId(row.getObject(1, UUID.class)), new DataKeyId(row.getObject(2, UUID.class)));
        jdbc.sql("select id, own_key_id from inbox.conversation where id = any(?) and own_key_id is not null")
                .param(conversations.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query(keep);
        // Elsewhere the key has the name of its conversation: that needs no second writing of a row of so many indexes.
        var missing = conversations.stream()
                .distinct()
                .filter(id -> !found.containsKey(id))
                .toList();
        missing.forEach(id -> found.put(id, new DataKeyId(id.value())));
        vault.haveKeys(
                actor,
                missing.stream().map(found::get).map(Objects::requireNonNull).toList());
        vault.warm(actor, found.values());
        return found;
    }
}
