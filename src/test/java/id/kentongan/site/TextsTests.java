// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.junit.jupiter.api.Test;

/** People's text stands in the message files, in every language, and nowhere in a template. */
class TextsTests {
    private static final Path MESSAGES = Path.of("src/main/resources/messages");
    private static final Path TEMPLATES = Path.of("src/main/resources/templates");
    /** Marks and keys that are the same in every language. */
    private static final Set<String> SAME_EVERYWHERE = Set.of("·", "/", "?", "–", "j", "k");

    private static final Pattern KEY_IN_TEMPLATE = Pattern.compile("#\\{([a-z0-9.-]+)[({}]?");
    private static final List<String> SHOWN_ATTRIBUTES =
            List.of("alt", "title", "placeholder", "aria-label", "value", "label");

    @Test
    void everyTextIsThereInBothLanguagesAndBeginsWithItsModulesName() throws IOException {
        for (var file : indonesian()) {
            var module = file.getFileName().toString().replace(".properties", "");
            var texts = TextFiles.properties(file);
            var english = TextFiles.properties(MESSAGES.resolve(module + "_en.properties"));
            assertThat(new TreeSet<>(english.stringPropertyNames()))
                    .as("English texts of " + module)
                    .isEqualTo(new TreeSet<>(texts.stringPropertyNames()));
            assertThat(texts.stringPropertyNames())
                    .allSatisfy(key -> assertThat(key).startsWith(module + "."));
        }
    }

    @Test
    void everyTextTakesTheSameArgumentsInBothLanguages() throws IOException {
        for (var file : indonesian()) {
            var module = file.getFileName().toString().replace(".properties", "");
            var texts = TextFiles.properties(file);
            var english = TextFiles.properties(MESSAGES.resolve(module + "_en.properties"));
            for (var key : texts.stringPropertyNames()) {
                var text = texts.getProperty(key);
                var other = english.getProperty(key, "");
                assertThat(arguments(other)).as(key).isEqualTo(arguments(text));
                assertThat(text.isBlank() || other.isBlank())
                        .as(key + " is empty")
                        .isFalse();
            }
        }
    }

    /** Which arguments a text shows, in whatever order; what it only chooses a plural by, one language needs and another not. */
    private static Set<String> arguments(String text) {
        var named = new TreeSet<String>();
        var argument = Pattern.compile("\\{(\\d)(?:}|,(?!choice))").matcher(text);
        while (argument.find()) {
            named.add(argument.group(1));
        }
        if (!named.isEmpty()) {
            new MessageFormat(text, Locale.ROOT);
        }
        return named;
    }

