// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.archive.TrailLine;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.Visitor.Answer;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Administration of officers and agencies, and the own account, over HTTP without scripts. */
@WithDatabase
class AdministrationIntegrationTests {
    private static final String OFFICERS = "/desk/atur/petugas";
    private static final String AGENCIES = "/desk/atur/perangkat-daerah";
    private static final String OTHER_PASSWORD = "kata sandi lain yang juga panjang";

    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    Officers officers;

    @Autowired
    Agencies agencies;

    @Autowired
    Trail trail;

    @Autowired
    JdbcClient jdbc;

    TestTenant at;
    Actor administrator;
    Visitor admin;

    @BeforeEach
    void anAdministratorIsSignedIn() {
        at = tenants.found();
        administrator = tenants.officer(at, "admin@uji.example", at.office(), false, Role.ADMINISTRATOR);
        admin = signedIn("admin@uji.example", TestTenants.PASSWORD);
    }

    @Test
    void anOfficerIsInvitedByALinkThatIsShownOnceAndWorksOnce() {
        var link = invite("sri@uji.example", at.works(), Role.LIAISON_OFFICER);
        assertThat(admin.get(link.page()).page().select("#link")).isEmpty();
        assertThat(admin.get(link.page()).page().text()).contains("berlaku sampai");
        var sri = visitor();
        sri.get(link.path());
        assertThat(sri.post(link.path(), choice(OTHER_PASSWORD)).location()).isEqualTo("/sign-in/second-factor");
        assertThat(visitor().get(link.path()).status()).isEqualTo(404);
        assertThat(officers.all(administrator)).anySatisfy(each -> {
            assertThat(each.name()).isEqualTo("Sri Lestari");
            assertThat(each.agency()).isEqualTo(at.works());
            assertThat(each.roles()).containsExactly(Role.LIAISON_OFFICER);
        });
        assertThat(admin.get(OFFICERS + "?cari=lestari").page().select("tbody tr"))
                .hasSize(1);
        assertThat(admin.get(OFFICERS + "?keadaan=inactive").page().select("tbody tr"))
                .isEmpty();
    }

