// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.database.DatabaseRoles;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL of the oldest version that may be external, for the tests that are run on it too. */
final class OldestDatabase {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final ExternalServer SERVER = start();

    private OldestDatabase() {}

    static DatabaseRoles fresh() {
        try {
            return SERVER.fresh("oldest_" + NEXT.incrementAndGet());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExternalServer start() {
        try {
            var server = new ExternalServer();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    System.err.println("The oldest database did not stop cleanly: " + e.getMessage());
                }
            }));
            return server;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
