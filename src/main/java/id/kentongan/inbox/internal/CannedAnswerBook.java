// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Canned answers of a tenant. */
@Component
class CannedAnswerBook {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;

    CannedAnswerBook(ActorTransactions transactions, JdbcClient jdbc, Trail trail) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
    }

    List<Conversations.CannedAnswer> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select id, title, text from inbox.canned_answer order by title")
                        .query((row, n) -> new Conversations.CannedAnswer(
                                row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                        .list());
    }

    Conversations.CannedAnswer save(Actor actor, Conversations.CannedAnswer answer) {
        settlersOnly(actor);
        if (answer.title().isBlank() || answer.text().isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        if (!answer.unknownVariables().isEmpty()) {
            throw Refusal.invalid("inbox.unknown-variable", String.join(", ", answer.unknownVariables()))
                    .asException();
        }
        transactions.run(actor, () -> {
            jdbc.sql("""
                            insert into inbox.canned_answer (tenant_id, id, title, text)
                            values (?, ?, ?, ?)
                            on conflict (tenant_id, id) do update set title = excluded.title, text = excluded.text
                            """)
                    .params(actor.tenant().value(), answer.id(), answer.title(), answer.text())
                    .update();
            trail.record(actor, TrailEntry.of("inbox.canned-answer-saved", "canned-answer", answer.id()));
        });
        return answer;
    }

    void remove(Actor actor, UUID id) {
        settlersOnly(actor);
        transactions.run(actor, () -> {
            if (jdbc.sql("delete from inbox.canned_answer where id = ?")
                            .param(id)
                            .update()
                    == 0) {
                throw Refusal.notFound().asException();
            }
            trail.record(actor, TrailEntry.of("inbox.canned-answer-removed", "canned-answer", id));
        });
    }

    private static void settlersOnly(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.hasAny(Role.SUPERVISOR, Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }
}
