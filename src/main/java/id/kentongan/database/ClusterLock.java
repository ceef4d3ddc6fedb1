// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Held by the one process that may start and stop the embedded PostgreSQL of a data folder. The operating system
 * lets go of it when that process ends, however it ends; so whoever holds it knows that nobody living has started the
 * database that still runs.
 */
final class ClusterLock implements AutoCloseable {
    /** Beside the folder {@code run}, which somebody may think of as theirs to empty. */
    private static final String NAME = "database.lock";

    /**
     * Those of this process. Their files are not opened a second time here: closing any channel of a file lets go of
     * the process's lock on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private ClusterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @param purpose in the words of a refusal: who holds it; null when it is held already */
    static @Nullable ClusterLock attempt(DataFolder folder, String purpose) throws IOException {
        Files.createDirectories(folder.path());
        var file = file(folder);
        if (!HELD.add(file)) {
            return null;
        }
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = new ClusterLock(file, channel);
        try {
            if (channel.tryLock() == null) {
                held.close();
                return null;
            }
            var words = ProcessHandle.current().pid() + "\n" + purpose + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)), 0);
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    /** Who holds it, in words. */
    static String holder(DataFolder folder) {
        try {
            if (HELD.contains(file(folder))) {
                return "this very process";
            }
            var lines = Files.readAllLines(file(folder));
            return lines.size() < 2 ? "another process" : "process " + lines.getFirst() + ", " + lines.get(1);
        } catch (IOException e) {
            return "another process";
        }
    }

    private static Path file(DataFolder folder) throws IOException {
        return folder.path().toRealPath().resolve(NAME);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
