// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.Visitor.Answer;
import id.kentongan.testing.WithDatabase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Signing in over HTTP on the whole application: password, second factor, session. */
@WithDatabase
class SignInIntegrationTests {
    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    OneTimeLinks invitations;

    @Autowired
    Officers officers;

    @Autowired
    SignIns signIns;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    TestTenant real;
    String mail;
    String secret = "";

    @BeforeEach
    void aRealRegencyWithAnOfficer() {
        real = tenants.foundReal();
        mail = "rina." + UUID.randomUUID() + "@uji.example";
        tenants.officer(real, mail, real.office(), false, Role.COMMUNICATION_OFFICER);
    }

    @Test
    void aPasswordAloneNeverReplacesTheSecondFactor() {
        enrolled(visitor());
        var thief = visitor();
        var answer = password(thief, TestTenants.PASSWORD);
        assertThat(answer.location()).startsWith("/sign-in/code");
        assertThat(thief.get("/sign-in/second-factor").location()).startsWith("/sign-in");
        assertThat(thief.get("/sign-in/second-factor.png").status()).isEqualTo(404);
        thief.post("/sign-in/second-factor", Map.of("code", "000000"));
        assertThat(thief.get("/desk").location()).startsWith("/sign-in");
    }

    @Test
    void anotherPasswordEndsWhoeverStandsBetweenTheOldOneAndTheSecondFactor() {
        enrolledSecret();
        var officer = officerId();
        var thief = visitor();
        password(thief, TestTenants.PASSWORD);
        assertThat(thief.get("/sign-in/code").status()).isEqualTo(200);
        assertThat(signIns.changePassword(
                        real.id(), officer, TestTenants.PASSWORD, "kata sandi baru yang panjang", null))
                .isTrue();
        assertThat(thief.post("/sign-in/code", Map.of("code", code(secret, 1))).location())
                .isEqualTo("/sign-in");
        assertThat(thief.get("/sign-in/code").location()).isEqualTo("/sign-in");
        assertThat(thief.get("/desk").location()).startsWith("/sign-in");
        var owner = visitor();
        password(owner, "kata sandi baru yang panjang");
        owner.get("/sign-in/code");
        assertThat(owner.post("/sign-in/code", Map.of("code", code(secret, 1))).location())
                .isEqualTo("/desk");
    }

    private OfficerId officerId() {
        return officers.all(real.system()).getFirst().id();
    }

    @Test
    void aCodeIsGoodOnce() {
        var first = visitor();
        var secret = enrolled(first);
        var second = visitor();
        password(second, TestTenants.PASSWORD);
        second.get("/sign-in/code");
        var next = code(secret, 1);
        assertThat(second.post("/sign-in/code", Map.of("code", next)).location())
                .isEqualTo("/desk");
        var third = visitor();
        password(third, TestTenants.PASSWORD);
        third.get("/sign-in/code");
        assertThat(third.post("/sign-in/code", Map.of("code", next)).status()).isEqualTo(422);
        assertThat(third.get("/desk").location()).startsWith("/sign-in");
    }

    @Test
    void aRecoveryCodeOpensTheDeskOnceInsteadOfTheApp() {
        var visitor = visitor();
        password(visitor, TestTenants.PASSWORD);
        var secret = secretOf(visitor);
        var recovery = Objects.requireNonNull(visitor.post("/sign-in/second-factor", Map.of("code", code(secret, 0)))
                        .page()
                        .selectFirst("ol code"))
                .text();
        for (var expected : new int[] {302, 422}) {
            var again = visitor();
            password(again, TestTenants.PASSWORD);
            again.get("/sign-in/code");
            assertThat(again.post("/sign-in/code", Map.of("code", recovery)).status())
                    .isEqualTo(expected);
        }
    }

    @Test
    void theSessionGetsAnotherIdAtEveryStepAndOneFromOutsideIsNotTakenOver() {
        enrolledSecret();
        var visitor = visitor();
        visitor.cookie("SESSION", "Y2hvc2VuLWJ5LWFuLWF0dGFja2Vy");
        password(visitor, TestTenants.PASSWORD);
        var afterPassword = visitor.cookie("SESSION");
        assertThat(afterPassword).isNotEmpty().isNotEqualTo("Y2hvc2VuLWJ5LWFuLWF0dGFja2Vy");
        visitor.get("/sign-in/code");
        var answer = visitor.post("/sign-in/code", Map.of("code", code(secret, 1)));
        assertThat(answer.location()).isEqualTo("/desk");
        assertThat(visitor.cookie("SESSION")).isNotEmpty().isNotEqualTo(afterPassword);
        var old = visitor();
        old.cookie("SESSION", afterPassword);
        assertThat(old.get("/desk").location()).startsWith("/sign-in");
    }

