// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskingTests {
    @Test
    void ofANumberTheFirstFourAndTheLastTwoDigitsAreShown() {
        assertThat(Masking.phone("0812-3456-7841")).isEqualTo("0812…41");
        assertThat(Masking.phone("+62 812 3456 7841")).isEqualTo("+6281…41");
        assertThat(Masking.phone("(0274) 512345")).isEqualTo("0274…45");
    }

    @Test
    void ofAShortOneFewerAndOfNoneNothing() {
        assertThat(Masking.phone("123456")).isEqualTo("12…56");
        assertThat(Masking.phone("110")).isEqualTo("…");
        assertThat(Masking.phone("")).isEqualTo("…");
    }

    @Test
    void ofAnAddressTheFirstLetterAndWhereItIsRead() {
        assertThat(Masking.mail("sri@warga.example")).isEqualTo("s…@warga.example");
        assertThat(Masking.mail("🙂@warga.example")).isEqualTo("🙂…@warga.example");
        assertThat(Masking.mail("@warga.example")).isEqualTo("@…");
        assertThat(Masking.other(" Rumah pojok")).isEqualTo("R…");
        assertThat(Masking.other(" ")).isEmpty();
    }
}
