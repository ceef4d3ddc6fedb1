// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.FileSystemUtils;

/** One embedded PostgreSQL for the whole test run; a database of its own for every Spring context. */
public final class TestDatabase {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final DataFolder FOLDER = folder();
    private static final EmbeddedServer SERVER = start();

    private TestDatabase() {}

    public static DatabaseRoles fresh() {
        return SERVER.createDatabase("test_" + NEXT.incrementAndGet());
    }

    /** Where the binaries are unpacked that every embedded server of this run starts from. */
    public static Path binaries() {
        return FOLDER.binaries();
    }

    private static DataFolder folder() {
        try {
            return new DataFolder(Files.createTempDirectory("kentongan-test-"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EmbeddedServer start() {
        var server = EmbeddedServer.start(FOLDER);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
                FileSystemUtils.deleteRecursively(FOLDER.path());
            } catch (IOException e) {
                System.err.println("The test database did not stop cleanly: " + e.getMessage());
            }
        }));
        return server;
    }
}