    @Test
    void theCookiesOfAPublicHttpsAddressAreSecureAndOfThisMachineAreNot() {
        var visitor = visitor();
        visitor.get("/sign-in");
        var answer = visitor.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD));
        assertThat(answer.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith("SESSION="))
                .isNotEmpty()
                .allSatisfy(cookie -> assertThat(cookie).contains("Secure", "HttpOnly", "SameSite=Lax"));
        var here = new Visitor(port, real.tenant().host() + ":" + port);
        here.get("/sign-in");
        answer = here.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD));
        assertThat(answer.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith("SESSION="))
                .isNotEmpty()
                .allSatisfy(cookie ->
                        assertThat(cookie).contains("HttpOnly", "SameSite=Lax").doesNotContain("Secure"));
    }

    @Test
    void anUnknownMailAndAWrongPasswordAreAnsweredAlike() {
        var wrong = password(visitor(), "bukan kata sandinya");
        var known = mail;
        mail = "siapa." + UUID.randomUUID() + "@uji.example";
        var unknown = password(visitor(), "bukan kata sandinya");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(shown(unknown, mail)).isEqualTo(shown(wrong, known));
    }

    @Test
    void whoeverKeepsGuessingWaitsEvenWithTheRightPasswordAndSoDoesAnUnknownMail() {
        for (var who : List.of(mail, "siapa." + UUID.randomUUID() + "@uji.example")) {
            mail = who;
            var visitor = visitor();
            for (var i = 0; i < 5; i++) {
                assertThat(password(visitor, "tebakan " + i).status()).isEqualTo(422);
            }
            assertThat(password(visitor, TestTenants.PASSWORD).status()).isEqualTo(429);
        }
    }

    @Test
    void whoeverKnowsAMailAddressKeepsItsOfficerOutFromNowhereElse() {
        var guesser = new Visitor(port, real.tenant().host(), "127.0.0.91");
        for (var i = 0; i < 12; i++) {
            password(guesser, "tebakan " + i);
        }
        assertThat(password(guesser, TestTenants.PASSWORD).status()).isEqualTo(429);
        assertThat(password(visitor(), TestTenants.PASSWORD).location()).isEqualTo("/sign-in/second-factor");
    }

    @Test
    void guessesFromManyNetworksSlowDownAllButTheBrowserOfTheOfficer() {
        var own = visitor();
        var secret = enrolled(own);
        own.get("/desk");
        own.post("/sign-out", Map.of());
        for (var i = 0; i < 55; i++) {
            password(new Visitor(port, real.tenant().host(), "127.0.1." + (i + 1)), "tebakan " + i);
        }
        assertThat(password(visitor(), TestTenants.PASSWORD).status()).isEqualTo(429);
        assertThat(password(own, TestTenants.PASSWORD).location()).startsWith("/sign-in/code");
        // It spares the delay and opens nothing: the second factor is asked as always.
        assertThat(own.get("/desk").location()).startsWith("/sign-in");
        own.get("/sign-in/code");
        assertThat(own.post("/sign-in/code", Map.of("code", code(secret, 1))).location())
                .isEqualTo("/desk");
        var other = visitor();
        other.cookie(KnownBrowsers.COOKIE, own.cookie(KnownBrowsers.COOKIE).replaceFirst("^.", "_"));
        assertThat(password(other, TestTenants.PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void aTokenThatAnotherSiteOfTheSameDomainPlantedIsWorthNothing() {
        var visitor = visitor();
        visitor.get("/sign-in");
        assertThat(visitor.cookie("__Host-form-token")).isNotEmpty();
        var victim = visitor();
        victim.cookie("form-token", visitor.cookie("__Host-form-token"));
        victim.cookie("XSRF-TOKEN", visitor.cookie("__Host-form-token"));
        var answer = victim.postExactly(
                "/sign-in",
                Visitor.encoded(Map.of("mail", mail, "password", TestTenants.PASSWORD, "_csrf", visitor.token())));
        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void afterSigningInOnlyTheDeskIsALegalPlaceToGo() {
        var at = tenants.found();
        mail = "budi." + UUID.randomUUID() + "@uji.example";
        tenants.officer(at, mail, at.office(), false, Role.COMMUNICATION_OFFICER);
        for (var to : List.of("https://jahat.example/", "//jahat.example", "/desk//jahat.example", "/desk/\\x", "/")) {
            var visitor = new Visitor(port, at.tenant().host());
            visitor.get("/sign-in");
            var answer = visitor.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD, "to", to));
            assertThat(answer.location()).as(to).isEqualTo("/desk");
        }
        var visitor = new Visitor(port, at.tenant().host());
        visitor.get("/sign-in");
        var form = Map.of("mail", mail, "password", TestTenants.PASSWORD, "to", "/desk/kasus?kotak=semua");
        assertThat(visitor.post("/sign-in", form).location()).isEqualTo("/desk/kasus?kotak=semua");
    }

    @Test
    void aSessionCountsAtTheHostOfItsOwnTenantOnly() {
        var visitor = visitor();
        enrolled(visitor);
        assertThat(visitor.get("/desk/account").status()).isNotEqualTo(302);
        var elsewhere = new Visitor(port, tenants.found().tenant().host());
        elsewhere.cookie("SESSION", visitor.cookie("SESSION"));
        assertThat(elsewhere.get("/desk/account").location()).startsWith("/sign-in");
    }

    @Test
    void signingOutEndsTheSessionAndALostOneMakesHtmxLoadTheWholePage() {
        var visitor = visitor();
        enrolled(visitor);
        var session = visitor.cookie("SESSION");
        visitor.get("/sign-in");
        assertThat(visitor.post("/sign-out", Map.of()).location()).isEqualTo("/sign-in");
        var old = visitor();
        old.cookie("SESSION", session);
        assertThat(old.get("/desk").location()).isEqualTo("/sign-in?to=%2Fdesk");
        var piece = old.get("/desk", "HX-Request", "true");
        assertThat(piece.status()).isEqualTo(401);
        assertThat(piece.headers().firstValue("HX-Refresh")).contains("true");
    }

    @Test
    void whatWasSentWithoutASessionGoesThroughBothStepsAndIsSentByAButtonAfterwards() {
        var first = visitor();
        var secret = enrolled(first);
        var visitor = visitor();
        visitor.get("/sign-in");
        var form = visitor.post("/desk/percakapan/x/jawab", Map.of("text", "Pukul enam pagi", "target", "public"));
        assertThat(form.status()).isEqualTo(401);
        var step = Map.of(
                "mail",
                mail,
                "password",
                TestTenants.PASSWORD,
                "to",
                "/desk/percakapan/x/jawab",
                "kept.text",
                "Pukul enam pagi");
        var code = visitor.post("/sign-in", step);
        assertThat(code.status()).isEqualTo(200);
        assertThat(code.page().select("[name=kept.text]").attr("value")).isEqualTo("Pukul enam pagi");
        var carried = new java.util.HashMap<>(Map.of("to", "/desk/percakapan/x/jawab", "kept.text", "Pukul enam pagi"));
        carried.put("code", "000000");
        var wrong = visitor.post("/sign-in/code", carried);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.page().select("[name=kept.text]").attr("value")).isEqualTo("Pukul enam pagi");
        carried.put("code", code(secret, 1));
        var next = visitor.post("/sign-in/code", carried);
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.page().select("form#form").attr("action")).isEqualTo("/desk/percakapan/x/jawab");
        assertThat(next.page().select("form#form [name=text]").attr("value")).isEqualTo("Pukul enam pagi");
        // The token of that page holds: the answer is the desk's own, that there is no such conversation.
        assertThat(visitor.post("/desk/percakapan/x/jawab", Map.of("text", "Pukul enam pagi"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anInvitationSetsNameAndPasswordOnceThenEnrols() {
        var administrator = tenants.officer(real, real.office(), false, Role.ADMINISTRATOR);
        mail = "sri." + UUID.randomUUID() + "@uji.example";
        var invited = invitations.invite(
                administrator, new NewOfficer("Sri", mail, real.works(), Set.of(Role.LIAISON_OFFICER), false));
        var path = "/invitation/" + invited.token();
        var visitor = visitor();
        assertThat(visitor.get(path).status()).isEqualTo(200);
        assertThat(visitor.post(path, choice("pendek", "pendek")).status()).isEqualTo(422);
        assertThat(visitor.post(path, choice("password2026!!", "password2026!!"))
                        .status())
                .isEqualTo(422);
        assertThat(visitor.post(path, choice(TestTenants.PASSWORD, "yang lain sama sekali"))
                        .status())
                .isEqualTo(422);
        assertThat(visitor.post(path, choice(TestTenants.PASSWORD, TestTenants.PASSWORD))
                        .location())
                .isEqualTo("/sign-in/second-factor");
        assertThat(officers.find(administrator, invited.officer()).orElseThrow().name())
                .isEqualTo("Sri Lestari");
        assertThat(visitor.get("/desk").location()).startsWith("/sign-in");
        var late = visitor();
        assertThat(late.get(path).status()).isEqualTo(404);
        assertThat(late.post(path, choice(TestTenants.PASSWORD, TestTenants.PASSWORD))
                        .status())
                .isEqualTo(404);
        enrolled(visitor());
    }

    @Test
    void anInvitationAtAnotherTenantsHostIsAsAbsentAsOneThatNeverWas() {
        var administrator = tenants.officer(real, real.office(), false, Role.ADMINISTRATOR);
        var invited = invitations.invite(
                administrator,
                new NewOfficer("Sri", "sri@uji.example", real.works(), Set.of(Role.LIAISON_OFFICER), false));
        var elsewhere = new Visitor(port, tenants.found().tenant().host());
        var foreign = elsewhere.get("/invitation/" + invited.token());
        var none = elsewhere.get("/invitation/" + Tokens.next());
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(withoutPath(foreign)).isEqualTo(withoutPath(none));
    }

    @Test
    void aNewInvitationEndsTheOneBeforeAndAnOldOneRunsOut() {
        var administrator = tenants.officer(real, real.office(), false, Role.ADMINISTRATOR);
        var first = invitations.invite(
                administrator,
                new NewOfficer("Sri", "sri@uji.example", real.works(), Set.of(Role.LIAISON_OFFICER), false));
        var second = invitations.again(administrator, first.officer());
        assertThat(visitor().get("/invitation/" + first.token()).status()).isEqualTo(404);
        assertThat(visitor().get("/invitation/" + second.token()).status()).isEqualTo(200);
        transactions.run(
                real.system(),
                () -> jdbc.sql("update identity.invitation set expires_at = now() - interval '1 second'")
                        .update());
        assertThat(visitor().get("/invitation/" + second.token()).status()).isEqualTo(404);
    }

    private static Map<String, String> choice(String password, String again) {
        return Map.of("name", "Sri Lestari", "password", password, "again", again);
    }

    /** The language links repeat the address asked for. */
    private static String withoutPath(Answer answer) {
        return answer.body().replaceAll("/invitation/[A-Za-z0-9_-]+", "").replaceAll("value=\"[^\"]{60,}\"", "");
    }

    private static String shown(Answer answer, String mail) {
        return answer.body().replace(mail, "").replaceAll("value=\"[^\"]{60,}\"", "");
    }

    private void enrolledSecret() {
        secret = enrolled(visitor());
    }

    private Visitor visitor() {
        return new Visitor(port, real.tenant().host());
    }

    private Answer password(Visitor visitor, String password) {
        visitor.get("/sign-in");
        return visitor.post("/sign-in", Map.of("mail", mail, "password", password));
    }

    /** Signs in for the first time, which on a real tenant means enrolling. */
    private String enrolled(Visitor visitor) {
        assertThat(password(visitor, TestTenants.PASSWORD).location()).isEqualTo("/sign-in/second-factor");
        var secret = secretOf(visitor);
        var answer = visitor.post("/sign-in/second-factor", Map.of("code", code(secret, 0)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.page().select("ol code")).hasSize(10);
        return secret;
    }

    private static String secretOf(Visitor visitor) {
        var page = visitor.get("/sign-in/second-factor").page();
        assertThat(visitor.get("/sign-in/second-factor.png").status()).isEqualTo(200);
        return Objects.requireNonNull(page.selectFirst("code")).text();
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
