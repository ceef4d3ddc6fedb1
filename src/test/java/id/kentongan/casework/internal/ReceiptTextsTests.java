// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.ResourceBundleMessageSource;

class ReceiptTextsTests {
    @ParameterizedTest
    @ValueSource(strings = {"id", "en"})
    void theLongestReceiptFitsFiveHundredCharacters(String language) {
        var texts = new ResourceBundleMessageSource();
        texts.setBasename("messages/casework");
        texts.setDefaultEncoding("UTF-8");
        texts.setFallbackToSystemLocale(false);
        var locale = Locale.of(language);
        var by = texts.getMessage(
                "casework.receipt.by-working-days", new Object[] {"Rabu, 30 September 2026", 60}, locale);
        var agency = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan Pengendalian Penduduk";
        var link = "https://lapor.kabupatensukamajusekali.example/lacak/r/" + "x".repeat(24);
        for (var key : new String[] {"public", "private", "web"}) {
            var text = texts.getMessage(
                    "casework.receipt." + key, new Object[] {"KTG-2026-004217", agency, by, link}, locale);
            assertThat(text).hasSizeLessThanOrEqualTo(500).contains("KTG-2026-004217", agency, "30 September 2026");
        }
        assertThat(texts.getMessage("casework.receipt.link", new Object[] {"KTG-2026-004217", link}, locale))
                .hasSizeLessThanOrEqualTo(500)
                .contains(link);
        assertThat(texts.getMessage("casework.receipt.public", new Object[] {"n", agency, by, link}, locale))
                .as("the secret link is never said in public")
                .doesNotContain(link);
    }
}
