// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessagesDestroyed;
import id.kentongan.kernel.Actor;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/** A title made of a message's first words goes with the message. */
@Component
class ForgottenWords {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;

    ForgottenWords(ActorTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @ApplicationModuleListener
    void on(MessagesDestroyed event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        update casework.case c
                        set title_sealed = null
                        where c.title_sealed is not null
                          and exists (
                            select from casework.timeline l
                            where l.tenant_id = c.tenant_id
                              and l.case_id = c.id
                              and l.what = 'received'
                              and l.message_id = any(?))
                        """)
                        .param(event.messages().stream().map(MessageId::value).toArray(UUID[]::new))
                        .update());
    }
}
