// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A citizen's report on the whole application: from the form on a phone to the answer on the tracking page. */
@WithDatabase
class PortalIntegrationTests {
    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    Regions regions;

    @Autowired
    Rules rules;

    @Autowired
    RoutingRules routing;

    @Autowired
    Cases cases;

    @Autowired
    Conversations conversations;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    TestTenant tenant;
    Actor officer;
    Actor liaison;

    @BeforeEach
    void aRegency() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        regions.save(
                tenant.system(),
                List.of(new Regions.District(
                        "99.01.02",
                        "Melati",
                        -7.36,
                        109.30,
                        List.of(new Regions.Village("99.01.02.2002", "Krajan", -7.38, 109.28)))));
        routing.save(
                tenant.system(),
                new RoutingRule(
                        Ids.next(),
                        1,
                        "Jalan rusak",
                        List.of("jalan"),
                        null,
                        null,
                        CaseKind.COMPLAINT,
                        "Jalan",
                        tenant.works(),
                        "Uji coba",
                        LocalDate.of(2020, 1, 1),
                        null));
    }

    @Test
    void aFormWithoutItsTokenIsRefusedAndStoresNothing() {
        var visitor = new Visitor(port, tenant.tenant().host());
        var shown = visitor.get("/lapor").page();
        var fields = Map.of(
                "key",
                        Objects.requireNonNull(shown.selectFirst("input[name=key]"))
                                .val(),
                "kind", "complaint",
                "text", "Jalan amblas di depan sekolah.",
                "identity", "open");
        assertThat(new Visitor(port, tenant.tenant().host())
                        .post("/lapor", fields)
                        .status())
                .isEqualTo(404);
        assertThat(cases.list(officer, new CaseFilter(null, null, null, false, false), null, 10)
                        .items())
                .isEmpty();
        // The same fields with the token are a report: nothing else was missing.
        assertThat(visitor.post("/lapor", fields).location()).startsWith("/lacak/r/");
        assertThat(cases.list(officer, new CaseFilter(null, null, null, false, false), null, 10)
                        .items())
                .hasSize(1);
    }

    @Test
    void whoReportsInEnglishIsAnsweredInEnglish() {
        var visitor = new Visitor(port, tenant.tenant().host());
        visitor.get("/lapor?lang=en");
        var to = visitor.post(
                        "/lapor?lang=en",
                        Map.of("kind", "complaint", "text", "The jalan collapsed near the school.", "identity", "open"))
                .location();
        assertThat(to).endsWith("/diterima");
        var said = "";
        var until = System.nanoTime() + java.time.Duration.ofSeconds(60).toNanos();
        while (!said.contains("KTG-") && System.nanoTime() < until) {
            visitor.get(to);
            said = visitor.get(to.replace("/diterima", "?lang=en")).page().text();
        }
        assertThat(said).contains("We recorded your report as KTG-").doesNotContain("Laporan Anda kami catat");
    }

    @Test
    void whatIsWrittenToALongClosedReportLeadsToANewOneAndIsNotSaidToBePartOfIt() {
        var visitor = new Visitor(port, tenant.tenant().host());
        visitor.get("/lapor");
        var to = visitor.post(
                        "/lapor",
                        Map.of("kind", "complaint", "text", "Jalan amblas di depan sekolah.", "identity", "open"))
                .location();
        visitor.get(to);
        var link = to.replace("/diterima", "");
        var secret = link.replace("/lacak/r/", "");
        var found = cases.bySecret(tenant.id(), secret).orElseThrow().id();
        cases.close(
                officer,
                found,
                "Selesai",
                cases.accessible(officer, found).orElseThrow().version());
        assertThat(visitor.get(link).page().text()).contains("Kirim keterangan");
        transactions.run(
                tenant.system(),
                () -> jdbc.sql("update casework.case set closed_at = closed_at - interval '400 days' where id = ?")
                        .param(found.value())
                        .update());
        assertThat(visitor.get(link).page().text())
                .contains("Masa membuka kembali laporan ini sudah lewat")
                .doesNotContain("Kirim keterangan");
        var late = "Lubangnya kembali lagi sejak kemarin.";
        // The page was open in the browser since before.
        var refused = visitor.post(link, Map.of("text", late));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(Objects.requireNonNull(refused.page().selectFirst("textarea[name=text]"))
                        .val())
                .isEqualTo(late);
        var form = Objects.requireNonNull(refused.page().selectFirst("form[action=/lapor]"));
        var next = visitor.post(
                form.attr("action"),
                Map.of("lanjut", form.select("[name=lanjut]").val(), "text", late));
        assertThat(next.status()).isEqualTo(200);
        assertThat(Objects.requireNonNull(next.page().selectFirst("textarea[name=text]"))
                        .val())
                .isEqualTo(late);
        assertThat(next.page().select(".govuk-error-summary")).isEmpty();
        assertThat(cases.bySecret(tenant.id(), secret).orElseThrow().messages())
                .noneMatch(each -> late.equals(each.text()));
    }

    @Test
    void aReportIsFollowedFromTheFormToTheAnswerOnAPhoneWithoutAScript() throws IOException {
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/");
            page.locator(".door--main a").click();
            fill(page, "Jalan amblas di depan sekolah. Mohon segera dicek.", "anonymous");
            page.locator("#photos")
                    .setInputFiles(new FilePayload[] {new FilePayload("jalan.png", "image/png", photo())});
            page.locator("main form button[type=submit]").click();
            var number = page.locator(".public-number").innerText();
            var link = page.locator("#secret-link").innerText();
            assertThat(number).matches("KTG-\\d{4}-\\d{6}");

            page.navigate("/lacak?nomor=" + number.toLowerCase(java.util.Locale.ROOT));
            assertThat(page.locator("main").innerText()).contains("Dinas PUPR").doesNotContain("amblas");

            var conversation = conversations
                    .list(officer, ConversationFilter.of(ConversationFilter.Box.OPEN), null, 10)
                    .items()
                    .getFirst();
            var found = cases.ofConversation(officer, conversation.id()).orElseThrow();
            cases.forward(officer, found.id(), tenant.works(), "Mohon ditindaklanjuti.", found.version());
            var theirs = cases.accessible(liaison, found.id()).orElseThrow();
            cases.answer(liaison, found.id(), "Rambu dipasang sore ini.", "answer-1", theirs.version());

            page.navigate(link);
            assertThat(page.locator("main").innerText())
                    .contains("amblas")
                    .contains("Rambu dipasang sore ini.")
                    .contains("Diteruskan ke Dinas PUPR")
                    .doesNotContain("Mohon ditindaklanjuti.");
            assertThat(page.locator(".spoken img[alt='Gambar dari Anda']").count())
                    .isEqualTo(1);
            page.locator("#text").fill("Lubangnya muncul lagi.");
            page.locator("#photos")
                    .setInputFiles(new FilePayload[] {new FilePayload("lagi.png", "image/png", photo())});
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("[role=status]").first().isVisible()).isTrue();
            var until = System.nanoTime() + 5_000_000_000L;
            while (!page.locator("main").innerText().contains("Lubangnya muncul lagi.") && System.nanoTime() < until) {
                page.waitForTimeout(200);
                page.navigate(link);
            }
            assertThat(page.locator("main").innerText()).contains("Lubangnya muncul lagi.");
            assertThat(page.locator(".spoken").last().innerText()).contains("Lubangnya muncul lagi.");
            assertThat(page.locator(".spoken").last().locator("img").count()).isEqualTo(1);
            var read =
                    conversations.messages(officer, conversation.id(), null, 20).items();
            assertThat(read.stream().mapToInt(message -> message.files().size()).sum())
                    .isEqualTo(2);
            Browser.picture(page, "whole-reporter-360");
        }
    }

    @Test
    void aFormPostedTwiceOpensOneCaseAndShowsOneLink() {
        var visitor = new Visitor(port, tenant.tenant().host());
        var key = Objects.requireNonNull(visitor.get("/lapor").page().selectFirst("main input[name=key]"))
                .attr("value");
        var form = Map.of("key", key, "text", "Jalan rusak di tikungan pasar, kirim dua kali.", "identity", "open");
        var links = new HashSet<String>();
        for (var n = 0; n < 3; n++) {
            var answer = visitor.post("/lapor", form);
            assertThat(answer.status()).isEqualTo(302);
            links.add(answer.location());
        }
        assertThat(links).hasSize(1);
        assertThat(visitor.get(links.iterator().next()).body()).containsPattern("KTG-\\d{4}-\\d{6}");
        var opened = cases.list(officer, CaseFilter.open(), null, 10).items();
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().kind())
                .as("left open, so the rule said what it is")
                .isEqualTo(CaseKind.COMPLAINT);
    }

    @Test
    void aConfidentialReportIsNotThereForThePublicButIsForItsReporter() {
        try (var context = Browser.open(View.PHONE, base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Ada pungutan di loket pendaftaran jalan Melati.", "confidential");
            page.locator("main form button[type=submit]").click();
            var number = page.locator(".public-number").innerText();
            var link = page.locator("#secret-link").innerText();
            var answer = page.navigate("/lacak/" + number);
            assertThat(answer.status()).isEqualTo(404);
            page.navigate(link);
            assertThat(page.locator("main").innerText()).contains("pungutan");
            Browser.assertAccessible(page);
            page.navigate("/");
            Browser.assertAccessible(page);
            page.navigate("/aturan");
            Browser.picture(page, "whole-rules-360");
            Browser.assertAccessible(page);
        }
    }

    @Test
    void aLinkOfAnotherRegencyOpensNothing() {
        String link;
        try (var context = Browser.open(View.PHONE.withoutScript(), base())) {
            var page = context.newPage();
            page.navigate("/lapor");
            fill(page, "Jalan berlubang di dekat pasar, sudah lama.", "open");
            page.locator("main form button[type=submit]").click();
            link = page.locator("#secret-link").innerText();
        }
        var other = "http://" + tenants.found().tenant().host() + ":" + port;
        try (var context = Browser.open(View.PHONE, other)) {
            var page = context.newPage();
            assertThat(page.navigate(link.replace(base(), other)).status()).isEqualTo(404);
            assertThat(page.navigate(link).status()).isEqualTo(200);
        }
    }

    private static void fill(Page page, String text, String identity) {
        page.locator("input[name=kind][value=complaint]").check();
        page.locator("#text").fill(text);
        page.locator("#district").selectOption("99.01.02");
        page.locator("#village").selectOption("99.01.02.2002");
        page.locator("input[name=identity][value=" + identity + "]").check();
    }

    private static byte[] photo() throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }

    private String base() {
        return "http://" + tenant.tenant().host() + ":" + port;
    }
}
