// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import java.sql.Array;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Search rows of an installation older than {@link SearchWords} hold the words themselves. Hashes take their place,
 * some hundred rows at a time, beginning when the platform first starts with this; until its turn comes a message is not
 * found by its words.
 */
@Component
class KeyingSearchWords {
    private static final int AT_ONCE = 500;

    private final Tenants tenants;
    private final JdbcClient jdbc;
    private final ActorTransactions transactions;
    private final SearchWords search;

    KeyingSearchWords(Tenants tenants, JdbcClient jdbc, ActorTransactions transactions, SearchWords search) {
        this.tenants = tenants;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.search = search;
    }

    @Bean
    static RecurringTask<Void> keyingSearchWordsTask(KeyingSearchWords keying) {
        return Tasks.recurring("inbox-search-words", FixedDelay.ofHours(1))
                .execute((instance, context) -> keying.run());
    }

    void run() {
        for (var tenant : Pieces.untilInterrupted(tenants.all())) {
            var actor = Actor.system(tenant.id(), "inbox");
            while (!Pieces.interrupted() && some(actor) == AT_ONCE) {
                // The next ones.
            }
        }
    }

    private int some(Actor actor) {
        return transactions.write(actor, () -> {
            record Row(UUID message, String[] words) {}
            var rows = jdbc.sql("""
                            select message_id, tsvector_to_array(words)
                            from inbox.message_search
                            where not keyed
                            limit ?
                            for update skip locked
                            """)
                    .param(AT_ONCE)
                    .query((row, n) -> new Row(row.getObject(1, UUID.class), words(row.getArray(2))))
                    .list();
            jdbc.sql("""
                            update inbox.message_search s
                            set words = array_to_tsvector(k.words::text[]), keyed = true
                            from unnest(?::uuid[], ?::text[]) as k (id, words)
                            where s.message_id = k.id
                            """)
                    .params(
                            rows.stream().map(Row::message).toArray(UUID[]::new),
                            rows.stream()
                                    .map(row -> Receiving.literal(search.keyed(actor, row.words())))
                                    .toArray(String[]::new))
                    .update();
            return rows.size();
        });
    }

    private static String[] words(Array array) throws SQLException {
        return (String[]) array.getArray();
    }
}
