// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.identity.Agencies;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** Settings, officers, agencies and the own account in a real browser. */
@WithDatabase
class AdministrationPagesTests {
    private final SoftAssertions soft = new SoftAssertions();

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    Agencies agencies;

    Regency regency;
    Actor administrator;

    @BeforeEach
    void aRegencyWithAnAdministrator() {
        regency = new DeskHouse(context).new Regency();
        administrator = regency.officer("Sari Wulandari", regency.tenant.office(), false, Role.ADMINISTRATOR);
    }

    @Test
    void everyPageIsAccessibleOnPhoneAndDesktopInLightAndDarkAndBothLanguages() {
        regency.officer("Kepala Rekaan", regency.tenant.works(), true, Role.HEAD, Role.LIAISON_OFFICER);
        var paths = Map.of(
                "settings", "/desk/atur",
                "officers", "/desk/atur/petugas",
                "officers-none", "/desk/atur/petugas?cari=tidak-ada",
                "invite", "/desk/atur/petugas/undang",
                "officer", "/desk/atur/petugas/" + regency.hendra.id(),
                "oneself", "/desk/atur/petugas/" + administrator.id(),
                "agencies", "/desk/atur/perangkat-daerah",
                "agency", "/desk/atur/perangkat-daerah/" + regency.tenant.works(),
                "account", "/desk/akun",
                "account-factor", "/desk/akun/faktor-kedua");
        look(View.DESKTOP, paths, "");
        look(View.PHONE.inTheDark(), paths, "?lang=en");
        look(View.PHONE, paths, "");
        soft.assertAll();
    }

    private void look(View view, Map<String, String> paths, String query) {
        try (var browser = regency.signedIn(view, administrator, port)) {
            paths.forEach((name, path) -> {
                var page = browser.newPage();
                var complaints = DeskPagesTests.complaints(page);
                assertThat(page.navigate(path + query).status()).as(path).isEqualTo(200);
                var suffix = "-" + view.width() + (view.dark() ? "-dark" : "") + (query.isEmpty() ? "" : "-en");
                Browser.picture(page, "administration-" + name + suffix);
                soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
                soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page))
                        .doesNotThrowAnyException();
                soft.assertThat(complaints).as(path).isEmpty();
                page.close();
            });
        }
    }

    @Test
    void anOfficerIsInvitedAndComesInWithoutScripts() {
        String link;
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), administrator, port)) {
            var page = regency.open(browser, "/desk/atur");
            page.locator("main a[href$='/desk/atur/petugas']").first().click();
            page.getByText("Undang petugas").first().click();
            press(page, "/undang");
            assertThat(page.locator(".govuk-error-summary a").count()).isEqualTo(4);
            page.locator("#name").fill("Sri Lestari");
            page.locator("#mail").fill("sri.lestari@uji.example");
            page.locator("#agency").selectOption(regency.tenant.registry().toString());
            page.getByText("Pejabat penghubung", new Page.GetByTextOptions().setExact(true))
                    .click();
            press(page, "/undang");
            assertThat(page.locator("h1").textContent()).isEqualTo("Sri Lestari");
            link = page.locator("#link").inputValue();
            Browser.picture(page, "administration-link-360");
            page.reload();
            assertThat(page.locator("#link").count()).isZero();
        }
        try (var browser = Browser.open(
                View.PHONE.withoutScript(), "http://" + regency.tenant.tenant().host() + ":" + port)) {
            var page = browser.newPage();
            page.navigate(link.replaceFirst("^https://[^/]+", ""));
            page.locator("#password").fill("kata sandi Sri yang panjang");
            page.locator("#again").fill("kata sandi Sri yang panjang");
            page.locator("main button[type=submit]").click();
            assertThat(page.url()).endsWith("/sign-in/second-factor");
        }
    }

    @Test
    void anAgencyWithOpenCasesOrRulesThatLeadToItIsNotClosed() {
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id(), "wati", null, Duration.ofMinutes(5), "Jalan amblas."));
        regency.withCase(regency.rina, "Jalan amblas");
        try (var browser = regency.signedIn(View.DESKTOP, administrator, port)) {
            var page = regency.open(browser, "/desk/atur/petugas/" + regency.hendra.id());
            page.getByText("Nonaktifkan petugas").click();
            press(page, "/nonaktif");
            page.navigate("/desk/atur/perangkat-daerah/" + regency.tenant.works());
            press(page, "/tutup");
            assertThat(page.locator("#close-error").textContent()).contains("Masih ada 1 kasus terbuka");
            Browser.assertAccessible(page);
            Browser.picture(page, "administration-close-refused-1440");
            var row = regency.row(regency.budi, "Jalan amblas");
            var found = regency.caseOf(regency.budi, row);
            new DeskHouse(context)
                    .cases.forward(regency.budi, found.id(), regency.tenant.registry(), "Pindah", found.version());
            press(page, "/tutup");
            assertThat(page.locator("#close-error").textContent()).contains("Masih ada 1 aturan penerusan");
        }
        assertThat(agencies.all(administrator)).hasSize(3);
    }

    @Test
    void theSettingsAreInTheMenuOfAdministratorsAndTheOwnAccountIsOneStepAwayForAll() {
        try (var browser = regency.signedIn(View.DESKTOP, administrator, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            page.locator(".rail a[href='/desk/atur']").click();
            assertThat(page.locator("h1").textContent()).isEqualTo("Pengaturan");
            GuidePictures.take(page.locator(".desk-sheet"), "pengaturan");
        }
        try (var browser = regency.signedIn(View.PHONE, regency.rina, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            assertThat(page.locator(".rail a[href='/desk/atur']").count()).isZero();
            assertThat(DeskHouse.get(page, "/desk/atur")).isEqualTo(404);
            page.locator(".topbar__me").click();
            assertThat(page.locator("h1").textContent()).isEqualTo("Akun saya");
        }
    }

    private static void press(Page page, String action) {
        page.locator("form[action$='" + action + "'] button").click();
        page.waitForLoadState();
    }
}
