// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;

/** Appends checkpoints to a tenant's file, one line each, on the disk when it returns. */
final class CheckpointFile {
    private static final int LONGEST_LINE = 1024;

    private CheckpointFile() {}

    static void append(Path file, long sequence, byte[] chainHash, Instant at, byte[] signature) throws IOException {
        var hex = HexFormat.of();
        var line = sequence + " " + hex.formatHex(chainHash) + " " + at + " " + hex.formatHex(signature) + "\n";
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var end = wholeLines(channel);
            channel.truncate(end);
            channel.position(end);
            var buffer = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        if (file.getParent() != null) {
            try (var folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /** Where the last whole line ends. A power cut may leave a torn one, whose checkpoint never entered the database. */
    private static long wholeLines(FileChannel channel) throws IOException {
        var size = channel.size();
        var from = Math.max(0, size - LONGEST_LINE);
        var tail = ByteBuffer.allocate((int) (size - from));
        while (tail.hasRemaining() && channel.read(tail, from + tail.position()) >= 0) {
            continue;
        }
        for (var i = tail.position() - 1; i >= 0; i--) {
            if (tail.get(i) == '\n') {
                return from + i + 1;
            }
        }
        // Longer than any line of ours: not torn but something else, which the verifier shall name.
        return from == 0 ? 0 : size;
    }
}
