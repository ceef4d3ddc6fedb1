// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL process that lives on a cluster. What cannot be told for certain counts as living: whoever asks
 * may start another one or end this one only when it is certainly dead, or certainly this cluster's.
 *
 * @param port it listens on; 0 while it has not said so yet
 */
record Postmaster(ProcessHandle process, int port) {
    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);
    private static final String LOCK = "postmaster.pid";
    private static final int LINE_OF_PORT = 3;
    private static final long BETWEEN_LOOKS_MS = 50;

    /** The one that lives on the cluster, or null when certainly none does. */
    static @Nullable Postmaster on(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve(LOCK));
        } catch (NoSuchFileException none) {
            return null;
        }
        var pid = lines.isEmpty() ? 0 : number(lines.getFirst());
        if (pid <= 0) {
            // Left by a power failure, or being written right now.
            if (isDeserted(cluster)) {
                return null;
            }
            throw new IOException(cluster.resolve(LOCK) + " names no process yet");
        }
        var process = ProcessHandle.of(pid).orElse(null);
        if (process == null || !lives(process) || isAnothers(process, cluster)) {
            return null;
        }
        return new Postmaster(process, lines.size() > LINE_OF_PORT ? (int) number(lines.get(LINE_OF_PORT)) : 0);
    }

    /**
     * After a restart of the machine or its container, another process may have been given the number that the
     * cluster's lock file names; PostgreSQL then takes that one for its own and does not start, nor does it with an
     * empty file. The file is removed when it is certain that no process at all works in the cluster.
     */
    static void forgetStale(Path cluster) throws IOException {
        var lock = cluster.resolve(LOCK);
        if (Files.exists(lock) && on(cluster) == null && isDeserted(cluster)) {
            log.info("{} is left from a PostgreSQL that has ended; it is removed", lock);
            Files.delete(lock);
        }
    }

    /** Whether it has not ended. A process nobody has asked how it ended is none any more. */
    boolean lives() {
        return lives(process);
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to end as soon as the last who is connected leaves. */
    void askToEnd() {
        process.destroy();
    }

    /** Whether it ended within this time. */
    boolean endsWithin(Duration patience) throws IOException {
        var until = System.nanoTime() + patience.toNanos();
        // Not by waiting for its exit: it is nobody's child here, and may end without anybody to bury it.
        while (lives()) {
            if (System.nanoTime() > until) {
                return false;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL was ending", e);
            }
        }
        return true;
    }

    private static boolean lives(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            var state = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !state.contains(") Z ");
        } catch (IOException unknown) {
            return process.isAlive();
        }
    }

    /** Whether it certainly is not this cluster's postmaster, which works in the cluster's folder. */
    private static boolean isAnothers(ProcessHandle process, Path cluster) {
        var works = folderOf(process);
        if (works != null) {
            return !worksIn(process, cluster);
        }
        var command = process.info().command();
        return command.isPresent() && !command.get().contains("postgres");
    }

    /** Whether certainly no process works in the cluster's folder. */
    private static boolean isDeserted(Path cluster) {
        return folderOf(ProcessHandle.current()) != null
                && ProcessHandle.allProcesses().noneMatch(each -> worksIn(each, cluster));
    }

    private static boolean worksIn(ProcessHandle process, Path cluster) {
        var works = folderOf(process);
        try {
            return works != null && Files.isSameFile(works, cluster);
        } catch (IOException gone) {
            return false;
        }
    }

    private static @Nullable Path folderOf(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException | UnsupportedOperationException notOurs) {
            return null;
        }
    }

    private static long number(String line) {
        try {
            return Long.parseLong(line.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
