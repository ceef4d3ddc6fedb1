// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benchmarks run at a tiny scale and print what they promise; their figures mean nothing here. */
class BenchTests {
    @TempDir
    Path folder;

    @Test
    void intakeTakesEveryDeliveryInAndPrintsItsFigures() throws Exception {
        assertThat(figures("intake", "--messages", "60"))
                .contains(
                        "fsync_per_s",
                        "cpu_score",
                        "messages_per_s",
                        "ratio_to_inserts",
                        "cases_share",
                        "generator_share");
    }

    @Test
    @Tag("full")
    void deskFillsTwoRegenciesAndPrintsItsFigures() throws Exception {
        assertThat(figures("desk", "--scale", "0.001"))
                .contains(
                        "inbox_p95_ms",
                        "search_p95_ms",
                        "case_list_p95_ms",
                        "growth",
                        "start_s",
                        "rest_mb",
                        "portal_home_kb");
    }

    @Test
    void unknownWordsAreRefused() throws Exception {
        var process = bench("everything");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(process.errorReader().readLine()).contains("everything").contains("--help");
    }

    private List<String> figures(String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--json", "--data", folder.toString()));
        var process = bench(all.toArray(String[]::new));
        var errors = new ArrayList<String>();
        var reader =
                Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(errors::add));
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        reader.join();
        assertThat(process.exitValue()).as("%s", errors).isZero();
        var last = lines.substring(lines.lastIndexOf('\n') + 1);
        JsonNode json = new JsonMapper().readTree(last);
        assertThat(json.get("name").asString()).isEqualTo(words[0]);
        return StreamSupport.stream(json.get("figures").spliterator(), false)
                .map(each -> each.get("name").asString())
                .toList();
    }

    private static Process bench(String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "bench/java/id/kentongan/bench/Bench.java"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).start();
    }
}