    /**
     * An apostrophe is doubled where a text takes arguments, and is not where it takes none: else readers see two of it, or
     * none, and the arguments after it stay unfilled.
     */
    @Test
    void everyApostropheIsReadAsOne() throws IOException {
        var wrong = new ArrayList<String>();
        try (var files = Files.list(MESSAGES)) {
            for (var file : files.sorted().toList()) {
                var texts = TextFiles.properties(file);
                for (var key : texts.stringPropertyNames()) {
                    if (apostropheGoesWrong(texts.getProperty(key))) {
                        wrong.add(file.getFileName() + " " + key + ": " + texts.getProperty(key));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void anApostropheThatGoesWrongWouldBeFound() {
        assertThat(apostropheGoesWrong("Open this person''s page")).isTrue();
        assertThat(apostropheGoesWrong("The profile of {0} is changed. Its followers' servers are told."))
                .isTrue();
        assertThat(apostropheGoesWrong("{0,choice,1#1 case|1<{0} cases} of today's list"))
                .isTrue();
        assertThat(apostropheGoesWrong("Open this person's page")).isFalse();
        assertThat(apostropheGoesWrong("{0} after the citizen''s message")).isFalse();
        assertThat(apostropheGoesWrong("Not known: {0}. Use '{nama}' or '{batas}'."))
                .isFalse();
    }

    private static boolean apostropheGoesWrong(String text) {
        return text.matches("(?s).*\\{\\d[,}].*")
                ? text.replace("''", "").replaceAll("'\\{[a-z]+}'", "").contains("'")
                : text.contains("''");
    }

    @Test
    void everyTextSaysWhereItAppears() throws IOException {
        for (var file : indonesian()) {
            var lines = Files.readAllLines(file);
            for (int i = 1; i < lines.size(); i++) {
                if (lines.get(i).matches("[a-z0-9.-]+ *=.*")) {
                    assertThat(lines.get(i - 1)).as("above " + lines.get(i)).startsWith("#");
                }
            }
        }
    }

    @Test
    void everyTextATemplateNamesExists() throws IOException {
        var known = new TreeSet<String>();
        for (var file : indonesian()) {
            known.addAll(TextFiles.properties(file).stringPropertyNames());
        }
        var missing = new ArrayList<String>();
        for (var template : templates()) {
            var names = KEY_IN_TEMPLATE.matcher(Files.readString(template));
            while (names.find()) {
                if (names.group(1).contains(".") && !known.contains(names.group(1))) {
                    missing.add(template + ": " + names.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void noTemplateHoldsATextOfItsOwn() throws IOException {
        var literals = new ArrayList<String>();
        for (var template : templates()) {
            literals.addAll(literals(template.toString(), Files.readString(template)));
        }
        assertThat(literals).isEmpty();
    }

    @Test
    void aLiteralWouldBeFound() {
        assertThat(literals("x", "<p>Halo</p>")).hasSize(1);
        assertThat(literals("x", "<p th:text=\"#{a.b}\">Halo</p>")).isEmpty();
        assertThat(literals("x", "<input placeholder=\"Cari\">")).hasSize(1);
        assertThat(literals("x", "<p th:text=\"'Halo ' + ${name}\"></p>")).hasSize(1);
    }

    @Test
    void everyTemplateNamesWhatItTakesInItsFirstLine() throws IOException {
        for (var template : templates()) {
            assertThat(Files.readAllLines(template).getFirst())
                    .as(template.toString())
                    .startsWith("<!--/*");
        }
    }

    /**
     * Thymeleaf refuses beans, static access and {@code new} in the parameters of a fragment, but only when the line is
     * reached; a value from a bean is named by {@code th:with} before.
     */
    @Test
    void noFragmentIsHandedAnExpressionThatThymeleafRefuses() throws IOException {
        var refused = new ArrayList<String>();
        for (var template : templates()) {
            for (var element : Jsoup.parse(Files.readString(template)).getAllElements()) {
                for (var attribute : List.of("th:replace", "th:insert")) {
                    if (element.attr(attribute).matches("(?s).*\\$\\{[^}]*(@[a-z]|\\bT\\(|\\bnew ).*")) {
                        refused.add(template + ": " + element.attr(attribute));
                    }
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private static List<String> literals(String name, String template) {
        var found = new ArrayList<String>();
        for (Element element : Jsoup.parse(template).getAllElements()) {
            var replaced = element.hasAttr("th:text") || element.hasAttr("th:utext");
            if (!replaced) {
                for (var node : element.textNodes()) {
                    add(found, name, words(node));
                }
            }
            for (var attribute : SHOWN_ATTRIBUTES) {
                var value = element.attr(attribute);
                if (attribute.equals("value") && !element.tagName().equals("input")
                        || attribute.equals("value") && element.attr("type").matches("hidden|radio|checkbox")) {
                    continue;
                }
                add(found, name, value.strip());
            }
            // A quoted piece with a blank in it, inside an expression, is a sentence in hiding.
            var quoted = Pattern.compile("'([^']*\\p{L}{3,}[^']* \\p{L}[^']*)'").matcher(element.attr("th:text"));
            while (quoted.find()) {
                add(found, name, quoted.group(1).strip());
            }
            quoted = Pattern.compile("^\\$?\\{?'([^']*\\p{L}{3,} [^']*)' \\+").matcher(element.attr("th:text"));
            while (quoted.find()) {
                add(found, name, quoted.group(1).strip());
            }
        }
        return found;
    }

    private static void add(List<String> found, String name, String words) {
        if (words.codePoints().anyMatch(Character::isLetter) && !SAME_EVERYWHERE.contains(words)) {
            found.add(name + ": " + words);
        }
    }

    private static String words(TextNode node) {
        return node.getWholeText().strip();
    }

    private static List<Path> indonesian() throws IOException {
        try (var files = Files.list(MESSAGES)) {
            return files.filter(f -> f.getFileName().toString().matches("[a-z]+\\.properties"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> templates() throws IOException {
        try (var files = Files.walk(TEMPLATES)) {
            return files.filter(f -> f.toString().endsWith(".html")).sorted().toList();
        }
    }
}
