// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that is away or full from a statement that is at fault itself. */
final class DatabaseAway {
    private DatabaseAway() {}

    static boolean is(Throwable failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof CannotCreateTransactionException
                    || each instanceof SQLTransientConnectionException
                    || each instanceof SQLException sql && isState(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Connection lost (08), disk full (53100), too many connections (53300), shut down (57P), disk broken (58). Not out
     * of memory (53200) or a limit (54): a delivery may be the cause of these.
     */
    private static boolean isState(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.equals("53100")
                        || state.equals("53300")
                        || state.startsWith("57P")
                        || state.startsWith("58"));
    }
}
