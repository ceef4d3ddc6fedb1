// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.database.DatabaseRoles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL that somebody else runs, of the oldest version that is accepted: an owner and an application role with passwords, databases of the owner. It can
 * be stopped and started again on the same port with its rows.
 */
public final class ExternalServer implements AutoCloseable {
    public static final String OWNER = "pemilik";
    public static final String APPLICATION = "aplikasi";
    /** With characters that an address must encode. */
    public static final String PASSWORD = "rahasia:1/a@b%";

    private final Path folder = Files.createTempDirectory("kentongan-external-");
    private final int port;
    private @Nullable EmbeddedPostgres running;

    public ExternalServer() throws IOException, SQLException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        start();
        execute("create role " + OWNER + " login password '" + PASSWORD + "'");
        role(APPLICATION, "");
        Files.writeString(cluster().resolve("pg_hba.conf"), """
                host all postgres 127.0.0.1/32 trust
                host all all 127.0.0.1/32 scram-sha-256
                """);
        execute("select pg_reload_conf()");
    }

    private Path cluster() {
        return folder.resolve("postgres");
    }

    public void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setDataDirectory(cluster())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                .setPgBinaryResolver((system, machine) -> oldest())
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(120))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .start();
    }

    /** What the build lays beside the classpath. */
    private static InputStream oldest() throws IOException {
        try (var jar = new ZipFile("target/oldest-postgres/binaries.jar")) {
            var packed = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            return new ByteArrayInputStream(jar.getInputStream(packed).readAllBytes());
        }
    }

    public void stop() throws IOException {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** A database of the owner, which the application's role may connect to. */
    public void database(String name) throws SQLException {
        execute("create database " + name + " owner " + OWNER + " encoding 'UTF8'");
        execute("revoke all on database " + name + " from public");
        execute("grant connect, temporary on database " + name + " to public");
    }

    /** Makes a role that may sign in, with these attributes besides. */
    public void role(String name, String attributes) throws SQLException {
        execute("create role " + name + " login " + attributes + " password '" + PASSWORD + "'");
    }

    public void execute(String sql) throws SQLException {
        try (var connection = superuser("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
    }

    /** Makes a database and says how to reach it in both roles. */
    DatabaseRoles fresh(String name) throws SQLException {
        database(name);
        var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
        return new DatabaseRoles(url, OWNER, PASSWORD, url, APPLICATION, PASSWORD, false);
    }

    /** As a person writes it into the environment. */
    public String address(String role, String database) {
        return "postgresql://" + role + ":" + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8) + "@127.0.0.1:" + port
                + "/" + database;
    }

    @Override
    public void close() throws IOException {
        stop();
        FileSystemUtils.deleteRecursively(folder);
    }
}
