// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.spi.FileHolder;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The sealed files that messages name. */
@Component
class MessageFileNames implements FileHolder {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;

    MessageFileNames(ActorTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Override
    public Set<String> named(Actor actor, Collection<String> names) {
        return transactions.read(
                actor,
                () -> Set.copyOf(jdbc.sql("select file_name from inbox.message_file where file_name = any(?)")
                        .param(names.toArray(String[]::new))
                        .query(String.class)
                        .list()));
    }
}
