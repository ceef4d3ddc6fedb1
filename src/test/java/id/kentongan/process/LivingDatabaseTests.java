// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.signal;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.Installation.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No verb stops a database that lives, whether it answers or not, nor starts a second one beside it. */
@Timeout(900)
class LivingDatabaseTests {
    @Test
    void aDatabaseThatDoesNotAnswerForAMomentIsLeftAloneByEveryVerb() throws Exception {
        try (var house = Installation.fresh()) {
            house.up("--no-demo").ok();
            var postmaster = house.postmaster();
            var file = house.data.resolve("cadangan.zip");
            signal("STOP", postmaster);
            try {
                refused(house.verb("backup", file.toString()), "process " + postmaster.pid(), "left alone", "again");
                assertThat(file).doesNotExist();
                refused(house.verb("trail", "verify"), "process " + postmaster.pid(), "left alone", "again");
                refused(house.verb("status"), "says nothing");
                refused(house.up("--no-demo"), "already running");
                refused(
                        secondApplication(house),
                        "is in use by process " + house.process().pid(),
                        "--data");
            } finally {
                signal("CONT", postmaster);
            }
            house.verb("backup", file.toString()).ok();
            assertThat(house.verb("trail", "verify").ok().out()).contains("The trail is whole");
            assertThat(house.get("/").statusCode()).isLessThan(500);
            assertThat(house.postmaster()).as("never replaced").isEqualTo(postmaster);

            // Left behind by a killed application, and halted.
            house.kill();
            signal("STOP", postmaster);
            try {
                refused(house.up("--no-demo"), "left alone", "kill -CONT " + postmaster.pid());
                assertThat(postmaster.isAlive()).isTrue();
            } finally {
                signal("CONT", postmaster);
            }
            // Used as it is, and not ended by who only reads.
            house.verb("trail", "verify").ok();
            assertThat(house.postmaster()).isEqualTo(postmaster);
            house.up("--no-demo").ok();
            assertThat(house.postmaster()).as("replaced by the platform's own").isNotEqualTo(postmaster);
            house.down().ok();
            assertThat(house.data.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void ofTwoThatStartAtOnceOnOneFolderOneStartsAndTheOtherSaysWhy() throws Exception {
        try (var one = Installation.fresh();
                var other = Installation.in(one.data)) {
            var first = CompletableFuture.supplyAsync(() -> one.up("--no-demo"));
            var second = CompletableFuture.supplyAsync(() -> other.up("--no-demo"));
            var ended = Stream.of(first, second).map(CompletableFuture::join).toList();
            assertThat(ended).extracting(Ended::code).containsExactlyInAnyOrder(0, 1);
            var refused =
                    ended.stream().filter(each -> each.code() == 1).findFirst().orElseThrow();
            assertThat(refused.err()).containsAnyOf("another ./kentongan up is starting", "already running");
            var started = ended.getFirst().code() == 0 ? one : other;
            assertThat(started.get("/").statusCode()).isLessThan(500);
            started.down().ok();
        }
    }

    /** Started without the launcher, at a port of its own. */
    private static Ended secondApplication(Installation house) throws Exception {
        var said = house.data.resolve("second.log");
        var process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-jar",
                        Path.of("target/kentongan.jar").toString(),
                        "serve",
                        "--kentongan.data=" + house.data,
                        "--server.port=" + Installation.freePort(),
                        "--server.address=127.0.0.1"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            var words = Files.readString(said)
                    .lines()
                    .filter(line -> line.startsWith("kentongan: "))
                    .toList();
            return new Ended(process.exitValue(), "", String.join("\n", words));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void refused(Ended ended, String... words) {
        assertThat(ended.err())
                .as("exit code " + ended.code() + ", " + ended.out())
                .contains(words);
        assertThat(ended.err()).doesNotContain("\tat ");
        assertThat(ended.code()).isEqualTo(1);
    }
}
