// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The folder the benchmark works in: temporary and removed at the end, unless one was named to be kept. */
record Scratch(Path path, boolean kept) implements AutoCloseable {
    static Scratch of(Options options) throws IOException {
        if (options.data().isPresent()) {
            return new Scratch(Files.createDirectories(options.data().get()), true);
        }
        return new Scratch(Files.createTempDirectory("kentongan-bench-"), false);
    }

    @Override
    public void close() {
        if (!kept) {
            remove(path);
        }
    }

    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var walk = Files.walk(folder)) {
            for (var each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The benchmark's folder " + folder + " cannot be removed", e);
        }
    }
}
