// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far a month is told: a line for the month, and one for each story that was begun. */
@Component
class MonthStore {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;

    MonthStore(ActorTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    /** The regency is to live through a month. */
    void intend(Actor actor) {
        transactions.run(
                actor,
                () -> jdbc.sql("insert into demo.month (tenant_id) values (?)")
                        .param(actor.tenant().value())
                        .update());
    }

    /** @param begun the month's present, or null while nothing of it was told */
    record Untold(@Nullable Instant begun) {}

    Optional<Untold> untold(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select begun_at from demo.month where told_at is null")
                        .query((row, n) -> {
                            var begun = row.getTimestamp(1);
                            return new Untold(begun == null ? null : begun.toInstant());
                        })
                        .optional());
    }

    void begun(Actor actor, Instant at) {
        transactions.run(
                actor,
                () -> jdbc.sql("update demo.month set begun_at = ?")
                        .param(Timestamp.from(at))
                        .update());
    }

    List<Story.Told> stories(Actor actor) {
        return transactions.read(
                actor, () -> jdbc.sql("""
                        select number, told, conversation_id, case_id, of_circle
                        from demo.story
                        """).query(MonthStore::story).list());
    }

    private static Story.Told story(ResultSet row, int n) throws SQLException {
        var conversation = row.getObject("conversation_id", UUID.class);
        var found = row.getObject("case_id", UUID.class);
        return new Story.Told(
                row.getInt("number"),
                row.getInt("told"),
                conversation == null ? null : new ConversationId(conversation),
                found == null ? null : new CaseId(found),
                row.getBoolean("of_circle"));
    }

    /** In the transaction of the step that was told. */
    void told(Actor actor, Story.Told story) {
        var conversation = story.conversation();
        var found = story.found();
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into demo.story (tenant_id, number, told, conversation_id, case_id, of_circle)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, number) do update
                        set told = excluded.told,
                            conversation_id = excluded.conversation_id,
                            case_id = excluded.case_id,
                            of_circle = excluded.of_circle
                        """)
                        .param(actor.tenant().value())
                        .param(story.number())
                        .param(story.steps())
                        .param(conversation == null ? null : conversation.value())
                        .param(found == null ? null : found.value())
                        .param(story.confidential())
                        .update());
    }

    /** All of it is told: what was remembered of its stories is forgotten. */
    void ended(Actor actor, Instant at) {
        transactions.run(actor, () -> {
            jdbc.sql("delete from demo.story").update();
            jdbc.sql("update demo.month set told_at = ?")
                    .param(Timestamp.from(at))
                    .update();
        });
    }
}
