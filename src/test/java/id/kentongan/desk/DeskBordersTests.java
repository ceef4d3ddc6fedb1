// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseTeams;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.WithDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Ids of another tenant or agency answer every route like ids of nothing; roles without words see none. */
@WithDatabase
class DeskBordersTests {
    /** Pages without an id: who may open them is tested one by one. */
    private static final List<String> WITHOUT_IDS = List.of(
            "GET /desk",
            "GET /desk/alir",
            "GET /desk/angka",
            "GET /desk/bantuan",
            "GET /desk/cari",
            "GET /desk/jejak",
            "GET /desk/kasus",
            "GET /desk/pekerjaan",
            "GET /desk/pemberitahuan",
            "POST /desk/pemberitahuan",
            "GET /desk/ringkasan");

    private static final List<String> WITH_IDS = List.of(
            "GET /desk/percakapan/{id}",
            "GET /desk/percakapan/{id}/berkas/{message}/{index}",
            "GET /desk/percakapan/{id}/kontak",
            "GET /desk/percakapan/{id}/kontak/{message}",
            "POST /desk/percakapan/{id}/kontak/gabung",
            "POST /desk/percakapan/{id}/kontak/pisah",
            "POST /desk/percakapan/{id}/kontak/beda",
            "GET /desk/percakapan/{id}/pesan/{message}/ubah",
            "GET /desk/percakapan/{id}/pesan/{message}/tarik",
            "POST /desk/percakapan/{id}/pesan/{message}/ubah",
            "POST /desk/percakapan/{id}/pesan/{message}/tarik",
            "GET /desk/kasus/{id}",
            "POST /desk/percakapan/{id}/jawab",
            "POST /desk/percakapan/{id}/draf",
            "POST /desk/percakapan/{id}/draf/pakai/{other}",
            "POST /desk/percakapan/{id}/draf/hapus/{other}",
            "POST /desk/percakapan/{id}/siap/{canned}",
            "POST /desk/percakapan/{id}/serahkan",
            "POST /desk/percakapan/{id}/selesai",
            "POST /desk/percakapan/{id}/buka",
            "POST /desk/percakapan/{id}/kasus",
            "POST /desk/percakapan/{id}/alasan",
            "POST /desk/kasus/{id}/verifikasi",
            "POST /desk/kasus/{id}/disposisi",
            "POST /desk/kasus/{id}/jawab",
            "POST /desk/kasus/{id}/kembalikan",
            "POST /desk/kasus/{id}/tunda",
            "POST /desk/kasus/{id}/lanjutkan",
            "POST /desk/kasus/{id}/bukan-wewenang",
            "POST /desk/kasus/{id}/arsipkan",
            "POST /desk/kasus/{id}/bantuan",
            "POST /desk/kasus/{id}/bantuan/{agency}/selesai",
            "POST /desk/kasus/{id}/catatan",
            "POST /desk/kasus/{id}/tugas",
            "POST /desk/kasus/{id}/tugas/{task}",
            "POST /desk/kasus/{id}/tutup",
            "POST /desk/kasus/{id}/buka",
            "POST /desk/kasus/{id}/alasan");

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    DeskHouse house;
    Regency regency;
    String conversation = "";
    String message = "";
    String answer = "";
    String matter = "";
    String task = "";
    String contact = "";

    @BeforeEach
    void aCaseOfTheRegistry() throws Exception {
        house = new DeskHouse(context);
        regency = house.new Regency();
        regency.receives(new Item.Said(
                "https://warga.example/" + regency.tenant.id(),
                regency.ago(Duration.ofMinutes(5)),
                regency.author("wati"),
                Audience.PUBLIC,
                null,
                "Jalan amblas.",
                null,
                "id",
                null,
                true,
                List.of(new Attachment(null, "image/png", null, DeskPagesTests.picture())),
                Map.of()));
        var row = regency.withCase(regency.rina, "Jalan amblas");
        conversation = row.id().toString();
        message = house.conversations
                .messages(regency.rina, row.id(), null, 10)
                .items()
                .getFirst()
                .id()
                .toString();
        answer = house.conversations
                .reply(regency.rina, row.id(), "public", "Kami periksa.", "jawaban-" + regency.tenant.id(), null)
                .toString();
        regency.receives(regency.said(
                "https://warga.example/2/" + regency.tenant.id(),
                "sri",
                null,
                Duration.ofMinutes(3),
                "KTP belum jadi."));
        contact = house.conversations
                .owner(regency.rina, regency.row(regency.rina, "KTP belum jadi").id())
                .orElseThrow()
                .toString();
        var found = regency.caseOf(regency.rina, row).id();
        matter = found.toString();
        task = context.getBean(CaseTeams.class)
                .give(regency.rina, found, "Cek lokasi", regency.tenant.works(), null, null)
                .toString();
    }

