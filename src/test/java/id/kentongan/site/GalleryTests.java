// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.RequestOptions;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

/** Every piece of the shell in a real browser: seen, accessible, without a word against the security policy. */
@ActiveProfiles("gallery")
@SpringBootTest(classes = GalleryApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class GalleryTests {
    @LocalServerPort
    int port;

    @Test
    void everyPieceIsAccessibleInLightAndDarkOnPhoneAndDesktop() {
        for (var name : List.of("components", "desk", "empty")) {
            for (var view : List.of(View.PHONE, View.DESKTOP)) {
                for (var shown : List.of(view, view.inTheDark())) {
                    try (var context = Browser.open(shown, base())) {
                        var page = context.newPage();
                        var complaints = new ArrayList<String>();
                        page.onConsoleMessage(message -> {
                            if (message.type().equals("error")) {
                                complaints.add(message.text());
                            }
                        });
                        page.navigate("/gallery/" + name);
                        Browser.picture(
                                page,
                                "gallery-" + name + "-" + shown.width() + (shown.dark() ? "-dark" : ""),
                                !name.equals("desk") || shown.width() < 1000);
                        Browser.assertAccessible(page);
                        Browser.assertNoSidewaysScrolling(page);
                        assertThat(complaints).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void everyIconStandsInTheSprite() {
        try (var context = Browser.open(View.DESKTOP, base())) {
            var page = context.newPage();
            page.navigate("/gallery/components");
            var drawn = (Integer)
                    page.evaluate(
                            "() => [...document.querySelectorAll('svg.icon')].filter(s => s.checkVisibility() && s.getBBox().width === 0).length");
            assertThat(drawn).isZero();
        }
    }

    @Test
    void aRefusalHasItsTrueStatusAndAFailureSaysNothingOfItsCause() {
        try (var context = Browser.open(View.PHONE, base())) {
            var request = context.request();
            var html = RequestOptions.create().setHeader("Accept", "text/html");
            assertThat(request.get("/gallery/refused/absent", html).status()).isEqualTo(404);
            assertThat(request.get("/gallery/refused/limited", html).status()).isEqualTo(429);
            var broken = request.get("/gallery/broken", html);
            assertThat(broken.status()).isEqualTo(500);
            assertThat(broken.text())
                    .contains("112")
                    .doesNotContain("secret-detail")
                    .doesNotContain("Exception");
            var piece = request.get(
                    "/gallery/refused/absent",
                    RequestOptions.create().setHeader("Accept", "text/html").setHeader("HX-Request", "true"));
            assertThat(piece.status()).isEqualTo(404);
            assertThat(piece.text()).doesNotContain("<html");
            var machine = request.get(
                    "/gallery/refused/absent", RequestOptions.create().setHeader("Accept", "application/json"));
            assertThat(machine.text()).contains("site.not-found").doesNotContain("<");
        }
    }

    @Test
    void aChosenLanguageIsRememberedWithoutAScript() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/gallery/components");
            assertThat(page.locator("html").getAttribute("lang")).isEqualTo("id");
            page.navigate("/gallery/components?lang=en");
            page.navigate("/gallery/components");
            assertThat(page.locator("html").getAttribute("lang")).isEqualTo("en");
            page.navigate("/gallery/components?lang=xx");
            assertThat(page.locator("html").getAttribute("lang")).isEqualTo("id");
        }
    }

    @Test
    void pagesForOtherRolesAreNotInTheRail() {
        try (var context = Browser.open(View.DESKTOP, base())) {
            var page = context.newPage();
            page.navigate("/gallery/desk");
            assertThat(page.locator(".rail").innerText()).contains("1.000+").doesNotContain("Admin");
            assertThat(page.locator(".rail a[aria-current]").innerText()).contains("Semua");
        }
    }

    @Test
    void assetsAreKeptForAYearUnderTheirContentsAddress() {
        try (var context = Browser.open(View.PHONE, base())) {
            var page = context.newPage();
            page.navigate("/gallery/components");
            var href = page.locator("link[rel=stylesheet]").getAttribute("href");
            assertThat(href).matches("/assets/kentongan-[0-9a-f]{32}\\.css");
            assertThat(context.request().get(href).headers().get("cache-control"))
                    .contains("immutable");
            assertThat(context.request().get("/assets/htmx.min.js").status()).isEqualTo(200);
            assertThat(context.request().get("/assets/leaflet.js").status()).isEqualTo(200);
            assertThat(context.request().get("/gallery/components").headers().get("content-security-policy"))
                    .contains("default-src 'none'")
                    .doesNotContain("unsafe");
        }
    }

    private String base() {
        return "http://localhost:" + port;
    }
}
