// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.WithDatabase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** Every page of the desk in a real browser: on a phone and a desktop, light and dark, in both languages. */
@WithDatabase
class DeskPagesTests {
    private final SoftAssertions soft = new SoftAssertions();

    @LocalServerPort
    int port;

    DeskHouse house;

    @Autowired
    void house(ApplicationContext context) {
        house = new DeskHouse(context);
    }

    @Test
    void everyPageIsAccessibleOnPhoneAndDesktopInLightAndDarkAndBothLanguages() throws Exception {
        var regency = aWorkingDay(house.new Regency());
        var open = regency.withCase(regency.rina, "Lubangnya tambah besar");
        var found = regency.caseOf(regency.rina, open);
        var auditor = regency.officer("Asri Teliti", regency.tenant.office(), true, Role.AUDITOR);
        var head = regency.officer("Kepala Rekaan", regency.tenant.works(), false, Role.HEAD);
        var paths = Map.of(
                "inbox", "/desk",
                "inbox-empty", "/desk?kotak=terlambat",
                "conversation", "/desk/percakapan/" + open.id(),
                "cases", "/desk/kasus",
                "case", "/desk/kasus/" + found.id(),
                "work", "/desk/pekerjaan",
                "numbers", "/desk/angka",
                "search", "/desk/cari?q=jalan",
                "help", "/desk/bantuan");
        look(regency, View.DESKTOP, regency.rina, paths, "");
        look(regency, View.PHONE.inTheDark(), regency.rina, paths, "");
        var main = Map.of(
                "inbox", "/desk",
                "conversation", "/desk/percakapan/" + open.id(),
                "case", "/desk/kasus/" + found.id());
        look(regency, View.DESKTOP.inTheDark(), regency.rina, main, "");
        look(regency, View.PHONE, regency.rina, withEnglish(main), "-en");
        look(regency, View.PHONE, regency.rina, main, "");
        look(regency, View.DESKTOP, regency.rina, withEnglish(paths), "-en");
        look(
                regency,
                View.DESKTOP,
                auditor,
                Map.of("auditor", "/desk/percakapan/" + open.id(), "trail", "/desk/jejak"),
                "");
        look(regency, View.PHONE, auditor, Map.of("auditor", "/desk/kasus/" + found.id(), "trail", "/desk/jejak"), "");
        var summary = Map.of("head", "/desk", "head-week", "/desk/ringkasan?hari=7");
        look(regency, View.DESKTOP, head, summary, "");
        look(regency, View.PHONE, head, summary, "");
        look(regency, View.PHONE.inTheDark(), head, withEnglish(summary), "-en");
        look(regency, View.DESKTOP, regency.hendra, Map.of("liaison", "/desk/kasus/" + found.id()), "");
        soft.assertAll();
    }

    private static Map<String, String> withEnglish(Map<String, String> paths) {
        var english = new java.util.TreeMap<String, String>();
        paths.forEach((name, path) -> english.put(name, path + (path.contains("?") ? "&" : "?") + "lang=en"));
        return english;
    }

