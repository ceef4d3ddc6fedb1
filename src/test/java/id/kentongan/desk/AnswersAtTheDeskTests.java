// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static id.kentongan.desk.DeskHouse.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.Cases;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.WithDatabase;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** What an officer can do with an answer, in a real browser: pictures, and what becomes of it once it is sent. */
@WithDatabase
class AnswersAtTheDeskTests {
    /** The key of a report form is its secret link's too. */
    private static final String SECRET = "Rahasia" + "0123456789abcdefgh";

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

    private ConversationRow byForm() {
        regency.form(
                "Wati (rekaan)",
                "Jalan amblas di depan SDN 2.",
                Map.of("secret", SECRET, "identity", "open", "contact", "0812 0000 1111"));
        return regency.withCase(regency.rina, "Jalan amblas");
    }

    private ConversationRow byPost() {
        regency.receives(regency.said(key + "/a", "wati", null, Duration.ofHours(1), "Jalan amblas di depan SDN 2."));
        return regency.withCase(regency.rina, "Jalan amblas");
    }

    private MessageView answer(ConversationRow row) {
        return house.conversations.messages(regency.rina, row.id(), null, 100).items().stream()
                .filter(each -> each.direction() == Direction.OUT && !each.automatic())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The answer once it is sent. */
    private MessageView sent(ConversationRow row) {
        return await(() -> Optional.of(answer(row))
                .filter(each -> Objects.requireNonNull(each.status()).state() == OutgoingStatus.State.SENT));
    }

    private static FilePayload photo(String name) {
        try {
            return new FilePayload(name, "image/jpeg", photoWithPosition());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A photo with a block of facts in it, as phones write them. */
    private static byte[] photoWithPosition() throws java.io.IOException {
        var plain = new ByteArrayOutputStream();
        var image = new java.awt.image.BufferedImage(120, 80, java.awt.image.BufferedImage.TYPE_INT_RGB);
        javax.imageio.ImageIO.write(image, "jpeg", plain);
        var hidden = "Exif\0\0MM\0*\0\0\0\10\0\0SECRET-POSITION".getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream();
        out.write(plain.toByteArray(), 0, 2);
        out.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (hidden.length + 2)});
        out.write(hidden);
        out.write(plain.toByteArray(), 2, plain.size() - 2);
        return out.toByteArray();
    }

    private Page open(BrowserContext browser, ConversationRow row) {
        return regency.open(browser, "/desk/percakapan/" + row.id());
    }

    private static void send(Page page) {
        page.locator(".reply__send button.for-target:visible").click();
    }

    private record Got(int status, String type, String caching, String body) {}

    /** Asked by the page itself, with its session. */
    private static Got get(Page page, String url) {
        var got = (List<?>) page.evaluate("""
                async path => {
                  const r = await fetch(path, { headers: { Accept: 'application/activity+json, image/*' } });
                  const bytes = new Uint8Array(await r.arrayBuffer());
                  return [r.status, r.headers.get('content-type') || '', r.headers.get('cache-control') || '',
                          Array.from(bytes, b => String.fromCharCode(b)).join('')];
                }
                """, URI.create(url).getRawPath());
        return new Got(((Number) got.get(0)).intValue(), (String) got.get(1), (String) got.get(2), (String) got.get(3));
    }

    @Test
    void picturesGoWithAnAnswerToTheTrackingPageWithoutAScriptAndWithoutTheirPosition() {
        var row = byForm();
        String shown;
        try (var browser = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port)) {
            var page = open(browser, row);
            page.locator("#text").fill("Lubang sudah ditutup.");
            page.locator(".reply__pictures > summary").click();
            page.locator("#picture-1").setInputFiles(photo("a.jpg"));
            page.locator("#alt-1").fill("Jalan yang sudah rata");
            page.locator("#picture-3").setInputFiles(photo("b.jpg"));
            page.locator("#alt-3").fill("Rambu, baru dipasang");
            Browser.assertNoSidewaysScrolling(page);
            Browser.picture(page, "answer-pictures-360");
            send(page);
            var pictures = page.locator(".bubble--ours img");
            assertThat(pictures.count()).isEqualTo(2);
            assertThat(pictures.nth(0).getAttribute("alt")).isEqualTo("Jalan yang sudah rata");
            assertThat(pictures.nth(1).getAttribute("alt")).isEqualTo("Rambu, baru dipasang");
            shown = pictures.nth(0).getAttribute("src");
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var file = get(regency.open(browser, "/desk"), shown);
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.type()).isEqualTo("image/jpeg");
            assertThat(file.body()).startsWith("\u00FF\u00D8").doesNotContain("SECRET-POSITION", "Exif");
        }
        var elsewhere = regency.officer("Nina Lain", regency.tenant.registry(), false, Role.LIAISON_OFFICER);
        try (var browser = regency.signedIn(View.DESKTOP, elsewhere, port)) {
            assertThat(get(regency.open(browser, "/desk"), shown).status()).isEqualTo(404);
        }
        try (var browser =
                Browser.open(View.PHONE, "http://" + regency.tenant.tenant().host() + ":" + port)) {
            var page = regency.open(browser, "/lacak/r/" + SECRET);
            var picture = page.locator(".spoken img").first();
            assertThat(picture.getAttribute("alt")).isEqualTo("Jalan yang sudah rata");
            var file = get(page, picture.getAttribute("src"));
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.caching()).contains("no-store");
            assertThat(file.body()).doesNotContain("SECRET-POSITION");
            assertThat(get(page, picture.getAttribute("src").replace(SECRET, "AnderesGeheimnis0123456789"))
                            .status())
                    .isEqualTo(404);
            Browser.assertAccessible(page);
            Browser.assertNoSidewaysScrolling(page);
            Browser.picture(page, "tracking-pictures-360");
        }
    }

    @Test
    void picturesGoWithAnAnswerToTheFediverse() {
        var row = byPost();
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = open(browser, row);
            page.locator("#text").fill("Lubang sudah ditutup.");
            page.waitForSelector("#saved >> text=Draf tersimpan");
            page.locator(".reply__pictures > summary").click();
            page.locator("#picture-1").setInputFiles(photo("a.jpg"));
            page.locator("#alt-1").fill("Jalan yang sudah rata");
            Browser.assertAccessible(page);
            Browser.picture(page, "answer-pictures-1440", false);
            send(page);
            page.waitForSelector(".bubble--ours img[alt='Jalan yang sudah rata']");
            var note = get(
                    page,
                    Objects.requireNonNull(
                            Objects.requireNonNull(sent(row).status()).remoteKey()));
            assertThat(note.body()).contains("Jalan yang sudah rata", "image/jpeg");
            var address = new tools.jackson.databind.ObjectMapper()
                    .readTree(note.body())
                    .path("attachment")
                    .path(0)
                    .path("url")
                    .asString();
            assertThat(get(page, address).body()).startsWith("\u00FF\u00D8").doesNotContain("SECRET-POSITION");
        }
    }

    @Test
    void whatIsWrongWithAPictureIsSaidAndEveryWordIsKept() {
        var row = byPost();
        for (var view : List.of(View.PHONE.withoutScript(), View.DESKTOP)) {
            try (var browser = regency.signedIn(view, regency.rina, port)) {
                var page = open(browser, row);
                page.locator("#text").fill("Kata-kata saya yang panjang");
                if (!page.locator("#picture-1").isVisible()) {
                    page.locator(".reply__pictures > summary").click();
                }
                page.locator("#picture-1")
                        .setInputFiles(
                                new FilePayload("x.jpg", "image/jpeg", "<svg/>".getBytes(StandardCharsets.UTF_8)));
                page.locator("#alt-1").fill("Sebuah gambar");
                page.locator("#picture-2").setInputFiles(photo("b.jpg"));
                page.locator("#picture-4")
                        .setInputFiles(new FilePayload("besar.jpg", "image/jpeg", new byte[10_000_001]));
                page.locator("#alt-4").fill("Yang besar");
                var answer = page.waitForResponse(response -> response.url().contains("/jawab"), () -> send(page));
                assertThat(answer.status()).isEqualTo(422);
                assertThat(page.locator(".govuk-error-summary").innerText())
                        .contains(
                                "Berkas 1 bukan gambar yang dapat kami buka",
                                "Tulis keterangan gambar 2",
                                "Gambar 4 terlalu besar");
                assertThat(page.locator("#text").inputValue()).isEqualTo("Kata-kata saya yang panjang");
                assertThat(page.locator("#alt-1").inputValue()).isEqualTo("Sebuah gambar");
                assertThat(page.locator("#alt-2").getAttribute("aria-invalid")).isEqualTo("true");
                if (view.script()) {
                    Browser.assertAccessible(page);
                }
                Browser.assertNoSidewaysScrolling(page);
                Browser.picture(page, "answer-wrong-pictures-" + view.width());
            }
        }
        // Straight to the address, past the fields: more than the network takes, and pictures on a note.
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = open(browser, row);
            assertThat(page.locator("#text").inputValue()).isEqualTo("Kata-kata saya yang panjang");
            page.evaluate("""
                    () => document.querySelectorAll('.reply__picture').forEach(each => each.after(each.cloneNode(true)))
                    """);
            for (int i = 0; i < 5; i++) {
                page.locator("[name=picture]").nth(i).setInputFiles(photo("n" + i + ".jpg"));
                page.locator("[name=alt]").nth(i).evaluate("each => { each.value = 'Gambar'; }");
            }
            page.locator(".reply__pictures").evaluate("each => { each.open = true; }");
            var answer = page.waitForResponse(response -> response.url().contains("/jawab"), () -> send(page));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("Pilih paling banyak 4 gambar");
            page.locator("#picture-1").setInputFiles(photo("n.jpg"));
            page.locator("#target").selectOption("note");
            assertThat(page.locator(".reply__pictures").isVisible()).isFalse();
            send(page);
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("Catatan internal tidak membawa");
        }
        assertThat(house.conversations
                        .messages(regency.rina, row.id(), null, 100)
                        .items())
                .noneMatch(each -> each.direction() != Direction.IN && !each.automatic());
    }

    private static final String WRONG = "Lubang ditutup hari Senin.";
    private static final String RIGHT = "Lubang ditutup hari Selasa.";

    private void answered(ConversationRow row, String target) {
        house.conversations.reply(regency.rina, row.id(), target, WRONG, "jawaban-" + row.id(), null);
        sent(row);
    }

    private void correct(Page page) {
        page.locator(".bubble--ours a[href$='/ubah']").click();
        assertThat(page.locator("#text").inputValue()).isEqualTo(WRONG);
        page.locator("#text").fill("");
        page.locator("#change-body form button").click();
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("Tulis pesan");
        page.locator("#text").fill(RIGHT);
        page.locator("#change-body form button").click();
        var bubble = page.locator(".bubble--ours", new Page.LocatorOptions().setHasText(RIGHT));
        assertThat(bubble.innerText()).contains("diperbaiki");
        bubble.locator(".bubble__earlier > summary").click();
        assertThat(bubble.innerText()).contains(WRONG);
    }

    private void withdraw(Page page) {
        page.locator(".bubble--ours a[href$='/tarik']").click();
        assertThat(page.locator("#change-body").innerText()).contains(RIGHT);
        page.locator("#change-body form button").click();
        var bubble = page.locator(".bubble--ours", new Page.LocatorOptions().setHasText("Jawaban ini ditarik"));
        assertThat(bubble.locator("a[href$='/tarik']").count()).isZero();
        bubble.locator(".bubble__earlier > summary").click();
        assertThat(bubble.innerText()).contains(WRONG, RIGHT);
    }

    private void changeSent(ConversationRow row) {
        await(() ->
                Optional.ofNullable(answer(row).change()).filter(each -> each.state() == OutgoingStatus.State.SENT));
    }

    @Test
    void anAnswerIsCorrectedAndWithdrawnOnTheTrackingPageWithoutAScript() {
        var row = byForm();
        answered(row, "private");
        var host = "http://" + regency.tenant.tenant().host() + ":" + port;
        try (var desk = regency.signedIn(View.PHONE.withoutScript(), regency.rina, port);
                var citizen = Browser.open(View.PHONE.withoutScript(), host)) {
            var page = open(desk, row);
            var tracking = regency.open(citizen, "/lacak/r/" + SECRET);
            correct(page);
            Browser.assertNoSidewaysScrolling(page);
            Browser.picture(page, "answer-corrected-360");
            tracking.reload();
            assertThat(tracking.locator("main").innerText())
                    .contains(RIGHT, "diperbaiki")
                    .doesNotContain(WRONG);
            Browser.picture(tracking, "tracking-corrected-360");
            withdraw(page);
            tracking.reload();
            assertThat(tracking.locator("main").innerText())
                    .contains("Jawaban ini kami tarik")
                    .doesNotContain(WRONG, RIGHT);
            changeSent(row);
        }
        var answer = new Subject("message", answer(row).id().value());
        assertThat(context.getBean(Trail.class).about(regency.tenant.system(), answer).stream()
                        .map(each -> each.entry().verb()))
                .contains("inbox.answered", "inbox.corrected", "inbox.withdrawn");
    }

    @Test
    void whatACaseAnsweredIsCorrectedInItsTimelineToo() {
        var row = byForm();
        var found = regency.caseOf(regency.rina, row);
        var cases = context.getBean(Cases.class);
        cases.answer(regency.rina, found.id(), WRONG, "kasus-" + row.id(), found.version());
        sent(row);
        var first = answer(row).id();
        house.conversations.correct(regency.rina, row.id(), first, RIGHT, 0);
        assertThat(told(cases)).contains(RIGHT).doesNotContain(WRONG);
        // Another answer in the same words stays as it is.
        var again = cases.accessible(regency.rina, found.id()).orElseThrow();
        cases.answer(regency.rina, found.id(), RIGHT, "kasus-lagi-" + row.id(), again.version());
        house.conversations.correct(regency.rina, row.id(), first, WRONG, 1);
        assertThat(told(cases)).containsOnlyOnce(RIGHT).containsOnlyOnce(WRONG);
        house.conversations.withdraw(regency.rina, row.id(), first);
        assertThat(told(cases)).containsOnlyOnce(RIGHT).doesNotContain(WRONG);
    }

    /** The first line of each: the last one of an answer to a case announces its closing. */
    private List<String> told(Cases cases) {
        return cases.bySecret(regency.tenant.id(), SECRET).orElseThrow().shown().timeline().stream()
                .map(TimelineLine::text)
                .filter(Objects::nonNull)
                .map(text -> text.lines().findFirst().orElse(""))
                .toList();
    }

    @Test
    void anAnswerIsCorrectedAndWithdrawnInTheFediverse() {
        var row = byPost();
        answered(row, "public");
        var address = Objects.requireNonNull(
                Objects.requireNonNull(sent(row).status()).remoteKey());
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = open(browser, row);
            correct(page);
            changeSent(row);
            assertThat(get(page, address).body()).contains("Selasa").doesNotContain("Senin");
            // A colleague who still has the first wording before them does not undo the correction.
            assertThatThrownBy(() -> house.conversations.correct(
                            regency.rina, row.id(), answer(row).id(), "Lubang ditutup hari Rabu.", 0))
                    .isInstanceOf(RefusalException.class)
                    .hasMessageContaining("inbox.corrected-meanwhile");
            withdraw(page);
            changeSent(row);
            assertThat(get(page, address).body()).doesNotContain("Selasa", "Senin");
            Browser.assertAccessible(page);
        }
    }
}
