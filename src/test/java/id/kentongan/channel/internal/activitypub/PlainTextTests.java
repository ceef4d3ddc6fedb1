// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTests {
    @Test
    void paragraphsAndLinesStayApart() {
        assertThat(PlainText.of("<p>Satu<br>dua</p><p>Tiga &amp; empat</p>")).isEqualTo("Satu\ndua\n\nTiga & empat");
        assertThat(PlainText.of("<ul><li>a</li><li>b</li></ul>")).isEqualTo("a\nb");
    }

    @Test
    void mentionsAndHashtagsAreTheirNamesAndLinksShowTheirAddress() {
        assertThat(PlainText.of("<p><span class=\"h-card\"><a href=\"https://warga.example/@sari\" class=\"u-url"
                        + " mention\">@<span>sari</span></a></span> lihat <a href=\"https://warga.example/tags/jalan\">"
                        + "#<span>jalan</span></a></p>"))
                .isEqualTo("@sari lihat #jalan");
        assertThat(PlainText.of("<a href=\"https://warga.example/a/b\"><span class=\"invisible\">https://</span>"
                        + "<span>warga.example/a</span><span class=\"invisible\">/b</span></a>"))
                .isEqualTo("https://warga.example/a/b");
        assertThat(PlainText.of("<a href=\"https://jahat.example/\">bank kita</a>"))
                .isEqualTo("bank kita (https://jahat.example/)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>halo",
                "<style>p{}</style>halo",
                "<img src=x onerror=alert(1)>halo",
                "<a href=\"javascript:alert(1)\">halo</a>",
                "<iframe src=\"https://jahat.example\"></iframe>halo",
                "<svg onload=alert(1)>halo</svg>"
            })
    void whatRunsIsGone(String html) {
        assertThat(PlainText.of(html)).isEqualTo("halo");
    }

    @Test
    void textWithoutMarkupStaysAsItIs() {
        assertThat(PlainText.of("Jalan rusak 3 meter")).isEqualTo("Jalan rusak 3 meter");
    }

    @Test
    void ourTextBecomesParagraphsLinksAndNothingElse() {
        assertThat(ActivityDocuments.html("Satu\ndua <b>\n\nLihat https://sukamaju.example/lacak?a=1&b=2."))
                .isEqualTo("<p>Satu<br>dua &lt;b&gt;</p><p>Lihat <a href=\"https://sukamaju.example/lacak?a=1&amp;b=2\""
                        + " rel=\"nofollow noopener\">https://sukamaju.example/lacak?a=1&amp;b=2</a>.</p>");
    }
}
