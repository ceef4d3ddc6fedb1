// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThanksTests {
    @ParameterizedTest
    @CsvSource({
        "'Terima kasih banyak, Pak!', true",
        "'@kabar@sukamaju.example makasih infonya min', true",
        "'Matur nuwun', true",
        "'Thank you so much for your help', true",
        "'Terima kasih, sudah diperbaiki', true",
        "'Tidak lama langsung dikerjakan, hebat', true",
        "'Terima kasih, tidak apa-apa agak telat', true",
        "'Terima kasih, tetapi lampunya mati lagi', false",
        "'Terima kasih. Kapan dikerjakan', false",
        "'Terima kasih, sudah selesai?', false",
        "'Makasih ya, dua bulan kami menunggu', false",
        "'Terima kasih, tapi tidak ada yang datang', false",
        "'Katanya sudah selesai. Mohon dicek, jalannya masih berlubang', false",
        "'Baik', false",
        "'Belum diperbaiki', false",
        "'', false",
    })
    void thanksAloneAreTold(String text, boolean thanks) {
        assertThat(Thanks.only(text)).isEqualTo(thanks);
    }

    @Test
    void aLongMessageIsReadByAnOfficer() {
        assertThat(Thanks.only("Terima kasih. " + "Jalan di depan sekolah dikerjakan dengan rapi. ".repeat(8)))
                .isFalse();
    }

    /** What the imaginary citizens of the demonstration write after an answer. */
    @ParameterizedTest
    @ValueSource(strings = {"puas", "belum-puas"})
    void peopleWhoAreServedAreToldFromPeopleWhoAreNot(String group) throws IOException {
        var lines = lines(group);
        assertThat(lines).hasSizeGreaterThan(7);
        assertThat(lines).allSatisfy(line -> assertThat(Thanks.only(line)).isEqualTo(group.equals("puas")));
    }

    private static List<String> lines(String group) throws IOException {
        try (var file = Thanks.class.getResourceAsStream("/demo/words.txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .dropWhile(line -> !line.startsWith("## " + group + " "))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("##"))
                    .filter(line -> line.startsWith("> "))
                    .map(line -> line.substring(2).replaceAll("\\{[a-z]+}", "Sukamaju"))
                    .toList();
        }
    }
}
