// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The one folder an installation keeps its data in. Everything below belongs to the installation alone; the
 * folder is readable by its owner only.
 *
 * @param path the folder, made when absent
 */
public record DataFolder(Path path) {
    public DataFolder {
        path = path.toAbsolutePath().normalize();
    }

    /** The embedded PostgreSQL's cluster. */
    public Path postgres() {
        return path.resolve("postgres");
    }

    /** Where the embedded PostgreSQL's binaries are unpacked. */
    public Path binaries() {
        return path.resolve("binaries");
    }

    /** Generated passwords of the embedded PostgreSQL's roles. */
    public Path secrets() {
        return privateFolder("secrets");
    }

    /** The master key file of the envelope encryption, outside the database. */
    public Path keys() {
        return privateFolder("keys");
    }

    /** Content-addressed, sealed files. */
    public Path files() {
        return privateFolder("files");
    }

    /** The trail's signed checkpoints, outside the database. */
    public Path checkpoints() {
        return privateFolder("checkpoints");
    }

    /** Process id, port and status of the running application. */
    public Path run() {
        return privateFolder("run");
    }

    private Path privateFolder(String name) {
        var folder = path.resolve(name);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder " + folder, e);
        }
    }
}
