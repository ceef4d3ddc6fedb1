// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.database.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;

/** Takes the keys out of a data folder and brings them into another. */
public final class KeyTransport {
    private static final int SHORTEST = 12;

    private final DataFolder data;
    private final KeyFolder folder;
    private final Clock clock;

    public KeyTransport(DataFolder data, Clock clock) {
        this.data = data;
        this.folder = new KeyFolder(data);
        this.clock = clock;
    }

    /** Refuses before anyone has typed a passphrase. */
    public void checkExport(Path file) throws KeyException {
        if (!folder.hasMaster()) {
            throw new KeyException("there are no keys in " + folder.path()
                    + "; name the installation's folder with --data, or start it once so that it makes its keys");
        }
        if (Files.exists(file)) {
            throw new KeyException(file + " exists already; name another file, an export never overwrites one");
        }
        if (file.toAbsolutePath().normalize().startsWith(data.path())) {
            throw new KeyException(file + " lies in the data folder and would be lost with it; name a file elsewhere,"
                    + " best on another machine or medium");
        }
    }

    /** Writes the file, reads it back, and notes that these keys were exported. */
    public void export(Path file, char[] passphrase) throws KeyException {
        checkExport(file);
        if (passphrase.length < SHORTEST) {
            throw new KeyException("the passphrase is shorter than " + SHORTEST
                    + " characters; choose a sentence that nobody guesses, it is all that protects the file");
        }
        var keys = folder.bundle();
        var now = clock.instant();
        var text = KeyExportFile.write(keys, passphrase, now);
        var target = file.toAbsolutePath();
        var half = target.resolveSibling(target.getFileName() + ".half");
        try {
            Files.deleteIfExists(half);
            try {
                KeyFolder.create(half, text);
                if (!KeyExportFile.read(Files.readString(half), passphrase).equals(keys)) {
                    throw new KeyException("the file did not read back as written; check the medium of " + file);
                }
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(half);
            }
            KeyFolder.force(target.getParent());
        } catch (IOException e) {
            throw new KeyException(
                    "the export cannot be written to " + file + " (" + e.getMessage()
                            + "); check that the folder exists, may be written and has space",
                    e);
        }
        folder.noteExport(keys.fingerprint(), now);
    }

    /** Refuses before anyone has typed a passphrase. */
    public void checkImport(Path file) throws KeyException {
        text(file);
    }

    /** What an import did: it filled the folder, or found that it holds these keys already. */
    public enum Imported {
        FILLED,
        SAME
    }

    /** Brings the keys in. Keys that are there are never overwritten. */
    public Imported bringIn(Path file, char[] passphrase) throws KeyException {
        var keys = KeyExportFile.read(text(file), passphrase);
        if (folder.hasMaster() && folder.bundle().equals(keys)) {
            folder.noteExport(keys.fingerprint(), clock.instant());
            return Imported.SAME;
        }
        if (!folder.isEmpty()) {
            throw new KeyException(
                    folder.path() + " holds other keys and was not changed. If nothing is sealed by them,"
                            + " stop the platform, move that folder aside and import again");
        }
        try {
            folder.fill(keys);
        } catch (IOException e) {
            throw new KeyException("the keys cannot be written to " + folder.path() + " (" + e.getMessage() + ")", e);
        }
        folder.noteExport(keys.fingerprint(), clock.instant());
        return Imported.FILLED;
    }

    private static String text(Path file) throws KeyException {
        try {
            if (Files.size(file) > 1_000_000) {
                throw new KeyException(file + " is no export of keys; name the file that ./kentongan keys export made");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new KeyException("there is no file " + file, e);
        } catch (IOException e) {
            throw new KeyException("the file " + file + " cannot be read as an export of keys", e);
        }
    }
}
