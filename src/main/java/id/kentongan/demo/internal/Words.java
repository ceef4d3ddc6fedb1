// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the imaginary people say and how they are answered: the lines of {@code demo/words.txt}, by subject. */
final class Words {
    private final Map<String, Subject> subjects;

    private Words(Map<String, Subject> subjects) {
        this.subjects = subjects;
    }

    /**
     * @param agency for another agency than the subject's, or null
     * @param manner "jawa", "sunda", "marah"
     * @param answers that fit this line only
     */
    record Line(String text, @Nullable String agency, List<String> manner, List<String> answers) {}

    /**
     * @param kind the case it becomes, or null where the conversation suffices
     * @param weight how often it is written about; 0 for what only comes around other words
     */
    record Subject(
            String code,
            @Nullable CaseKind kind,
            @Nullable String agency,
            int weight,
            List<Line> lines,
            List<String> answers,
            List<String> pressing) {
        List<String> texts() {
            return lines.stream().map(Line::text).toList();
        }
    }

    static Words read() {
        try (var in = Words.class.getResourceAsStream("/demo/words.txt")) {
            if (in == null) {
                throw new IllegalStateException("demo/words.txt is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Words parse(String text) {
        var found = new LinkedHashMap<String, Subject>();
        Subject current = null;
        for (var raw : text.split("\n", -1)) {
            var line = raw.strip();
            if (line.isEmpty() || (line.startsWith("#") && !line.startsWith("## "))) {
                continue;
            }
            if (line.startsWith("## ")) {
                current = heading(line);
                found.put(current.code(), current);
                continue;
            }
            if (current == null || line.length() < 3) {
                throw new IllegalStateException("No subject for: " + line);
            }
            var words = line.substring(2).strip();
            switch (line.charAt(0)) {
                case '>' -> current.lines().add(opening(words));
                case '<' -> (raw.startsWith(" ") ? current.lines().getLast().answers() : current.answers()).add(words);
                case '+' -> current.pressing().add(words);
                default -> throw new IllegalStateException("Not a line of words: " + line);
            }
        }
        return new Words(found);
    }

    private static Subject heading(String line) {
        var parts = line.substring(3).split("\\s+");
        var kind = parts[1].equals("none") || parts[1].equals("text") ? null : CaseKind.of(parts[1]);
        return new Subject(
                parts[0],
                kind,
                parts[2].equals("-") ? null : parts[2],
                Integer.parseInt(parts[3]),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    private static Line opening(String words) {
        var rest = words;
        String agency = null;
        var manner = new TreeSet<String>();
        while (rest.startsWith("[")) {
            var tag = rest.substring(1, rest.indexOf(']'));
            if (List.of("jawa", "sunda", "marah").contains(tag)) {
                manner.add(tag);
            } else {
                agency = tag;
            }
            rest = rest.substring(rest.indexOf(']') + 1).strip();
        }
        return new Line(rest, agency, List.copyOf(manner), new ArrayList<>());
    }

    Subject subject(String code) {
        var found = subjects.get(code);
        if (found == null) {
            throw new IllegalArgumentException("No subject " + code);
        }
        return found;
    }

    /** Those that people write about of their own accord. */
    List<Subject> written() {
        return subjects.values().stream().filter(each -> each.weight() > 0).toList();
    }
}
