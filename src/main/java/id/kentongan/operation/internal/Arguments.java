// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words behind a verb: options with a value, options without one, and what stands by itself. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> switches = new HashSet<>();
    private final List<String> rest = new ArrayList<>();

    private Arguments() {}

    /**
     * What a verb takes.
     *
     * @param named options with a value
     * @param plain options without one
     * @param most how many words may stand by themselves
     */
    record Taken(Set<String> named, Set<String> plain, int most) {}

    /** Words a verb does not know; the message says which. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    static Arguments read(String verb, List<String> words, Taken taken) throws Wrong {
        var arguments = new Arguments();
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (taken.named().contains(word)) {
                if (i + 1 == words.size() || words.get(i + 1).isBlank()) {
                    throw new Wrong(word + " needs a value");
                }
                if (arguments.values.put(word, words.get(++i)) != null) {
                    throw new Wrong(word + " is given twice");
                }
            } else if (taken.plain().contains(word)) {
                arguments.switches.add(word);
            } else if (!word.startsWith("-") && arguments.rest.size() < taken.most()) {
                arguments.rest.add(word);
            } else {
                throw new Wrong(verb + " does not know '" + word + "'");
            }
        }
        return arguments;
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    String need(String option) throws Wrong {
        return value(option).orElseThrow(() -> new Wrong(option + " is missing"));
    }

    boolean has(String option) {
        return switches.contains(option);
    }

    /** What stands by itself. */
    List<String> rest() {
        return List.copyOf(rest);
    }

    /** @param what it is, in the refusal when it is missing: "a file" */
    Path file(String what) throws Wrong {
        return Path.of(rest.stream().findFirst().orElseThrow(() -> new Wrong(what + " is missing")));
    }
}
