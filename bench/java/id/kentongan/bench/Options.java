// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for.
 *
 * @param messages of the intake run, or 0 for the usual number
 * @param scale shrinks every amount; 1 is what the targets are about
 * @param data a folder that is kept and used again (its desk data are made once), or empty for a temporary one
 */
record Options(String name, int messages, double scale, long seed, boolean json, Optional<Path> data) {
    private static final List<String> NAMES = List.of("intake", "desk", "all");

    static Options of(List<String> words) {
        var options = new Options("all", 0, 1, 20261124, false, Optional.empty());
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (NAMES.contains(word)) {
                options = new Options(word, options.messages, options.scale, options.seed, options.json, options.data);
                continue;
            }
            if (word.equals("--json")) {
                options = new Options(options.name, options.messages, options.scale, options.seed, true, options.data);
                continue;
            }
            if (!List.of("--messages", "--scale", "--seed", "--data").contains(word)) {
                throw new IllegalArgumentException("bench does not know '" + word + "'");
            }
            if (++i == words.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            }
            options = options.with(word, words.get(i));
        }
        return options;
    }

    private Options with(String word, String value) {
        try {
            return switch (word) {
                case "--messages" -> new Options(name, positive(Integer.parseInt(value)), scale, seed, json, data);
                case "--scale" -> new Options(name, messages, share(Double.parseDouble(value)), seed, json, data);
                case "--seed" -> new Options(name, messages, scale, Long.parseLong(value), json, data);
                default ->
                    new Options(
                            name,
                            messages,
                            scale,
                            seed,
                            json,
                            Optional.of(Path.of(value).toAbsolutePath()));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(word + " needs a number, not '" + value + "'");
        }
    }

    private static int positive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("--messages must be at least 1");
        }
        return number;
    }

    private static double share(double scale) {
        if (!(scale > 0 && scale <= 10)) {
            throw new IllegalArgumentException("--scale must lie above 0 and not above 10");
        }
        return scale;
    }

    boolean asks(String which) {
        return name.equals("all") || name.equals(which);
    }

    int scaled(int amount, int least) {
        return Math.max(least, (int) Math.round(amount * scale));
    }
}
