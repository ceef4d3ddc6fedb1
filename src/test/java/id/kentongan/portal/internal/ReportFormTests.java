// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.Regions.District;
import id.kentongan.casework.Regions.Village;
import id.kentongan.site.FormErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportFormTests {
    private static final List<District> DISTRICTS = List.of(
            new District(
                    "99.01.01", "Melati", -5.4, 110.9, List.of(new Village("99.01.01.2001", "Sukarame", -5.4, 110.9))),
            new District(
                    "99.01.02", "Mawar", -5.3, 110.9, List.of(new Village("99.01.02.2001", "Wanasari", -5.3, 110.9))));

    @Test
    void onlyWordsAndWhoMayKnowAreAskedFor() {
        assertThat(fields(form(null, "Lampu jalan mati.", null, null, "open", null)
                        .check(DISTRICTS)))
                .isEmpty();
        assertThat(fields(ReportForm.empty().check(DISTRICTS))).containsExactly("text", "identity");
    }

    @Test
    void theKindMayBeLeftOpenButNotInvented() {
        assertThat(form("unsure", "Lampu jalan mati.", null, null, "open", null).chosenKind())
                .isNull();
        assertThat(form("", "Lampu jalan mati.", null, null, "open", null).chosenKind())
                .isNull();
        assertThat(form("aspiration", "Lampu jalan mati.", null, null, "open", null)
                        .chosenKind())
                .isEqualTo("aspiration");
        assertThat(fields(form("complaint-supervised", "Lampu jalan mati.", null, null, "open", null)
                        .check(DISTRICTS)))
                .containsExactly("kind");
    }

    @Test
    void aVillageLiesInTheChosenDistrict() {
        assertThat(fields(form(null, "Lampu jalan mati.", "99.01.01", "99.01.02.2001", "open", null)
                        .check(DISTRICTS)))
                .containsExactly("village");
        assertThat(fields(form(null, "Lampu jalan mati.", null, "99.01.02.2001", "open", null)
                        .check(DISTRICTS)))
                .isEmpty();
        assertThat(fields(form(null, "Lampu jalan mati.", "31.71", "31.71.01", "open", null)
                        .check(DISTRICTS)))
                .containsExactly("district", "village");
    }

    @Test
    void aContactIsATelephoneNumberOrAMailAddress() {
        for (var good : List.of("0812 0000 0000", "+62 812-0000-0000", "wati@warga.example", " ")) {
            assertThat(fields(form(null, "Lampu jalan mati.", null, null, "open", good)
                            .check(DISTRICTS)))
                    .as(good)
                    .isEmpty();
        }
        for (var odd : List.of("rumah sebelah masjid", "0812", "wati@warga", "<script>alert(1)</script>")) {
            assertThat(fields(form(null, "Lampu jalan mati.", null, null, "open", odd)
                            .check(DISTRICTS)))
                    .as(odd)
                    .containsExactly("contact");
        }
    }

    @Test
    void wordsAreCountedAsPeopleSeeThem() {
        var lines = "a\r\n".repeat(1_999) + "akhir";
        assertThat(fields(form(null, lines, null, null, "open", null).check(DISTRICTS)))
                .as("carriage returns count for nothing")
                .containsExactly("text");
        assertThat(fields(form(null, "a\r\n".repeat(1_990) + "akhir", null, null, "open", null)
                        .check(DISTRICTS)))
                .isEmpty();
        assertThat(fields(form(null, "   pendek   ", null, null, "open", null).check(DISTRICTS)))
                .containsExactly("text");
    }

    @Test
    void aPinIsAPlaceOnEarthOrNothing() {
        assertThat(pin("-5.4", "110.9").hasPin()).isTrue();
        assertThat(pin("95", "110.9").hasPin()).isFalse();
        assertThat(pin("NaN", "110.9").hasPin()).isFalse();
        assertThat(pin("\"><script>", "1").hasPin()).isFalse();
        assertThat(pin(null, "1").hasPin()).isFalse();
    }

    @Test
    void aWeakKeyIsReplaced() {
        var form = new ReportForm("1", null, null, null, null, null, null, null, null, null, null, null).withKey();
        assertThat(SecretLink.isKey(String.valueOf(form.key()))).isTrue();
        assertThat(form.withKey()).isSameAs(form);
    }

    private static ReportForm form(
            @Nullable String kind,
            String text,
            @Nullable String district,
            @Nullable String village,
            String identity,
            @Nullable String contact) {
        return new ReportForm(
                SecretLink.newKey(), kind, text, district, village, null, null, null, identity, null, contact, null);
    }

    private static ReportForm pin(@Nullable String lat, String lon) {
        return new ReportForm(null, null, null, null, null, null, lat, lon, null, null, null, null);
    }

    private static List<String> fields(FormErrors errors) {
        return errors.all().stream().map(FormErrors.Wrong::field).toList();
    }
}
