// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.OutgoingId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the network said of our answers. Heard in the sender's transaction: a citizen's reply to our answer finds
 * its thread by the answer's own key, which must be there as soon as the answer counts as sent.
 */
@Component
class OutgoingListener {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Announcements announcements;

    OutgoingListener(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Announcements announcements) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.announcements = announcements;
    }

    @EventListener
    void on(Delivered event) {
        settle(event.tenant(), event.outgoing(), event.remoteKey());
    }

    @EventListener
    void on(DeliveryFailed event) {
        settle(event.tenant(), event.outgoing(), null);
    }

    private void settle(TenantId tenant, OutgoingId outgoing, @Nullable String remoteKey) {
        var actor = Actor.system(tenant, "inbox");
        transactions.run(actor, () -> {
            var conversation = jdbc.sql("""
                            update inbox.message
                            set key_hash = coalesce(:hash, key_hash)
                            where outgoing_id = :outgoing
                            returning conversation_id
                            """)
                    .param("hash", remoteKey == null ? null : vault.keyedHash(actor, Receiving.KEYS, remoteKey))
                    .param("outgoing", outgoing.value())
                    .query(UUID.class)
                    .optional();
            conversation.ifPresent(id -> announcements.changed(actor, List.of(new ConversationId(id)), "status"));
        });
    }
}
