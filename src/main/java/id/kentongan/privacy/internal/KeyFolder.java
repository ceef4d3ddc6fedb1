// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.database.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder of keys, outside the database: the master keys in versions, the checkpoint key sealed under the newest
 * of them with its public half beside it, and a note of the last export. Readable by its owner only; every file is
 * on the disk before it is named.
 */
public final class KeyFolder {
    private static final String MASTER = "master.properties";
    private static final String SIGNING = "checkpoint.key";
    private static final String VERIFYING = "checkpoint.pub";
    private static final String EXPORTED = "exported.properties";
    private static final String SEALED = "sealed:";
    private static final String PURPOSE = "checkpoint-key";

    private final Path folder;

    public KeyFolder(DataFolder data) {
        this(data.keys());
    }

    private KeyFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    boolean hasMaster() {
        return Files.exists(folder.resolve(MASTER));
    }

    boolean isEmpty() {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read", e);
        }
    }

    /** The master keys by version. */
    TreeMap<Integer, byte[]> master() {
        var keys = new TreeMap<Integer, byte[]>();
        var all = properties(folder.resolve(MASTER));
        for (var name : all.stringPropertyNames()) {
            keys.put(Integer.parseInt(name), Base64.getDecoder().decode(all.getProperty(name)));
        }
        if (keys.isEmpty()) {
            throw new IllegalStateException("The master key file " + folder.resolve(MASTER) + " is empty");
        }
        return keys;
    }

    /** Makes the first master key, unless another process just did. */
    void makeMaster() {
        var keys = new TreeMap<Integer, byte[]>();
        keys.put(1, Sealing.newKey());
        try {
            create(folder.resolve(MASTER), masterText(keys));
            force(folder);
        } catch (FileAlreadyExistsException raced) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("The master key file cannot be made in " + folder, e);
        }
    }

    /** Adds a master key, now the newest; the earlier ones stay, since backups were made under them. */
    int addMaster() {
        var keys = master();
        var signing = signing();
        var next = keys.lastKey() + 1;
        keys.put(next, Sealing.newKey());
        replace(MASTER, masterText(keys));
        signing.ifPresent(pair -> replace(SIGNING, sealed(keys, pair)));
        return next;
    }

    /** The checkpoint key. One that an earlier version left in clear is sealed at this occasion. */
    Optional<Pair> signing() {
        var file = folder.resolve(SIGNING);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = read(file).strip().lines().toList();
        var verifying = folder.resolve(VERIFYING);
        if (!lines.getFirst().startsWith(SEALED)) {
            var pair = new Pair(
                    Base64.getDecoder().decode(lines.getFirst()),
                    Base64.getDecoder().decode(read(verifying).strip()));
            replace(SIGNING, sealed(master(), pair));
            return Optional.of(pair);
        }
        var buffer = ByteBuffer.wrap(Base64.getDecoder().decode(lines.getFirst().substring(SEALED.length())));
        var key = master().get(buffer.getInt());
        if (key == null) {
            throw new IllegalStateException(
                    "The checkpoint key in " + folder + " is sealed by a master key that is not there");
        }
        var sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        if (!Files.exists(verifying)) {
            replace(VERIFYING, lines.get(1) + "\n");
        }
        return Optional.of(new Pair(
                Sealing.open(Sealing.key(key), PURPOSE, sealed),
                Base64.getDecoder().decode(lines.get(1))));
    }

    /** Both halves of the checkpoint key, encoded as Java encodes them. */
    record Pair(byte[] privateKey, byte[] publicKey) {}

    /** Keeps the pair, unless another process kept one first; returns the one that is kept. */
    Pair keepSigning(Pair pair) {
        try {
            create(folder.resolve(SIGNING), sealed(master(), pair));
            force(folder);
        } catch (FileAlreadyExistsException raced) {
            return signing().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint key cannot be kept in " + folder, e);
        }
        replace(VERIFYING, Base64.getEncoder().encodeToString(pair.publicKey()) + "\n");
        return pair;
    }

    /** Everything an export holds. */
    KeyBundle bundle() {
        var pair = signing().orElse(null);
        return new KeyBundle(master(), pair == null ? null : pair.privateKey(), pair == null ? null : pair.publicKey());
    }

    void noteExport(String fingerprint, Instant at) {
        replace(EXPORTED, "at=" + at + "\nfingerprint=" + fingerprint + "\n");
    }

    /** When exactly the keys that are here now were last exported, if they were; nothing when never. */
    public Optional<Export> lastExport() {
        var file = folder.resolve(EXPORTED);
        if (!Files.exists(file) || !hasMaster()) {
            return Optional.empty();
        }
        var note = properties(file);
        return Optional.of(new Export(
                Instant.parse(note.getProperty("at")), bundle().fingerprint().equals(note.getProperty("fingerprint"))));
    }

    /** @param whole whether it holds every key that is here now */
    public record Export(Instant at, boolean whole) {}

    /** Fills the folder, which is empty, in one step: all keys or none. */
    void fill(KeyBundle keys) throws IOException {
        var half = Files.createTempDirectory(folder.getParent(), folder.getFileName() + ".half");
        try {
            var filled = new KeyFolder(half);
            create(half.resolve(MASTER), masterText(keys.master()));
            if (keys.signing() != null && keys.verifying() != null) {
                filled.keepSigning(new Pair(keys.signing(), keys.verifying()));
            }
            force(half);
            try {
                Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                throw new IOException("the file system cannot put the folder in place at once", e);
            }
            force(folder.getParent());
        } finally {
            if (Files.exists(half)) {
                try (var files = Files.list(half)) {
                    for (var file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(half);
            }
        }
    }

    /** The sealed private half, and the public one in clear, in one file: there is never one without the other. */
    private static String sealed(TreeMap<Integer, byte[]> master, Pair pair) {
        var newest = master.lastEntry();
        var sealed = Sealing.seal(Sealing.key(newest.getValue()), PURPOSE, pair.privateKey());
        var bytes = ByteBuffer.allocate(Integer.BYTES + sealed.length)
                .putInt(newest.getKey())
                .put(sealed)
                .array();
        var encoder = Base64.getEncoder();
        return SEALED + encoder.encodeToString(bytes) + "\n" + encoder.encodeToString(pair.publicKey()) + "\n";
    }

    private static String masterText(TreeMap<Integer, byte[]> keys) {
        var text = new StringBuilder("# Master keys of this installation. Without them nothing sealed can be read.\n");
        keys.forEach((version, key) -> text.append(version)
                .append('=')
                .append(Base64.getEncoder().encodeToString(key))
                .append('\n'));
        return text.toString();
    }

    private void replace(String name, String text) {
        try {
            var half = folder.resolve(name + ".half");
            Files.deleteIfExists(half);
            create(half, text);
            Files.move(half, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + folder.resolve(name) + " cannot be written", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }

    private static Properties properties(Path file) {
        var all = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            all.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
        return all;
    }

    /** A new file, readable by its owner only, on the disk when this returns. */
    static void create(Path file, String text) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** A file's name is safe only when its folder is on the disk too. */
    static void force(@Nullable Path folder) throws IOException {
        if (folder == null) {
            return;
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