    @Test
    void whatIsWrongWithAnInvitationIsSaidBesideItsField() {
        admin.get(OFFICERS + "/undang");
        var answer = admin.post(OFFICERS + "/undang", Map.of("mail", "bukan surel"));
        assertThat(answer.status()).isEqualTo(422);
        for (var field : new String[] {"name", "mail", "agency", "roles"}) {
            assertThat(answer.page().select("#" + field + "-error")).as(field).hasSize(1);
        }
        answer = send("rina@uji.example", at.office(), Role.AUDITOR, Role.SUPERVISOR);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.page().select("#roles-error").text()).contains("Auditor tidak merangkap");
        answer = send("admin@uji.example", at.office(), Role.SUPERVISOR);
        assertThat(answer.page().select("#mail-error").text()).contains("sudah dipakai");
        var elsewhere = tenants.found();
        answer = send("rina@uji.example", elsewhere.office(), Role.SUPERVISOR);
        assertThat(answer.page().select("#agency-error").text()).contains("masih aktif");
    }

    @Test
    void anotherLinkEndsTheOneBeforeAndItsUseEndsTheSessionsOfTheOldPassword() {
        tenants.officer(at, "rina@uji.example", at.office(), false, Role.COMMUNICATION_OFFICER);
        var rina = signedIn("rina@uji.example", TestTenants.PASSWORD);
        assertThat(rina.get("/desk/akun").status()).isEqualTo(200);
        var page = OFFICERS + "/" + id("rina@uji.example");
        admin.get(page);
        var first = shown(admin.post(page + "/undang-lagi", Map.of()));
        var second = shown(admin.post(page + "/undang-lagi", Map.of()));
        assertThat(visitor().get(first.path()).status()).isEqualTo(404);
        assertThat(rina.get("/desk/akun").status()).isEqualTo(200);
        var somebody = visitor();
        somebody.get(second.path());
        somebody.post(second.path(), choice(OTHER_PASSWORD));
        assertThat(rina.get("/desk/akun").location()).startsWith("/sign-in");
    }

    @Test
    void whoeverIsDeactivatedIsSignedOutAtOnceAndComesBackWhenReactivated() {
        tenants.officer(at, "rina@uji.example", at.office(), false, Role.COMMUNICATION_OFFICER);
        var rina = signedIn("rina@uji.example", TestTenants.PASSWORD);
        assertThat(rina.get("/desk/kasus").status()).isEqualTo(200);
        var page = OFFICERS + "/" + id("rina@uji.example");
        admin.get(page);
        assertThat(admin.post(page + "/nonaktif", Map.of()).location()).isEqualTo(page);
        assertThat(admin.get(page).page().text()).contains("semua sesinya diakhiri");
        assertThat(rina.get("/desk/kasus").location()).startsWith("/sign-in");
        assertThat(password(visitor(), "rina@uji.example", TestTenants.PASSWORD).status())
                .isEqualTo(422);
        assertThat(admin.post(page + "/undang-lagi", Map.of()).status()).isEqualTo(409);
        admin.get(page);
        assertThat(admin.post(page + "/aktif", Map.of()).location()).isEqualTo(page);
        assertThat(signedIn("rina@uji.example", TestTenants.PASSWORD)
                        .get("/desk/kasus")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anotherRoleAndAgencyCountFromTheNextPageOn() {
        tenants.officer(at, "hendra@uji.example", at.works(), false, Role.LIAISON_OFFICER);
        var hendra = signedIn("hendra@uji.example", TestTenants.PASSWORD);
        assertThat(hendra.get("/desk/kasus").status()).isEqualTo(200);
        var id = id("hendra@uji.example");
        admin.get(OFFICERS + "/" + id);
        var answer = admin.post(
                OFFICERS + "/" + id,
                Map.of("name", "Hendra Baru", "agency", at.registry().toString(), "roles", "HEAD"));
        assertThat(answer.location()).isEqualTo(OFFICERS + "/" + id);
        assertThat(hendra.get("/desk/kasus").status()).isEqualTo(404);
        assertThat(hendra.get("/desk/akun").page().text()).contains("Hendra Baru", "Dinas Dukcapil", "Pimpinan");
    }

    @Test
    void nobodyTakesTheirOwnAdministrationAwayNorTheirOwnPasswordOrFactorPastTheOldOne() {
        var page = OFFICERS + "/" + administrator.id();
        var shown = admin.get(page).page();
        assertThat(shown.select("form[action$=nonaktif], form[action$=undang-lagi], form[action$=faktor-kedua]"))
                .isEmpty();
        var answer =
                admin.post(page, Map.of("name", "Admin", "agency", at.office().toString(), "roles", "SUPERVISOR"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.page().select("#roles-error")).hasSize(1);
        assertThat(admin.post(page + "/nonaktif", Map.of()).status()).isEqualTo(422);
        assertThat(admin.post(page + "/undang-lagi", Map.of()).status()).isEqualTo(409);
        assertThat(admin.post(page + "/faktor-kedua", Map.of()).status()).isEqualTo(409);
        assertThat(admin.get(OFFICERS).status()).isEqualTo(200);
    }

    @Test
    void nobodyGivesThemselvesMoreThanAnotherAdministratorGaveThem() {
        var page = OFFICERS + "/" + administrator.id();
        admin.get(page);
        var office = at.office().toString();
        var wider = List.of(
                "name=Admin&roles=ADMINISTRATOR&roles=SUPERVISOR&agency=" + office,
                "name=Admin&roles=ADMINISTRATOR&circle=true&agency=" + office);
        for (var form : wider) {
            var answer = admin.postExactly(
                    page,
                    form + "&_csrf="
                            + Visitor.encoded(Map.of("", admin.token())).substring(1));
            assertThat(answer.status()).as(form).isEqualTo(422);
            assertThat(answer.page().select("#roles-error").text())
                    .contains("peran dan akses kerahasiaan Anda sendiri");
        }
        var stands = officers.find(administrator, administrator.officer()).orElseThrow();
        assertThat(stands.roles()).containsExactly(Role.ADMINISTRATOR);
        assertThat(stands.circle()).isFalse();
        var named = Map.of("name", "Admin Baru", "agency", office, "roles", "ADMINISTRATOR");
        assertThat(admin.post(page, named).status()).isEqualTo(302);
        // Another administrator may.
        tenants.officer(at, "admin2@uji.example", at.office(), false, Role.ADMINISTRATOR);
        var other = signedIn("admin2@uji.example", TestTenants.PASSWORD);
        other.get(page);
        var both = wider.getFirst() + "&_csrf="
                + Visitor.encoded(Map.of("", other.token())).substring(1);
        assertThat(other.postExactly(page, both).status()).isEqualTo(302);
    }

    @Test
    void aSecondFactorThatWasLostIsRemovedAndTheOfficerSignedOut() {
        tenants.officer(at, "rina@uji.example", at.office(), false, Role.COMMUNICATION_OFFICER);
        var rina = signedIn("rina@uji.example", TestTenants.PASSWORD);
        setUp(rina);
        var page = OFFICERS + "/" + id("rina@uji.example");
        admin.get(page);
        assertThat(admin.post(page + "/faktor-kedua", Map.of()).location()).isEqualTo(page);
        assertThat(rina.get("/desk/akun").location()).startsWith("/sign-in");
        assertThat(password(visitor(), "rina@uji.example", TestTenants.PASSWORD).location())
                .isEqualTo("/desk");
    }

    @Test
    void agenciesAreAddedRenamedAndMovedButNeverBelowThemselves() {
        var unit = add("upt-jalan", "UPT Jalan", at.works().toString()).location();
        assertThat(unit).startsWith(AGENCIES + "/");
        assertThat(admin.get(AGENCIES).page().text()).contains("Dinas PUPR › UPT Jalan");
        var id = unit.substring(unit.lastIndexOf('/') + 1);
        assertThat(change(unit, "UPT Jembatan", at.registry().toString()).location())
                .isEqualTo(unit);
        assertThat(admin.get(AGENCIES).page().text()).contains("Dinas Dukcapil › UPT Jembatan");
        var ring = change(AGENCIES + "/" + at.registry(), "Dinas Dukcapil", id);
        assertThat(ring.status()).isEqualTo(422);
        assertThat(ring.page().select("#parent-error").text()).contains("di bawah dirinya sendiri");
        assertThat(change(unit, "UPT Jembatan", id).status()).isEqualTo(422);
        var elsewhere = tenants.found();
        assertThat(change(unit, "UPT Jembatan", elsewhere.office().toString()).status())
                .isEqualTo(422);
        assertThat(add("upt-jalan", "Yang lain", "")
                        .page()
                        .select("#code-error")
                        .text())
                .contains("sudah dipakai");
        assertThat(add("Kode Salah!", "", "").page().select(".govuk-error-message"))
                .hasSize(3);
    }

    @Test
    void anAgencyIsClosedOnlyWhenNobodyNeedsIt() {
        var unit = add("upt-jalan", "UPT Jalan", at.works().toString()).location();
        var works = AGENCIES + "/" + at.works();
        var refused = close(works);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.page().select("#close-error").text()).contains("Masih ada petugas atau perangkat daerah");
        assertThat(close(unit).location()).isEqualTo(unit);
        tenants.officer(at, "hendra@uji.example", at.works(), false, Role.LIAISON_OFFICER);
        assertThat(close(works).status()).isEqualTo(422);
        admin.get(OFFICERS);
        admin.post(OFFICERS + "/" + id("hendra@uji.example") + "/nonaktif", Map.of());
        assertThat(close(works).location()).isEqualTo(works);
        assertThat(admin.get(AGENCIES).page().select("section ul li")).hasSize(2);
        assertThat(agencies.all(administrator)).extracting(Agency::id).doesNotContain(at.works());
        admin.get(unit);
        assertThat(admin.post(unit + "/buka", Map.of()).status()).isEqualTo(422);
        admin.get(works);
        assertThat(admin.post(works + "/buka", Map.of()).location()).isEqualTo(works);
        assertThat(agencies.all(administrator)).extracting(Agency::id).contains(at.works());
    }

    @Test
    void everyChangeStandsInTheTrailWithoutPersonalData() {
        var link = invite("sri@uji.example", at.works(), Role.LIAISON_OFFICER);
        var page = link.page();
        admin.get(page);
        admin.post(page + "/undang-lagi", Map.of());
        admin.post(page, Map.of("name", "Sri Lestari", "agency", at.registry().toString(), "roles", "HEAD"));
        admin.post(page + "/faktor-kedua", Map.of());
        admin.post(page + "/nonaktif", Map.of());
        admin.post(page + "/aktif", Map.of());
        add("upt-jalan", "UPT Jalan", "");
        changePassword(admin, TestTenants.PASSWORD, OTHER_PASSWORD);
        admin.post("/desk/akun/sesi/akhiri-lainnya", Map.of());
        var entries = trail.latest(administrator, null, 100).items().stream()
                .map(TrailLine::entry)
                .filter(each -> each.verb().startsWith("identity."))
                .toList();
        assertThat(entries)
                .extracting(TrailEntry::verb)
                .contains(
                        "identity.officer-added",
                        "identity.officer-invited-again",
                        "identity.officer-changed",
                        "identity.second-factor-reset",
                        "identity.officer-deactivated",
                        "identity.officer-reactivated",
                        "identity.agency-saved",
                        "identity.password-changed",
                        "identity.sessions-ended");
        assertThat(entries)
                .allSatisfy(each ->
                        assertThat(each.facts().toString()).doesNotContain("Sri", "uji.example", "sandi", "Jalan"));
    }

    @Test
    void aChangedPasswordEndsTheOtherSessionsAndNeedsTheOldOne() {
        var other = signedIn("admin@uji.example", TestTenants.PASSWORD);
        var wrong = changePassword(admin, "bukan kata sandi saya", OTHER_PASSWORD);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.page().select("#current-error")).hasSize(1);
        assertThat(changePassword(admin, TestTenants.PASSWORD, "password2026!!").status())
                .isEqualTo(422);
        assertThat(other.get("/desk/akun").status()).isEqualTo(200);
        assertThat(changePassword(admin, TestTenants.PASSWORD, OTHER_PASSWORD).location())
                .isEqualTo("/desk/akun");
        assertThat(admin.get("/desk/akun").status()).isEqualTo(200);
        assertThat(other.get("/desk/akun").location()).startsWith("/sign-in");
        assertThat(password(visitor(), "admin@uji.example", OTHER_PASSWORD).location())
                .isEqualTo("/desk");
    }

    @Test
    void whoeverGuessesTheOldPasswordInAnOpenSessionWaits() {
        for (var i = 0; i < 5; i++) {
            assertThat(changePassword(admin, "tebakan nomor " + i, OTHER_PASSWORD)
                            .status())
                    .isEqualTo(422);
        }
        assertThat(changePassword(admin, TestTenants.PASSWORD, OTHER_PASSWORD).status())
                .isEqualTo(429);
    }

    @Test
    void aSecondFactorIsReplacedOnlyWithPasswordAndACodeOfTheOldOne() {
        var secret = setUp(admin);
        var codes = admin.get("/desk/akun/kode-pemulihan").page();
        assertThat(codes.select("ol code")).hasSize(10);
        var recovery = Objects.requireNonNull(codes.selectFirst("ol code")).text();
        assertThat(admin.get("/desk/akun/kode-pemulihan").page().select("ol code"))
                .isEmpty();
        var next = secretOf(admin);
        assertThat(next).isNotEqualTo(secret);
        for (var attempt : new Map[] {
            Map.of("current", TestTenants.PASSWORD, "old", "000000"), Map.of("current", "salah", "old", recovery)
        }) {
            var form = new LinkedHashMap<String, String>(Map.of("code", code(next, 0)));
            attempt.forEach((key, value) -> form.put((String) key, (String) value));
            assertThat(admin.post("/desk/akun/faktor-kedua", form).status()).isEqualTo(422);
        }
        assertThat(admin.post(
                                "/desk/akun/faktor-kedua",
                                Map.of("current", TestTenants.PASSWORD, "old", recovery, "code", code(next, 0)))
                        .location())
                .isEqualTo("/desk/akun/kode-pemulihan");
        var again = visitor();
        assertThat(password(again, "admin@uji.example", TestTenants.PASSWORD).location())
                .startsWith("/sign-in/code");
        again.get("/sign-in/code");
        assertThat(again.post("/sign-in/code", Map.of("code", code(next, 1))).location())
                .isEqualTo("/desk");
    }

    @Test
    void recoveryCodesAreRenewedByWhoeverHoldsPasswordAndCode() {
        assertThat(admin.get("/desk/akun/kode-pemulihan").status()).isEqualTo(404);
        var secret = setUp(admin);
        var old =
                admin.get("/desk/akun/kode-pemulihan").page().select("ol code").eachText();
        admin.get("/desk/akun/kode-pemulihan");
        var renewed = admin.post(
                "/desk/akun/kode-pemulihan", Map.of("current", TestTenants.PASSWORD, "old", code(secret, 1)));
        assertThat(renewed.location()).isEqualTo("/desk/akun/kode-pemulihan");
        var codes =
                admin.get("/desk/akun/kode-pemulihan").page().select("ol code").eachText();
        assertThat(codes).hasSize(10).doesNotContainAnyElementsOf(old);
    }

    @Test
    void sessionsAreListedAndEndedAndAForeignOneIsAbsent() {
        var other = signedIn("admin@uji.example", TestTenants.PASSWORD);
        var page = admin.get("/desk/akun").page();
        assertThat(page.select("table tbody tr")).hasSize(2);
        var end = page.select("form[action$=/akhiri]").attr("action");
        tenants.officer(at, "rina@uji.example", at.office(), false, Role.COMMUNICATION_OFFICER);
        var rina = signedIn("rina@uji.example", TestTenants.PASSWORD);
        rina.get("/desk/akun");
        assertThat(rina.post(end, Map.of()).status()).isEqualTo(404);
        assertThat(other.get("/desk/akun").status()).isEqualTo(200);
        admin.get("/desk/akun");
        assertThat(admin.post(end, Map.of()).location()).isEqualTo("/desk/akun");
        assertThat(other.get("/desk/akun").location()).startsWith("/sign-in");
        assertThat(admin.get("/desk/akun").page().select("table tbody tr")).hasSize(1);
    }

    private static final String ON_ANDROID =
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36";

    @Test
    void everySignInNamesItsDeviceAndOneIsThisAndAllOthersEndAtOnce() {
        signedIn("admin@uji.example", TestTenants.PASSWORD, ON_ANDROID);
        signedIn("admin@uji.example", TestTenants.PASSWORD, "<script>alert(1)</script>".repeat(200));
        var page = admin.get("/desk/akun").page();
        var rows = page.select("#sessions tbody tr");
        assertThat(rows.eachText())
                .hasSize(3)
                .anyMatch(row -> row.contains("Chrome di Android") && row.contains("Akhiri sesi ini"))
                .anyMatch(row -> row.contains("Perangkat yang tidak dikenal") && row.contains("Akhiri sesi ini"))
                .filteredOn(row -> row.contains("Perangkat ini"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .doesNotContain("Akhiri sesi ini");
        assertThat(page.html()).doesNotContain("alert(1)", "143.0", "Mozilla");
        assertThat(admin.get("/desk/akun?lang=en").page().text()).contains("Chrome on Android", "This device");
        assertThat(admin.post("/desk/akun/sesi/akhiri-lainnya", Map.of()).location())
                .isEqualTo("/desk/akun");
        assertThat(admin.get("/desk/akun").page().select("#sessions tbody tr")).hasSize(1);
    }

    @Test
    void theDeviceLiesSealedBesideItsSessionAndGoesWithIt() {
        var other = signedIn("admin@uji.example", TestTenants.PASSWORD, ON_ANDROID);
        var kept = "select encode(attribute_bytes, 'escape') from machinery.spring_session_attributes a"
                + " join machinery.spring_session s on s.primary_id = a.session_primary_id"
                + " where s.session_id = ? and a.attribute_name = 'identity.device'";
        var session = new String(Base64.getDecoder().decode(other.cookie("SESSION")), StandardCharsets.UTF_8);
        assertThat(jdbc.sql(kept).param(session).query(String.class).list())
                .singleElement(InstanceOfAssertFactories.STRING)
                .doesNotContain("Chrome", "Android");
        other.get("/desk/akun");
        other.post("/sign-out", Map.of());
        assertThat(jdbc.sql(kept).param(session).query(String.class).list()).isEmpty();
    }

    @Test
    void anAuditorWhoChangesNothingElseStillLooksAfterTheOwnAccount() {
        tenants.officer(at, "asri@uji.example", at.office(), true, Role.AUDITOR);
        var asri = signedIn("asri@uji.example", TestTenants.PASSWORD);
        setUp(asri);
        assertThat(changePassword(asri, TestTenants.PASSWORD, OTHER_PASSWORD).location())
                .isEqualTo("/desk/akun");
        assertThat(asri.post("/desk/akun/sesi/akhiri-lainnya", Map.of()).location())
                .isEqualTo("/desk/akun");
        assertThat(asri.get("/desk/akun?lang=en").page().text()).contains("My account", "Auditor");
    }

    private record Link(String page, String address) {
        String path() {
            return address.replaceFirst("^https?://[^/]+", "");
        }
    }

    private Link invite(String mail, AgencyId agency, Role role) {
        var answer = send(mail, agency, role);
        assertThat(answer.status()).isEqualTo(302);
        var shown = admin.get(answer.location());
        assertThat(shown.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        var address = shown.page().select("#link").attr("value");
        assertThat(address).startsWith(at.tenant().address() + "/invitation/");
        return new Link(answer.location(), address);
    }

    private Answer send(String mail, AgencyId agency, Role... roles) {
        admin.get(OFFICERS + "/undang");
        var body = new StringBuilder(Visitor.encoded(
                Map.of("_csrf", admin.token(), "name", "Sri", "mail", mail, "agency", agency.toString())));
        for (var role : roles) {
            body.append("&roles=").append(role);
        }
        return admin.postExactly(OFFICERS + "/undang", body.toString());
    }

    private Link shown(Answer answer) {
        return new Link(
                answer.location(),
                admin.get(answer.location()).page().select("#link").attr("value"));
    }

    private Answer add(String code, String name, String parent) {
        admin.get(AGENCIES + "/tambah");
        return admin.post(
                AGENCIES + "/tambah",
                Map.of("code", code, "name", name, "shortName", name, "duties", "jalan", "parent", parent));
    }

    private Answer change(String path, String name, String parent) {
        admin.get(path);
        return admin.post(path, Map.of("name", name, "shortName", name, "duties", "jalan", "parent", parent));
    }

    private Answer close(String path) {
        admin.get(path);
        return admin.post(path + "/tutup", Map.of());
    }

    private String id(String mail) {
        var page = admin.get(OFFICERS).page();
        for (var link : page.select("tbody th a")) {
            var path = link.attr("href");
            if (admin.get(path).page().text().contains(mail)) {
                return path.substring(path.lastIndexOf('/') + 1);
            }
        }
        throw new AssertionError("Nobody has the address " + mail);
    }

    private static Map<String, String> choice(String password) {
        return Map.of("name", "Sri Lestari", "password", password, "again", password);
    }

    private Answer changePassword(Visitor visitor, String current, String wanted) {
        visitor.get("/desk/akun");
        return visitor.post("/desk/akun/kata-sandi", Map.of("current", current, "password", wanted, "again", wanted));
    }

    private String setUp(Visitor visitor) {
        var secret = secretOf(visitor);
        var answer = visitor.post(
                "/desk/akun/faktor-kedua", Map.of("current", TestTenants.PASSWORD, "code", code(secret, 0)));
        assertThat(answer.location()).isEqualTo("/desk/akun/kode-pemulihan");
        return secret;
    }

    private static String secretOf(Visitor visitor) {
        var page = visitor.get("/desk/akun/faktor-kedua").page();
        assertThat(visitor.get("/desk/akun/faktor-kedua.png").status()).isEqualTo(200);
        return Objects.requireNonNull(page.selectFirst("code")).text();
    }

    private Visitor visitor() {
        return new Visitor(port, at.tenant().host());
    }

    private static Answer password(Visitor visitor, String mail, String password) {
        visitor.get("/sign-in");
        return visitor.post("/sign-in", Map.of("mail", mail, "password", password));
    }

    private Visitor signedIn(String mail, String password) {
        var visitor = visitor();
        assertThat(password(visitor, mail, password).location()).isEqualTo("/desk");
        return visitor;
    }

    private Visitor signedIn(String mail, String password, String userAgent) {
        var visitor = visitor();
        visitor.get("/sign-in");
        assertThat(visitor.post("/sign-in", Map.of("mail", mail, "password", password), "User-Agent", userAgent)
                        .location())
                .isEqualTo("/desk");
        return visitor;
    }

    private static String code(String secret, int later) {
        try {
            return new DefaultCodeGenerator(HashingAlgorithm.SHA1, 6)
                    .generate(secret, System.currentTimeMillis() / 30_000 + later);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException(e);
        }
    }
}
