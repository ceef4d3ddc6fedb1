// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Audience;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes what the government says or notes in a conversation. */
@Component
class MessageWriter {
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;

    MessageWriter(JdbcClient jdbc, Vault vault, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
    }

    record Written(MessageId id, byte[] commitment) {}

    Written insert(
            Actor actor,
            StoredConversation raw,
            MessageView.Direction direction,
            Audience audience,
            String text,
            boolean automatic,
            @Nullable OutgoingId outgoing) {
        var id = new MessageId(Ids.next());
        var sealed = vault.sealContent(actor, raw.key(), Receiving.BODY, text.getBytes(StandardCharsets.UTF_8));
        var commitment = Receiving.commitment(sealed.sealed());
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, data_key_id, direction, at, audience, body_key, body_sealed,
                             commitment, automatic, officer_id, outgoing_id)
                        values (:tenant, :id, :conversation, :key, :direction, :at, :audience, :body_key, :body,
                                :commitment, :automatic, :officer, :outgoing)
                        """)
                .param("tenant", actor.tenant().value())
                .param("id", id.value())
                .param("conversation", raw.id().value())
                .param("key", raw.key().value())
                .param("direction", direction.name())
                .param("at", Timestamp.from(clock.instant()))
                .param("audience", audience.name())
                .param("body_key", sealed.key())
                .param("body", sealed.sealed())
                .param("commitment", commitment)
                .param("automatic", automatic)
                .param("officer", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                .param("outgoing", outgoing == null ? null : outgoing.value())
                .update();
        jdbc.sql("""
                        insert into inbox.message_search (tenant_id, message_id, conversation_id, words)
                        values (?, ?, ?, array_to_tsvector(?::text[]))
                        """)
                .params(actor.tenant().value(), id.value(), raw.id().value(), Words.lexemes(text))
                .update();
        return new Written(id, commitment);
    }
}
