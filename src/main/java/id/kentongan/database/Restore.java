// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings a backup back into an empty installation: checks the whole file first, migrates to the version the backup
 * was made with, copies everything in within one transaction and counts it. The next start migrates further.
 */
public final class Restore {
    private final Connection owner;
    private final DataFolder folder;
    private final String applicationRole;

    /** @param applicationRole the role the migrations grant rights to */
    public Restore(Connection owner, DataFolder folder, String applicationRole) {
        this.owner = owner;
        this.folder = folder;
        this.applicationRole = applicationRole;
    }

    public Backup.Result read(Path file) throws BackupException {
        if (!Files.isRegularFile(file)) {
            throw new BackupException("there is no file " + file);
        }
        try (var zip = new ZipFile(file.toFile())) {
            var manifest = manifest(zip);
            check(zip, manifest);
            refuseUnlessEmpty();
            migrate(manifest.versions());
            // The files first: rows are committed at once or not at all, and files are taken away again.
            var unpacked = new ArrayList<Path>();
            try {
                for (var content : manifest.files()) {
                    unpack(zip, content.entry(), unpacked);
                }
                var rows = fill(zip, manifest);
                return new Backup.Result(
                        manifest.tables().size(), rows, manifest.files().size());
            } catch (IOException | SQLException | BackupException | RuntimeException e) {
                for (var written : unpacked) {
                    Files.deleteIfExists(written);
                }
                throw e;
            }
        } catch (IOException | JacksonException e) {
            throw damaged(file.toString(), e);
        } catch (SQLException e) {
            throw new BackupException(
                    "the database did not take the backup and was left without it: " + e.getMessage(), e);
        }
    }

    private static BackupException damaged(String what, Exception cause) {
        return new BackupException(
                what + " is damaged or no backup of Kentongan (" + cause.getMessage()
                        + "); nothing was restored, take an earlier backup or copy the file again",
                cause);
    }

    private static BackupManifest manifest(ZipFile zip) throws IOException, BackupException {
        try (var in = entry(zip, BackupManifest.ENTRY)) {
            var manifest = JsonMapper.builder().build().readValue(in, BackupManifest.class);
            if (manifest.format() > BackupManifest.FORMAT) {
                throw new BackupException("the backup was made by a newer Kentongan (format " + manifest.format()
                        + "); install that version or a later one and restore there");
            }
            return manifest;
        }
    }

