// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static id.kentongan.desk.DeskHouse.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseState;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The officer's day, in a real browser: live, by keyboard, without a script, and when two answer at once. */
@WithDatabase
class DeskWorkTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    DeskHouse house;
    Regency regency;
    String key;

    @BeforeEach
    void aRegency() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        key = "https://warga.example/" + regency.tenant.id();
    }

    private ConversationRow wati() {
        regency.receives(regency.said(key + "/a", "wati", null, Duration.ofHours(1), "Jalan amblas di depan SDN 2."));
        return regency.withCase(regency.rina, "Jalan amblas");
    }

    private List<MessageView> messages(ConversationRow row) {
        return house.conversations.messages(regency.rina, row.id(), null, 100).items();
    }

    /** An answer to a case says below the officer's words when the case closes by itself. */
    private boolean wasAnswered(ConversationRow row, String text) {
        return messages(row).stream()
                .filter(each -> each.direction() == MessageView.Direction.OUT)
                .map(MessageView::text)
                .anyMatch(each -> each != null && (each.equals(text) || each.startsWith(text + "\n")));
    }

    @Test
    void aNewMessageShowsWithinTwoSecondsWithoutReloadingAndTheTitleCountsIt() {
        var row = wati();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            page.evaluate("() => { window.here = true; }");
            page.locator("#text").fill("Sedang saya tulis");
            var began = System.nanoTime();
            regency.receives(regency.said(key + "/b", "wati", key + "/a", Duration.ZERO, "Lubangnya tambah besar."));
            page.waitForSelector("#messages >> text=Lubangnya tambah besar.");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            began = System.nanoTime();
            regency.receives(regency.said(key + "/c", "sri", null, Duration.ZERO, "KTP saya belum jadi."));
            page.waitForSelector("#conversations >> text=KTP saya belum jadi.");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            page.waitForFunction("() => document.title.startsWith('(1) ')");
            assertThat(page.evaluate("() => window.here")).isEqualTo(true);
            assertThat(page.locator("#text").inputValue()).isEqualTo("Sedang saya tulis");
            assertThat(page.locator(".thread__new").innerText()).contains("Baru, belum Anda baca");
            assertThat(page.locator("[data-count-of='/desk']").innerText()).isEqualTo("2");
        }
    }

    @Test
    void theHeadSeesWhichAgencyIsLateAndNobodysWords() {
        var late = regency.caseOf(regency.rina, wati());
        context.getBean(ActorTransactions.class).write(regency.tenant.system(), () -> {
            var jdbc = context.getBean(JdbcClient.class);
            for (var table : List.of(
                    "casework.case set due_at = due_at - interval '60 days' where id",
                    "casework.clock set due_at = due_at - interval '60 days' where case_id")) {
                assertThat(jdbc.sql("update " + table + " = ?")
                                .param(late.id().value())
                                .update())
                        .isPositive();
            }
            return null;
        });
        var head = regency.officer("Kepala Rekaan", regency.tenant.works(), false, Role.HEAD);
        try (var browser = regency.signedIn(View.PHONE, head, port)) {
            var page = regency.open(browser, "/desk/angka");
            assertThat(page.locator("h1").innerText()).isEqualTo("0 dari 1 sudah terjawab; 1 terlambat");
            assertThat(page.locator(".card--late").innerText()).contains("1 dari 1");
            assertThat(page.locator("tbody .state").first().innerText()).isEqualTo("1");
            assertThat(page.content()).doesNotContain("amblas").doesNotContain("/desk/kasus");
            Browser.picture(page, "desk-numbers-late-360", true);
            Browser.assertAccessible(page);
            Browser.assertNoSidewaysScrolling(page);
        }
    }

    /** Which row of the list this is, counted from none. */
    private static int place(Page page, String row) {
        return (int) page.evaluate(
                "row => [...document.querySelectorAll('[data-row]')].indexOf(document.querySelector(row))", row);
    }

    @Test
    void everythingWorksByKeyboardAlone() {
        wati();
        regency.receives(regency.said(key + "/x", "sri", null, Duration.ofHours(5), "KTP saya belum jadi."));
        regency.receives(regency.said(key + "/y", "tono", null, Duration.ofMinutes(1), "Kapan loket buka?"));
        var sri = regency.row(regency.rina, "KTP saya");
        regency.row(regency.rina, "Kapan loket");
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk");
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            page.keyboard().press("j");
            page.keyboard().press("j");
            page.keyboard().press("k");
            assertThat(page.evaluate("() => document.activeElement.innerText").toString())
                    .contains("KTP saya");
            page.keyboard().press("Enter");
            page.waitForURL("**/desk/percakapan/" + sri.id());
            page.waitForSelector("#reply");
            assertThat(page.locator(".conversation--open").innerText()).contains("KTP saya");
            assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("thread-title");
            // On from the open one, and on from there.
            var open = place(page, "[data-row][aria-current=true]");
            page.keyboard().press("j");
            page.keyboard().press("j");
            assertThat(place(page, "[data-row]:focus")).isEqualTo(open + 2);
            page.keyboard().press("k");
            assertThat(place(page, "[data-row]:focus")).isEqualTo(open + 1);

            page.keyboard().press("r");
            page.keyboard().type("Baik, kami periksa dahulu.");
            page.waitForSelector("#saved >> text=Draf tersimpan");
            assertThat(page.locator("#reply-count").innerText()).startsWith("26 dari 5.000");
            page.keyboard().press("Escape");
            page.keyboard().press("?");
            assertThat(page.locator("dialog#help").isVisible()).isTrue();
            page.keyboard().press("Escape");
            assertThat(page.locator("dialog#help").isVisible()).isFalse();
            page.keyboard().press("/");
            assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("search");
            page.keyboard().press("Escape");
            page.keyboard().press("e");
            page.waitForFunction("() => document.activeElement.id === 'assign-officer'");
            page.keyboard().press("Escape");
            page.keyboard().press("r");
            tabTo(page, "Kirim jawaban ke Fediverse");
            page.keyboard().press("Enter");
            page.waitForSelector("text=Jawaban Anda sedang dikirim.");
            assertThat(wasAnswered(sri, "Baik, kami periksa dahulu.")).isTrue();

            page.navigate("/desk");
            page.keyboard().press("Tab");
            assertThat(page.evaluate("() => document.activeElement.className").toString())
                    .contains("skip");
            page.locator("text=Jalan amblas").first().click();
            page.waitForSelector("#forward");
            page.keyboard().press("d");
            page.waitForFunction("() => document.activeElement.id === 'agency'");
        }
    }

    private static void tabTo(Page page, String name) {
        for (int i = 0; i < 12; i++) {
            page.keyboard().press("Tab");
            if (page.evaluate("() => document.activeElement.innerText || ''")
                    .toString()
                    .contains(name)) {
                return;
            }
        }
        throw new AssertionError("Tab never came to " + name);
    }

    @Test
    void everythingWorksOnAPhoneWithoutAScript() {
        var row = wati();
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk");
            assertThat(page.locator(".zone--thread").isVisible()).isFalse();
            page.locator("text=Jalan amblas").first().click();
            page.waitForURL("**/desk/percakapan/" + row.id());
            assertThat(page.locator(".zone--list").isVisible()).isFalse();
            assertThat(page.locator(".reply__audience:visible").innerText()).contains("Terbaca oleh siapa pun");
            assertThat(page.locator(".reply__send button:visible").allInnerTexts())
                    .contains("Kirim jawaban ke Fediverse");

            page.locator(".canned > button").first().click();
            var filled = page.locator("#text").inputValue();
            assertThat(filled)
                    .contains("@wati@warga.example", "KTG-", "Dinas PUPR")
                    .doesNotContain("{");
            page.locator("#text").fill("Catatan untuk rekan");
            page.locator("#target").selectOption("note");
            assertThat(page.locator(".reply__audience:visible").innerText()).contains("Hanya terbaca oleh petugas");
            page.locator(".reply__send button.for-target:visible").click();
            assertThat(page.locator(".bubble--note").innerText()).contains("Rina Setya:", "Catatan untuk rekan");

            page.locator("#text").fill("Terima kasih, kami teruskan.");
            page.locator(".reply__send button.for-target:visible").click();
            assertThat(page.locator(".bubble--ours").last().innerText()).contains("Terima kasih, kami teruskan.");
            page.locator(".drop > summary").first().click();
            page.locator("#assign-officer")
                    .selectOption(
                            new com.microsoft.playwright.options.SelectOption().setLabel("Budi Wardana · Diskominfo"));
            page.locator(".drop button").first().click();
            assertThat(page.locator("text=Percakapan diserahkan kepada Budi Wardana.")
                            .isVisible())
                    .isTrue();

            page.locator("#forward > summary").click();
            page.locator("#agency").selectOption(regency.tenant.works().toString());
            page.locator("#forward-note").fill("Mohon dipasang pembatas.");
            page.locator("#forward button[type=submit]").click();
            assertThat(page.locator("text=Kasus sudah didisposisikan.").isVisible())
                    .isTrue();
            page.locator("form[action*='/selesai'] button").click();
            assertThat(page.locator("text=Percakapan selesai.").isVisible()).isTrue();
            page.locator("a.only-phone").click();
            assertThat(page.locator(".zone--list, .empty").first().isVisible()).isTrue();
        }
        var found = regency.caseOf(regency.hendra, row);
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.hendra, port)) {
            var page = regency.open(browser, "/desk/pekerjaan");
            page.locator("text=Jalan amblas").last().click();
            page.waitForURL("**/desk/kasus/" + found.id());
            assertThat(page.locator(".thread").innerText()).contains("“Mohon dipasang pembatas.”");
            assertThat(page.locator(".reply__places").innerText())
                    .contains("Fediverse, di bawah pesan @wati@warga.example (terbaca siapa pun)", "Lacak publik");
            page.locator("#text").fill("Pembatas terpasang, perbaikan mulai Senin.");
            page.locator("#answer button[type=submit]").click();
            assertThat(page.locator("text=Jawaban sedang dikirim ke setiap tempat.")
                            .isVisible())
                    .isTrue();
            assertThat(page.locator(".panel__part").allInnerTexts().toString()).contains("Warga dijawab");
        }
        assertThat(house.cases
                        .accessible(regency.rina, found.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(CaseState.ANSWERED);
        assertThat(wasAnswered(row, "Pembatas terpasang, perbaikan mulai Senin."))
                .isTrue();
    }

    @Test
    void whoeverAnswersSecondIsAskedToCheckAndLosesNoWord() {
        var row = wati();
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            house.conversations.reply(regency.budi, row.id(), "public", "Sudah kami teruskan.", key + "budi", null);
            page.locator("#text").fill("Kata-kata saya yang panjang");
            var answer = page.waitForResponse(
                    response -> response.url().contains("/jawab"),
                    () -> page.locator(".reply__send button.for-target:visible").click());
            assertThat(answer.status()).isEqualTo(409);
            assertThat(page.locator(".conflict").innerText()).contains("Ada pesan baru atau jawaban rekan");
            assertThat(page.locator("#text").inputValue()).isEqualTo("Kata-kata saya yang panjang");
            assertThat(page.locator(".thread").innerText()).contains("Sudah kami teruskan.");
            assertThat(wasAnswered(row, "Kata-kata saya yang panjang")).isFalse();
            Browser.picture(page, "desk-conflict-1440", false);
            page.locator(".reply__send button.for-target:visible").click();
            assertThat(wasAnswered(row, "Kata-kata saya yang panjang")).isTrue();
        }
    }

    @Test
    void aColleaguesAnswerIsShownWhileOneWritesAndStillStopsASecondOne() {
        var row = wati();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            page.locator("#text").fill("Jawaban saya");
            house.conversations.present(regency.budi, row.id(), true);
            try (var other = regency.signedIn(View.DESKTOP, regency.budi, port)) {
                var his = regency.open(other, "/desk/percakapan/" + row.id());
                his.waitForFunction("() => document.documentElement.dataset.live === 'on'");
                his.locator("#text").fill("Jawaban Budi");
                page.waitForSelector("#writing >> text=Sedang menjawab: Budi Wardana");
                his.locator(".reply__send button.for-target:visible").click();
            }
            page.waitForSelector(".thread__answered >> text=Budi Wardana menjawab");
            var answer = page.waitForResponse(
                    response -> response.url().contains("/jawab"),
                    () -> page.locator(".reply__send button.for-target:visible").click());
            assertThat(answer.status()).isEqualTo(409);
        }
    }

    @Test
    void aFormPostedTwiceAnswersOnceAndAScriptInItStaysWords() {
        var row = wati();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            var evil = "<script>window.evil = 1</script><img src=x onerror='window.evil = 1'>";
            page.locator("#text").fill(evil);
            var form =
                    page.evaluate("() => Object.fromEntries(new FormData(document.getElementById('reply')).entries())");
            for (int i = 0; i < 2; i++) {
                page.evaluate(
                        "([url, form]) => fetch(url, {method: 'POST', body: new URLSearchParams(form)}).then(r => r.status)",
                        List.of("/desk/percakapan/" + row.id() + "/jawab", form));
            }
            page.reload();
            assertThat(messages(row).stream().filter(each -> evil.equals(each.text())))
                    .hasSize(1);
            assertThat(page.evaluate("() => window.evil === undefined")).isEqualTo(true);
            assertThat(page.locator(".thread").innerText()).contains("<script>");
        }
    }

    @Test
    void editsDeletionsWarningsAndPicturesAreShown() throws Exception {
        regency.receives(new Item.Said(
                key + "/a",
                regency.ago(Duration.ofHours(2)),
                regency.author("wati"),
                Audience.PUBLIC,
                null,
                "Jalan amblas di depan SDN 2.",
                null,
                "id",
                null,
                true,
                List.of(new Attachment(null, "image/png", "Lubang di tengah jalan", DeskPagesTests.picture())),
                Map.of()));
        var row = regency.withCase(regency.rina, "Jalan amblas");
        regency.receives(new Item.Edited(
                key + "/e",
                regency.ago(Duration.ofHours(1)),
                regency.author("wati").key(),
                key + "/a",
                "Jalan amblas parah di depan SDN 2.",
                null,
                List.of(),
                null));
        regency.receives(
                new Item.Said(
                        key + "/b",
                        regency.ago(Duration.ofMinutes(50)),
                        regency.author("wati"),
                        Audience.PUBLIC,
                        key + "/a",
                        "Ada yang terluka.",
                        "kecelakaan",
                        "id",
                        null,
                        true,
                        List.of(),
                        Map.of()),
                regency.said(key + "/c", "wati", key + "/a", Duration.ofMinutes(40), "Ini akan saya hapus."));
        regency.receives(new Item.Deleted(
                key + "/d",
                regency.ago(Duration.ofMinutes(30)),
                regency.author("wati").key(),
                key + "/c"));
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            var thread = page.locator(".thread");
            assertThat(thread.innerText())
                    .contains(
                            "Jalan amblas parah",
                            "diubah",
                            "1 versi sebelumnya",
                            "Peringatan isi: kecelakaan",
                            "Dihapus oleh pengirimnya")
                    .doesNotContain("Ini akan saya hapus");
            assertThat(page.locator("text=Ada yang terluka.").isVisible()).isFalse();
            page.locator(".bubble__warning > summary").click();
            assertThat(page.locator("text=Ada yang terluka.").isVisible()).isTrue();
            page.locator(".bubble__earlier > summary").click();
            assertThat(page.locator(".bubble__earlier").innerText()).contains("Jalan amblas di depan SDN 2.");
            var image = page.locator(".thread img");
            assertThat(image.getAttribute("alt")).isEqualTo("Lubang di tengah jalan");
            assertThat(page.evaluate(
                            "async url => { const r = await fetch(url); return [r.status, r.headers.get('content-type'), r.headers.get('cache-control')].join(' '); }",
                            image.getAttribute("src")))
                    .isEqualTo("200 image/png no-store");
            assertThat(thread.innerText()).doesNotContainPattern("/lacak/r/[A-Za-z0-9]");
        }
    }

    @Test
    void anAuditorReadsOnlyWithAReasonAndChangesNothing() {
        var row = wati();
        var auditor = regency.officer("Asri Teliti", regency.tenant.office(), true, Role.AUDITOR);
        try (var browser = regency.signedIn(View.DESKTOP, auditor, port)) {
            var page = regency.open(browser, "/desk/percakapan/" + row.id());
            assertThat(page.content()).doesNotContain("amblas").doesNotContain("wati");
            page.locator("#reason").fill("singkat");
            page.locator(".reason button").click();
            assertThat(page.locator(".govuk-error-message").innerText()).contains("10 karakter");
            page.locator("#reason").fill("Pemeriksaan berkala nomor 12");
            page.locator(".reason button").click();
            assertThat(page.locator(".thread").innerText()).contains("Jalan amblas");
            assertThat(page.locator("#reply").count()).isZero();
            assertThat(page.locator(".panel__actions").count()).isZero();
            page.navigate("/desk/jejak");
            assertThat(page.locator("table").innerText())
                    .contains("Alasan membaca dinyatakan")
                    .doesNotContain("amblas");
            page.navigate("/desk/kasus/" + regency.caseOf(regency.rina, row).id());
            assertThat(page.locator("h1").innerText()).contains("Jalan amblas");
        }
    }

    @Test
    void theListIsContinuedByKeyWithAndWithoutAScript() {
        for (int i = 0; i < 45; i++) {
            regency.receives(regency.said(
                    key + "/" + i, "warga" + i, null, Duration.ofMinutes(100 - i), "Pertanyaan nomor " + i));
        }
        await(() -> Optional.of(house.conversations.counts(regency.rina))
                .filter(counts -> counts.getOrDefault(id.kentongan.inbox.ConversationFilter.Box.OPEN, 0) == 45));
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk");
            assertThat(page.locator(".conversation").count()).isEqualTo(40);
            page.locator("#more a").click();
            assertThat(page.locator(".conversation").count()).isEqualTo(5);
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk");
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            page.locator("#more a").click();
            page.waitForFunction("() => document.querySelectorAll('.conversation').length === 45");
            // What was loaded stays loaded when the list is asked for anew; what is less urgent comes after it.
            regency.receives(regency.said(key + "/neu", "baru", null, Duration.ZERO, "Pertanyaan terakhir"));
            page.waitForSelector("#more a");
            assertThat(page.locator(".conversation").count()).isEqualTo(45);
        }
    }

    @Test
    void searchFindsWordsHandlesAndNumbers() {
        var row = wati();
        var number = java.util.Objects.requireNonNull(row.mark()).publicNumber();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            for (var words : List.of("amblas", "@wati@warga.example", number)) {
                var page = regency.open(browser, "/desk");
                page.keyboard().press("/");
                page.keyboard().type(words);
                page.keyboard().press("Enter");
                page.waitForURL("**/desk/cari**");
                assertThat(page.locator(".conversation").count()).as(words).isEqualTo(1);
            }
            var page = regency.open(browser, "/desk/cari?q=tidakada");
            assertThat(page.locator(".empty").innerText()).contains("Tidak ada yang ditemukan");
            assertThat(DeskHouse.get(page, "/desk/cari?q=%25%27%3B--")).isEqualTo(200);
        }
    }

    @Test
    void densityIsKeptInTheBrowserAndLanguageToo() {
        wati();
        try (var browser = regency.signedIn(View.DESKTOP.withoutScript(), regency.rina, port)) {
            var page = regency.open(browser, "/desk");
            page.locator(".switch button[value=compact]").click();
            assertThat(page.url()).endsWith("/desk");
            assertThat(page.locator("html").getAttribute("data-density")).isEqualTo("compact");
            Browser.picture(page, "desk-inbox-compact-1440", false);
            page.locator(".rail__foot a[lang=en]").click();
            assertThat(page.locator("#list-title").innerText()).isEqualTo("1 conversation");
        }
    }

    @Test
    void aForwardedCaseShowsInTheOtherAgencysListsWithoutReloadingAndOnlyThere() {
        var row = wati();
        var found = regency.caseOf(regency.rina, row);
        var doctor = regency.officer("Dewi Sehat", regency.tenant.office(), false, Role.LIAISON_OFFICER);
        try (var browser = regency.signedIn(View.DESKTOP, doctor, port);
                var other = regency.signedIn(View.DESKTOP, regency.hendra, port)) {
            var list = live(regency.open(browser, "/desk/kasus"));
            var work = live(regency.open(browser, "/desk/pekerjaan"));
            var his = live(regency.open(other, "/desk/kasus"));
            assertThat(list.locator(".case-row").count()).isZero();
            assertThat(his.locator(".case-row").count()).isEqualTo(1);
            house.cases.forward(regency.rina, found.id(), regency.tenant.office(), "Mohon ditangani.", found.version());
            list.waitForSelector("#cases >> text=" + found.publicNumber());
            list.waitForSelector("#news >> text=didisposisikan");
            work.bringToFront();
            work.waitForSelector("#work >> text=" + found.publicNumber());
            // It left the agency that had it: its list loses the case, and nothing else is said there.
            his.waitForFunction("() => document.querySelectorAll('#cases .case-row').length === 0");
            assertThat(his.locator("#news").innerText()).isEmpty();
            for (var page : List.of(list, work, his)) {
                assertThat(page.evaluate("() => window.here")).isEqualTo(true);
            }
        }
    }

    @Test
    void aListThatSomebodyMovesInOffersTheChangeInsteadOfTakingTheFocus() {
        var row = wati();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = live(regency.open(browser, "/desk/kasus"));
            page.locator(".case-row__link").first().focus();
            regency.receives(regency.said(key + "/z", "sri", null, Duration.ZERO, "Ada lubang di jalan Melati."));
            page.waitForSelector("#changes-cases >> text=Ada perubahan");
            assertThat(page.locator(".case-row").count()).isEqualTo(1);
            assertThat(page.evaluate("() => document.activeElement.matches('.case-row__link')"))
                    .isEqualTo(true);
            Browser.assertAccessible(page);
            page.locator("#changes-cases button").click();
            page.waitForFunction("() => document.querySelectorAll('.case-row').length === 2");
            assertThat(page.locator("#changes-cases p").isVisible()).isFalse();

            // The case's page: what is being written stays, and the rest is offered.
            var found = regency.caseOf(regency.rina, row);
            var one = live(regency.open(browser, "/desk/kasus/" + found.id()));
            one.locator("#text").fill("Sedang saya tulis");
            var system = regency.tenant.system();
            context.getBean(ActorTransactions.class)
                    .run(system, () -> house.conversations.announce(system, List.of(row.id()), "overdue"));
            one.waitForSelector("#news >> text=terlampaui");
            house.cases.forward(regency.rina, found.id(), regency.tenant.office(), "Mohon ditangani.", found.version());
            one.waitForSelector("#about >> text=Diskominfo");
            assertThat(one.locator("#text").inputValue()).isEqualTo("Sedang saya tulis");
            assertThat(one.evaluate("() => document.activeElement.id")).isEqualTo("text");
        }
    }

    private static Page live(Page page) {
        page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
        page.evaluate("() => { window.here = true; }");
        return page;
    }
}
