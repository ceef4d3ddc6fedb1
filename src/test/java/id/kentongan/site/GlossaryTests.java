// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The glossary says what the screens say, and names what the code has. */
class GlossaryTests {
    private static final Path GLOSSARY = Path.of("docs/glossary.md");
    private static final Path MESSAGES = Path.of("src/main/resources/messages");
    private static final Path CODE = Path.of("src/main/java");
    private static final String NOT_USED = "## Words the screens do not use";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern NAME = Pattern.compile("`([A-Z][a-z][A-Za-z]+)(?:\\.([A-Za-z_]+))?`");

    @Test
    void everyTermStandsInTheTexts() throws IOException {
        var texts = texts();
        var terms = rows(glossary()[0]).stream()
                .flatMap(row -> List.of(row.group(1).split(", ")).stream())
                .toList();
        assertThat(terms)
                .hasSizeGreaterThan(50)
                .allSatisfy(term -> assertThat(says(texts, term))
                        .as("“%s” is in no text", term)
                        .isTrue());
    }

    @Test
    void noTextSaysItOtherwise() throws IOException {
        var texts = texts();
        var rows = rows(glossary()[1]);
        assertThat(rows).hasSizeGreaterThan(10).allSatisfy(row -> {
            assertThat(says(texts, row.group(1)))
                    .as("a text says “%s”; say “%s”", row.group(1), row.group(2))
                    .isFalse();
            assertThat(row.group(2).split(", ")).allMatch(term -> says(texts, term));
        });
    }

    @Test
    void everyNameIsInTheCode() throws IOException {
        List<Path> sources;
        try (var files = Files.walk(CODE)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        var names = rows(glossary()[0]).stream()
                .flatMap(row -> NAME.matcher(row.group(2)).results())
                .toList();
        assertThat(names)
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(sources)
                        .as(name.group())
                        .anyMatch(file -> file.endsWith(name.group(1) + ".java")
                                && (name.group(2) == null
                                        || Pattern.compile("\\b" + name.group(2) + "\\b")
                                                .matcher(TextFiles.read(file))
                                                .find())));
    }

    private static String[] glossary() {
        var parts = TextFiles.read(GLOSSARY).split(Pattern.quote(NOT_USED));
        assertThat(parts).hasSize(2);
        return parts;
    }

    private static List<MatchResult> rows(String table) {
        return ROW.matcher(table)
                .results()
                .skip(1) // the heading
                .toList();
    }

    /** The words, not as a part of longer ones, though with what Indonesian hangs behind them: batas waktunya. */
    private static boolean says(String texts, String term) {
        return Pattern.compile("(?<![\\p{L}-])" + Pattern.quote(term) + "(?:nya)?(?![\\p{L}-])")
                .matcher(texts)
                .find();
    }

    private static String texts() throws IOException {
        try (var files = Files.list(MESSAGES)) {
            return files.filter(file -> file.getFileName().toString().matches("[a-z]+\\.properties"))
                    .flatMap(file -> TextFiles.properties(file).values().stream())
                    .map(text -> text.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining("\n"));
        }
    }
}
