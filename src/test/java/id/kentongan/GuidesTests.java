// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.GuidePictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guides name what is on the screen: their links and pictures are there, and every word in bold is one of ours. */
class GuidesTests {
    private static final Path GUIDES = Path.of("docs/panduan");
    private static final Path MESSAGES = Path.of("src/main/resources/messages");
    /** About two printed pages, with their pictures. */
    private static final int LONGEST = 100;

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|src=\"([^\"]+)\"");
    private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("`\\./kentongan ([a-z]+)(?: ([a-z]+))?`");
    private static final Pattern ARGUMENT = Pattern.compile("\\{\\d[^}]*}");

    @Test
    void everyLinkAndPictureOfAGuideIsThere() throws IOException {
        var missing = new ArrayList<String>();
        for (var guide : guides()) {
            for (var target : targets(Files.readString(guide))) {
                if (!Files.exists(GUIDES.resolve(target).normalize())) {
                    missing.add(guide + ": " + target);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theFirstPageLeadsToEveryGuideAndEachIsShort() throws IOException {
        var linked = targets(Files.readString(GUIDES.resolve("README.md")));
        for (var guide : guides()) {
            var name = guide.getFileName().toString();
            assertThat(Files.readAllLines(guide)).as(name).hasSizeLessThanOrEqualTo(LONGEST);
            if (!name.equals("README.md")) {
                assertThat(linked).contains(name);
            }
        }
    }

    @Test
    void everyWordInBoldIsATextOfTheScreen() throws IOException {
        var texts = texts();
        var unknown = new ArrayList<String>();
        for (var guide : guides()) {
            unknown(Files.readString(guide), texts).forEach(each -> unknown.add(guide + ": " + each));
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void aWordThatIsOnNoScreenWouldBeFound() {
        var texts = List.of("Simpan", "Kirim jawaban ke {0}", "{0} dari {1}");
        assertThat(unknown("Pilih **Simpan** atau **Kirim jawaban ke\nFediverse**.", texts))
                .isEmpty();
        assertThat(unknown("Pilih **Simpan semua**, 3 **dari** 4.", texts)).containsExactly("Simpan semua", "dari");
    }

    /** A picture nobody takes any more would show what is gone. */
    @Test
    void everyPictureIsTakenByATestIsShownAndIsSmall() throws IOException {
        var taken = new TreeSet<String>();
        try (var tests = Files.walk(Path.of("src/test/java"))) {
            for (var test :
                    tests.filter(each -> each.toString().endsWith("Tests.java")).toList()) {
                var takes = Pattern.compile("GuidePictures\\.take\\([^;]*\"([a-z-]+)\"\\);")
                        .matcher(Files.readString(test));
                while (takes.find()) {
                    taken.add("gambar/" + takes.group(1) + ".png");
                }
            }
        }
        var shown = new TreeSet<String>();
        for (var guide : guides()) {
            targets(Files.readString(guide)).stream()
                    .filter(each -> each.startsWith("gambar/"))
                    .forEach(shown::add);
        }
        try (var pictures = Files.list(GuidePictures.FOLDER)) {
            for (var picture : pictures.toList()) {
                assertThat(Files.size(picture)).as(picture.toString()).isLessThanOrEqualTo(GuidePictures.LARGEST);
                assertThat(shown).contains("gambar/" + picture.getFileName());
            }
        }
        assertThat(taken).isNotEmpty().isEqualTo(shown);
    }

    @Test
    void everyPictureIsDescribedForWhoeverDoesNotSeeIt() throws IOException {
        for (var guide : guides()) {
            assertThat(Files.readString(guide))
                    .as(guide.toString())
                    .doesNotContain("![]")
                    .doesNotContainPattern("<img (?![^>]*alt=\"[^\"]{10,}\")");
        }
    }

    @Test
    void everyCommandOfTheOperatorIsOneTheLauncherKnows() throws IOException {
        var launcher = Files.readString(Path.of("kentongan"));
        var commands = COMMAND.matcher(Files.readString(GUIDES.resolve("operator.md")));
        var found = 0;
        while (commands.find()) {
            found++;
            var second = commands.group(2);
            assertThat(launcher).as(commands.group()).containsPattern("(?m)^  " + commands.group(1) + "\\b");
            if (second != null) {
                assertThat(launcher)
                        .as(commands.group())
                        .containsPattern("(?m)^.*\\b" + commands.group(1) + "\\b.*\\b" + second + "\\b");
            }
        }
        assertThat(found).isGreaterThan(5);
    }

    /** What a text links to or shows, without addresses elsewhere and anchors. */
    private static List<String> targets(String text) {
        return LINK.matcher(text)
                .results()
                .map(each -> each.group(1) == null ? each.group(2) : each.group(1))
                .filter(each -> !each.contains("://") && !each.startsWith("#"))
                .map(each -> each.replaceFirst("#.*", ""))
                .toList();
    }

    private static List<String> unknown(String guide, Collection<String> texts) {
        return BOLD.matcher(guide)
                .results()
                .map(each -> each.group(1).replaceAll("\\s+", " "))
                .filter(each -> texts.stream().noneMatch(text -> says(text, each)))
                .toList();
    }

    /** Whether a text is these words, whatever its arguments; one that begins with an argument could be anything. */
    private static boolean says(String text, String words) {
        if (text.equals(words)) {
            return true;
        }
        if (!Character.isLetter(text.codePointAt(0)) || !ARGUMENT.matcher(text).find()) {
            return false;
        }
        var pattern = new StringBuilder();
        for (var part : ARGUMENT.split(text, -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".+").append(Pattern.quote(part));
        }
        return words.matches(pattern.toString());
    }

    private static Collection<String> texts() throws IOException {
        var texts = new TreeSet<String>();
        try (var files = Files.list(MESSAGES)) {
            for (var file : files.filter(each -> each.getFileName().toString().matches("[a-z]+\\.properties"))
                    .toList()) {
                var found = new Properties();
                try (var in = Files.newBufferedReader(file)) {
                    found.load(in);
                }
                found.stringPropertyNames().forEach(name -> texts.add(found.getProperty(name)));
            }
        }
        return texts;
    }

    private static List<Path> guides() throws IOException {
        try (var files = Files.list(GUIDES)) {
            return files.filter(each -> each.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
