// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** What this machine gives just now, so that the figures of two machines, or of two hours, can be set side by side. */
final class Calibration {
    private static final Duration EACH = Duration.ofSeconds(2);

    private Calibration() {}

    static void measure(Path folder, Figures figures) throws IOException {
        figures.note("fsync_per_s", fsyncs(folder), "1/s");
        figures.note("cpu_score", hashes(), "1/ms");
    }

    /** Writes of one page of 8 KiB, each made durable before the next. */
    private static double fsyncs(Path folder) throws IOException {
        var file = folder.resolve("calibration");
        var page = ByteBuffer.allocate(8192);
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var begun = System.nanoTime();
            var count = 0;
            while (System.nanoTime() - begun < EACH.toNanos()) {
                channel.write(page.clear(), (count % 128) * 8192L);
                channel.force(false);
                count++;
            }
            return count / seconds(begun);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** SHA-256 of blocks of 1 KiB on one thread, per millisecond, after the compiler had its turn. */
    private static double hashes() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var block = new byte[1024];
            var result = 0.0;
            for (var round = 0; round < 2; round++) {
                var begun = System.nanoTime();
                var count = 0;
                while (System.nanoTime() - begun < EACH.toNanos() / 2) {
                    for (var n = 0; n < 100; n++) {
                        block[n] = digest.digest(block)[0];
                    }
                    count += 100;
                }
                result = count / seconds(begun) / 1000;
            }
            return result;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
