// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.RandomRuns;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Tag;
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

    private static final String[] PIECES = {
        "<script>",
        "</script>",
        "<style>",
        "<svg onload=jahat()>",
        "<img src=x onerror=jahat()>",
        "<a href='javascript:jahat()'>",
        "<a href=\"https://a.example/\">",
        "</a>",
        "<p>",
        "</p>",
        "<br/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#60;",
        "&#x0;",
        "&amp;lt;script&amp;gt;",
        "<",
        ">",
        "\"",
        "'",
        "\u0000",
        "\u202e",
        "\ud83d",
        "<iframe src=//a.example>",
        "<textarea>",
        "<noscript>",
        "<math><mi xlink:href=data:x>",
        "<template>",
        "<plaintext>",
        "<p style=x onclick=jahat()>",
        "halo",
        " ",
        "\n"
    };

    @Test
    @Tag("random")
    void hostileMarkupOfAnyKindBecomesTextWithoutAScript() {
        RandomRuns.of("fediverse: hostile markup becomes text", 500, 300_000, random -> {
            var html = new StringBuilder();
            for (var n = random.nextInt(40); n >= 0; n--) {
                html.append(PIECES[random.nextInt(PIECES.length)]);
                if (random.nextInt(6) == 0) {
                    html.setLength(random.nextInt(html.length() + 1));
                }
            }
            var text = PlainText.of(html.toString());
            assertThat(text).as(html.toString()).doesNotContain("\u0000");
            assertThat(text.length()).isLessThan(40 * 60);
            // Words may speak of scripts. Shown again, nothing in them is an element, an attribute or such an address.
            for (var element : Jsoup.parseBodyFragment(ActivityDocuments.html(text))
                    .body()
                    .children()
                    .select("*")) {
                assertThat(element.normalName()).as(html.toString()).isIn("p", "br", "a");
                for (var attribute : element.attributes()) {
                    assertThat(attribute.getKey()).as(html.toString()).isIn("href", "rel");
                }
                assertThat(element.attr("href")).as(html.toString()).matches("|https?://.*");
            }
        });
    }

    @Test
    @Tag("random")
    void garbageInPlaceOfJsonIsUnreadableAndNothingWorse() {
        RandomRuns.of("fediverse: garbage in place of JSON is unreadable", 500, 200_000, random -> {
            var depth = random.nextInt(20) == 0 ? 10_000 : random.nextInt(80);
            var body = ("{\"object\":".repeat(depth) + "[\"a\",1e5,null]" + "}".repeat(depth))
                    .getBytes(StandardCharsets.UTF_8);
            for (var n = random.nextInt(4); n > 0; n--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            var cut = random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length + 1)) : body;
            try {
                var node = ActivityJson.parse(cut);
                assertThat(node.isObject()).isTrue();
                ActivityJson.type(node);
                ActivityJson.id(node, "object");
                ActivityJson.ids(node, "object", "to");
            } catch (ActivityJson.Unreadable unreadable) {
                assertThat(unreadable.code()).isIn("too-deep", "not-json", "not-an-object");
            }
        });
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
