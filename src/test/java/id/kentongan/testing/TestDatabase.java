// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.FileSystemUtils;

/** One embedded PostgreSQL for the whole test run; a database of its own for every Spring context. */
public final class TestDatabase {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final EmbeddedServer SERVER = start();

    private TestDatabase() {}

    public static DatabaseRoles fresh() {
        return SERVER.createDatabase("test_" + NEXT.incrementAndGet());
    }

    private static EmbeddedServer start() {
        try {
            var folder = Files.createTempDirectory("kentongan-test-");
            var server = EmbeddedServer.start(new DataFolder(folder));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    server.close();
                    FileSystemUtils.deleteRecursively(folder);
                } catch (IOException e) {
                    System.err.println("The test database did not stop cleanly: " + e.getMessage());
                }
            }));
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
