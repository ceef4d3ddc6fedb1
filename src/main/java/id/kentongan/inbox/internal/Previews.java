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

/** The first words of a conversation's newest message, written anew when that message changed or went. */
@Component
class Previews {
    private static final int LENGTH = 160;

    private final JdbcClient jdbc;
    private final Vault vault;

    Previews(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    static String of(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LENGTH ? line : line.substring(0, LENGTH - 1).strip() + "…";
    }

    byte[] sealed(Actor actor, DataKeyId key, String text) {
        return vault.seal(actor, key, Receiving.PREVIEW, of(text));
    }

    void refresh(Actor actor, Collection<ConversationId> conversations) {
        record Row(
                UUID id,
                DataKeyId key,
                DataKeyId messageKey,
                @Nullable SealedContent content) {}
        if (conversations.isEmpty()) {
            return;
        }
        var rows = jdbc.sql("""
                        select c.id, c.data_key_id, m.data_key_id, m.body_key, m.body_sealed
                        from inbox.conversation c
                        left join lateral (
                            select m.data_key_id, m.body_key, m.body_sealed
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
                            bodyKey == null ? null : new SealedContent(bodyKey, row.getBytes(5)));
                })
                .list();
        for (var row : rows) {
            var content = row.content();
            var preview = content == null
                    ? null
                    : vault.openContent(actor, row.messageKey(), Receiving.BODY, content)
                            .map(bytes -> sealed(actor, row.key(), new String(bytes, StandardCharsets.UTF_8)))
                            .orElse(null);
            jdbc.sql("update inbox.conversation set preview_sealed = ? where id = ?")
                    .param(preview)
                    .param(row.id())
                    .update();
        }
    }
}
