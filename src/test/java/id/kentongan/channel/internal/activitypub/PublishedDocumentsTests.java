// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Audience;
import id.kentongan.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What fourteen kinds of servers really write: every person, note and activity of theirs is read. */
class PublishedDocumentsTests {
    @Test
    void everyActorHasItsIdHandleInboxAndKey() {
        var actors = new ArrayList<String>();
        each("channels/activitypub/lemmy", (file, document) -> {
            if (RemoteActor.isActor(document) && ActivityJson.id(document, "inbox") != null) {
                var actor = RemoteActor.of(document);
                assertThat(actor).as(file.toString()).isNotNull();
                assertThat(actor.handle()).as(file.toString()).matches("@[^@]+@[^@]+");
                assertThat(actor.name()).as(file.toString()).isNotBlank();
                // One document shows a key that says it is another's: such a key counts for nobody.
                var owned = actor.id().equals(document.at("/publicKey/owner").asString(""));
                assertThat(actor.keys().isEmpty()).as(file.toString()).isEqualTo(!owned);
                actors.add(actor.id());
            }
        });
        assertThat(actors).hasSizeGreaterThan(15);
    }

    @Test
    void everyNoteHasItsAuthorWordsAndAudience() {
        var notes = new ArrayList<NoteReading>();
        each("channels/activitypub/lemmy", (file, document) -> {
            var object = ActivityJson.first(document.get("object"));
            var spoken = NoteReading.isSpeech(document) ? document : object;
            if (spoken != null && spoken.isObject() && NoteReading.isSpeech(spoken)) {
                var note = NoteReading.of(spoken, document, Set.of());
                assertThat(note).as(file.toString()).isNotNull();
                assertThat(note.text()).as(file.toString()).isNotBlank().doesNotContain("<p>", "<a ", "</");
                notes.add(note);
            }
        });
        assertThat(notes).hasSizeGreaterThan(30);
        assertThat(notes).anyMatch(note -> note.audience() == Audience.DIRECT);
        assertThat(notes).anyMatch(note -> note.audience() == Audience.PUBLIC);
        assertThat(notes).anyMatch(note -> note.audience() == Audience.UNLISTED);
        assertThat(notes).anyMatch(note -> note.parent() != null);
        assertThat(notes).anyMatch(note -> note.language() != null);
        assertThat(notes).anyMatch(note -> !note.attachments().isEmpty());
        assertThat(notes).anyMatch(note -> !note.mentions().isEmpty());
    }

    @Test
    void theExamplesOfTheEnhancementProposalsBreakNothing() {
        var read = new ArrayList<Path>();
        each("channels/activitypub/fep-examples", (file, document) -> {
            NoteReading.of(document, document, Set.of());
            RemoteActor.of(document);
            ActivityJson.ids(document, "to", "cc", "object", "tag");
            read.add(file);
        });
        assertThat(read).isNotEmpty();
    }

    private interface Check {
        void of(Path file, JsonNode document);
    }

    private static void each(String folder, Check check) {
        var found = SharedFiles.need(folder);
        for (var file : files(found)) {
            JsonNode document;
            try {
                document = ActivityJson.parse(Files.readAllBytes(file));
            } catch (ActivityJson.Unreadable e) {
                assertThat(e.code()).as(file.toString()).isIn("not-an-object", "not-json");
                continue;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            check.of(file, document);
        }
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
