// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that a killed application left behind. Whoever holds the cluster's lock ends it, so as to own the
 * process and its settings: once it answers and nobody is connected to it. One that does not answer, or that somebody
 * uses, is left alone and the start refused.
 */
record Leftover(Postmaster postmaster, DataFolder folder) {
    private static final Logger log = LoggerFactory.getLogger(Leftover.class);

    /** The dead application's own connections end as soon as PostgreSQL notices, a query in progress at its end. */
    private static final Duration FOR_OTHERS_TO_LEAVE = Duration.ofSeconds(60);

    private static final Duration FOR_AN_ANSWER = Duration.ofSeconds(30);
    private static final Duration FOR_ITS_RECOVERY = Duration.ofMinutes(30);
    private static final Duration FOR_ITS_END = Duration.ofMinutes(5);
    private static final long BETWEEN_ATTEMPTS_MS = 200;

    void end() throws IOException {
        end(FOR_OTHERS_TO_LEAVE, FOR_AN_ANSWER, FOR_ITS_RECOVERY);
    }

    void end(Duration forOthers, Duration forAnAnswer, Duration forItsRecovery) throws IOException {
        var began = System.nanoTime();
        while (postmaster.lives()) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            try {
                var others = others();
                if (others == 0) {
                    askToEnd();
                    return;
                }
                if (waited.compareTo(forOthers) > 0) {
                    throw refusal(others + " other connections use it. End what is connected (psql, a backup)");
                }
            } catch (SQLException e) {
                var patience = Connecting.isOnTheWay(e) ? forItsRecovery : forAnAnswer;
                if (Connecting.isForGood(e) || waited.compareTo(patience) > 0) {
                    throw refusal("it does not answer: " + e.getMessage()
                            + ". If it is halted, let it go on (kill -CONT " + postmaster.pid()
                            + "); if it is broken, end it yourself (kill " + postmaster.pid() + ")");
                }
            }
            pause();
        }
    }

    private StartRefusedException refusal(String why) {
        return new StartRefusedException(
                "The PostgreSQL (process " + postmaster.pid() + ") that an ended Kentongan left" + " behind in "
                        + folder.postgres() + " was left alone, because " + why + ", and try again.");
    }

    /** How many besides this one are connected. */
    private int others() throws SQLException, IOException {
        try (var connection = superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select count(*)
                        from pg_stat_activity
                        where backend_type = 'client backend' and pid <> pg_backend_pid()
                        """)) {
            row.next();
            return row.getInt(1);
        }
    }

    private Connection superuser() throws SQLException, IOException {
        return Connecting.to(
                postmaster.port(),
                "postgres",
                "postgres",
                ClusterFolder.of(folder).secrets().getProperty("superuser"));
    }

    private void askToEnd() throws IOException {
        log.info("Ending the PostgreSQL (process {}) that an ended application left behind", postmaster.pid());
        postmaster.askToEnd();
        if (!postmaster.endsWithin(FOR_ITS_END)) {
            throw refusal("it is still writing what it holds. Wait until it has ended");
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while ending an earlier PostgreSQL", e);
        }
    }
}
