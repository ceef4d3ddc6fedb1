// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Conversations by their ids, within the reach of whoever asks. */
@Component
class ConversationTable {
    static final String COLUMNS = """
            select c.*, k.data_key_id as contact_key, i.sealed as identity,
                   c.urgent_at::text as urgent_text,
                   c.heard_at > coalesce(r.read_at, '-infinity') and c.waiting_since is not null as unread
            """;

    static final String JOINS = """
            join inbox.contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
            left join lateral (
                select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
                limit 1) i on true
            left join inbox.conversation_read r
                on r.tenant_id = c.tenant_id and r.conversation_id = c.id and r.officer_id = :me
            """;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;

    ConversationTable(ActorTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    Map<UUID, StoredConversation> byIds(Actor actor, List<UUID> ids) {
        var found = new HashMap<UUID, StoredConversation>();
        if (!ids.isEmpty()) {
            jdbc.sql(COLUMNS + "from inbox.conversation c " + JOINS + "where c.id = any(:ids)")
                    .param("me", actor.id())
                    .param("ids", ids.toArray(UUID[]::new))
                    .query(StoredConversation::from)
                    .list()
                    .forEach(raw -> found.put(raw.id().value(), raw));
        }
        return found;
    }

    /** One that must be there; absent and out of reach look the same. */
    StoredConversation get(Actor actor, ConversationId id) {
        if (!InboxAccess.readsWords(actor)) {
            throw Refusal.notFound().asException();
        }
        var found = byIds(actor, List.of(id.value())).get(id.value());
        if (found == null) {
            throw Refusal.notFound().asException();
        }
        return found;
    }

    /** The same, held until the transaction ends. */
    StoredConversation locked(Actor actor, ConversationId id) {
        jdbc.sql("select 1 from inbox.conversation where id = ? for update")
                .param(id.value())
                .query((row, n) -> 1)
                .list();
        return get(actor, id);
    }

    boolean exists(Actor actor, ConversationId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select exists (select 1 from inbox.conversation where id = ?)")
                        .param(id.value())
                        .query(Boolean.class)
                        .single());
    }
}
