// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The data folder on a small disk of its own, which is filled to the last byte. Needs the right to mount one. */
@Timeout(900)
@Tag("full")
class DiskFullTests {
    @Test
    void aFullDiskIsSaidLosesNothingAndIsRecoveredFrom() throws Exception {
        var disk = Files.createTempDirectory("kentongan-disk-");
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk.toString()) == 0,
                "no right to mount a small disk, which a full one is made of");
        try (var peer = new CitizensPeer()) {
            try (var house = Installation.in(disk.resolve("data"))) {
                house.up().ok();
                var first = peer.mention(house.port, "sari", "Jalan rusak di depan pasar");
                awaitTrue("the receipt", () -> peer.publicAnswersTo(first).size() == 1);

                var filler = disk.resolve("filler");
                fill(filler);
                var texts = new LinkedHashMap<String, Integer>();
                for (var n = 0; n < 40 && !texts.containsValue(503); n++) {
                    // Long, so that what is left in the database's own reserve is soon used up.
                    var text = "Jalan rusak di RT " + n + " " + "sangat parah ".repeat(4000);
                    texts.put(text, peer.deliver(house.port, "budi" + n, text).statusCode());
                    fill(filler);
                }
                assertThat(texts.values()).contains(503).containsAnyOf(202, 503).isSubsetOf(202, 503);
                var page = house.get("/", "Accept", "text/html");
                assertThat(page.statusCode()).isIn(200, 503);
                assertThat(page.body()).doesNotContain("Exception");

                Files.delete(filler);
                awaitTrue("a recovery by itself", Duration.ofMinutes(3), () -> home(house) == 200);
                var notes = new LinkedHashMap<String, String>();
                for (Map.Entry<String, Integer> each : texts.entrySet()) {
                    var user = "budi" + notes.size();
                    // What was refused is delivered again, as a peer does; what was accepted is not.
                    notes.put(
                            each.getKey(),
                            each.getValue() == 202
                                    ? peer.note(user, each.getKey())
                                    : peer.mention(house.port, user, each.getKey()));
                }
                awaitTrue(
                        "a receipt for each",
                        Duration.ofMinutes(4),
                        () -> notes.values().stream()
                                .allMatch(note -> peer.publicAnswersTo(note).size() == 1));
                assertThat(house.count("select count(*) from channel.delivery where state <> 'done'"))
                        .isZero();
                assertThat(house.verb("trail", "verify").ok().out()).contains("The trail is whole");
                house.down().ok();
            }
        } finally {
            command("umount", "-l", disk.toString());
            Files.deleteIfExists(disk);
        }
    }

    private static int home(Installation house) {
        try {
            return house.get("/").statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** To the last byte. */
    private static void fill(Path file) {
        for (var size : new int[] {1 << 20, 1 << 10, 1}) {
            try (var out = Files.newOutputStream(
                    file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException full) {
                continue;
            }
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        try {
            var process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException absent) {
            return 127;
        }
    }
}
