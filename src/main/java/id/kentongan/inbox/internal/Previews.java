// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** The first words of a conversation's newest message, written anew when that message changed or went. */
@Component
class Previews {
    private static final int LENGTH = 160;

    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;

    Previews(JdbcClient jdbc, Vault vault, ObjectMapper json) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
    }

    static String of(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LENGTH ? line : line.substring(0, LENGTH - 1).strip() + "…";
    }

    /** The warning stands for the words it covers: a list must not show what its author folded away. */
    byte[] sealed(Actor actor, DataKeyId key, String text, @Nullable String warning) {
        return vault.seal(actor, key, Receiving.PREVIEW, of(warning == null ? text : warning));
    }

    private record Row(
            UUID id,
            DataKeyId key,
            DataKeyId messageKey,
            @Nullable SealedContent content,
            byte @Nullable [] details) {}

    void refresh(Actor actor, Collection<ConversationId> conversations) {
        if (conversations.isEmpty()) {
            return;
        }
        var rows = jdbc.sql("""
                        select c.id, c.data_key_id, m.data_key_id, m.body_key, m.body_sealed,
                               m.details_sealed
                        from inbox.conversation c
                        left join lateral (
                            select m.data_key_id, m.body_key, m.body_sealed, m.details_sealed
                            from inbox.message m
                            where m.tenant_id = c.tenant_id and m.conversation_id = c.id
                            and m.direction = 'IN' and m.body_key is not null
                            order by m.at desc, m.id desc
                            limit 1) m on true
                        where c.id = any(?)
                        """)
                .param(conversations.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query((row, n) -> {
                    var own = new DataKeyId(row.getObject(2, UUID.class));
                    var messages = row.getObject(3, UUID.class);
                    var bodyKey = row.getBytes(4);
                    return new Row(
                            row.getObject(1, UUID.class),
                            own,
                            messages == null ? own : new DataKeyId(messages),
                            bodyKey == null ? null : new SealedContent(bodyKey, row.getBytes(5)),
                            row.getBytes(6));
                })
                .list();
        for (var row : rows) {
            var content = row.content();
            var preview = content == null
                    ? null
                    : vault.openContent(actor, row.messageKey(), Receiving.BODY, content)
                            .map(bytes -> sealed(
                                    actor, row.key(), new String(bytes, StandardCharsets.UTF_8), warning(actor, row)))
                            .orElse(null);
            jdbc.sql("update inbox.conversation set preview_sealed = ? where id = ?")
                    .param(preview)
                    .param(row.id())
                    .update();
        }
    }

    private @Nullable String warning(Actor actor, Row row) {
        var details = row.details();
        return details == null
                ? null
                : vault.open(actor, row.messageKey(), Receiving.DETAILS, details)
                        .map(bytes ->
                                json.readValue(bytes, Receiving.Details.class).warning())
                        .orElse(null);
    }
}
