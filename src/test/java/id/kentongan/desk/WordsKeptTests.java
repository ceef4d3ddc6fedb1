// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.MessageView;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.Visitor.Answer;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** What an officer has typed stays, whatever happens meanwhile: over HTTP, without a script. */
@WithDatabase
class WordsKeptTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    private DeskHouse house;
    private Regency regency;
    private String key;
    private ConversationId talk;
    private String path;
    private Visitor rina;

    @BeforeEach
    void aQuestion() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        key = "https://warga.example/" + regency.tenant.id();
        regency.receives(regency.said(key + "/a", "wati", null, Duration.ofHours(1), "Kapan pasar buka?"));
        talk = regency.row(regency.budi, "pasar buka").id();
        path = "/desk/percakapan/" + talk;
        rina = regency.visitor(regency.rina, port);
    }

    /** A page with its reply form, as a window keeps it however long it is open. */
    private record Window(String path, Document page) {
        String text() {
            return Objects.requireNonNull(page.selectFirst("#text"), page::text).wholeText();
        }

        List<String> others() {
            return page.select("#drafts .draft__text").eachText();
        }

        Map<String, String> form(String text) {
            var form = new LinkedHashMap<String, String>();
            for (var name : List.of("key", "draf", "version")) {
                form.put(
                        name,
                        Objects.requireNonNull(
                                        page.selectFirst("#reply [name=" + name + "], [form=reply][name=" + name + "]"))
                                .attr("value"));
            }
            form.put("target", page.select("#target option").first().attr("value"));
            form.put("text", text);
            return form;
        }
    }

    private Window window() {
        return new Window(path, rina.get(path).page());
    }

    private static Window of(String path, Answer answer) {
        return new Window(path, answer.page());
    }

    private List<String> said(ConversationId id) {
        return house.conversations.messages(regency.budi, id, null, 50).items().stream()
                .filter(each -> each.direction() == MessageView.Direction.OUT && !each.automatic())
                .map(MessageView::text)
                .toList();
    }

    @Test
    void theOlderOfTwoWindowsIsToldAndBothTextsStay() {
        rina.post(path + "/draf", window().form("Pasar"));
        var older = window();
        var newer = window();
        assertThat(newer.text()).isEqualTo("Pasar");
        rina.post(path + "/draf", newer.form("Pasar buka pukul enam."));
        // As the script saves it while the officer types.
        var told = rina.post(path + "/draf", older.form("Pasar tutup hari ini."), "HX-Request", "true");
        assertThat(told.page().select("#saved").text()).isEqualTo("Draf tersimpan");
        assertThat(told.page().select("#drafts[hx-swap-oob]").text())
                .contains("Anda juga menulis jawaban di jendela lain", "Pasar buka pukul enam.", "Pakai tulisan ini");
        var now = window();
        assertThat(now.text()).isEqualTo("Pasar tutup hari ini.");
        assertThat(now.others()).containsExactly("Pasar buka pukul enam.");
        // The other one is chosen; what was typed since is kept in its place.
        var use = now.page().select("#drafts button").first().attr("formaction");
        assertThat(rina.post(use, now.form("Pasar tutup hari ini, Bu.")).location())
                .isEqualTo(path);
        var chosen = window();
        assertThat(chosen.text()).isEqualTo("Pasar buka pukul enam.");
        assertThat(chosen.others()).containsExactly("Pasar tutup hari ini, Bu.");
        // Sending the one leaves the other to be decided on.
        assertThat(rina.post(path + "/jawab", chosen.form("Pasar buka pukul enam pagi."))
                        .status())
                .isEqualTo(302);
        assertThat(said(talk)).containsExactly("Pasar buka pukul enam pagi.");
        var left = window();
        assertThat(left.text()).isEqualTo("Pasar tutup hari ini, Bu.");
        assertThat(left.others()).isEmpty();
        rina.post(path + "/draf", left.form(""));
        assertThat(window().text()).isEmpty();
    }

    @Test
    void aDraftOfAnotherWindowIsDiscardedAsItWasShown() {
        rina.post(path + "/draf", window().form("Satu"));
        var older = window();
        var newer = window();
        rina.post(path + "/draf", newer.form("Dua"));
        rina.post(path + "/draf", older.form("Tiga"));
        var shown = window();
        assertThat(shown.others()).containsExactly("Dua");
        var discard = shown.page().select("#drafts button").last().attr("formaction");
        rina.post(path + "/draf", newer.form("Dua, lalu diubah"));
        rina.post(discard, shown.form("Tiga"));
        assertThat(window().text()).as("written since it was shown").isIn("Dua, lalu diubah", "Tiga");
        assertThat(house.conversations
                        .accessible(regency.rina, talk)
                        .orElseThrow()
                        .drafts())
                .hasSize(2);
        var again = window();
        rina.post(again.page().select("#drafts button").last().attr("formaction"), again.form(again.text()));
        assertThat(house.conversations
                        .accessible(regency.rina, talk)
                        .orElseThrow()
                        .drafts())
                .hasSize(1);
    }

    @Test
    void whatIsTooLongComesBackWholeWithWhatIsWrong() {
        var longer = "x".repeat(5_001);
        var answer = rina.post(path + "/jawab", window().form(longer));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(of(path, answer).text()).isEqualTo(longer);
        assertThat(answer.page().select("#text-error").text()).contains("5.000");
        // A browser cuts what is pasted into a field that has a limit, and says nothing.
        assertThat(answer.page().select("#text").attr("maxlength")).isEmpty();
        assertThat(window().text()).isEqualTo(longer);
        var note = new LinkedHashMap<>(window().form("y".repeat(4_001)));
        note.put("target", "note");
        var refused = rina.post(path + "/jawab", note);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(of(path, refused).text()).hasSize(4_001);
        assertThat(refused.page().select("#text-error").text()).contains("4.000");
        assertThat(said(talk)).isEmpty();
    }

    @Test
    void whoAnswersAfterAColleagueOrWhatWasClosedMeanwhileLosesNoWord() {
        var open = window();
        house.conversations.finish(regency.budi, talk);
        assertThat(rina.post(path + "/jawab", open.form("Pukul enam.")).status())
                .as("what is closed is still answered")
                .isEqualTo(302);
        assertThat(said(talk)).containsExactly("Pukul enam.");
        var older = window();
        house.conversations.reply(regency.budi, talk, "public", "Pukul tujuh.", "k1", null);
        var conflict = rina.post(path + "/jawab", older.form("Pukul delapan."));
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.page().select(".conflict").text()).contains("jawaban rekan");
        assertThat(of(path, conflict).text()).isEqualTo("Pukul delapan.");
        assertThat(window().text()).isEqualTo("Pukul delapan.");
        // Sent again from that very page, once it is read.
        assertThat(rina.post(path + "/jawab", of(path, conflict).form("Pukul delapan."))
                        .status())
                .isEqualTo(302);
        assertThat(said(talk)).containsExactly("Pukul enam.", "Pukul tujuh.", "Pukul delapan.");
        assertThat(window().text()).as("sent, and no draft any more").isEmpty();
    }

    @Test
    void anAnswerToWhatWasJoinedMeanwhileComesBackToBeReadAndIsSentOnce() {
        regency.receives(regency.said(key + "/c", "made", key + "/b", Duration.ofMinutes(30), "Saya juga menunggu."));
        var rows = house.conversations.list(regency.rina, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .map(ConversationRow::id)
                .toList();
        assertThat(rows).hasSize(2);
        var pages = new LinkedHashMap<ConversationId, Window>();
        for (var id : rows) {
            for (var n = 0; n < 5; n++) {
                house.conversations.note(regency.budi, id, "Catatan " + n);
            }
            var where = "/desk/percakapan/" + id;
            pages.put(id, new Window(where, rina.get(where).page()));
        }
        regency.receives(regency.said(key + "/b", "wati", key + "/a", Duration.ofMinutes(20), "Ini pasar Melati."));
        var stays = house.conversations
                .list(regency.rina, ConversationFilter.of(Box.OPEN), null, 10)
                .items()
                .getFirst()
                .id();
        var gone = rows.stream().filter(each -> !each.equals(stays)).findFirst().orElseThrow();
        var open = Objects.requireNonNull(pages.get(gone));
        rina.post(open.path() + "/draf", open.form("Pukul"));
        var conflict = rina.post(open.path() + "/jawab", open.form("Pukul enam."));
        assertThat(conflict.status()).isEqualTo(409);
        var again = of(open.path(), conflict);
        assertThat(again.text()).isEqualTo("Pukul enam.");
        assertThat(conflict.page().select(".thread").text()).contains("Kapan pasar buka?", "Saya juga menunggu.");
        var action = conflict.page().select("#reply").attr("action");
        assertThat(action).isEqualTo("/desk/percakapan/" + stays + "/jawab");
        assertThat(rina.post(action, again.form("Pukul enam.")).status()).isEqualTo(302);
        assertThat(said(stays)).containsExactly("Pukul enam.");
        assertThat(house.conversations
                        .accessible(regency.rina, stays)
                        .orElseThrow()
                        .drafts())
                .isEmpty();
    }

    @Test
    void anAnswerSentAfterTheSessionEndedGoesOnAfterTheSignIn() {
        var open = window();
        rina.cookie("SESSION", "Y2hvc2VuLWJ5LW5vYm9keQ");
        // What the script saves while one types is refused, and the page in which one types is left alone.
        var saving = rina.post(path + "/draf", open.form("Pukul enam pagi,\r\nsetiap hari."), "HX-Request", "true");
        assertThat(saving.status()).isEqualTo(401);
        assertThat(saving.headers().firstValue("HX-Refresh")).isEmpty();
        assertThat(open.page().select("#reply").attr("data-signed-out")).contains("sesi Anda berakhir");

        var signIn = rina.post(path + "/jawab?kotak=milik", open.form("Pukul enam pagi,\r\nsetiap hari."));
        assertThat(signIn.status()).isEqualTo(401);
        assertThat(signIn.page().text()).contains("Yang Anda tulis masih ada");
        var mistaken = carried(signIn);
        mistaken.put("mail", "rina.setya@uji.example");
        mistaken.put("password", "salah sama sekali");
        var again = rina.post("/sign-in", mistaken);
        assertThat(again.status()).isEqualTo(422);
        var right = carried(again);
        right.put("mail", "rina.setya@uji.example");
        right.put("password", TestTenants.PASSWORD);
        var back = rina.post("/sign-in", right);
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.page().select("blockquote").text()).isEqualTo("Pukul enam pagi, setiap hari.");
        assertThat(said(talk)).as("nothing happens by itself").isEmpty();
        var form = back.page().select("form#form").first();
        assertThat(Objects.requireNonNull(form).attr("action")).isEqualTo(path + "/jawab?kotak=milik");
        assertThat(rina.post(form.attr("action"), carried(back)).location()).isEqualTo(path + "?kotak=milik");
        assertThat(said(talk)).containsExactly("Pukul enam pagi,\nsetiap hari.");
        assertThat(window().text()).isEmpty();
    }

    @Test
    void noSecretAndNoForeignAddressGoesThroughTheSignIn() {
        rina.cookie("SESSION", "Y2hvc2VuLWJ5LW5vYm9keQ");
        rina.get("/sign-in");
        var password = rina.post(
                "/desk/akun/kata-sandi", Map.of("current", "lama sekali", "password", "baru sekali", "again", "x"));
        assertThat(password.location()).isEqualTo("/sign-in");
        assertThat(rina.post(path + "/selesai", Map.of()).location()).isEqualTo("/sign-in");
        assertThat(rina.post("/sign-in/again", Map.of("text", "Halo")).location())
                .as("asked for directly")
                .isEqualTo("/sign-in");
        var elsewhere = rina.post(
                "/sign-in",
                Map.of(
                        "mail",
                        "rina.setya@uji.example",
                        "password",
                        TestTenants.PASSWORD,
                        "to",
                        "https://jahat.example/desk",
                        "kept.text",
                        "Halo semua"));
        assertThat(elsewhere.location()).isEqualTo("/desk");
        assertThat(rina.get("/desk").status()).isEqualTo(200);
    }

    /** The hidden fields of a form. */
    private static Map<String, String> carried(Answer answer) {
        var fields = new LinkedHashMap<String, String>();
        for (var each : answer.page().select("form#form input[type=hidden]")) {
            if (!each.attr("name").equals("_csrf")) {
                fields.put(each.attr("name"), each.attr("value"));
            }
        }
        return fields;
    }

    @Test
    void aPictureThatWasDescribedAndNotChosenHoldsTheAnswerBack() {
        var form = window().form("Lihat gambar ini.");
        form.put("alt", "Jam buka di papan pasar");
        var answer = rina.post(path + "/jawab", form);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.page().select("#picture-1-error").text()).contains("Pilih berkas gambar 1");
        assertThat(answer.page().select("#alt-1").attr("value")).isEqualTo("Jam buka di papan pasar");
        assertThat(of(path, answer).text()).isEqualTo("Lihat gambar ini.");
        assertThat(said(talk)).isEmpty();
    }

    @Test
    void bothTextsAreShownOnPhoneAndDesktopInBothLanguages() {
        rina.post(path + "/draf", window().form("Pasar"));
        var older = window();
        rina.post(
                path + "/draf", window().form("Pasar Melati buka setiap hari pukul enam pagi sampai dua belas siang."));
        rina.post(path + "/draf", older.form("Pasar tutup hari ini karena perbaikan atap."));
        var soft = new SoftAssertions();
        for (var view : List.of(View.DESKTOP, View.PHONE)) {
            try (var browser = regency.signedIn(view, regency.rina, port)) {
                for (var language : List.of("", "?lang=en")) {
                    var page = browser.newPage();
                    page.navigate(path + language);
                    var name = view.width() + (language.isEmpty() ? "" : "-en");
                    Browser.picture(page, "desk-drafts-" + name, true);
                    soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
                    soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page))
                            .doesNotThrowAnyException();
                    page.close();
                }
            }
        }
        soft.assertAll();
    }

    @Test
    void theWindowThatIsOpenIsToldWhileTyping() {
        rina.post(path + "/draf", window().form("Pasar"));
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, path);
            rina.post(path + "/draf", window().form("Pasar buka pukul enam."));
            page.locator("#text").press("End");
            page.locator("#text").pressSequentially(" tutup");
            page.waitForSelector("#drafts .draft__text >> text=Pasar buka pukul enam.");
            assertThat(page.locator("#text").inputValue()).isEqualTo("Pasar tutup");
            page.locator("#drafts button").first().click();
            page.waitForFunction("() => document.querySelector('#text').value === 'Pasar buka pukul enam.'");
            assertThat(page.locator("#drafts .draft__text").innerText()).isEqualTo("Pasar tutup");
        }
    }
}
