// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.CaseMark;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The settings in a real browser: what an administrator changes, and who does not reach them. */
@WithDatabase
class DeskSettingsTests {
    private final SoftAssertions soft = new SoftAssertions();

    @LocalServerPort
    int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Autowired
    Accounts accounts;

    @Autowired
    Intake intake;

    @Autowired
    RoutingRules rules;

    @Autowired
    Agencies agencies;

    @Autowired
    Regions regions;

    @Autowired
    Outbox outbox;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    DeskHouse house;

    @Autowired
    void house(ApplicationContext context) {
        house = new DeskHouse(context);
    }

    // -- who reaches the settings

    @Test
    void whoeverDoesNotAdministerFindsNoneOfTheSettings() {
        var regency = house.new Regency();
        // An auditor reads them and changes nothing: AccessRuleTests.
        var everythingElse = regency.officer(
                "Serba Rekaan",
                regency.tenant.office(),
                true,
                Role.COMMUNICATION_OFFICER,
                Role.LIAISON_OFFICER,
                Role.HEAD);
        try (var browser = regency.signedIn(View.DESKTOP, everythingElse, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            assertThat(page.locator(".rail a[href='/desk/atur']").count()).isZero();
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            forEachRoute((verb, path) -> assertThat(ask(page, verb, path, token))
                    .as(verb + " " + path)
                    .isEqualTo(404));
        }
    }

    private interface Route {
        void at(String verb, String path);
    }

    private void forEachRoute(Route then) {
        routes.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getPackageName().startsWith("id.kentongan.desk")) {
                mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/desk/atur"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> then.at(
                                        verb.name(),
                                        path.replace("{id}", Ids.next().toString())
                                                .replace("{remedy}", "ulang")
                                                .replace("{step}", "naik")
                                                .replace("{day}", "2099-01-01")
                                                .replaceAll("\\{[a-z]+}", "x"))));
            }
        });
    }

    private static int ask(Page page, String verb, String path, String token) {
        return verb.equals("GET")
                ? DeskHouse.get(page, path)
                : DeskHouse.post(page, path, Map.of("_csrf", token, "reason", "Alasan yang cukup panjang"));
    }

    // -- channels

    @Test
    void anAdministratorPausesAnAccountLimitsItAndIsToldWhatIsWrong() {
        var regency = house.new Regency();
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), admin(regency), port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            var card = page.getByRole(AriaRole.ARTICLE)
                    .filter(new Locator.FilterOptions().setHasText(regency.account.handle()));
            assertThat(card.innerText()).contains("Aktif", "Tidak ada dalam 7 hari terakhir");
            press(card, "Jeda pengiriman");
            assertThat(said(page)).contains("dijeda");
            assertThat(account(regency).state()).isEqualTo(Account.State.PAUSED);
            assertThat(card.innerText()).contains("Pengiriman dijeda");
            press(card, "Lanjutkan pengiriman");
            assertThat(account(regency).state()).isEqualTo(Account.State.ACTIVE);

            limit(card, "banyak");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("angka");
            assertThat(card.locator("input[name=perDay]").inputValue()).isEqualTo("banyak");
            assertThat(card.locator("details[open]").count()).isOne();
            card.locator("input[name=perDay]").fill("0");
            press(card, "Simpan batas");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("dari 1 sampai");
            card.locator("input[name=perDay]").fill("250");
            press(card, "Simpan batas");
            assertThat(said(page)).contains("250");
            assertThat(card.innerText()).contains("0 dari paling banyak 250");
            limit(card, "");
            assertThat(card.innerText()).contains("tanpa batas harian");
        }
        assertTrail(regency, "channel.account-changed", "channel.account-limited");
    }

    private static void limit(Locator card, String value) {
        card.getByText("Batas harian", new Locator.GetByTextOptions().setExact(true))
                .click();
        card.locator("input[name=perDay]").fill(value);
        press(card, "Simpan batas");
    }

    private Account account(Regency regency) {
        return accounts.find(regency.tenant.system(), regency.account.id()).orElseThrow();
    }

    @Test
    void anAdministratorAddsAnAccountAndSaysHowItCallsItself() {
        var regency = house.new Regency();
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), admin(regency), port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            page.getByText("Tambah akun", new Page.GetByTextOptions().setExact(true))
                    .click();
            page.locator("#account").fill("Dinas Dukcapil!");
            press(page.locator("#content"), "Tambah akun fediverse");
            assertThat(page.locator(".govuk-error-message").innerText()).contains("huruf kecil");
            assertThat(page.locator("#account").inputValue()).isEqualTo("Dinas Dukcapil!");
            page.locator("#account").fill("kabar");
            page.locator("#displayName").fill("Dukcapil Rekaan");
            press(page.locator("#content"), "Tambah akun fediverse");
            assertThat(page.locator(".govuk-error-message").innerText()).contains("sudah dipakai");
            page.locator("#account").fill("Dukcapil");
            press(page.locator("#content"), "Tambah akun fediverse");
            assertThat(said(page)).contains("@dukcapil@");
            page.locator("article:has-text('@dukcapil@')")
                    .getByText("Ubah profil")
                    .click();
            page.locator("#displayName").fill(" ");
            press(page.locator("#content"), "Simpan profil");
            assertThat(page.locator(".govuk-error-message").innerText()).contains("Isi nama tampilan");
            page.locator("#displayName").fill("Dukcapil Sukamaju (rekaan)");
            page.locator("#summary").fill("Dijawab pada jam kerja.<script>");
            press(page.locator("#content"), "Simpan profil");
            assertThat(page.locator("#content").innerText()).contains("Dukcapil Sukamaju (rekaan)");
        }
        var added = accounts.all(regency.tenant.system()).stream()
                .filter(each -> each.handle().startsWith("@dukcapil@"))
                .findFirst()
                .orElseThrow();
        assertThat(added.summary()).isEqualTo("Dijawab pada jam kerja.<script>");
        assertTrail(regency, "channel.account-added", "channel.account-changed");
    }

    @Test
    void whatIsHeldUpSaysWhyAndIsSettledByASupervisor() {
        var regency = house.new Regency();
        var refused = outgoing(regency, "REFUSED", "peer-refused");
        var unknown = outgoing(regency, "UNKNOWN", "sender-died");
        var waiting = outgoing(regency, "RETRY", "peer-rests");
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), regency.budi, port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            assertThat(page.locator("#content").innerText())
                    .contains(
                            "Server di seberang menolak kiriman ini.",
                            "Aplikasi berhenti tepat ketika mengirim",
                            "Dicoba lagi secara otomatis")
                    .doesNotContain("Kiriman masuk yang tidak terbaca", "Jeda pengiriman");
            press(row(page, "Belum pasti sampai"), "Tandai terkirim");
            assertThat(state(regency, unknown)).isEqualTo(OutgoingStatus.State.SENT);
            var line = row(page, "Menunggu, sudah");
            line.getByText("Pilihan lain").click();
            press(line, "Berhenti mengirim");
            assertThat(state(regency, waiting)).isEqualTo(OutgoingStatus.State.REFUSED);
            // The account is paused, so that what is sent again stays where the test can see it.
            press(row(page, "Ditolak"), "Kirim lagi");
            assertThat(state(regency, refused)).isEqualTo(OutgoingStatus.State.QUEUED);
            assertThat(page.locator("#content").innerText()).contains("Semua jawaban sudah sampai");
        }
        var elsewhere = outgoing(house.new Regency(), "REFUSED", "peer-refused");
        try (var browser = regency.signedIn(View.DESKTOP, regency.budi, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            for (var remedy : List.of("ulang", "terkirim", "berhenti")) {
                assertThat(DeskHouse.post(
                                page, "/desk/atur/kanal/keluar/" + elsewhere + "/" + remedy, Map.of("_csrf", token)))
                        .isEqualTo(404);
            }
            assertThat(DeskHouse.post(page, "/desk/atur/kanal/keluar/" + refused + "/apa", Map.of("_csrf", token)))
                    .isEqualTo(404);
            assertThat(DeskHouse.get(page, "/desk/atur/kanal/kiriman")).isEqualTo(404);
        }
        assertTrail(regency, "channel.settled", "channel.abandoned");
    }

    private OutgoingStatus.State state(Regency regency, OutgoingId id) {
        return outbox.statuses(regency.tenant.system(), List.of(id)).get(id).state();
    }

    @Test
    void whatIsHeldUpLeadsToItsConversationForWhoeverMayReadThere() {
        var regency = house.new Regency();
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id(), "wati", null, Duration.ofHours(1), "Jalan amblas."));
        var row = regency.withCase(regency.rina, "Jalan amblas");
        pause(regency);
        var message = house.conversations.reply(regency.rina, row.id(), "public", "Kami periksa.", "satu", null);
        transactions.run(
                regency.tenant.system(),
                () -> jdbc.sql("""
                                update channel.outgoing
                                set state = 'REFUSED', code = 'peer-refused'
                                where id = (select outgoing_id from inbox.message where id = ?)
                                """).param(message.value()).update());
        var path = "/desk/percakapan/" + row.id();
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.budi, port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            var link = row(page, "Ditolak").locator("a[href='" + path + "']");
            assertThat(link.innerText()).startsWith("Buka percakapannya");
            Browser.assertNoSidewaysScrolling(page);
            Browser.picture(page, "held-360");
            var help = "a[href='/desk/bantuan#about-undelivered']";
            assertThat(page.locator(help).count()).isEqualTo(1);
            link.click();
            page.waitForURL("**" + path);
            assertThat(page.locator(".thread").innerText()).contains("Kami periksa.");
            assertThat(page.locator(".bubble--ours " + help).count()).isEqualTo(1);
            Browser.picture(page, "conversation-refused-360");
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.budi, port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            Browser.assertAccessible(page);
            Browser.picture(page, "held-1440");
        }
        var administrator = regency.officer("Ayu Pengelola", regency.tenant.office(), false, Role.ADMINISTRATOR);
        notLed(regency, administrator, path);
        var mark = Objects.requireNonNull(row.mark());
        house.conversations.mark(
                regency.tenant.system(),
                List.of(new CaseMark(
                        mark.conversation(),
                        mark.caseId(),
                        mark.publicNumber(),
                        mark.kind(),
                        mark.state(),
                        mark.agency(),
                        true,
                        false,
                        mark.dueAt())));
        notLed(regency, regency.officer("Tono Luar", regency.tenant.office(), false, Role.SUPERVISOR), path);
    }

    private void notLed(Regency regency, Actor officer, String path) {
        try (var browser = regency.signedIn(View.DESKTOP, officer, port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            assertThat(row(page, "Ditolak").count()).isEqualTo(1);
            assertThat(page.content()).doesNotContain(path);
        }
    }

    private void pause(Regency regency) {
        accounts.change(
                regency.tenant.system(),
                new Account(
                        regency.account.id(),
                        regency.account.network(),
                        regency.account.handle(),
                        regency.account.name(),
                        "",
                        Account.State.PAUSED));
    }

    /** As the sender left it, on a paused account so that it goes no further. */
    private OutgoingId outgoing(Regency regency, String state, String code) {
        pause(regency);
        var system = regency.tenant.system();
        var id = OutgoingId.next();
        outbox.submit(
                system,
                new Outgoing(
                        id,
                        regency.account.id(),
                        id.toString(),
                        null,
                        new Outgoing.Recipient("https://warga.example/users/wati", "@wati@warga.example"),
                        Audience.PUBLIC,
                        "Sudah kami teruskan.",
                        null,
                        "id",
                        List.of(),
                        null));
        transactions.run(
                system,
                () -> jdbc.sql(
                                "update channel.outgoing set state = ?, code = ?, attempts = 4, next_attempt_at = now() + interval '2 hours' where id = ?")
                        .params(state, code, id.value())
                        .update());
        return id;
    }

    @Test
    void whatCouldNotBeReadIsReplayedAndOpensOnlyWithARecordedReason() {
        var regency = house.new Regency();
        var first = failed(regency, "{\"kata\": \"rahasia warga\"}", "not-json");
        failed(regency, "x", "not-json");
        failed(regency, "y", "peer-answered-503");
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), admin(regency), port)) {
            var page = regency.open(browser, "/desk/atur/kanal");
            assertThat(page.locator("#content").innerText())
                    .contains("Isinya bukan JSON yang sah.", "Server di seberang menjawab dengan kode 503.");
            page.getByText("Lihat satu per satu").click();
            assertThat(page.locator("tbody tr").count()).isEqualTo(3);
            page.locator("a[href$='" + first + "']").click();
            assertThat(page.locator("#content").innerText()).doesNotContain("rahasia warga");
            page.locator("#reason").fill("lihat");
            press(page.locator("#content"), "Catat alasan dan buka");
            assertThat(page.locator(".govuk-error-message").innerText()).isNotBlank();
            page.locator("#reason").fill("Mencari sebab kiriman ini gagal");
            press(page.locator("#content"), "Catat alasan dan buka");
            assertThat(page.locator("#content").innerText()).contains("rahasia warga", "x-uji: ya");
            page.navigate("/desk/atur/kanal");
            press(row(page, "bukan JSON"), "Olah ulang 2 kiriman");
            assertThat(said(page)).contains("2 kiriman diolah ulang");
        }
        assertTrail(regency, "privacy.reason-stated", "channel.replayed");
        var elsewhere = house.new Regency();
        var foreign = failed(elsewhere, "z", "not-json");
        try (var browser = regency.signedIn(View.DESKTOP, admin(regency, "Admin Kedua"), port)) {
            var page = regency.open(browser, "/desk/bantuan");
            assertThat(DeskHouse.get(page, "/desk/atur/kanal/kiriman/" + foreign))
                    .isEqualTo(404);
        }
    }

    /** As the intake keeps it after it could not read it. */
    private DeliveryId failed(Regency regency, String body, String code) {
        var system = regency.tenant.system();
        var id = intake.accept(
                system, regency.account.id(), Map.of("x-uji", "ya"), body.getBytes(StandardCharsets.UTF_8));
        DeskHouse.await(() -> intake.failed(system, null, 50).items().stream()
                .filter(each -> each.id().equals(id))
                .findFirst());
        transactions.run(
                system,
                () -> jdbc.sql("update channel.delivery set code = ? where id = ?")
                        .params(code, id.value())
                        .update());
        return id;
    }

    // -- routing rules

    @Test
    void aRuleIsTriedBeforeItIsSavedPutFirstSwitchedOffAndOnAgain() {
        var regency = house.new Regency();
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), admin(regency), port)) {
            var page = regency.open(browser, "/desk/atur/aturan-penerusan");
            page.locator("#text").fill("Ada LUBANG besar di jalan");
            press(page.locator("#content"), "Coba");
            assertThat(page.locator("#result").innerText())
                    .contains("“Jalan rusak” menentukan karena pesan memuat “lubang”");

            page.getByText("Tambah aturan").click();
            page.locator("#title").fill("Lubang makam");
            page.locator("#words").fill("makam\nkuburan, lubang");
            page.locator("#kind").selectOption("aspiration");
            page.locator("#agency").selectOption(regency.tenant.registry().toString());
            page.locator("#text").fill("Ada lubang di makam");
            press(page.locator("#content"), "Coba");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("Tulis dasar aturan ini.");
            page.locator("#source").fill("Rapat uji coba");
            press(page.locator("#content"), "Coba");
            // Behind the other rule it would never decide: that is what trying is for.
            assertThat(page.locator("#result").innerText())
                    .contains("“Jalan rusak” menentukan", "Tidak diperiksa lagi", "(aturan ini)");
            assertThat(rules.all(regency.tenant.system())).hasSize(1);
            press(page.locator("#content"), "Simpan aturan");
            assertThat(said(page)).contains("“Lubang makam” disimpan");

            press(rule(page, "Lubang makam"), "Naikkan");
            page.locator("#text").fill("Ada lubang di makam");
            press(page.locator("#content"), "Coba");
            assertThat(page.locator("#result").innerText()).contains("“Lubang makam” menentukan");
            regency.receives(regency.said(
                    "https://warga.example/makam/" + regency.tenant.id(),
                    "wati",
                    null,
                    java.time.Duration.ofMinutes(1),
                    "Ada lubang di makam desa"));
            var row = regency.withCase(regency.rina, "Ada lubang di makam desa");
            assertThat(regency.caseOf(regency.rina, row).agency()).isEqualTo(regency.tenant.registry());

            press(rule(page, "Lubang makam"), "Nonaktifkan");
            page.locator("#text").fill("Ada lubang di makam");
            press(page.locator("#content"), "Coba");
            assertThat(page.locator("#result").innerText()).contains("“Jalan rusak” menentukan");
            press(rule(page, "Lubang makam"), "Aktifkan lagi");
            rule(page, "Lubang makam").getByText("Lubang makam").first().click();
            page.locator("#until").fill("2020-01-01");
            press(page.locator("#content"), "Simpan aturan");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("Hari terakhir");
        }
        assertTrail(
                regency,
                "casework.routing-rule-saved",
                "casework.routing-rule-moved",
                "casework.routing-rule-ended",
                "casework.routing-rule-resumed");
        var elsewhere = house.new Regency();
        var foreign = rules.all(regency.tenant.system()).getFirst().id();
        try (var browser = elsewhere.signedIn(View.DESKTOP, admin(elsewhere), port)) {
            var page = elsewhere.open(browser, "/desk/bantuan");
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            assertThat(DeskHouse.get(page, "/desk/atur/aturan-penerusan/" + foreign))
                    .isEqualTo(404);
            for (var step : List.of("", "/coba", "/langkah/naik", "/langkah/matikan", "/langkah/hidupkan")) {
                assertThat(DeskHouse.post(
                                page, "/desk/atur/aturan-penerusan/" + foreign + step, Map.of("_csrf", token)))
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void aRuleNeverSendsCasesToAClosedAgency() {
        var regency = house.new Regency();
        var system = regency.tenant.system();
        var registry = agencies.find(system, regency.tenant.registry()).orElseThrow();
        agencies.save(
                system,
                new Agency(
                        registry.id(),
                        null,
                        registry.code(),
                        registry.name(),
                        registry.shortName(),
                        registry.duties(),
                        false));
        var rule = rules.all(system).getFirst();
        var toClosed = new RoutingRule(
                rule.id(),
                rule.order(),
                rule.title(),
                rule.words(),
                null,
                null,
                rule.kind(),
                null,
                registry.id(),
                rule.source(),
                rule.effectiveFrom(),
                null);
        assertThatThrownBy(() -> rules.save(system, toClosed)).isInstanceOf(RefusalException.class);
        assertThat(rules.all(system).getFirst().agency()).isEqualTo(rule.agency());
    }

    private static Locator rule(Page page, String title) {
        return page.locator("li.rule").filter(new Locator.FilterOptions().setHasText(title));
    }

    // -- deadlines

    @Test
    void aDayOffAndANewRuleAreAddedWithTheirSourceAndWhatMovedIsShown() {
        var regency = house.new Regency();
        regency.receives(regency.said(
                "https://warga.example/libur/" + regency.tenant.id(),
                "wati",
                null,
                java.time.Duration.ofMinutes(1),
                "Jalan amblas di depan pasar"));
        var found = regency.caseOf(regency.rina, regency.withCase(regency.rina, "Jalan amblas di depan pasar"));
        var due = found.clocks().stream()
                .map(id.kentongan.casework.Clock::dueOn)
                .min(java.util.Comparator.naturalOrder())
                .orElseThrow();
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), admin(regency), port)) {
            var page = regency.open(browser, "/desk/atur/tenggat");
            assertThat(page.locator("#content").innerText()).contains("Aduan: verifikasi", "3 hari kerja");
            page.locator("#day").fill(due.toString());
            page.locator("#title").fill("Hari jadi rekaan");
            press(page.locator("#content"), "Tambah hari libur");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("sumbernya");
            assertThat(page.locator("#title").inputValue()).isEqualTo("Hari jadi rekaan");
            page.locator("#source").fill("Keputusan Bupati Rekaan 1");
            press(page.locator("#content"), "Tambah hari libur");
            assertThat(said(page)).contains("kini hari libur");
            page.locator("#day").fill(due.toString());
            page.locator("#title").fill("Dua kali");
            page.locator("#source").fill("Keputusan Bupati Rekaan 2");
            press(page.locator("#content"), "Tambah hari libur");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("sudah menjadi hari libur");
            var moved = DeskHouse.await(() -> {
                page.navigate("/desk/atur/tenggat");
                return java.util.Optional.of(page.locator("#content").innerText())
                        .filter(text -> text.contains("1 kasus bergeser"));
            });
            assertThat(moved).contains("Kalender versi 2");
            page.getByText("Lihat kasusnya").click();
            assertThat(page.locator("#content").innerText()).contains(found.publicNumber() + ": dari");

            page.navigate("/desk/atur/tenggat/aturan/complaint.verify");
            page.locator("#amount").fill("tiga");
            press(page.locator("#content"), "Simpan aturan baru");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("angka");
            page.locator("#amount").fill("2");
            page.locator("#source").fill("Peraturan Bupati Rekaan 7");
            press(page.locator("#content"), "Simpan aturan baru");
            assertThat(said(page)).contains("aturan baru berlaku mulai");
            assertThat(page.locator("#content").innerText()).contains("3 hari kerja", "1 aturan lain");
        }
        assertThat(regency.caseOf(regency.rina, regency.row(regency.rina, "Jalan amblas di depan pasar"))
                        .clocks())
                .noneMatch(each -> each.dueOn().equals(due));
        assertTrail(
                regency,
                "policy.holiday-added",
                "policy.deadline-changed",
                "casework.deadlines-moved",
                "casework.calendar-followed");
    }

    // -- canned answers

    @Test
    void aCannedAnswerIsPreviewedRefusedWithUnknownVariablesAndUsedInTheReplyBox() {
        var regency = house.new Regency();
        regency.receives(regency.said(
                "https://warga.example/siap/" + regency.tenant.id(),
                "wati",
                null,
                java.time.Duration.ofMinutes(1),
                "Jalan amblas di depan puskesmas"));
        var row = regency.withCase(regency.rina, "Jalan amblas di depan puskesmas");
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), regency.budi, port)) {
            var page = regency.open(browser, "/desk/atur/jawaban");
            page.getByText("Tambah jawaban").click();
            page.locator("#title").fill("A Sudah dicatat");
            page.locator("#text").fill("Halo {nama}, laporan {nomer} kami catat.");
            press(page.locator("#content"), "Simpan jawaban");
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("{nomer}", "{nomor}");
            page.locator("#text").fill("Halo {nama}, laporan {nomor} kami catat.");
            press(page.locator("#content"), "Lihat hasilnya");
            assertThat(page.locator("#reads").innerText())
                    .isEqualTo("Halo Wati Contoh, laporan KTG-2026-000123 kami catat.");
            press(page.locator("#content"), "Simpan jawaban");
            assertThat(said(page)).contains("“A Sudah dicatat” disimpan");
            page.navigate("/desk/percakapan/" + row.id());
            press(page.locator("#reply"), "A Sudah dicatat");
            assertThat(page.locator("#reply #text").inputValue())
                    .contains("laporan " + regency.caseOf(regency.rina, row).publicNumber() + " kami catat.");
            page.navigate("/desk/atur/jawaban");
            page.getByText("A Sudah dicatat").click();
            page.getByText("Hapus jawaban ini").click();
            press(page.locator("#content details"), "Hapus");
            assertThat(page.locator("li.rule")
                            .filter(new Locator.FilterOptions().setHasText("A Sudah dicatat"))
                            .count())
                    .isZero();
        }
        assertTrail(regency, "inbox.canned-answer-saved", "inbox.canned-answer-removed");
        var elsewhere = house.new Regency();
        var foreign = house.conversations
                .cannedAnswers(regency.tenant.system())
                .getFirst()
                .id();
        try (var browser = elsewhere.signedIn(View.DESKTOP, elsewhere.budi, port)) {
            var page = elsewhere.open(browser, "/desk/bantuan");
            assertThat(DeskHouse.get(page, "/desk/atur/jawaban/" + foreign)).isEqualTo(404);
        }
    }

    // -- who decides about a case

    @Test
    void aLiaisonOfficerIsOfferedAnswerAndForwardingOnly() {
        var regency = house.new Regency();
        agencies.save(
                regency.tenant.system(),
                new Agency(
                        AgencyId.next(), regency.tenant.works(), "upt", "UPT Jalan", "UPT Jalan", "jalan desa", true));
        regency.receives(regency.said(
                "https://warga.example/jalan/" + regency.tenant.id(),
                "wati",
                null,
                java.time.Duration.ofMinutes(1),
                "Jalan amblas di depan sekolah"));
        var found = regency.caseOf(regency.rina, regency.withCase(regency.rina, "Jalan amblas"));
        var path = "/desk/kasus/" + found.id();
        try (var browser = regency.signedIn(View.DESKTOP, regency.hendra, port)) {
            var page = regency.open(browser, path);
            assertThat(page.locator("#answer").count()).isOne();
            assertThat(page.locator("#forward select option[value]:not([value=''])")
                            .allTextContents())
                    .as("within the own agency")
                    .containsExactly("UPT Jalan");
            assertThat(page.locator("#close, a[href='#reason'], form[action$='/verifikasi'], form[action$='/buka']")
                            .count())
                    .isZero();
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            for (var verb : List.of("/verifikasi", "/tutup", "/buka")) {
                assertThat(DeskHouse.post(
                                page,
                                path + verb,
                                Map.of(
                                        "_csrf",
                                        token,
                                        "kind",
                                        "complaint",
                                        "reason",
                                        "Sudah",
                                        "version",
                                        "" + found.version())))
                        .as(verb)
                        .isEqualTo(404);
            }
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            assertThat(regency.open(browser, path).locator("#close").count()).isOne();
        }
    }

    @Test
    void aCaseWithCoordinatesShowsThemOnAMapOfOurOwnAndAsksNobodyOutside() {
        var regency = house.new Regency();
        regions.save(
                regency.tenant.system(),
                List.of(
                        new Regions.District("99.01", "Melati", -7.41, 109.21, List.of()),
                        new Regions.District("99.02", "Kenanga", -7.52, 109.36, List.of())));
        regency.form(
                "Bu Rekaan",
                "Jalan amblas di tikungan",
                Map.of("kind", "complaint", "district", "99.01", "lat", "-7.43", "lon", "109.25"));
        var row = regency.withCase(regency.rina, "Jalan amblas di tikungan");
        for (var view : List.of(View.DESKTOP, View.PHONE)) {
            try (var browser = regency.signedIn(view, regency.rina, port)) {
                var page = browser.newPage();
                var outside = new java.util.ArrayList<String>();
                page.onRequest(request -> {
                    if (!request.url().contains(regency.tenant.tenant().host())) {
                        outside.add(request.url());
                    }
                });
                page.navigate("/desk/kasus/" + regency.caseOf(regency.rina, row).id());
                assertThat(page.locator(".place-map").getAttribute("aria-label"))
                        .contains("-7.43000, 109.25000");
                assertThat(page.locator(".place-map").textContent()).contains("Melati", "Kenanga");
                assertThat(outside).isEmpty();
                Browser.picture(page, "case-map-" + view.width());
                Browser.assertAccessible(page);
                Browser.assertNoSidewaysScrolling(page);
            }
        }
    }

    // -- every page

    @Test
    void everyPageOfTheSettingsIsAccessibleOnPhoneAndDesktopInBothLanguages() {
        var regency = house.new Regency();
        outgoing(regency, "REFUSED", "peer-refused");
        outgoing(regency, "UNKNOWN", "sender-died");
        outgoing(regency, "RETRY", "peer-rests");
        var delivery = failed(regency, "{\"type\": \"Arrive\"", "not-json");
        failed(regency, "x", "unknown-activity");
        var paths = new java.util.LinkedHashMap<String, String>();
        paths.put("index", "/desk/atur");
        paths.put("rules", "/desk/atur/aturan-penerusan");
        paths.put(
                "rule",
                "/desk/atur/aturan-penerusan/"
                        + rules.all(regency.tenant.system()).getFirst().id());
        paths.put("deadlines", "/desk/atur/tenggat");
        paths.put("deadline-rule", "/desk/atur/tenggat/aturan/complaint.verify");
        paths.put("answers", "/desk/atur/jawaban");
        paths.put(
                "answer",
                "/desk/atur/jawaban/"
                        + house.conversations
                                .cannedAnswers(regency.tenant.system())
                                .getFirst()
                                .id());
        paths.put("channels", "/desk/atur/kanal");
        paths.put("account-new", "/desk/atur/kanal/tambah");
        paths.put("mail-new", "/desk/atur/kanal/surel/tambah");
        paths.put("account-profile", "/desk/atur/kanal/" + regency.account.id() + "/profil");
        paths.put("deliveries", "/desk/atur/kanal/kiriman");
        paths.put("delivery", "/desk/atur/kanal/kiriman/" + delivery);
        var who = admin(regency);
        for (var view : List.of(View.DESKTOP, View.PHONE.inTheDark())) {
            try (var browser = regency.signedIn(view, who, port)) {
                paths.forEach((name, path) -> look(browser, view, name, path, ""));
            }
        }
        try (var browser = regency.signedIn(View.PHONE, who, port)) {
            paths.forEach((name, path) -> look(browser, View.PHONE, name, path + "?lang=en", "-en"));
        }
        soft.assertAll();
    }

    private void look(BrowserContext browser, View view, String name, String path, String suffix) {
        var page = browser.newPage();
        var complaints = DeskPagesTests.complaints(page);
        assertThat(page.navigate(path).status()).as(path).isEqualTo(200);
        Browser.picture(page, "settings-" + name + "-" + view.width() + (view.dark() ? "-dark" : "") + suffix);
        page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)");
        soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
        soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page)).doesNotThrowAnyException();
        soft.assertThat(complaints).as(path).isEmpty();
        page.close();
    }

    // -- how

    private Actor admin(Regency regency) {
        return admin(regency, "Admin Rekaan");
    }

    private static Actor admin(Regency regency, String name) {
        return regency.officer(name, regency.tenant.office(), false, Role.ADMINISTRATOR);
    }

    private static void press(Locator within, String button) {
        within.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button))
                .first()
                .click();
    }

    private static Locator row(Page page, String text) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    private static String said(Page page) {
        return page.locator("[role=status]").first().innerText();
    }

    private void assertTrail(Regency regency, String... verbs) {
        var system = regency.tenant.system();
        var known = transactions.read(
                system,
                () -> jdbc.sql("select distinct verb from archive.entry")
                        .query(String.class)
                        .list());
        assertThat(known).contains(verbs);
    }
}
