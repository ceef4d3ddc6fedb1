// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** The verbs of a case on its page: on a phone without a script, on a desktop, in both languages, and too late. */
@WithDatabase
class CaseVerbPagesTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    DeskHouse house;
    Regency regency;
    LocalDate today;

    @BeforeEach
    void aRegency() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        today = LocalDate.now(regency.tenant.tenant().zone());
    }

    private CaseView reported(String who) {
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id() + "/" + who,
                who,
                null,
                Duration.ofHours(1),
                "Jalan amblas di depan rumah " + who + "."));
        return regency.caseOf(regency.rina, regency.withCase(regency.rina, "rumah " + who));
    }

    private CaseView now(CaseView view) {
        return house.cases.accessible(regency.budi, view.id()).orElseThrow();
    }

    private static void unfold(Page page, String id) {
        page.locator("#" + id + " > summary").click();
    }

    private static void look(Page page, String name) {
        Browser.picture(page, name, true);
        Browser.assertAccessible(page);
        Browser.assertNoSidewaysScrolling(page);
    }

    /** The checker of accessibility is a script itself, so that it has its own test. */
    @Test
    void onAPhoneWithoutAScriptACaseIsPutOffTakenUpReferredAndArchivedAndWrongInputLosesNothing() {
        var found = reported("wati");
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk/kasus/" + found.id());
            unfold(page, "postpone");
            page.locator("#postpone-reason").fill("Menunggu hasil uji aspal");
            var answer = page.waitForResponse(
                    response -> response.url().endsWith("/tunda"),
                    () -> page.locator("#postpone button[type=submit]").click());
            assertThat(answer.status()).isEqualTo(422);
            assertThat(page.locator("#postpone-reason").inputValue()).isEqualTo("Menunggu hasil uji aspal");
            assertThat(page.locator("#until-error").isVisible()).isTrue();
            Browser.picture(page, "desk-case-postpone-wrong-360", true);

            page.locator("#until").fill(today.plusDays(5).toString());
            page.locator("#postpone button[type=submit]").click();
            page.waitForSelector("text=Kasus ditunda; pelapor diberi tahu.");
            assertThat(now(found).state()).isEqualTo(CaseState.POSTPONED);
            Browser.picture(page, "desk-case-postponed-360", true);

            page.locator("text=Lanjutkan sekarang").click();
            page.waitForSelector("text=Kasus dilanjutkan.");
            unfold(page, "refer");
            page.locator("#refer button[type=submit]").click();
            assertThat(page.locator("#suggestion-error").innerText()).contains("ke mana pelapor");
            page.locator("#suggestion").fill("Silakan bertanya ke PLN di nomor 123");
            page.locator("#refer button[type=submit]").click();
            page.waitForSelector("text=Kasus ditutup; pelapor diberi tahu");
            assertThat(now(found).outcome()).isEqualTo(CaseOutcome.NOT_OURS);
            assertThat(page.locator(".about").innerText()).contains("Bukan wewenang");

            var other = reported("sri");
            page.navigate("/desk/kasus/" + other.id());
            unfold(page, "archive");
            page.locator("#archive button[type=submit]").click();
            assertThat(page.locator("#archive-reason-error").isVisible()).isTrue();
            page.locator("#archive-reason").selectOption("not-a-report");
            page.locator("#tell").uncheck();
            page.locator("#archive button[type=submit]").click();
            page.waitForSelector("text=Kasus diarsipkan; pelapor tidak diberi tahu.");
            assertThat(page.locator(".about").innerText()).contains("Diarsipkan", "Bukan laporan");
            Browser.picture(page, "desk-case-archived-360", true);
        }
    }

    @Test
    void everyFormIsAccessibleOnAPhoneAndADesktopInBothLanguages() {
        var found = reported("wati");
        for (var view : new View[] {View.PHONE, View.DESKTOP}) {
            try (var browser = regency.signedIn(view, regency.rina, port)) {
                for (var language : new String[] {"id", "en"}) {
                    var page = regency.open(browser, "/desk/kasus/" + found.id() + "?lang=" + language);
                    for (var id : new String[] {"postpone", "refer", "archive"}) {
                        unfold(page, id);
                    }
                    look(page, "desk-case-verbs-" + view.width() + "-" + language);
                    if (view == View.DESKTOP && language.equals("id")) {
                        GuidePictures.take(page.locator("#answer"), "jawaban-kasus");
                        GuidePictures.take(page.locator("#postpone"), "tunda");
                    }
                    page.close();
                }
            }
        }
    }

    @Test
    void aLiaisonOfficerGivesBackWhatIsNotTheirsAndForwardsNowhereElse() {
        var found = reported("wati");
        try (var browser = regency.signedIn(View.DESKTOP, regency.hendra, port)) {
            var page = regency.open(browser, "/desk/kasus/" + found.id());
            assertThat(page.locator("#forward").count()).isZero();
            assertThat(page.locator("#postpone, #close, #refer, #archive").count())
                    .isZero();
            page.locator(".panel__actions >> text=Kembalikan…").click();
            page.locator("#return-reason").fill("Ini jalan provinsi");
            look(page, "desk-case-give-back-1440");
            GuidePictures.take(page.locator("#next"), "kembalikan");
            page.locator("#give-back button[type=submit]").click();
            page.waitForURL("**/desk/kasus");
            assertThat(page.locator("text=Kasus dikembalikan kepada koordinator.")
                            .isVisible())
                    .isTrue();
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/kasus/" + found.id() + "?lang=en");
            assertThat(page.locator(".timeline").innerText())
                    .contains("Given back to the coordinator by Dinas PUPR", "Ini jalan provinsi");
            look(page, "desk-case-returned-1440-en");
        }
    }

    @Test
    void anAgencyIsAskedToHelpGetsATaskAndDoesItWithoutAScript() {
        var found = reported("wati");
        var helper = regency.officer(
                "Tuti Bantu", regency.tenant.registry(), false, id.kentongan.kernel.Role.LIAISON_OFFICER);
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.hendra, port)) {
            var page = regency.open(browser, "/desk/kasus/" + found.id());
            unfold(page, "support");
            page.locator("#support button[type=submit]").click();
            assertThat(page.locator("#helper-error").isVisible()).isTrue();
            page.locator("#helper").selectOption(regency.tenant.registry().toString());
            page.locator("#support button[type=submit]").click();
            page.waitForSelector("text=Dinas itu kini membantu kasus ini.");
            unfold(page, "give-task");
            page.locator("#task-title").fill("Cocokkan data pelapor");
            page.locator("#task-for").selectOption(regency.tenant.registry() + ":" + helper.id());
            page.locator("#task-due").fill(today.plusDays(2).toString());
            page.locator("#give-task button[type=submit]").click();
            page.waitForSelector("text=Tugas diberikan.");
        }
        try (var browser = regency.signedIn(View.DESKTOP, helper, port)) {
            var page = regency.open(browser, "/desk/pekerjaan");
            assertThat(page.locator("section[aria-labelledby=tasks]").innerText())
                    .contains("Cocokkan data pelapor", found.publicNumber(), "Tuti Bantu, Dinas Dukcapil");
            look(page, "desk-work-tasks-1440");
            page.locator("section[aria-labelledby=tasks] a").first().click();
            page.waitForURL("**/desk/kasus/" + found.id());
            assertThat(page.locator("#answer, #forward, #give-back").count()).isZero();
            unfold(page, "contribute");
            page.locator("#contribution").fill("Datanya cocok");
            page.locator("#contribute button[type=submit]").click();
            page.waitForSelector("text=Catatan ditambahkan.");
            assertThat(page.locator(".thread").innerText()).contains("Catatan dinas Dinas Dukcapil", "Datanya cocok");
            look(page, "desk-case-helping-1440");
            page.locator("text=Tandai selesai").click();
            page.waitForSelector("text=Tugas selesai.");
        }
        try (var browser = regency.signedIn(View.PHONE, regency.hendra, port)) {
            look(regency.open(browser, "/desk/kasus/" + found.id() + "?lang=en"), "desk-case-team-360-en");
        }
    }

    @Test
    void noticesAreShownBesideOnesWorkAndMarkedAsReadWithoutAScript() {
        var found = reported("wati");
        house.cases.giveBack(regency.hendra, found.id(), "Jalan provinsi", found.version());
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk/pekerjaan");
            assertThat(page.locator("section[aria-labelledby=told]").innerText())
                    .contains(found.publicNumber() + " dikembalikan dinas");
            page.navigate("/desk/pemberitahuan");
            assertThat(page.locator("main h1 + p").innerText()).isEqualTo("1 pemberitahuan belum Anda baca.");
            page.locator("text=Tandai semua terbaca").click();
            page.waitForSelector("text=Semua sudah Anda baca.");
            page.locator("text=" + found.publicNumber()).click();
            page.waitForURL("**/desk/kasus/" + found.id());
        }
        var head = regency.officer("Kepala Rekaan", regency.tenant.works(), false, id.kentongan.kernel.Role.HEAD);
        for (var view : new View[] {View.PHONE, View.DESKTOP}) {
            try (var browser = regency.signedIn(view, view == View.PHONE ? regency.rina : head, port)) {
                look(regency.open(browser, "/desk/pemberitahuan"), "desk-notices-" + view.width());
                look(regency.open(browser, "/desk/pemberitahuan?lang=en"), "desk-notices-" + view.width() + "-en");
            }
        }
    }

    @Test
    void whoeverAnswersACaseThatWasClosedMeanwhileReadsByWhomAndKeepsTheirWords() {
        var found = reported("wati");
        try (var browser = regency.signedIn(View.DESKTOP, regency.hendra, port)) {
            var page = regency.open(browser, "/desk/kasus/" + found.id());
            page.locator("#text").fill("Kami perbaiki besok pagi.");
            house.cases.close(regency.budi, found.id(), "Sudah selesai", found.version());
            var answer = page.waitForResponse(
                    response -> response.url().endsWith("/jawab"),
                    () -> page.locator("#answer button[type=submit]").click());
            assertThat(answer.status()).isEqualTo(409);
            assertThat(page.locator(".conflict").innerText()).contains("Kasus ditutup oleh Budi Wardana");
            assertThat(page.locator("#unsent").inputValue()).isEqualTo("Kami perbaiki besok pagi.");
            // What was sent to the citizen for rating the office is no officer's to use.
            assertThat(page.locator(".thread").innerText())
                    .contains("/nilai/…")
                    .doesNotContainPattern("/nilai/[A-Za-z0-9]");
            look(page, "desk-case-closed-meanwhile-1440");
        }
    }
}
