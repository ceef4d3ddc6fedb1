// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.TrailEntry;
import id.kentongan.testing.TextFiles;
import id.kentongan.testing.WrittenDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The verbs of the trail, as the compiled code records them. Each has its words in both languages, by which the desk and
 * {@code docs/trail.md} name it; a verb without words, or words without their verb, fails here.
 */
class TrailVerbsTests {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path MESSAGES = Path.of("src/main/resources/messages");
    private static final String WORDS = "desk.trail.verb.";
    private static final Pattern VERB = Pattern.compile("([a-z]+)\\.[a-z]+(-[a-z]+)*");

    /** Strings of the same form, in classes that record: names of purposes, tables and attributes. */
    private static final Set<String> NO_VERBS =
            Set.of("channel.delivery", "channel.outgoing", "channel.seen", "inbox.draft", "inbox.thread");

    @Test
    void everyVerbTheCodeRecordsHasItsWordsAndNoWordsAreLeftOver() throws IOException {
        var recorded = recorded();
        var named = named();
        assertThat(recorded).hasSizeGreaterThan(60);
        assertThat(without(recorded, named)).as("recorded, without words").isEmpty();
        assertThat(without(named, recorded)).as("words that nothing records").isEmpty();
    }

    @Test
    void aVerbIsModuleAndPastTense() throws IOException {
        var modules = modules();
        assertThat(recorded()).allSatisfy(verb -> assertThat(modules).contains(verb.substring(0, verb.indexOf('.'))));
    }

    /** A verb that is put together while the program runs could not be found by its name. */
    @Test
    void noVerbIsPutTogether() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> TextFiles.read(file).matches("(?s).*TrailEntry(\\.of)?\\(\\s*\"[^\"]*\" *\\+.*"))
                    .toList();
            assertThat(found).isEmpty();
        }
    }

    @Test
    void theTableOfVerbsIsWrittenAsTheCodeHasIt() throws IOException {
        var texts = TextFiles.properties(MESSAGES.resolve("desk.properties"));
        var english = TextFiles.properties(MESSAGES.resolve("desk_en.properties"));
        var table = new StringBuilder("""
                # What the trail records

                Made from the code by `./kentongan docs`. Every change of state leaves one of these verbs in the trail, in the
                same transaction; `./kentongan trail verify` proves that none was changed, removed or reordered. An entry holds
                ids, states and numbers, never personal data and never a citizen's words.

                | Verb | In the desk's trail | |
                |---|---|---|
                """);
        for (var verb : recorded()) {
            table.append("| `%s` | %s | %s |\n"
                    .formatted(verb, texts.getProperty(WORDS + verb), english.getProperty(WORDS + verb)));
        }
        WrittenDocument.check(Path.of("docs/trail.md"), table.toString());
    }

    private static TreeSet<String> without(Set<String> all, Set<String> some) {
        var rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /**
     * Every string of a verb's form in a class that makes entries, but for what is listed above and keys of texts (one
     * that is both is known by its words).
     */
    private static TreeSet<String> recorded() throws IOException {
        var keys = new TreeSet<String>();
        try (var files = Files.list(MESSAGES)) {
            files.filter(file -> file.toString().endsWith(".properties"))
                    .forEach(file -> keys.addAll(TextFiles.properties(file).stringPropertyNames()));
        }
        var modules = modules();
        try (var files = Files.walk(CLASSES.resolve("id/kentongan"))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(TrailVerbsTests::parsed)
                    .filter(TrailVerbsTests::records)
                    .flatMap(model -> StreamSupport.stream(model.constantPool().spliterator(), false))
                    .flatMap(entry ->
                            entry instanceof StringEntry text ? java.util.stream.Stream.of(text.stringValue()) : null)
                    .filter(text -> VERB.matcher(text).matches()
                            && modules.contains(text.substring(0, text.indexOf('.')))
                            && (!keys.contains(text) || keys.contains(WORDS + text))
                            && !NO_VERBS.contains(text))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean records(ClassModel model) {
        return StreamSupport.stream(model.constantPool().spliterator(), false)
                .anyMatch(entry -> entry instanceof ClassEntry type && RECORDS.contains(type.asInternalName()));
    }

    /** Entries themselves, and what is handed a verb for them. */
    private static final Set<String> RECORDS = Set.of(
            TrailEntry.class.getName().replace('.', '/'),
            "id/kentongan/inbox/internal/Destroying",
            "id/kentongan/casework/internal/CaseSteps");

    private static ClassModel parsed(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TreeSet<String> named() {
        return TextFiles.properties(MESSAGES.resolve("desk.properties")).stringPropertyNames().stream()
                .filter(key -> key.startsWith(WORDS))
                .map(key -> key.substring(WORDS.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> modules() throws IOException {
        try (var folders = Files.list(Path.of("src/main/java/id/kentongan"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
