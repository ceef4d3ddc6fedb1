// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.casework.CaseKind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The words of the imaginary regency: complete, varied, and never another's. */
class WordsTests {
    private final Words words = Words.read();

    @Test
    void everySubjectThatBecomesACaseHasAnAgencyAndAnswers() {
        var agencies = Sukamaju.AGENCIES.stream().map(Sukamaju.NewAgency::code).toList();
        for (var subject : words.written()) {
            assertThat(subject.lines()).as(subject.code()).hasSizeGreaterThanOrEqualTo(5);
            if (subject.kind() != null) {
                assertThat(agencies).contains(subject.agency());
                assertThat(subject.answers()).as(subject.code()).hasSizeGreaterThanOrEqualTo(3);
            }
            subject.lines().forEach(line -> {
                if (line.agency() != null) {
                    assertThat(agencies).as(line.text()).contains(line.agency());
                }
            });
        }
        assertThat(words.written().stream().map(Words.Subject::kind).collect(Collectors.toSet()))
                .contains(CaseKind.values());
    }

    @Test
    void nobodyIsGivenTheSameLineTwice() {
        var all = new ArrayList<String>();
        words.written().forEach(subject -> {
            all.addAll(subject.texts());
            all.addAll(subject.answers());
            subject.lines().forEach(line -> all.addAll(line.answers()));
        });
        assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThan(250);
    }

    @Test
    void peopleSayTheSameInManyWaysAndOfficersWriteInFull() {
        var random = new Random(7);
        var voice = new Voice(words);
        var district = Sukamaju.districts().getFirst();
        var said = new ArrayList<String>();
        var jalan = words.subject("jalan");
        for (var n = 0; n < 200; n++) {
            var place = voice.place(random, district, district.villages().get(n % 4));
            said.add(voice.opening(random, jalan.lines().get(n % jalan.lines().size()), place, false, true));
            var answer = voice.official(random, jalan.answers(), place, LocalDate.of(2026, 11, 26));
            assertThat(answer).doesNotContain("{").matches("(?s)\\p{Lu}.*[.!?]");
            assertThat(answer).doesNotContainPattern("\\b(yg|gak|udah|blm|gimana|makasih)\\b");
        }
        assertThat(new HashSet<>(said)).hasSizeGreaterThan(195);
        assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain("{"));
        assertThat(said).anySatisfy(text -> assertThat(text).containsPattern("\\b(yg|gak|tdk|udah|sdh|blm)\\b"));
    }

    @Test
    void whatIsNotALineOfWordsIsRefused() {
        assertThatThrownBy(() -> Words.parse("## jalan complaint dpupr 1\n* apa ini"))
                .hasMessageContaining("Not a line of words");
        assertThatThrownBy(() -> Words.parse("> tanpa pokok")).hasMessageContaining("No subject");
        assertThatThrownBy(() -> words.subject("tidak-ada")).hasMessageContaining("tidak-ada");
    }

    @Test
    void everyNameThatIsFilledInIsThere() {
        var voice = new Voice(words);
        var district = Sukamaju.districts().getLast();
        var place = voice.place(new Random(1), district, district.villages().getFirst());
        for (var subject : words.written()) {
            subject.texts()
                    .forEach(text -> assertThat(Voice.fill(text, place.names())).doesNotContain("{"));
            subject.answers()
                    .forEach(text -> assertThat(Voice.fill(text, place.names())).doesNotContain("{"));
            subject.pressing()
                    .forEach(text -> assertThat(Voice.fill(text, place.names())).doesNotContain("{"));
        }
        for (var code : List.of("sapaan", "penutup", "puas", "belum-puas", "disposisi", "catatan", "alasan-tutup")) {
            words.subject(code)
                    .texts()
                    .forEach(text -> assertThat(Voice.fill(text, place.names())).doesNotContain("{"));
        }
    }
}