    private void look(Regency regency, View view, Actor who, Map<String, String> paths, String suffix) {
        try (var context = regency.signedIn(view, who, port)) {
            for (var each : paths.entrySet()) {
                var page = context.newPage();
                var complaints = complaints(page);
                var answer = page.navigate(each.getValue());
                assertThat(answer.status()).as(each.getValue()).isEqualTo(200);
                page.waitForFunction("() => [...document.images].every(i => i.complete)");
                Browser.picture(
                        page,
                        "desk-" + each.getKey() + "-" + view.width() + (view.dark() ? "-dark" : "") + suffix,
                        view.width() < 1000 || each.getKey().matches("numbers|cases|trail|work|help|search|head"));
                soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
                soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page))
                        .doesNotThrowAnyException();
                soft.assertThat(complaints).as(each.getValue()).isEmpty();
                page.close();
            }
        }
    }

    static List<String> complaints(Page page) {
        var complaints = new ArrayList<String>();
        page.onConsoleMessage(message -> {
            // The tests reach imaginary hosts over plain HTTP, where this header has no effect.
            if (message.type().equals("error") && !message.text().contains("Cross-Origin-Opener-Policy")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return complaints;
    }

    /** Conversations of every sort, one of them long. */
    Regency aWorkingDay(Regency regency) throws Exception {
        var key = "https://warga.example/1/" + regency.tenant.id();
        regency.receives(new Item.Said(
                key + "/a",
                regency.ago(Duration.ofHours(30)),
                regency.author("wati"),
                Audience.PUBLIC,
                null,
                "Min, jalan depan SDN 2 Melati amblas setengah badan jalan. Tolong segera dicek, anak-anak lewat situ tiap pagi.",
                null,
                "id",
                "https://warga.example/@wati/1",
                true,
                List.of(new Attachment(null, "image/png", "Lubang besar berisi air di tengah jalan", picture())),
                Map.of()));
        var row = regency.withCase(regency.rina, "Min, jalan depan");
        house.conversations.reply(
                regency.rina,
                row.id(),
                "public",
                "Terima kasih, Bu. Laporan tercatat dan sudah di Dinas PUPR.",
                "pertama-" + regency.tenant.id(),
                null);
        house.conversations.note(
                regency.budi,
                row.id(),
                "Gorong-gorong di bawahnya runtuh, perlu alat berat. Jangan menjanjikan tanggal selesai dahulu.");
        house.conversations.markRead(regency.rina, row.id());
        regency.receives(new Item.Said(
                key + "/b",
                regency.ago(Duration.ofMinutes(-1)),
                regency.author("wati"),
                Audience.PUBLIC,
                key + "/a",
                "Lubangnya tambah besar habis hujan tadi, Bu. Boleh dipasang pembatas?",
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of()));
        regency.receives(
                regency.said(
                        key + "/c",
                        "sri",
                        null,
                        Duration.ofMinutes(40),
                        "KTP saya sudah dua bulan belum jadi, ke mana saya harus bertanya?"),
                regency.said(
                        key + "/d",
                        "darto",
                        null,
                        Duration.ofMinutes(4),
                        "Air sudah masuk rumah, ibu saya tidak bisa jalan. Tolong!"),
                new Item.Said(
                        key + "/e",
                        regency.ago(Duration.ofHours(3)),
                        regency.author("lestari"),
                        Audience.DIRECT,
                        null,
                        "Apakah Puskesmas Melati buka pada hari Minggu?",
                        "kesehatan",
                        "id",
                        null,
                        true,
                        List.of(),
                        Map.of()));
        regency.receives(new Item.Edited(
                key + "/c2",
                regency.ago(Duration.ofMinutes(20)),
                null,
                key + "/c",
                "KTP saya sudah tiga bulan belum jadi, ke mana saya harus bertanya?",
                null,
                List.of(),
                null));
        regency.form("", "Ada pungutan di loket pendaftaran.", Map.of("kind", "whistle-blowing"));
        regency.form(
                "",
                "Lampu jalan mati dari simpang tiga sampai pasar.",
                Map.of("kind", "complaint", "identity", "anonymous"));
        regency.form("Yayasan Tirta Rekaan", "Kami memohon salinan RKPD 2027.", Map.of("kind", "information-request"));
        regency.withCase(regency.rina, "Kami memohon salinan");
        regency.withCase(regency.rina, "Lampu jalan mati");
        house.conversations.assign(
                regency.budi, regency.row(regency.budi, "KTP saya").id(), regency.budi.officer());
        return regency;
    }

    static byte[] picture() throws Exception {
        var image = new BufferedImage(224, 144, BufferedImage.TYPE_INT_RGB);
        var g = image.createGraphics();
        g.setColor(new java.awt.Color(0xE8EEF6));
        g.fillRect(0, 0, 224, 60);
        g.setColor(new java.awt.Color(0x4A525C));
        g.fillRect(0, 60, 224, 84);
        g.setColor(new java.awt.Color(0x1B1F24));
        g.fillOval(60, 80, 100, 40);
        g.dispose();
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