    @Test
    void everyRouteOfTheDeskIsInThisTest() {
        var known = new TreeSet<String>();
        routes.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getPackageName().startsWith("id.kentongan.desk")) {
                mapping.getPatternValues().stream()
                        // The settings' own tests walk through them.
                        .filter(path -> !path.startsWith("/desk/atur"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> known.add(verb + " " + path)));
            }
        });
        var tested = new TreeSet<String>(WITHOUT_IDS);
        tested.addAll(WITH_IDS);
        assertThat(known).isEqualTo(tested);
    }

    @Test
    void foreignIdsAnswerLikeNothingOnEveryRoute() {
        var stranger = regency.officer("Orang Dukcapil", regency.tenant.registry(), false, Role.LIAISON_OFFICER);
        var elsewhere = house.new Regency();
        for (var browser : List.of(
                regency.signedIn(View.DESKTOP, stranger, port),
                elsewhere.signedIn(View.DESKTOP, elsewhere.budi, port))) {
            try (browser) {
                var page = browser.newPage();
                page.navigate("/desk/bantuan");
                var token = page.locator("input[name=_csrf]").first().getAttribute("value");
                for (var route : WITH_IDS) {
                    assertThat(status(page, route, token)).as(route).isEqualTo(404);
                }
                assertThat(DeskHouse.get(page, "/desk/alir?percakapan=" + conversation))
                        .isEqualTo(404);
                for (var broken : List.of(
                        "/desk/percakapan/x",
                        "/desk/kasus/x",
                        "/desk?kotak=x",
                        "/desk?dinas=x",
                        "/desk?kanal=x",
                        "/desk?jenis=x",
                        "/desk?sesudah=x",
                        "/desk?sesudah=2026-99-99T00:00:00Z%7C" + conversation,
                        "/desk/kasus?sesudah=x",
                        "/desk/kasus?keadaan=x",
                        "/desk/cari?q=a&sesudah=x")) {
                    assertThat(DeskHouse.get(page, broken)).as(broken).isEqualTo(404);
                }
            }
        }
        assertThat(house.cases
                        .accessible(regency.rina, id.kentongan.casework.CaseId.parse(matter))
                        .orElseThrow()
                        .timeline())
                .extracting(id.kentongan.casework.TimelineLine::what)
                .as("nothing a stranger did")
                .isSubsetOf("received", "noted", "task");
    }

    private int status(Page page, String route, String token) {
        var path = route.substring(route.indexOf(' ') + 1)
                .replace("{id}", route.contains("/kasus/{id}") ? matter : conversation)
                .replace("{message}", route.contains("/pesan/") ? answer : message)
                .replace("{index}", "0")
                .replace("{agency}", message)
                .replace("{task}", task)
                .replace("{canned}", message)
                .replace("{other}", message);
        if (route.startsWith("GET")) {
            return DeskHouse.get(page, path);
        }
        var form = new java.util.HashMap<String, String>(Map.of(
                "_csrf", token,
                "text", "Halo",
                "target", "public",
                "version", "0",
                "kind", "complaint",
                "officer", "saya",
                "agency", regency.tenant.works().toString(),
                "reason", "Alasan yang cukup panjang"));
        form.put("contact", contact);
        return DeskHouse.post(page, path, form);
    }

    @Test
    void theOwnRouteWorksWhereTheForeignOneDoesNot() {
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = browser.newPage();
            page.navigate("/desk/bantuan");
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            for (var route : WITH_IDS) {
                // Nobody who writes from a network leaves a number.
                if (!route.contains("siap") && !route.endsWith("/kontak/{message}")) {
                    assertThat(status(page, route, token)).as(route).isNotEqualTo(404);
                }
            }
        }
    }

    @Test
    void aPostWithoutItsTokenIsRefusedOnEveryRouteAndChangesNothing() {
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = browser.newPage();
            page.navigate("/desk/bantuan");
            var before = house.cases
                    .accessible(regency.rina, CaseId.parse(matter))
                    .orElseThrow()
                    .version();
            for (var route : WITH_IDS) {
                if (route.startsWith("POST")) {
                    assertThat(status(page, route, "")).as(route).isEqualTo(404);
                    assertThat(status(page, route, "made-up")).as(route).isEqualTo(404);
                }
            }
            assertThat(house.cases
                            .accessible(regency.rina, CaseId.parse(matter))
                            .orElseThrow()
                            .version())
                    .isEqualTo(before);
        }
    }

    @Test
    void everyRoleOpensItsOwnPagesAndNoOther() {
        var administrator = regency.officer("Admin Rekaan", regency.tenant.office(), false, Role.ADMINISTRATOR);
        var head = regency.officer("Kepala Rekaan", regency.tenant.office(), false, Role.HEAD);
        var auditor = regency.officer("Asri Teliti", regency.tenant.office(), true, Role.AUDITOR);
        var words =
                List.of("/desk/kasus", "/desk/cari?q=a", "/desk/percakapan/" + conversation, "/desk/kasus/" + matter);
        try (var browser = regency.signedIn(View.DESKTOP, administrator, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            words.forEach(path -> assertThat(DeskHouse.get(page, path)).as(path).isEqualTo(404));
            assertThat(DeskHouse.get(page, "/desk/pekerjaan")).isEqualTo(404);
            assertThat(DeskHouse.get(page, "/desk/jejak")).isEqualTo(200);
            assertThat(DeskHouse.get(page, "/desk/angka")).isEqualTo(404);
            page.navigate("/desk");
            assertThat(page.url()).endsWith("/desk/atur");
        }
        try (var browser = regency.signedIn(View.DESKTOP, head, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            words.forEach(path -> assertThat(DeskHouse.get(page, path)).as(path).isEqualTo(404));
            assertThat(DeskHouse.get(page, "/desk/jejak")).isEqualTo(404);
            page.navigate("/desk");
            assertThat(page.url()).endsWith("/desk/ringkasan");
            assertThat(DeskHouse.get(page, "/desk/alir")).isEqualTo(404);
        }
        try (var browser = regency.signedIn(View.DESKTOP, auditor, port)) {
            var page = browser.newPage();
            page.navigate("/desk/bantuan");
            var token = page.locator("input[name=_csrf]").first().getAttribute("value");
            for (var route : WITH_IDS) {
                if (route.startsWith("POST") && !route.endsWith("alasan")) {
                    assertThat(status(page, route, token)).as(route).isEqualTo(404);
                }
            }
            assertThat(DeskHouse.get(page, "/desk/pekerjaan")).isEqualTo(404);
        }
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = regency.open(browser, "/desk/bantuan");
            assertThat(DeskHouse.get(page, "/desk/jejak")).isEqualTo(404);
        }
    }

    @Test
    void withoutASessionEveryRouteLeadsToTheSignIn() throws Exception {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        for (var path : List.of("/desk", "/desk/alir", "/desk/percakapan/" + conversation, "/desk/kasus/" + matter)) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).as(path).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).get().asString().contains("/sign-in");
        }
    }

    @Test
    void aStreamEndsWhenItsOfficerSignsOut() {
        try (var browser = regency.signedIn(View.DESKTOP, regency.rina, port)) {
            var page = browser.newPage();
            page.navigate("/desk");
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            var other = browser.newPage();
            other.navigate("/desk/bantuan");
            other.locator(".topbar__end form button").click();
            other.waitForURL("**/sign-in**");
            var names = new ArrayList<String>();
            page.onResponse(response -> names.add(response.url() + " " + response.status()));
            page.waitForFunction(
                    "() => document.documentElement.dataset.live !== 'on'",
                    null,
                    new com.microsoft.playwright.Page.WaitForFunctionOptions().setTimeout(20_000));
            assertThat(names.stream().filter(each -> each.endsWith(" 500")).collect(Collectors.toList()))
                    .isEmpty();
        }
    }
}
