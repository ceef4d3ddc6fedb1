// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.database.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeMap;
import javax.crypto.SecretKey;

/**
 * The master key file, outside the database: several versions, the highest is used for wrapping, all for unwrapping.
 * Whoever has a backup of the database but not this file has nothing readable.
 */
final class MasterKeys {
    private final Path file;
    private final TreeMap<Integer, SecretKey> versions = new TreeMap<>();

    MasterKeys(DataFolder folder) {
        this.file = folder.keys().resolve("master.properties");
        if (!Files.exists(file)) {
            var first = new Properties();
            first.setProperty("1", Base64.getEncoder().encodeToString(Sealing.newKey()));
            create(first);
        }
        load();
    }

    synchronized int primary() {
        return versions.lastKey();
    }

    synchronized SecretKey version(int version) {
        var key = versions.get(version);
        if (key == null) {
            load();
            key = versions.get(version);
        }
        if (key == null) {
            throw new IllegalStateException("The master key file " + file + " has no version " + version
                    + ". Copy the keys folder of the installation that sealed these data into " + file.getParent());
        }
        return key;
    }

    /** Adds a new primary version; the earlier ones stay until everything is wrapped anew. */
    synchronized int rotate() {
        var all = read();
        var next = versions.lastKey() + 1;
        all.setProperty(Integer.toString(next), Base64.getEncoder().encodeToString(Sealing.newKey()));
        try {
            var half = file.resolveSibling("master.properties.half");
            Files.deleteIfExists(half);
            writePrivately(half, all);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The master key file cannot be written", e);
        }
        load();
        return next;
    }

    private void create(Properties first) {
        try {
            writePrivately(file, first);
        } catch (FileAlreadyExistsException raced) {
            load();
        } catch (IOException e) {
            throw new UncheckedIOException("The master key file " + file + " cannot be made", e);
        }
    }

    private void load() {
        var all = read();
        for (var name : all.stringPropertyNames()) {
            versions.put(Integer.parseInt(name), Sealing.key(Base64.getDecoder().decode(all.getProperty(name))));
        }
        if (versions.isEmpty()) {
            throw new IllegalStateException("The master key file " + file + " is empty");
        }
    }

    private Properties read() {
        var all = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            all.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The master key file " + file + " cannot be read", e);
        }
        return all;
    }

    private static void writePrivately(Path file, Properties keys) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE);
                var out = java.nio.channels.Channels.newWriter(channel, java.nio.charset.StandardCharsets.UTF_8)) {
            keys.store(out, "Master keys of this installation. Without them nothing sealed can be read.");
            out.flush();
            channel.force(true);
        }
    }
}
