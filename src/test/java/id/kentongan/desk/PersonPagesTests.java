// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The person beside the conversation: who they are elsewhere, how they are reached, joined and taken apart. */
@WithDatabase
class PersonPagesTests {
    private static final String NUMBER = "0812-3456-7841";

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    Contacts contacts;

    private DeskHouse house;
    private Regency regency;
    private ConversationId wati;
    private ConversationId form;

    @BeforeEach
    void aRegencyWhereOnePersonWroteTwice() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id(),
                "wati",
                null,
                Duration.ofHours(1),
                "Jalan amblas di depan SDN 2."));
        wati = regency.withCase(regency.rina, "Jalan amblas").id();
        form = sends("Sri Wahyuni", "Lampu jalan mati sejak Senin.", Map.of("contact", NUMBER));
    }

    private ConversationId sends(String name, String text, Map<String, String> hints) {
        regency.form(name, text, hints);
        return regency.withCase(regency.budi, text).id();
    }

    @Test
    void anOfficerJoinsUndoesAndSeparatesWithoutAScript() {
        sends("Bu Sri", "Air ledeng keruh.", Map.of("contact", "+62 812 3456 7841"));
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + form);
            assertThat(page.locator(".person").innerText())
                    .contains("0812…41", "1 saran")
                    .doesNotContain(NUMBER);
            page.locator(".person a[href$='/kontak']").click();
            assertThat(page.locator("h1").innerText()).isEqualTo("Tentang Sri Wahyuni");
            assertThat(page.locator(".suggestion").innerText()).contains("Bu Sri", "nomor telepon yang sama");
            GuidePictures.take(page.locator("section[aria-labelledby=suggested]"), "orang-yang-sama");
            page.locator(".suggestion form[action$='/gabung'] button").click();
            assertThat(page.locator("#contact-body").innerText())
                    .contains("Digabungkan menjadi satu orang.", "Air ledeng keruh.")
                    .doesNotContain("Mungkin orang yang sama");
            assertThat(names(form)).containsExactlyInAnyOrder("Sri Wahyuni", "Bu Sri");
            page.locator("form:has(input[name=joining]) button:has-text('Urungkan')")
                    .first()
                    .click();
            assertThat(page.locator("#contact-body").innerText()).contains("Sudah dipisahkan.");
            assertThat(names(form)).containsExactly("Sri Wahyuni");

            // With whom nothing but an officer's knowledge speaks for it.
            page.locator("#contact-q").fill("@wati@warga.example");
            page.locator(".search-again button").click();
            page.locator("form:has(input[name=percakapan]) button").click();
            assertThat(names(form)).containsExactlyInAnyOrder("Sri Wahyuni", "@wati@warga.example");
            assertThat(page.locator("#contact-body").innerText()).contains("Jalan amblas di depan SDN 2.");
            page.navigate("/desk/percakapan/" + wati);
            assertThat(page.locator(".person").innerText())
                    .contains("Juga dikenal sebagai", "Sri Wahyuni", "Lampu jalan mati", "0812…41");
            page.locator(".person a[href$='/kontak']").click();
            page.locator("form:has(input[name=contact]) button:has-text('Pisahkan')")
                    .click();
            assertThat(names(wati)).containsExactly("@wati@warga.example");
            page.locator("button:has-text('Urungkan')").first().click();
            assertThat(names(wati)).containsExactlyInAnyOrder("Sri Wahyuni", "@wati@warga.example");
            assertThat(page.locator("details.fold").textContent())
                    .contains("Rina Setya menggabungkan", "Rina Setya memisahkan", "menurut petugas");

            var third = sends("<script>document.title='x'</script>", "Sampah menumpuk.", Map.of("contact", NUMBER));
            page.navigate("/desk/percakapan/" + third + "/kontak");
            assertThat(page.locator("h1").innerText()).isEqualTo("Tentang <script>document.title='x'</script>");
            assertThat(page.locator(".suggestion").count()).isEqualTo(2);
            page.locator(".suggestion form[action$='/beda'] button").first().click();
            assertThat(page.locator("#contact-body").innerText()).contains("Dicatat sebagai orang yang berbeda.");
            assertThat(page.locator(".suggestion").count()).isOne();
        }
    }

    @Test
    void theWholeNumberStandsWhereTheMaskedOneStoodOnceAskedForAndTheReadingIsRecorded() {
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + form);
            assertThat(page.content()).doesNotContain(NUMBER);
            assertThat(readings(regency.rina)).isZero();
            page.locator(".person a:has-text('Tampilkan lengkap')").click();
            page.waitForSelector(".person >> text=" + NUMBER);
            assertThat(page.locator(".person a[href='tel:081234567841']").count())
                    .isOne();
            assertThat(page.url()).endsWith("/desk/percakapan/" + form);
            assertThat(readings(regency.rina)).isOne();

            var found = regency.caseOf(regency.rina, regency.row(regency.rina, "Lampu jalan mati"));
            page.navigate("/desk/kasus/" + found.id());
            assertThat(page.content()).doesNotContain(NUMBER);
            page.locator("#about a:has-text('Tampilkan lengkap')").click();
            page.waitForSelector("#about >> text=" + NUMBER);
        }
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.budi, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + form);
            page.locator(".person a:has-text('Tampilkan lengkap')").click();
            assertThat(page.locator("#contact-body").innerText()).contains(NUMBER, "Pembacaan dicatat");
            assertThat(readings(regency.budi)).isOne();
        }
    }

    @Test
    void whoMayNotKnowWhoItIsIsShownNeitherNumberNorNameAnywhere() {
        var hidden = sends(
                "Nama Tersembunyi",
                "Pungutan liar di lubang parkir.",
                Map.of("kind", "complaint", "identity", "anonymous", "contact", "0813-1111-2222"));
        var row = regency.row(regency.budi, "Pungutan liar");
        var found = regency.caseOf(regency.budi, row);
        assertThat(found.agency()).as("within the liaison's reach").isEqualTo(regency.tenant.works());
        contacts.join(
                regency.budi,
                house.conversations.owner(regency.budi, hidden).orElseThrow(),
                house.conversations.owner(regency.budi, wati).orElseThrow());
        var message = house.conversations
                .messages(regency.budi, hidden, null, 10)
                .items()
                .getFirst()
                .id();
        var liaison = visitor(regency.hendra);
        for (var path : List.of(
                "/desk/percakapan/" + hidden,
                "/desk/kasus/" + found.id(),
                "/desk/percakapan/" + wati,
                "/desk/percakapan/" + wati + "/kontak")) {
            var answer = liaison.get(path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            // Beside it stands the list, in which each conversation has its own name.
            var shown = answer.page().selectFirst("#open, #about, #contact-body");
            assertThat(shown).as(path).isNotNull();
            assertThat(answer.body())
                    .as(path)
                    .doesNotContain("Nama Tersembunyi")
                    .doesNotContain("0813-", "0813…");
            assertThat(shown.outerHtml())
                    .as(path)
                    .doesNotContain(path.contains(wati.toString()) ? hidden.toString() : "@wati@");
        }
        assertThat(liaison.get("/desk/percakapan/" + hidden + "/kontak").location())
                .as("the conversation says that the name is hidden")
                .isEqualTo("/desk/percakapan/" + hidden);
        assertThat(liaison.get("/desk/percakapan/" + hidden + "/kontak/" + message)
                        .status())
                .isEqualTo(404);
        assertThat(visitor(regency.budi)
                        .get("/desk/percakapan/" + hidden + "/kontak/" + message)
                        .body())
                .contains("0813-1111-2222");

        var head = visitor(regency.officer("Kepala Rekaan", regency.tenant.works(), true, Role.HEAD));
        assertThat(head.get("/desk/percakapan/" + form + "/kontak").status()).isEqualTo(404);
    }

    @Test
    void anAuditorStatesAReasonBeforeAnythingOfAPersonIsShown() {
        var auditor = regency.officer("Asri Teliti", regency.tenant.office(), true, Role.AUDITOR);
        var browser = visitor(auditor);
        var message = house.conversations
                .messages(regency.budi, form, null, 10)
                .items()
                .getFirst()
                .id();
        var whole = "/desk/percakapan/" + form + "/kontak/" + message;
        assertThat(browser.get("/desk/percakapan/" + form).body())
                .contains("Sebutkan")
                .doesNotContain("0812-", "0812…")
                .doesNotContain("Sri Wahyuni");
        assertThat(browser.get("/desk/percakapan/" + form + "/kontak").location())
                .isEqualTo("/desk/percakapan/" + form);
        assertThat(browser.get(whole).status()).isEqualTo(404);
        browser.get("/desk/percakapan/" + form);
        browser.post("/desk/percakapan/" + form + "/alasan", Map.of("reason", "Pemeriksaan triwulan keempat"));
        assertThat(browser.get("/desk/percakapan/" + form).body())
                .contains("0812…41")
                .doesNotContain(NUMBER);
        assertThat(readings(auditor)).as("the reason").isOne();
        assertThat(browser.get(whole).body()).contains(NUMBER);
        assertThat(readings(auditor)).as("and the reading").isEqualTo(2);
        assertThat(browser.get("/desk/percakapan/" + form + "/kontak").body())
                .doesNotContain("/kontak/gabung")
                .doesNotContain("/kontak/pisah");
    }

    @Test
    void aColleagueSeesTheJoiningWithoutReloading() {
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + wati);
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            contacts.join(
                    regency.budi,
                    house.conversations.owner(regency.budi, wati).orElseThrow(),
                    house.conversations.owner(regency.budi, form).orElseThrow());
            page.waitForSelector(".person >> text=Sri Wahyuni");
        }
    }

    @Test
    void thePagesAreAccessibleOnPhoneAndDesktopInBothLanguages() {
        sends("Bu Sri", "Air ledeng keruh.", Map.of("contact", NUMBER));
        contacts.join(
                regency.budi,
                house.conversations.owner(regency.budi, wati).orElseThrow(),
                house.conversations.owner(regency.budi, form).orElseThrow());
        var found = regency.caseOf(regency.rina, regency.row(regency.rina, "Lampu jalan mati"));
        var soft = new SoftAssertions();
        for (var view : List.of(View.DESKTOP, View.PHONE, View.PHONE.inTheDark())) {
            try (var browser = regency.signedIn(view, regency.rina, port)) {
                for (var language : List.of("", "lang=en")) {
                    look(
                            soft,
                            browser.newPage(),
                            view,
                            "person",
                            "/desk/percakapan/" + form + "/kontak?q=amblas",
                            language);
                    look(soft, browser.newPage(), view, "person-beside", "/desk/percakapan/" + wati, language);
                    look(soft, browser.newPage(), view, "person-case", "/desk/kasus/" + found.id(), language);
                }
            }
        }
        soft.assertAll();
    }

    private static void look(SoftAssertions soft, Page page, View view, String name, String path, String language) {
        var complaints = DeskPagesTests.complaints(page);
        var answer = page.navigate(language.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + language);
        soft.assertThat(answer.status()).as(path).isEqualTo(200);
        Browser.picture(
                page,
                "desk-" + name + "-" + view.width() + (view.dark() ? "-dark" : "") + (language.isEmpty() ? "" : "-en"),
                true);
        soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
        soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page)).doesNotThrowAnyException();
        soft.assertThat(complaints).as(path).isEmpty();
        page.close();
    }

    private List<String> names(ConversationId id) {
        return contacts.of(regency.budi, id).orElseThrow().identities().stream()
                .map(each -> each.name())
                .toList();
    }

    /** What is noted of the actor about contacts: reasons stated, and hours in which they read. */
    private int readings(Actor actor) {
        var jdbc = context.getBean(JdbcClient.class);
        return context.getBean(ActorTransactions.class)
                .read(
                        regency.tenant.system(),
                        () -> jdbc.sql(
                                        "select count(*)::int from privacy.reading where actor = ? and subject_kind = 'contact'")
                                .param(actor.id())
                                .query(Integer.class)
                                .single());
    }

    private Visitor visitor(Actor officer) {
        var browser = new Visitor(port, regency.tenant.tenant().host());
        browser.get("/sign-in");
        var mail = officer.name().toLowerCase(Locale.ROOT).replace(' ', '.') + "@uji.example";
        assertThat(browser.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD))
                        .location())
                .startsWith("/desk");
        browser.get("/desk/bantuan");
        return browser;
    }
}