    /** Every byte before the first row: a damaged file must not leave half an installation. */
    private static void check(ZipFile zip, BackupManifest manifest) throws IOException {
        var expected = new ArrayList<BackupManifest.Content>(manifest.files());
        manifest.tables().forEach(table -> expected.add(new BackupManifest.Content(table.entry(), table.sha256())));
        for (var content : expected) {
            var digest = Backup.sha256();
            try (var in = new DigestInputStream(entry(zip, content.entry()), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            if (!Backup.hex(digest).equals(content.sha256())) {
                throw new IOException("the content of " + content.entry() + " does not match its hash");
            }
        }
    }

    private static InputStream entry(ZipFile zip, String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException(name + " is missing");
        }
        return zip.getInputStream(entry);
    }

    private void refuseUnlessEmpty() throws SQLException, IOException, BackupException {
        try (var files = Files.list(folder.files());
                var checkpoints = Files.list(folder.checkpoints())) {
            if (files.findAny().isPresent() || checkpoints.findAny().isPresent() || !new Catalogue(owner).isEmpty()) {
                throw new BackupException("the installation in " + folder.path()
                        + " holds data already; restore into an empty folder: --data DIR");
            }
        }
    }

    private void migrate(Map<String, String> versions) throws BackupException, SQLException {
        var modules = new ArrayList<>(versions.keySet());
        // The shared schemas and functions come first; the modules do not know each other's tables.
        modules.remove("__root");
        modules.addFirst("__root");
        try {
            // All are looked at before the first is applied, so that a refusal leaves nothing behind.
            for (var module : modules) {
                refuseNewer(module, MigrationVersion.fromVersion(versions.getOrDefault(module, "0")));
            }
            for (var module : modules) {
                var version = MigrationVersion.fromVersion(versions.getOrDefault(module, "0"));
                flyway(module, version).migrate();
            }
        } catch (FlywayException e) {
            throw new BackupException("the empty database could not be prepared: " + e.getMessage(), e);
        }
    }

    private void refuseNewer(String module, MigrationVersion version) throws BackupException {
        for (var known : flyway(module, MigrationVersion.LATEST).info().all()) {
            if (version.equals(known.getVersion())) {
                return;
            }
        }
        throw new BackupException("the backup was made by a newer Kentongan (migration " + version + " of " + module
                + "); install that version or a later one and restore there");
    }

    private Flyway flyway(String module, MigrationVersion version) {
        var history = "flyway_schema_history" + (module.equals("__root") ? "" : "_" + module);
        return Flyway.configure()
                .dataSource(new SingleConnectionDataSource(owner, true))
                .locations("classpath:db/migration/" + module)
                .table(history)
                .defaultSchema("public")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(version)
                .placeholders(Map.of("appRole", applicationRole))
                .load();
    }

    private long fill(ZipFile zip, BackupManifest manifest) throws SQLException, IOException, BackupException {
        owner.setAutoCommit(false);
        try (var statement = owner.createStatement()) {
            statement.execute("set local row_security = off");
            var catalogue = new Catalogue(owner);
            var present = catalogue.tables();
            var names =
                    manifest.tables().stream().map(BackupManifest.Table::name).toList();
            if (!new HashSet<>(present).equals(new HashSet<>(names))) {
                throw new BackupException("the backup's tables are not those of its version; it cannot be restored");
            }
            for (var partition : manifest.partitions()) {
                var exists = catalogue.strings("select to_regclass('" + partition.name() + "')::text");
                if (exists.getFirst() == null) {
                    statement.execute("create table " + partition.name() + " partition of " + partition.parent() + " "
                            + partition.bound());
                    statement.execute("alter table " + partition.name() + " enable row level security");
                }
            }
            statement.execute("truncate " + String.join(", ", names));
            // Foreign keys are put back after the rows, which checks them all; triggers rest, for what they made is
            // in the backup too.
            var keys = foreignKeys();
            for (var key : keys) {
                statement.execute("alter table " + key.table() + " drop constraint " + key.name());
            }
            long rows = 0;
            for (var table : manifest.tables()) {
                statement.execute("alter table " + table.name() + " disable trigger user");
                rows += copy(zip, table);
                statement.execute("alter table " + table.name() + " enable trigger user");
            }
            for (var key : keys) {
                statement.execute(
                        "alter table " + key.table() + " add constraint " + key.name() + " " + key.definition());
            }
            for (var sequence : manifest.sequences().entrySet()) {
                statement.execute("select setval('" + sequence.getKey() + "', " + sequence.getValue() + ")");
            }
            owner.commit();
            return rows;
        } finally {
            owner.rollback();
            owner.setAutoCommit(true);
        }
    }

    private record ForeignKey(String table, String name, String definition) {}

    private List<ForeignKey> foreignKeys() throws SQLException {
        var keys = new ArrayList<ForeignKey>();
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery("""
                        select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
                        from pg_constraint
                        where contype = 'f' and conparentid = 0
                        """)) {
            while (rows.next()) {
                keys.add(new ForeignKey(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return keys;
    }

    private long copy(ZipFile zip, BackupManifest.Table table) throws SQLException, IOException, BackupException {
        try (var in = entry(zip, table.entry())) {
            var rows = owner.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + table.name() + " (" + String.join(", ", table.columns()) + ") from stdin", in);
            if (rows != table.rows()) {
                throw new BackupException("the backup promises " + table.rows() + " rows of " + table.name()
                        + " and holds " + rows + "; nothing was restored");
            }
            return rows;
        } catch (PSQLException e) {
            throw new SQLException(table.name() + ": " + e.getMessage(), e);
        }
    }

    private void unpack(ZipFile zip, String name, List<Path> unpacked) throws IOException {
        var slash = name.indexOf('/');
        var root = switch (name.substring(0, Math.max(slash, 0))) {
            case "files" -> folder.files();
            case "checkpoints" -> folder.checkpoints();
            default -> throw new IOException("nothing is known of " + name);
        };
        var target = root.resolve(name.substring(slash + 1)).normalize();
        if (!target.startsWith(root)) {
            throw new IOException(name + " points outside the data folder");
        }
        Files.createDirectories(target.getParent());
        unpacked.add(target);
        try (var in = entry(zip, name)) {
            Files.copy(in, target);
        }
    }
}
