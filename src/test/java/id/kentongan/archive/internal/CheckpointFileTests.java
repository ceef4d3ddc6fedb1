// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTests {
    @TempDir
    Path temporary;

    @Test
    void aTornLineOfAPowerCutIsReplacedAndWholeLinesStay() throws Exception {
        var file = temporary.resolve("a.log");
        append(file, 1);
        append(file, 2);
        var whole = Files.readString(file);
        assertThat(whole.lines()).hasSize(2);
        Files.writeString(file, whole + "3 0a0b");
        append(file, 4);
        assertThat(Files.readString(file)).startsWith(whole);
        assertThat(Files.readString(file).lines()).hasSize(3).last().asString().startsWith("4 ");
    }

    @Test
    void aFileThatIsNothingButATornLineBeginsAnew() throws Exception {
        var file = temporary.resolve("b.log");
        Files.writeString(file, "1 0a");
        append(file, 2);
        assertThat(Files.readString(file).lines()).singleElement().asString().startsWith("2 ");
    }

    @Test
    void whatIsNoLineOfOursIsLeftForTheVerifierToName() throws Exception {
        var file = temporary.resolve("c.log");
        Files.writeString(file, "x".repeat(5000));
        append(file, 2);
        assertThat(Files.readString(file)).startsWith("x".repeat(5000));
    }

    private static void append(Path file, long sequence) throws Exception {
        CheckpointFile.append(file, sequence, new byte[32], Instant.EPOCH, new byte[64]);
    }
}
