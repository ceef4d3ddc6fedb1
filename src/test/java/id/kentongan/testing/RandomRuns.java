// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a test over random input: few runs with a fixed seed in {@code test}, many in {@code test full}
 * (system property {@code kentongan.runs=full}), whose seed is chosen by the launcher ({@code kentongan.seed}). What
 * was run is noted in {@code target/long-runs.tsv}, and a failure names the seed that repeats it. Tests that use it
 * carry {@code @Tag("random")}.
 */
public final class RandomRuns {
    private static final long USUAL_SEED = 20_261_124;
    private static final boolean FULL = "full".equals(System.getProperty("kentongan.runs"));
    private static final long SEED = Long.getLong("kentongan.seed", USUAL_SEED);

    private RandomRuns() {}

    /**
     * @param name of what is run, as it stands in the table of long runs
     * @param few how often in {@code test}
     * @param many how often in {@code test full}
     */
    public static void of(String name, int few, int many, Consumer<Random> run) {
        var count = FULL ? many : few;
        var began = System.nanoTime();
        for (var n = 0; n < count; n++) {
            // Each run has a seed of its own, so that a failing one is repeated alone.
            var seed = SEED + n;
            try {
                // Spread, because neighbouring seeds begin alike.
                run.accept(new Random(seed * 0x9E3779B97F4A7C15L));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        name + ", run " + n + " of " + count + "; repeat it with -Dkentongan.seed=" + seed + ": "
                                + e.getMessage(),
                        e);
            }
        }
        if (FULL) {
            note(name, count, (System.nanoTime() - began) / 1_000_000_000.0);
        }
    }

    private static void note(String name, int count, double seconds) {
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target/long-runs.tsv"),
                    String.format(java.util.Locale.ROOT, "%s\t%d\t%d\t%.1f%n", name, count, SEED, seconds),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
