// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import id.kentongan.channel.Attachment;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

/** The citizen's way through the portal, on a small phone. */
@ActiveProfiles("portal-alone")
@SpringBootTest(classes = PortalApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class PortalTests {
    @LocalServerPort
    int port;

    @Autowired
    PortalApplication.World world;

    @Test
    void aCitizenReportsAndFollowsUpOnAPhoneWithoutAScript() throws IOException {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/");
            page.locator(".door--main a").click();
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator(".govuk-error-summary").innerText()).contains("Ada 2 hal");
            Browser.picture(page, "portal-report-errors-360");

            fill(page, "Jalan di depan SDN 2 amblas setengah badan jalan.\nTolong segera dicek.");
            page.locator("#photos")
                    .setInputFiles(new FilePayload[] {new FilePayload("jalan.jpg", "image/jpeg", photoWithPosition())});
            page.locator("main form button[type=submit]").click();
            assertThat(page.url()).endsWith("/diterima");
            assertThat(page.locator(".public-number").innerText()).isEqualTo("KTG-2026-004217");
            Browser.picture(page, "portal-receipt-360");
            var link = page.locator("#secret-link").innerText();
            assertThat(link).matches("http://localhost:" + port + "/lacak/r/[a-z2-7]{26}");

            page.navigate(link);
            assertThat(page.locator("main").innerText())
                    .contains("Dinas PUPR akan menjawab paling lambat Kamis, 26 November 2026.")
                    .contains("Tolong segera dicek.");
            assertThat(page.locator(".spoken img[alt='Gambar dari Anda']").count())
                    .isEqualTo(1);
            page.locator("#text").fill("Lubangnya bertambah besar.");
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("[role=status]").first().innerText()).contains("kami terima");
            assertThat(world.added).contains("Lubangnya bertambah besar.");
            Browser.picture(page, "portal-reporter-360");

            var sent = world.bySecret(link.substring(link.lastIndexOf('/') + 1)).orElseThrow();
            assertThat(sent.hints())
                    .containsEntry("kind", "complaint")
                    .containsEntry("identity", "anonymous")
                    .containsEntry("district", "99.01.02")
                    .containsEntry("village", "99.01.02.2002");
            var photo = sent.files().getFirst();
            assertThat(new String(bytesOf(photo), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Exif")
                    .doesNotContain("SECRET-POSITION");
            assertThat(ImageIO.read(new ByteArrayInputStream(bytesOf(photo))).getWidth())
                    .isEqualTo(40);
        }
    }

    @Test
    void aFormPostedTwiceMakesOneReportWithOneLink() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            var form = FormData.create()
                    .set("_csrf", page.locator("main input[name=_csrf]").inputValue())
                    .set("key", page.locator("main input[name=key]").inputValue())
                    .set("kind", "complaint")
                    .set("text", "Lampu jalan mati dari simpang tiga sampai pasar.")
                    .set("identity", "open");
            var before = world.sent.size();
            var first = context.request()
                    .post("/lapor", RequestOptions.create().setMultipart(form).setMaxRedirects(0));
            var second = context.request()
                    .post("/lapor", RequestOptions.create().setMultipart(form).setMaxRedirects(0));
            assertThat(first.headers().get("location")).contains("/lacak/r/");
            assertThat(second.headers().get("location"))
                    .isEqualTo(first.headers().get("location"));
            assertThat(world.sent).hasSize(before + 1);
        }
    }

    @Test
    void aScriptInEveryFieldStaysText() {
        try (var context = Browser.open(View.PHONE, base())) {
            var page = context.newPage();
            var said = new ArrayList<String>();
            page.onDialog(dialog -> {
                said.add(dialog.message());
                dialog.dismiss();
            });
            page.navigate("/lapor");
            var evil = "<script>alert('x')</script><img src=x onerror=alert(1)> sepuluh huruf";
            fill(page, evil);
            page.locator("#landmark").fill(evil);
            page.locator("#name").fill("<b onmouseover=alert(2)>Wati</b>");
            page.locator("main form button[type=submit]").click();
            page.navigate(page.locator("#secret-link").innerText());
            assertThat(page.locator("h1").innerText()).isEqualTo(evil);
            assertThat(page.locator("main script, main img").count()).isZero();
            assertThat(said).isEmpty();
        }
    }

    @Test
    void aScriptInPlaceOfAChoiceIsRefusedAndShownAsText() {
        try (var context = Browser.open(View.PHONE, base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            var before = world.sent.size();
            var evil = "\"><script>alert(1)</script>";
            for (var field :
                    List.of("kind", "district", "village", "identity", "lat", "lon", "contact", "website", "key")) {
                var form = FormData.create()
                        .set("_csrf", page.locator("main input[name=_csrf]").inputValue())
                        .set("text", "Lampu jalan mati dari simpang tiga sampai pasar.");
                if (!field.equals("identity")) {
                    form = form.set("identity", "open");
                }
                if (field.equals("key") || field.equals("lat") || field.equals("lon")) {
                    // Set by the page itself, so what is odd is dropped; the rest of the form is what it was.
                    form = form.set("website", "http://spam.example");
                }
                var answer =
                        context.request().post("/lapor", RequestOptions.create().setMultipart(form.set(field, evil)));
                assertThat(answer.status()).as(field).isEqualTo(422);
                assertThat(answer.text()).as(field).doesNotContain("<script>alert(1)");
            }
            assertThat(world.sent).hasSize(before);
        }
    }

    @Test
    void theKindMayBeLeftOpen() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            for (var choice : List.of("", "unsure")) {
                page.navigate("/lapor");
                page.locator("#text").fill("Saya tidak tahu ini urusan siapa " + choice);
                page.locator("input[name=identity][value=open]").check();
                if (!choice.isEmpty()) {
                    page.locator("input[name=kind][value=" + choice + "]").check();
                }
                page.locator("main form button[type=submit]").click();
                var link = page.locator("#secret-link").innerText();
                var sent = world.bySecret(link.substring(link.lastIndexOf('/') + 1))
                        .orElseThrow();
                assertThat(sent.hints()).doesNotContainKey("kind");
            }
        }
    }

    @Test
    void aReportIsWrittenAndSentWithTheKeyboardAlone() {
        try (var context = Browser.open(View.DESKTOP, base())) {
            var page = context.newPage();
            page.navigate("/");
            page.keyboard().press("Tab");
            assertThat(focused(page)).contains("govuk-skip-link");
            page.keyboard().press("Enter");
            tabTo(page, "/lapor");
            page.keyboard().press("Enter");
            page.waitForURL("**/lapor");
            tabTo(page, "name=\"kind\"");
            page.keyboard().press("ArrowDown");
            tabTo(page, "name=\"text\"");
            page.keyboard().type("Usul ada penyeberangan di depan pasar.");
            tabTo(page, "id=\"map\"");
            page.keyboard().press("Enter");
            assertThat(page.locator("#village").inputValue()).startsWith("99.01.");
            tabTo(page, "name=\"identity\"");
            page.keyboard().press("Space");
            tabTo(page, "type=\"submit\"");
            page.keyboard().press("Enter");
            page.waitForURL("**/diterima");
            assertThat(page.locator(".public-number").isVisible()).isTrue();
        }
    }

    @Test
    void photosAddedLaterAreCleanedTooAndWhatIsNoneKeepsTheWords() throws IOException {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Jembatan bambu putus sejak tadi malam.");
            page.locator("main form button[type=submit]").click();
            var link = page.locator("#secret-link").innerText();
            page.navigate(link);
            page.locator("#text").fill("Ini berkas yang keliru.");
            page.locator("#photos").setInputFiles(new FilePayload[] {
                new FilePayload("foto.png", "image/png", "PK not a photo".getBytes(StandardCharsets.UTF_8))
            });
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("#photos-error").innerText()).contains("bukan foto");
            assertThat(page.locator("#text").inputValue()).isEqualTo("Ini berkas yang keliru.");
            assertThat(world.addedFiles).isEmpty();
            page.locator("#text").fill("Ini fotonya.");
            page.locator("#photos")
                    .setInputFiles(new FilePayload[] {new FilePayload("a.jpg", "image/jpeg", photoWithPosition())});
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("[role=status]").first().innerText()).contains("kami terima");
            assertThat(new String(bytesOf(world.addedFiles.getFirst()), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Exif");
        }
    }

    @Test
    void aThousandGuessesOfNumbersAndLinksAreCutOffAfterAFew() throws Exception {
        // From an address of its own, so that the other tests' visitors are not shut out with it.
        try (var client = HttpClient.newBuilder()
                .localAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 77}))
                .build()) {
            var refused = 0;
            var absent = 0;
            for (var n = 0; n < 1_000; n++) {
                var path = n % 2 == 0
                        ? "/lacak/KTG-2026-%06d".formatted(500_000 + n)
                        : "/lacak/r/" + SecretLink.secretOf(SecretLink.newKey());
                var status = client.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                        .header("Accept", "text/html")
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                assertThat(status).isIn(404, 429);
                absent += status == 404 ? 1 : 0;
                refused += status == 429 ? 1 : 0;
            }
            assertThat(absent).isEqualTo(Visitors.MISSES);
            assertThat(refused).isEqualTo(1_000 - Visitors.MISSES);
            var known = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/lacak/KTG-2026-004217"))
                            .header("Accept", "text/html")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(known.statusCode()).as("a hit after guessing").isEqualTo(429);
            assertThat(known.body()).contains("sepuluh menit");
        }
    }

    @Test
    void whatIsNoPhotoIsRefusedAndNothingIsSent() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Ini laporan dengan berkas yang bukan foto.");
            var before = world.sent.size();
            page.locator("#photos").setInputFiles(new FilePayload[] {
                new FilePayload("foto.jpg", "image/jpeg", "MZ this is a program".getBytes(StandardCharsets.UTF_8))
            });
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("#photos-error").innerText()).contains("bukan foto");
            assertThat(page.locator("#text").inputValue()).contains("bukan foto");
            assertThat(world.sent).hasSize(before);
        }
    }

    @Test
    void aPhotoThatIsTooLargeIsAnsweredBesideItsField() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Laporan dengan foto yang terlalu besar.");
            page.locator("#photos")
                    .setInputFiles(
                            new FilePayload[] {new FilePayload("besar.jpg", "image/jpeg", new byte[14_000_000])});
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("#photos-error").innerText()).contains("10 MB");
        }
    }

    @Test
    void robotsThatFillTheTrapSendNothing() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Beli obat murah di sini sekarang juga.");
            var before = world.sent.size();
            var csrf = page.locator("main input[name=_csrf]").inputValue();
            var answer = context.request()
                    .post(
                            "/lapor",
                            RequestOptions.create()
                                    .setMultipart(FormData.create()
                                            .set("_csrf", csrf)
                                            .set("kind", "complaint")
                                            .set("text", "Beli obat murah di sini sekarang juga.")
                                            .set("identity", "open")
                                            .set("website", "http://spam.example")));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(world.sent).hasSize(before);
        }
    }

    @Test
    void aFormWithoutItsTokenIsRefused() {
        try (var context = Browser.open(View.PHONE, base())) {
            var before = world.sent.size();
            var answer = context.request()
                    .post(
                            "/lapor",
                            RequestOptions.create()
                                    .setHeader("Accept", "text/html")
                                    .setMultipart(FormData.create()
                                            .set("kind", "complaint")
                                            .set("text", "Laporan tanpa token dari situs lain.")
                                            .set("identity", "open")));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).contains("Formulir ini perlu dibuka lagi").contains("/lapor");
            assertThat(world.sent).hasSize(before);
        }
    }

    @Test
    void theHomePageIsSmallAndComesFromUsAlone() {
        try (var context = Browser.open(View.PHONE, base())) {
            var page = context.newPage();
            var foreign = new ArrayList<String>();
            page.onRequest(request -> {
                if (!request.url().startsWith(base())) {
                    foreign.add(request.url());
                }
            });
            var bytes = new long[1];
            page.onRequestFinished(request -> {
                var sizes = request.sizes();
                bytes[0] += sizes.responseBodySize + sizes.responseHeadersSize;
            });
            page.navigate("/");
            page.waitForLoadState();
            page.waitForTimeout(300);
            System.out.println("portal home transfers " + bytes[0] + " bytes");
            assertThat(bytes[0]).isBetween(5_000L, 100_000L);
            assertThat(foreign).isEmpty();
        }
    }

    @Test
    void whatCanBeKeptIsKeptAndWhatCanBeSmallIsSmall() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var home = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                            .header("Accept", "text/html")
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(home.headers().firstValue("content-encoding")).contains("gzip");
            assertThat(home.headers().firstValue("cache-control").orElse(""))
                    .as("a page with a form's token is nobody else's")
                    .doesNotContain("public");
            var html = new String(
                    new java.util.zip.GZIPInputStream(new ByteArrayInputStream(home.body())).readAllBytes(),
                    StandardCharsets.UTF_8);
            var assets = java.util.regex.Pattern.compile("(?:href|src)=\"(/assets/[^\"#]+)")
                    .matcher(html)
                    .results()
                    .map(found -> found.group(1))
                    .distinct()
                    .toList();
            assertThat(assets).hasSizeGreaterThanOrEqualTo(3);
            for (var asset : assets) {
                assertThat(asset).as("named after its content").containsPattern("-[0-9a-f]{32}\\.");
                var got = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + asset))
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(got.statusCode()).as(asset).isEqualTo(200);
                assertThat(got.headers().firstValue("cache-control").orElse(""))
                        .as(asset)
                        .contains("max-age=31536000")
                        .contains("immutable");
                if (got.body().length > 1024) {
                    assertThat(got.headers().firstValue("content-encoding"))
                            .as(asset)
                            .contains("gzip");
                }
            }
        }
    }

    @Test
    void everyPageIsAccessibleInBothLanguagesAndFitsASmallPhone() {
        for (var language : List.of("id", "en")) {
            for (var path : List.of(
                    "/",
                    "/lapor",
                    "/lacak",
                    "/lacak/KTG-2026-004217",
                    "/lacak/KTG-2026-000009",
                    "/lacak/KTG-2026-000010",
                    "/perangkat-daerah",
                    "/perangkat-daerah?q=sepeda",
                    "/aturan",
                    "/cara-menghitung",
                    "/privasi",
                    "/aksesibilitas",
                    "/tidak-ada")) {
                look(path, language, View.PHONE);
            }
        }
        look("/", "id", View.DESKTOP);
        look("/", "id", View.DESKTOP.inTheDark());
        look("/lapor", "id", View.DESKTOP);
        look("/lapor", "id", View.PHONE.inTheDark());
        look("/aturan", "id", View.DESKTOP);
        look("/perangkat-daerah", "id", View.DESKTOP);
        look("/lacak/KTG-2026-004217", "id", View.DESKTOP.inTheDark());
    }

    @Test
    void aDraftComesBackAndAPinChoosesItsVillage() {
        try (var context = Browser.open(View.DESKTOP, base())) {
            var page = context.newPage();
            var complaints = new ArrayList<String>();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.navigate("/lapor");
            page.locator("#text").fill("Setengah jadi, nanti saya lanjutkan.");
            page.waitForTimeout(600);
            page.reload();
            assertThat(page.locator("#text").inputValue()).isEqualTo("Setengah jadi, nanti saya lanjutkan.");
            assertThat(page.locator("[data-draft-note]").isVisible()).isTrue();
            page.locator("#map").scrollIntoViewIfNeeded();
            page.locator("#map").click();
            assertThat(page.locator("#village").inputValue()).startsWith("99.01.");
            assertThat(page.locator("[name=lat]").inputValue()).startsWith("-7.");
            Browser.picture(page, "portal-report-pin-1440");
            Browser.assertAccessible(page);
            page.locator("[data-draft-forget]").click();
            page.reload();
            assertThat(page.locator("#text").inputValue()).isEmpty();
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void theNextVisitorOfASharedComputerFindsNoNameNoOldWordsAndNothingProtected() {
        try (var context = Browser.open(View.DESKTOP, base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            page.locator("#name").fill("Bu Sri (rekaan)");
            page.locator("#contact").fill("sri@warga.example");
            page.locator("#text").fill("Setengah jadi, nanti saya lanjutkan.");
            page.waitForFunction("() => (localStorage.getItem('kentongan:report') || '').includes('Setengah')");
            assertThat(kept(page)).doesNotContain("Sri", "sri@warga.example");
            page.navigate("/lapor");
            assertThat(page.locator("#text").inputValue()).startsWith("Setengah jadi");
            assertThat(page.locator("#name").inputValue()).isEmpty();

            page.evaluate("() => { const d = JSON.parse(localStorage.getItem('kentongan:report'));"
                    + " d.at -= 25 * 60 * 60 * 1000; localStorage.setItem('kentongan:report', JSON.stringify(d)); }");
            page.navigate("/lapor");
            assertThat(page.locator("#text").inputValue()).isEmpty();
            assertThat(kept(page)).isEqualTo("null");

            for (var choice : List.of(
                    "[name=identity][value=anonymous]",
                    "[name=identity][value=confidential]",
                    "[name=kind][value=whistle-blowing]")) {
                page.navigate("/lapor");
                page.locator("#text").fill("Pungutan di loket.");
                page.waitForFunction("() => localStorage.getItem('kentongan:report') !== null");
                page.locator(choice).check();
                assertThat(kept(page)).as(choice).isEqualTo("null");
                page.locator("#text").fill("Pungutan di loket pendaftaran.");
                page.waitForTimeout(600);
                assertThat(kept(page)).as(choice).isEqualTo("null");
            }
        }
    }

    private static String kept(Page page) {
        return String.valueOf(page.evaluate("() => localStorage.getItem('kentongan:report')"));
    }

    @Test
    void aSecretPageIsKeptNowhereAndTellsNobody() {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Pungutan di loket pendaftaran, mohon dirahasiakan.");
            page.locator("main form button[type=submit]").click();
            var headers = context.request()
                    .get(page.locator("#secret-link").innerText())
                    .headers();
            assertThat(headers.get("cache-control")).contains("no-store");
            assertThat(headers.get("referrer-policy")).isEqualTo("no-referrer");
            assertThat(headers.get("x-robots-tag")).contains("noindex");
        }
    }

    @Test
    void aNumberMayBeTypedAsPeopleTypeIt() {
        assertThat(PublicNumber.tidy(" #ktg 2026 4217 ")).contains("KTG-2026-004217");
        assertThat(PublicNumber.tidy("KTG-2026-004217")).contains("KTG-2026-004217");
        assertThat(PublicNumber.tidy("../../etc")).isEmpty();
        assertThat(PublicNumber.tidy("4217")).isEmpty();
    }

    private void look(String path, String language, View view) {
        try (var context = Browser.open(view, base())) {
            var page = context.newPage();
            page.navigate(path + (path.contains("?") ? "&" : "?") + "lang=" + language);
            var name = path.equals("/") ? "home" : path.substring(1).replaceAll("[^a-zA-Z0-9]+", "-");
            Browser.picture(
                    page,
                    "portal-" + name + "-" + view.width() + (view.dark() ? "-dark" : "")
                            + (language.equals("id") ? "" : "-" + language));
            assertThat(page.locator("html").getAttribute("lang")).isEqualTo(language);
            Browser.assertAccessible(page);
            Browser.assertNoSidewaysScrolling(page);
            assertThat(page.locator("body").innerText()).doesNotContain("??");
        }
    }

    private static String focused(Page page) {
        return (String) page.evaluate("() => document.activeElement.outerHTML");
    }

    /** Presses Tab until the focus is on what contains the piece. */
    private static void tabTo(Page page, String piece) {
        for (var n = 0; n < 60; n++) {
            page.keyboard().press("Tab");
            var at = focused(page);
            if (at.substring(0, Math.min(at.length(), 400)).contains(piece)) {
                return;
            }
        }
        throw new AssertionError("Tab never reaches " + piece);
    }

    private static void fill(Page page, String text) {
        page.locator("input[name=kind][value=complaint]").check();
        page.locator("#text").fill(text);
        page.locator("#district").selectOption("99.01.02");
        page.locator("#village").selectOption("99.01.02.2002");
        page.locator("input[name=identity][value=anonymous]").check();
    }

    /** A JPEG of 40 by 20 that carries an Exif block with something that must not travel. */
    static byte[] photoWithPosition() throws IOException {
        var image = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, 40, 20);
        graphics.dispose();
        var plain = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", plain);
        var hidden = "Exif\0\0MM\0*\0\0\0\10\0\0SECRET-POSITION".getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream();
        out.write(plain.toByteArray(), 0, 2);
        out.write(0xFF);
        out.write(0xE1);
        out.write((hidden.length + 2) >> 8);
        out.write(hidden.length + 2);
        out.write(hidden);
        out.write(plain.toByteArray(), 2, plain.size() - 2);
        return out.toByteArray();
    }

    private static byte[] bytesOf(Attachment photo) {
        var content = photo.content();
        assertThat(content).isNotNull();
        return content;
    }

    private String base() {
        return "http://localhost:" + port;
    }
}
