// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import tools.jackson.databind.json.JsonMapper;

/**
 * Copies an installation into one file while it runs: every table in one snapshot, the sealed files and the trail's
 * checkpoints. Never the keys and passwords: those are exported apart, or a stolen backup would be readable.
 *
 * <p>The owner reads with {@code row_security = off}: a policy that would hide rows from it stops the backup
 * instead of thinning it. Files are added after the snapshot, so whatever a row names is in the file, except what
 * was erased meanwhile.
 */
public final class Backup {
    /** Whoever finds a backup must not be signed in by it: sessions stay behind, officers sign in anew. */
    private static final Set<String> SIGNED_IN =
            Set.of("machinery.spring_session", "machinery.spring_session_attributes");

    private final Connection owner;
    private final DataFolder folder;

    public Backup(Connection owner, DataFolder folder) {
        this.owner = owner;
        this.folder = folder;
    }

    /** @param rows of all tables */
    public record Result(int tables, long rows, int files) {}

    /** Writes the backup; the file appears whole or not at all. */
    public Result write(Path file) throws BackupException {
        if (Files.exists(file)) {
            throw new BackupException(file + " exists already; name another file, a backup never overwrites one");
        }
        var target = file.toAbsolutePath();
        var half = target.resolveSibling(target.getFileName() + ".half");
        try {
            Files.deleteIfExists(half);
            if (half.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(half);
            }
            Result result;
            try (var channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
                var zip = new ZipOutputStream(Channels.newOutputStream(channel));
                result = fill(zip);
                zip.finish();
                channel.force(true);
            }
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            return result;
        } catch (IOException e) {
            throw new BackupException(
                    "the backup cannot be written to " + file + " (" + e.getMessage()
                            + "); check that the folder exists, may be written and has space",
                    e);
        } catch (SQLException e) {
            throw new BackupException(
                    "the database did not give everything, so there is no backup: " + e.getMessage(), e);
        } finally {
            remove(half);
        }
    }

    private Result fill(ZipOutputStream zip) throws SQLException, IOException {
        owner.setAutoCommit(false);
        try {
            try (var statement = owner.createStatement()) {
                statement.execute("set transaction isolation level repeatable read, read only");
                statement.execute("set local row_security = off");
            }
            var catalogue = new Catalogue(owner);
            var versions = catalogue.versions();
            var tables = new ArrayList<BackupManifest.Table>();
            for (var name : catalogue.tables()) {
                tables.add(table(zip, name, catalogue.columns(name)));
            }
            var contents = new ArrayList<BackupManifest.Content>();
            contents(zip, "files", folder.files(), contents);
            checkpoints(zip, contents);
            var manifest = new BackupManifest(
                    BackupManifest.FORMAT,
                    Clock.systemUTC().instant().toString(),
                    versions,
                    tables,
                    catalogue.partitions(),
                    catalogue.sequences(),
                    contents);
            zip.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
            zip.write(JsonMapper.builder().build().writeValueAsBytes(manifest));
            zip.closeEntry();
            var rows = tables.stream().mapToLong(BackupManifest.Table::rows).sum();
            return new Result(tables.size(), rows, contents.size());
        } finally {
            owner.rollback();
            owner.setAutoCommit(true);
        }
    }

    private BackupManifest.Table table(ZipOutputStream zip, String name, List<String> columns)
            throws SQLException, IOException {
        var entry = "tables/" + name;
        var digest = sha256();
        zip.putNextEntry(new ZipEntry(entry));
        var rows = owner.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "copy (select " + String.join(", ", columns) + " from " + name
                                + (SIGNED_IN.contains(name) ? " where false" : "") + ") to stdout",
                        new DigestOutputStream(zip, digest));
        zip.closeEntry();
        return new BackupManifest.Table(name, columns, rows, entry, hex(digest));
    }

    private static void contents(ZipOutputStream zip, String prefix, Path root, List<BackupManifest.Content> contents)
            throws IOException {
        List<Path> found;
        try (var walk = Files.walk(root)) {
            found = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (var path : found) {
            var entry = prefix + "/" + root.relativize(path).toString().replace('\\', '/');
            try (var in = Files.newInputStream(path)) {
                var digest = sha256();
                zip.putNextEntry(new ZipEntry(entry));
                OutputStream out = new DigestOutputStream(zip, digest);
                in.transferTo(out);
                zip.closeEntry();
                contents.add(new BackupManifest.Content(entry, hex(digest)));
            } catch (NoSuchFileException erasedMeanwhile) {
                continue;
            }
        }
    }

    /**
     * The files of checkpoints as far as the snapshot knows them: what the platform signed since would speak of entries
     * the backup does not hold, and a restored trail would look as if its end had been cut off.
     */
    private void checkpoints(ZipOutputStream zip, List<BackupManifest.Content> contents)
            throws SQLException, IOException {
        var last = new HashMap<String, Long>();
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery(
                        "select tenant_id::text, max(sequence) from archive.checkpoint group by tenant_id")) {
            while (rows.next()) {
                last.put(rows.getString(1) + ".log", rows.getLong(2));
            }
        }
        List<Path> found;
        try (var files = Files.list(folder.checkpoints())) {
            found = files.filter(Files::isRegularFile).sorted().toList();
        }
        for (var path : found) {
            var name = path.getFileName().toString();
            var entry = "checkpoints/" + name;
            var digest = sha256();
            zip.putNextEntry(new ZipEntry(entry));
            var out = new DigestOutputStream(zip, digest);
            try (var lines = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!isAhead(line, last.getOrDefault(name, 0L))) {
                        out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
            zip.closeEntry();
            contents.add(new BackupManifest.Content(entry, hex(digest)));
        }
    }

    /** A line that is no checkpoint is kept: naming it is the verifier's business. */
    private static boolean isAhead(String line, long last) {
        var space = line.indexOf(' ');
        try {
            return space > 0 && Long.parseLong(line.substring(0, space)) > last;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void remove(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException e) {
            System.err.println("kentongan: the unfinished " + half + " could not be removed");
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
