// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the owner's role for administrative verbs: to the external database by
 * {@code KENTONGAN_DATABASE_OWNER_URL}, to the embedded one that runs, or to one started for the purpose. One that
 * runs is never stopped nor started a second time, whether it answers or not.
 */
public final class OwnerAccess implements AutoCloseable {
    /** For one that is just starting, or does not answer for a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long BETWEEN_ATTEMPTS_MS = 250;

    private final Connection connection;
    private final @Nullable EmbeddedServer started;
    private final @Nullable ClusterLock lock;

    private OwnerAccess(Connection connection, @Nullable EmbeddedServer started, @Nullable ClusterLock lock) {
        this.connection = connection;
        this.started = started;
        this.lock = lock;
    }

    public static OwnerAccess open(DataFolder folder) throws SQLException, IOException {
        return open(folder, PATIENCE);
    }

    static OwnerAccess open(DataFolder folder, Duration patience) throws SQLException, IOException {
        if (external()) {
            return toExternal();
        }
        if (!Files.exists(folder.postgres().resolve("PG_VERSION"))) {
            throw new IOException("there is no installation in " + folder.path());
        }
        return embedded(folder, patience);
    }

    /** The same, making the embedded database when the folder has none yet: for a restore. */
    public static OwnerAccess openOrMake(DataFolder folder) throws SQLException, IOException {
        return external() ? toExternal() : embedded(folder, PATIENCE);
    }

    /**
     * To the database of a platform that runs; none is started for it.
     *
     * @param external whether that platform runs on an external database
     */
    public static OwnerAccess ofRunning(DataFolder folder, boolean external) throws SQLException, IOException {
        if (external) {
            return toExternal();
        }
        var postmaster = Postmaster.on(folder.postgres());
        if (postmaster == null) {
            throw new IOException("its database does not run in " + folder.postgres());
        }
        return new OwnerAccess(connect(folder, postmaster), null, null);
    }

    /** How to reach the embedded database in both roles, while it runs; nothing of an external one. */
    public static Optional<DatabaseRoles> runningRoles(DataFolder folder) {
        if (external()) {
            return Optional.empty();
        }
        try {
            var postmaster = Postmaster.on(folder.postgres());
            if (postmaster != null && postmaster.port() == 0) {
                throw new StartRefusedException(
                        "The database of " + folder.path() + " has only just been started; try again in a moment");
            }
            return postmaster == null
                    ? Optional.empty()
                    : Optional.of(EmbeddedServer.roles(
                            postmaster.port(),
                            Connecting.DATABASE,
                            ClusterFolder.of(folder).secrets()));
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The running database of " + folder.path() + " cannot be found: " + e.getMessage(), e);
        }
    }

    /** Whether the environment names a database that somebody else runs. */
    public static boolean external() {
        var external = System.getenv("KENTONGAN_DATABASE_OWNER_URL");
        return external != null && !external.isBlank();
    }

    private static OwnerAccess toExternal() throws SQLException {
        var owner =
                DatabaseAddress.parse(System.getenv("KENTONGAN_DATABASE_OWNER_URL"), "KENTONGAN_DATABASE_OWNER_URL");
        return new OwnerAccess(DriverManager.getConnection(owner.url(), owner.name(), owner.password()), null, null);
    }

    /** The name of the application's role, to which migrations grant rights. */
    public static String applicationRole() {
        var external = System.getenv("KENTONGAN_DATABASE_URL");
        if (external == null || external.isBlank()) {
            return "kentongan_app";
        }
        return DatabaseAddress.parse(external, "KENTONGAN_DATABASE_URL").name();
    }

    private static OwnerAccess embedded(DataFolder folder, Duration patience) throws SQLException, IOException {
        var until = System.nanoTime() + patience.toNanos();
        while (true) {
            var lock = ClusterLock.attempt(folder, "a verb of ./kentongan");
            try {
                var found = Postmaster.on(folder.postgres());
                if (found != null) {
                    return new OwnerAccess(connect(folder, found), null, lock);
                }
                if (lock != null) {
                    var server = EmbeddedServer.start(folder, lock);
                    return new OwnerAccess(server.owner(), server, null);
                }
                throw new IOException("its process has ended or has not begun");
            } catch (SQLException | IOException e) {
                if (lock != null) {
                    lock.close();
                }
                if (System.nanoTime() > until || (e instanceof SQLException sql && Connecting.isForGood(sql))) {
                    throw unanswered(folder, e);
                }
                pause();
            } catch (StartRefusedException e) {
                if (lock != null) {
                    lock.close();
                }
                throw e;
            }
        }
    }

    private static Connection connect(DataFolder folder, Postmaster postmaster) throws SQLException, IOException {
        if (postmaster.port() == 0) {
            throw new IOException("it has only just been started");
        }
        return Connecting.to(
                postmaster.port(),
                Connecting.DATABASE,
                Connecting.OWNER,
                ClusterFolder.of(folder).secrets().getProperty("owner"));
    }

    private static StartRefusedException unanswered(DataFolder folder, Exception why) throws IOException {
        var found = Postmaster.on(folder.postgres());
        var who = found == null ? ClusterLock.holder(folder) : "PostgreSQL's process " + found.pid();
        return new StartRefusedException(
                "The database in " + folder.postgres() + " is in use (" + who + ") and does not answer: "
                        + why.getMessage()
                        + ". It was left alone. Try again in some minutes; if it stays so, look at "
                        + folder.path().resolve("postgres.log") + " and stop the platform: ./kentongan down --data "
                        + folder.path(),
                why);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the database", e);
        }
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException, IOException {
        try {
            connection.close();
        } finally {
            if (started != null) {
                started.close();
            }
            if (lock != null) {
                lock.close();
            }
        }
    }
}
