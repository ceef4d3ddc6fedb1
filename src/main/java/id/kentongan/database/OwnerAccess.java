// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the owner's role for administrative verbs: to the external database by
 * {@code KENTONGAN_DATABASE_OWNER_URL}, to the embedded one that runs, or to one started for the purpose.
 */
public final class OwnerAccess implements AutoCloseable {
    private final @Nullable EmbeddedServer started;
    private final Connection connection;

    private OwnerAccess(@Nullable EmbeddedServer started, Connection connection) {
        this.started = started;
        this.connection = connection;
    }

    public static OwnerAccess open(DataFolder folder) throws SQLException, IOException {
        var external = System.getenv("KENTONGAN_DATABASE_OWNER_URL");
        if (external != null && !external.isBlank()) {
            var owner = DatabaseAddress.parse(external, "KENTONGAN_DATABASE_OWNER_URL");
            return new OwnerAccess(null, DriverManager.getConnection(owner.url(), owner.name(), owner.password()));
        }
        if (!Files.exists(folder.postgres().resolve("PG_VERSION"))) {
            throw new IOException("there is no installation in " + folder.path());
        }
        return openOrMake(folder);
    }

    /** The same, making the embedded database when the folder has none yet: for a restore. */
    public static OwnerAccess openOrMake(DataFolder folder) throws SQLException, IOException {
        if (external()) {
            return open(folder);
        }
        var running = running(folder);
        if (running != null) {
            return new OwnerAccess(null, running);
        }
        var server = EmbeddedServer.start(folder);
        var roles = server.roles();
        return new OwnerAccess(
                server, DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword()));
    }

    /** How to reach the embedded database in both roles, while it runs; nothing of an external one. */
    public static Optional<DatabaseRoles> runningRoles(DataFolder folder) {
        if (external()) {
            return Optional.empty();
        }
        try (var owner = running(folder)) {
            if (owner == null) {
                return Optional.empty();
            }
            var secrets = new Properties();
            try (var in = Files.newBufferedReader(folder.secrets().resolve("database.properties"))) {
                secrets.load(in);
            }
            var url = owner.getMetaData().getURL();
            return Optional.of(new DatabaseRoles(
                    url,
                    "kentongan_owner",
                    secrets.getProperty("owner"),
                    url,
                    "kentongan_app",
                    secrets.getProperty("application"),
                    true));
        } catch (SQLException | IOException e) {
            throw new StartRefusedException("The running database of " + folder.path() + " cannot be asked", e);
        }
    }

    /** Whether the environment names a database that somebody else runs. */
    public static boolean external() {
        var external = System.getenv("KENTONGAN_DATABASE_OWNER_URL");
        return external != null && !external.isBlank();
    }

    /** The name of the application's role, to which migrations grant rights. */
    public static String applicationRole() {
        var external = System.getenv("KENTONGAN_DATABASE_URL");
        if (external == null || external.isBlank()) {
            return "kentongan_app";
        }
        return DatabaseAddress.parse(external, "KENTONGAN_DATABASE_URL").name();
    }

    private static @Nullable Connection running(DataFolder folder) throws IOException {
        var port = folder.run().resolve("database.port");
        // Not asked: whether the application's process id is there. An application that is just starting has no
        // such file yet, and starting a second server would stop its database.
        if (!Files.exists(port)) {
            return null;
        }
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(folder.secrets().resolve("database.properties"))) {
            secrets.load(in);
        }
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + Files.readString(port).strip() + "/kentongan",
                    "kentongan_owner",
                    secrets.getProperty("owner"));
        } catch (SQLException gone) {
            return null;
        }
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException, IOException {
        connection.close();
        if (started != null) {
            started.close();
        }
    }
}
