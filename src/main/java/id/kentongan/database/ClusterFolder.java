// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded cluster as files: whether there is one that this Kentongan can start, and the passwords of its roles. */
record ClusterFolder(Path cluster, Path passwords) {
    private static final Logger log = LoggerFactory.getLogger(ClusterFolder.class);
    /** The major version of the binaries in the pom. */
    private static final String MAJOR = "18";

    /** Written into the cluster when roles and database are made. */
    private static final String FINISHED = "kentongan-ready";

    static ClusterFolder of(DataFolder folder) {
        return new ClusterFolder(folder.postgres(), folder.secrets().resolve("database.properties"));
    }

    /**
     * Whether there is no cluster yet. What a first start left unfinished holds nobody's data and is put aside; a
     * cluster that was in use is never touched.
     */
    boolean isFresh() throws IOException {
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
        refuseOtherVersion();
        return false;
    }

    private void refuseOtherVersion() throws IOException {
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
    }

    /** Passwords for everyone, on loopback only. */
    void protect() throws IOException {
        Files.writeString(cluster.resolve("pg_hba.conf"), """
                # Written by Kentongan: passwords for everyone, loopback only.
                host all all 127.0.0.1/32 scram-sha-256
                """);
    }

    void finished() throws IOException {
        Files.writeString(cluster.resolve(FINISHED), "roles and database are made\n");
    }

    /** Those of {@code superuser}, {@code owner} and {@code application}. */
    Properties secrets() throws IOException {
        if (!Files.exists(passwords)) {
            throw new StartRefusedException("The passwords of the embedded database are missing: bring " + passwords
                    + " back from a copy. The database itself was not touched.");
        }
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(passwords)) {
            secrets.load(in);
        }
        return secrets;
    }

    /** The same, made when there are none yet. */
    Properties newSecrets() throws IOException {
        if (Files.exists(passwords)) {
            return secrets();
        }
        var secrets = new Properties();
        var random = new SecureRandom();
        for (var name : new String[] {"superuser", "owner", "application"}) {
            var bytes = new byte[24];
            random.nextBytes(bytes);
            secrets.setProperty(name, HexFormat.of().formatHex(bytes));
        }
        if (passwords.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    passwords, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (var out = Files.newBufferedWriter(passwords)) {
            secrets.store(out, "Passwords of the embedded PostgreSQL, made at the first start");
        }
        return secrets;
    }
}
