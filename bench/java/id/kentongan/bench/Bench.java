// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * The benchmarks of {@code ./kentongan bench}: the real application in a process of its own, on a data folder and a
 * port of its own, asked over loopback. What each figure means stands in docs/benchmarks.md.
 *
 * <p>Exit codes: 0 it ran (targets that were missed are printed), 1 it could not, 2 the words are wrong.
 */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        Options options;
        try {
            options = Options.of(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("kentongan: " + e.getMessage() + "; see ./kentongan bench --help");
            System.exit(2);
            return;
        }
        try {
            run(options);
        } catch (IOException | SQLException | RuntimeException e) {
            var words = String.valueOf(e.getMessage());
            System.err.println(
                    "kentongan: the benchmark could not run: " + e.getClass().getSimpleName() + ": "
                            + (words.length() > 500
                                    ? words.substring(0, 200) + " ... " + words.substring(words.length() - 300)
                                    : words));
            for (var line : e.getStackTrace()) {
                if (line.getClassName().startsWith("id.kentongan.bench")) {
                    System.err.println("    at " + line);
                }
            }
            System.exit(1);
        } catch (InterruptedException e) {
            System.exit(1);
        }
        // Connection pools and peers of the benchmark leave threads that nobody waits for.
        System.exit(0);
    }

    private static void run(Options options) throws IOException, SQLException, InterruptedException {
        var figures = new Figures(options.name(), options.json());
        try (var folder = Scratch.of(options)) {
            Calibration.measure(folder.path(), figures);
            if (options.asks("intake")) {
                new IntakeBench(options, folder.path().resolve("intake")).run(figures);
            }
            if (options.asks("desk")) {
                new DeskBench(options, folder.path()).run(figures);
            }
        }
        figures.line();
    }
}
