// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
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
    private final Trail trail;

    ForgottenWords(ActorTransactions transactions, JdbcClient jdbc, Trail trail) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
    }

    @ApplicationModuleListener
    void on(MessagesDestroyed event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            // The lock of OpeningCases: one that has read the words already is waited for, so that its title is found.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('casework:' || ?, 0))")
                    .param(event.tenant().toString())
                    .query((row, n) -> 1)
                    .list();
            var forgotten = jdbc.sql("""
                            update casework.case c
                            set title_sealed = null
                            where c.title_sealed is not null
                              and exists (
                                select from casework.timeline l
                                where l.tenant_id = c.tenant_id
                                  and l.case_id = c.id
                                  and l.what = 'received'
                                  and l.message_id = any(?))
                            returning c.id
                            """)
                    .param(event.messages().stream().map(MessageId::value).toArray(UUID[]::new))
                    .query(UUID.class)
                    .list();
            trail.recordAll(
                    actor,
                    forgotten.stream()
                            .map(id -> TrailEntry.of("casework.title-forgotten", "case", id))
                            .toList());
        });
    }
}
