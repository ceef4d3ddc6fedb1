// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The shell around the whole application, behind its real security. */
@WithDatabase
class SiteIntegrationTests {
    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Test
    void everyPageCarriesThePolicyAndAnAbsentOneIsA404() {
        var base = "http://" + tenants.found().tenant().host() + ":" + port;
        try (var context = Browser.open(View.PHONE, base)) {
            var page = context.newPage();
            var answer = page.navigate("/tidak-ada");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.headers().get("content-security-policy")).contains("script-src 'self'");
            assertThat(page.locator(".brand__place").first().innerText()).isEqualTo("Kabupaten Uji");
            assertThat(page.locator(".demo-banner").innerText()).contains("rekaan");
            Browser.assertAccessible(page);
        }
    }

    @Test
    void theDeskAsksForASignInThatIsAccessibleInBothLanguages() {
        var base = "http://" + tenants.found().tenant().host() + ":" + port;
        for (var language : List.of("id", "en")) {
            for (var view : List.of(View.PHONE, View.DESKTOP.inTheDark())) {
                try (var context = Browser.open(view, base)) {
                    var page = context.newPage();
                    page.navigate("/desk");
                    assertThat(page.url()).contains("/sign-in");
                    page.navigate("/sign-in?lang=" + language);
                    Browser.picture(page, "sign-in-" + view.width() + (language.equals("id") ? "" : "-en"));
                    Browser.assertAccessible(page);
                    Browser.assertNoSidewaysScrolling(page);
                }
            }
        }
    }

    @Test
    void aPostWithoutItsTokenIsShownAsAbsentAndMakesNoSession() {
        var base = "http://" + tenants.found().tenant().host() + ":" + port;
        try (var context = Browser.open(View.PHONE, base)) {
            var page = context.newPage();
            page.navigate("/privasi");
            assertThat(context.cookies().stream().map(c -> c.name)).doesNotContain("SESSION");
            var answer = page.evaluate(
                    "() => fetch('/preferences/density', {method: 'POST', headers: {Accept: 'text/html'}}).then(r => r.status)");
            assertThat(answer).isEqualTo(404);
        }
    }
}
