// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
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
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL this installation runs for itself: real PostgreSQL binaries, durable (fsync on), reachable
 * over loopback with generated scram-sha-256 passwords only. Its cluster survives restarts and a killed
 * application; whoever opens it next finds the postmaster that is still running and uses that.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final String DATABASE = "kentongan";
    private static final String OWNER = "kentongan_owner";
    private static final String APPLICATION = "kentongan_app";

    private final EmbeddedPostgres postgres;
    private final Properties secrets;

    private EmbeddedServer(EmbeddedPostgres postgres, Properties secrets) {
        this.postgres = postgres;
        this.secrets = secrets;
    }

    /** Starts the server on the folder's cluster, making cluster, roles and database at the first time. */
    public static EmbeddedServer start(DataFolder folder) {
        try {
            Files.createDirectories(folder.path());
            var secrets = secrets(folder.secrets().resolve("database.properties"));
            stopLeftover(folder.postgres());
            var fresh = !Files.exists(folder.postgres().resolve("PG_VERSION"));
            var postgres = launch(folder, secrets, fresh);
            var server = new EmbeddedServer(postgres, secrets);
            if (fresh || !Files.exists(folder.postgres().resolve("kentongan-ready"))) {
                server.prepare(folder.postgres(), fresh);
            }
            Files.writeString(folder.run().resolve("database.port"), Integer.toString(postgres.getPort()));
            return server;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL in " + folder.postgres() + " does not start: " + e.getMessage() + ". See "
                            + folder.path().resolve("postgres.log"),
                    e);
        }
    }

    private static EmbeddedPostgres launch(DataFolder folder, Properties secrets, boolean fresh) throws IOException {
        var log = folder.path().resolve("postgres.log").toFile();
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.postgres())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.binaries().toFile())
                .setRegisterShutdownHook(false)
                .setPort(freePort(secrets))
                .setPGStartupWait(Duration.ofSeconds(60))
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
        return builder.start();
    }

    private void prepare(Path cluster, boolean fresh) throws SQLException, IOException {
        try (var connection = fresh ? trusted() : superuser("postgres");
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
        try (var connection = fresh ? trusted() : superuser("postgres");
                var statement = connection.createStatement()) {
            statement.execute("select pg_reload_conf()");
        }
        Files.writeString(cluster.resolve("kentongan-ready"), "roles and database are made\n");
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
        var url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
        return new DatabaseRoles(
                url, OWNER, secrets.getProperty("owner"), url, APPLICATION, secrets.getProperty("application"), true);
    }

    public int port() {
        return postgres.getPort();
    }

    /** A connection as the cluster's superuser, for making databases; the application itself never uses it. */
    private Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database,
                "postgres",
                secrets.getProperty("superuser"));
    }

    private Connection trusted() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() throws IOException {
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
            process.get().onExit().get(30, java.util.concurrent.TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("The PostgreSQL in process " + process.get().pid() + " does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while stopping an earlier PostgreSQL", e);
        }
    }

    private static int freePort(Properties secrets) throws IOException {
        var kept = Integer.parseInt(secrets.getProperty("port", "0"));
        if (kept > 0) {
            try (var probe = new ServerSocket(kept, 1, java.net.InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                log.debug("The database's earlier port is taken; choosing another");
            }
        }
        try (var probe = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static Properties secrets(Path file) throws IOException {
        var secrets = new Properties();
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
