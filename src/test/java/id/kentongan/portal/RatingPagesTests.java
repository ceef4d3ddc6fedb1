// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Ratings;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A citizen says how they were served: by the secret link, on a phone, without a script; and whoever guesses. */
@WithDatabase
class RatingPagesTests {
    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    Rules rules;

    @Autowired
    Intake intake;

    @Autowired
    Cases cases;

    @Autowired
    Ratings ratings;

    TestTenant tenant;
    Actor officer;
    String secret = "";

    @BeforeEach
    void aClosedCase() throws Exception {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        officer = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        secret = "rahasia-" + Ids.next();
        intake.acceptForm(
                tenant.system(),
                new WebForm(
                        Ids.next().toString(),
                        "Wati (rekaan)",
                        "Jalan amblas di depan sekolah.",
                        Map.of("kind", "complaint", "secret", secret),
                        List.of()));
        var deadline = System.nanoTime() + 60_000_000_000L;
        while (cases.bySecret(tenant.id(), secret).isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
        var found = found();
        cases.close(officer, found.id(), "Jalan sudah baik", found.version());
    }

    private CaseView found() {
        var row = cases.list(officer, new CaseFilter(null, null, null, false, false), null, 10)
                .items()
                .getFirst();
        return cases.accessible(officer, row.id()).orElseThrow();
    }

    private static void look(Page page, String name) {
        Browser.picture(page, name, true);
        Browser.assertAccessible(page);
        Browser.assertNoSidewaysScrolling(page);
    }

    @Test
    void theFormIsAccessibleOnAPhoneAlsoWithAnErrorInIt() {
        try (var browser = Browser.open(View.PHONE, "http://" + tenant.tenant().host() + ":" + port)) {
            var page = browser.newPage();
            page.navigate("/lacak/r/" + secret);
            look(page, "portal-rate-360");
            GuidePictures.take(page.locator("section[aria-labelledby=rate]"), "penilaian");
            page.locator("section[aria-labelledby=rate] button[type=submit]").click();
            page.waitForSelector("#stars-error");
            look(page, "portal-rating-wrong-360");
        }
    }

    /** The checker of accessibility is a script itself, so that it has its own test. */
    @Test
    void onAPhoneWithoutAScriptACaseIsRatedAndTheRatingChanged() {
        try (var browser = Browser.open(
                View.PHONE.withoutScript(), "http://" + tenant.tenant().host() + ":" + port)) {
            var page = browser.newPage();
            page.navigate("/lacak/r/" + secret);
            page.locator("#word").fill("Lama sekali");
            page.locator("section[aria-labelledby=rate] button[type=submit]").click();
            assertThat(page.locator("#stars-error").isVisible()).isTrue();
            assertThat(page.locator("#word").inputValue()).isEqualTo("Lama sekali");
            Browser.picture(page, "portal-rate-wrong-360", true);
            page.locator("input[name=stars][value='2']").check();
            page.locator("section[aria-labelledby=rate] button[type=submit]").click();
            page.waitForSelector("text=Terima kasih, penilaian Anda tersimpan.");
            assertThat(page.locator("section[aria-labelledby=rate]").innerText())
                    .contains("Anda memberi 2 dari 5");
            page.locator("input[name=stars][value='4']").check();
            page.locator("section[aria-labelledby=rate] button[type=submit]").click();
            page.waitForSelector("text=Anda memberi 4 dari 5");
        }
        assertThat(ratings.of(officer, found().id()))
                .singleElement()
                .satisfies(each -> assertThat(each.stars()).isEqualTo(4));
        try (var browser =
                Browser.open(View.DESKTOP, "http://" + tenant.tenant().host() + ":" + port)) {
            var page = browser.newPage();
            page.navigate("/nilai/" + secret + "?lang=en");
            assertThat(page.locator("main").innerText())
                    .contains("You gave 4 of 5")
                    .doesNotContain("Jalan amblas");
            look(page, "portal-rating-1440-en");
        }
    }

    @Test
    void aGuessedLinkShowsNothingAndIsKeptByNobody() {
        var visitor = new Visitor(port, tenant.tenant().host());
        var own = visitor.get("/nilai/" + secret);
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(own.headers().firstValue("X-Robots-Tag").orElse("")).contains("noindex");
        assertThat(visitor.get("/nilai/rahasia-" + Ids.next()).status()).isEqualTo(404);
        assertThat(visitor.get("/nilai/x").status()).isEqualTo(404);
        assertThat(visitor.post("/nilai/rahasia-" + Ids.next(), Map.of("stars", "1", "word", ""))
                        .status())
                .isEqualTo(404);
        assertThat(visitor.post("/nilai/" + secret, Map.of("stars", "9", "word", ""))
                        .status())
                .isEqualTo(422);
        assertThat(ratings.of(officer, found().id())).isEmpty();
    }
}
