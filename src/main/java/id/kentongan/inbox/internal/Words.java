// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Indonesian words for searching: the exact form and the stem of each, so that <i>perbaikan</i> finds
 * <i>memperbaiki</i> while <i>sekolah</i> never becomes <i>seko</i>. The shipped dictionary of PostgreSQL stems too
 * much, and a file of our own cannot be assumed on an external server; so both sides are prepared here.
 *
 * <p>A stem is the root found under the fewest prefixes and endings when the list of roots knows one, otherwise what a
 * careful rule leaves: never fewer than four letters, and no ending that roots often have themselves.
 */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    /** Links are no words, and may be secret: their tokens must not stand in the index. */
    private static final Pattern LINK = Pattern.compile(
            "\\w+://\\S+|www\\.\\S+|[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+(?::\\d+)?/\\S*",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final int SHORTEST_ROOT = 3;
    private static final int SHORTEST_GUESS = 4;
    private static final int LONGEST = 60;
    private static final int MOST_AFFIXES = 4;

    private static final Set<String> ROOTS = roots();

    private static final Set<String> STOP = Set.of(
            "yang", "dan", "di", "ke", "dari", "ini", "itu", "untuk", "pada", "dengan", "atau", "juga", "ada", "saya",
            "kami", "kita", "anda", "min", "pak", "bu", "mohon", "tolong", "ya", "yg", "dgn", "utk", "nya", "the", "a",
            "of", "to", "is");

    private Words() {}

    private static Set<String> roots() {
        try (var file = Words.class.getResourceAsStream("/inbox/roots.txt")) {
            if (file == null) {
                throw new IllegalStateException("The list of roots is not there");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .filter(word -> word.length() >= SHORTEST_ROOT)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lexemes of a text for its search row. */
    static String[] lexemes(String text) {
        var found = new LinkedHashSet<String>();
        for (var word : split(text)) {
            if (!STOP.contains(word)) {
                found.add(word);
                found.add(stem(word));
            }
        }
        return found.toArray(String[]::new);
    }

    /**
     * A query in which every word must be there, in its exact form or as its stem; empty when nothing is left.
     *
     * @param as how a word stands in the search row
     */
    static String query(String text, UnaryOperator<String> as) {
        var parts = new LinkedHashSet<String>();
        for (var word : split(text)) {
            if (!STOP.contains(word)) {
                var stem = stem(word);
                var exact = "'" + as.apply(word) + "'";
                parts.add(stem.equals(word) ? exact : "(" + exact + " | '" + as.apply(stem) + "')");
            }
        }
        return String.join(" & ", parts);
    }

    static List<String> split(String text) {
        var said = LINK.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ");
        var plain =
                MARKS.matcher(Normalizer.normalize(said, Normalizer.Form.NFD)).replaceAll("");
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(plain);
        while (matcher.find()) {
            var word = matcher.group();
            if (word.length() > 1 && word.length() <= LONGEST) {
                words.add(word);
            }
        }
        return words;
    }

    static String stem(String word) {
        if (ROOTS.contains(word) || word.length() <= SHORTEST_GUESS || Character.isDigit(word.charAt(0))) {
            return word;
        }
        var seen = new LinkedHashSet<String>();
        var layer = Set.of(word);
        for (var depth = 0; depth < MOST_AFFIXES; depth++) {
            var next = new LinkedHashSet<String>();
            for (var each : layer) {
                shorter(each, next);
            }
            next.removeAll(seen);
            for (var each : next) {
                if (ROOTS.contains(each)) {
                    return each;
                }
            }
            seen.addAll(next);
            layer = next;
        }
        return guess(word);
    }

    /** Every form that one prefix or ending less leaves. */
    private static void shorter(String word, Set<String> found) {
        for (var start : List.of("ber", "ter", "per", "di", "se", "ke", "be", "te")) {
            if (word.startsWith(start)) {
                add(found, word.substring(start.length()));
            }
        }
        for (var start : List.of("meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "me", "pe")) {
            if (word.startsWith(start) && word.length() > start.length()) {
                var rest = word.substring(start.length());
                var vowel = "aiueo".indexOf(rest.charAt(0)) >= 0;
                // Before a vowel only meng- can stand by itself: menganggap, but menanggapi is tanggap.
                if (!vowel || swallowed(start).isEmpty() || start.endsWith("g")) {
                    add(found, rest);
                }
                if (vowel && !swallowed(start).isEmpty()) {
                    add(found, swallowed(start) + rest);
                }
            }
        }
        // After the prefixes: menangani is tangan, not menang.
        for (var ending : List.of("lah", "kah", "pun", "nya", "ku", "mu", "kan", "an", "i")) {
            add(found, cut(word, ending, SHORTEST_ROOT));
        }
    }

    private static void add(Set<String> found, String word) {
        if (word.length() >= SHORTEST_ROOT) {
            found.add(word);
        }
    }

    private static String cut(String word, String ending, int shortest) {
        return word.endsWith(ending) && word.length() - ending.length() >= shortest
                ? word.substring(0, word.length() - ending.length())
                : word;
    }

    /** The letter of the root that a nasal swallows: memukul from pukul, menyapu from sapu, mengirim from kirim. */
    private static String swallowed(String start) {
        return switch (start) {
            case "meny", "peny" -> "s";
            case "mem", "pem" -> "p";
            case "men", "pen" -> "t";
            case "meng", "peng" -> "k";
            default -> "";
        };
    }

    /** For roots that are not on the list: particles and possessives, one prefix, then one ending. */
    private static String guess(String word) {
        var rest = word;
        for (var ending : List.of("lah", "kah", "pun", "ku", "mu")) {
            rest = cut(rest, ending, SHORTEST_GUESS + 1);
        }
        rest = cut(rest, "nya", SHORTEST_GUESS);
        var stripped = guessPrefix(rest);
        var shorter = cut(stripped, "kan", SHORTEST_GUESS);
        if (shorter.equals(stripped)) {
            shorter = cut(stripped, "an", SHORTEST_GUESS);
        }
        // Alone, -i is more often the root's own: polisi, kopi.
        if (shorter.equals(stripped) && !stripped.equals(rest)) {
            shorter = cut(stripped, "i", SHORTEST_GUESS);
        }
        return shorter;
    }

    private static String guessPrefix(String word) {
        for (var start : List.of("memper", "diper", "member", "ber", "ter", "di")) {
            if (word.startsWith(start) && word.length() - start.length() >= SHORTEST_GUESS) {
                return word.substring(start.length());
            }
        }
        if (word.startsWith("ke") && word.endsWith("an") && word.length() >= SHORTEST_GUESS + 4) {
            return word.substring(2);
        }
        for (var start : List.of("meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "me", "pe")) {
            var rest = word.startsWith(start) ? word.substring(start.length()) : "";
            if (rest.length() >= SHORTEST_GUESS) {
                var vowel = "aiueo".indexOf(rest.charAt(0)) >= 0;
                return vowel && !start.endsWith("ng") ? swallowed(start) + rest : rest;
            }
        }
        return word;
    }
}
