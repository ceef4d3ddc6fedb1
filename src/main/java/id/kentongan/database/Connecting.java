// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connections to the embedded PostgreSQL that give up on one that does not answer, and what a failure says. */
final class Connecting {
    static final String DATABASE = "kentongan";
    static final String OWNER = "kentongan_owner";
    private static final int PATIENCE_S = 10;

    private Connecting() {}

    static Connection to(int port, String database, String role, String password) throws SQLException {
        var settings = new Properties();
        settings.setProperty("user", role);
        settings.setProperty("password", password);
        settings.setProperty("connectTimeout", Integer.toString(PATIENCE_S));
        // A process that is halted takes connections, and says nothing.
        settings.setProperty("socketTimeout", Integer.toString(PATIENCE_S));
        try {
            var connection =
                    DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, settings);
            // Once it answers, a statement may take as long as it needs.
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        } catch (SQLException e) {
            throw new SQLException(why(e), e.getSQLState(), e);
        }
    }

    /** It lives and works its way up or down: after a crash it may do so for minutes. */
    static boolean isOnTheWay(SQLException failed) {
        return "57P03".equals(failed.getSQLState());
    }

    /** It answers, and refuses this role, password or database for good. */
    static boolean isForGood(SQLException failed) {
        var state = failed.getSQLState();
        return state != null && (state.startsWith("28") || state.equals("3D000"));
    }

    private static String why(SQLException failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return "it takes connections and says nothing";
            }
        }
        return String.valueOf(failed.getMessage());
    }
}
