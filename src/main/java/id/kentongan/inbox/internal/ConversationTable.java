// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.OutgoingId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.RowCallbackHandler;
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
        return find(actor, id).orElseThrow(() -> Refusal.notFound().asException());
    }

    /** The conversation, or the one it was joined to. */
    Optional<StoredConversation> find(Actor actor, ConversationId id) {
        var found = byIds(actor, List.of(id.value())).get(id.value());
        if (found != null) {
            return Optional.of(found);
        }
        return joinedTo(id).map(into -> byIds(actor, List.of(into)).get(into));
    }

    private Optional<UUID> joinedTo(ConversationId id) {
        return jdbc.sql("select into_id from inbox.joined_conversation where id = ?")
                .param(id.value())
                .query(UUID.class)
                .optional();
    }

    /** The same, held until the transaction ends: what is written into it meanwhile is not lost to a joining. */
    StoredConversation locked(Actor actor, ConversationId id) {
        return held(actor, id, "update");
    }

    /** Held against a joining only; whoever else writes need not wait. */
    StoredConversation kept(Actor actor, ConversationId id) {
        return held(actor, id, "key share");
    }

    private StoredConversation held(Actor actor, ConversationId id, String strength) {
        var at = id.value();
        while (!hold(at, strength)) {
            // Joined while we waited; and that one may be joined in its turn.
            var into = joinedTo(id);
            if (into.isEmpty() || into.get().equals(at)) {
                break;
            }
            at = into.get();
        }
        return get(actor, id);
    }

    private boolean hold(UUID id, String strength) {
        return !jdbc.sql("select 1 from inbox.conversation where id = ? for " + strength)
                .param(id)
                .query((row, n) -> 1)
                .list()
                .isEmpty();
    }

    /** Those that are there, held until the transaction ends so that none is joined to another meanwhile. */
    Set<ConversationId> keep(Collection<ConversationId> ids) {
        return new HashSet<>(jdbc.sql("select id from inbox.conversation where id = any(?) order by id for key share")
                .param(ids.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query((row, n) -> new ConversationId(row.getObject(1, UUID.class)))
                .list());
    }

    /** Within the actor's reach, which the policy of the table keeps. */
    Map<OutgoingId, ConversationId> ofOutgoing(Actor actor, Collection<OutgoingId> answers) {
        return transactions.read(actor, () -> {
            var found = new HashMap<OutgoingId, ConversationId>();
            jdbc.sql("""
                            select m.outgoing_id, m.conversation_id
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.outgoing_id = any(?)
                            """)
                    .param(answers.stream().map(OutgoingId::value).toArray(UUID[]::new))
                    .query((RowCallbackHandler) row -> found.put(
                            new OutgoingId(row.getObject(1, UUID.class)),
                            new ConversationId(row.getObject(2, UUID.class))));
            return found;
        });
    }

    boolean exists(Actor actor, ConversationId id) {
        return transactions.read(actor, () -> find(actor, id).isPresent());
    }

    /** Whether one of these is there and within the reach of the running transaction. */
    boolean existsAny(Collection<ConversationId> ids) {
        return jdbc.sql("select exists (select from inbox.conversation where id = any(?))")
                .param(ids.stream().map(ConversationId::value).toArray(UUID[]::new))
                .query(Boolean.class)
                .single();
    }
}
