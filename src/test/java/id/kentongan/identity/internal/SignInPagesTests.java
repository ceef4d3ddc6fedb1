// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Every step of signing in, in a real browser: invitation, password, enrolment of a second factor, recovery codes, code.
 * Each with its errors, on a phone and a desktop; and once more by keyboard alone and without scripts.
 */
@WithDatabase
class SignInPagesTests {
    private static final String PASSWORD = "kata sandi rekaan yang panjang";
    /** More than any page here has places to stop at. */
    private static final int MOST_STOPS = 30;

    private final SoftAssertions soft = new SoftAssertions();

    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    Invitations invitations;

    TestTenant real;
    String mail = "";
    String token = "";

    @BeforeEach
    void somebodyIsInvited() {
        real = tenants.foundReal();
        var administrator = tenants.officer(real, real.office(), false, Role.ADMINISTRATOR);
        mail = "sri." + UUID.randomUUID() + "@uji.example";
        token = invitations
                .invite(
                        administrator,
                        new NewOfficer("Sri Lestari", mail, real.works(), Set.of(Role.LIAISON_OFFICER), false))
                .token();
    }

    @Test
    void everyStepAndEveryErrorOfItIsAccessibleOnAPhone() {
        everyStep(View.PHONE, "?lang=id");
    }

    @Test
    void everyStepAndEveryErrorOfItIsAccessibleOnADesktop() {
        everyStep(View.DESKTOP, "?lang=id");
    }

    @Test
    void everyStepAndEveryErrorOfItIsAccessibleInTheDarkAndInEnglish() {
        everyStep(View.PHONE.inTheDark(), "?lang=en");
    }

    private void everyStep(View view, String language) {
        var suffix = "-" + view.width() + (view.dark() ? "-dark" : "");
        String recovery;
        try (var browser = open(view)) {
            var page = browser.newPage();
            page.navigate("/invitation/" + token + language);
            look(page, "invitation" + suffix);
            page.locator("#name").fill("");
            send(page);
            assertThat(page.locator(".govuk-error-summary a").count()).isEqualTo(2);
            look(page, "invitation-errors" + suffix);
            page.locator("#name").fill("Sri Lestari");
            page.locator("#password").fill(PASSWORD);
            page.locator("#again").fill(PASSWORD);
            send(page);
            page.waitForURL("**/sign-in/second-factor");
            look(page, "second-factor" + suffix);
            page.locator("#code").fill("000000");
            send(page);
            look(page, "second-factor-errors" + suffix);
            page.locator("#code").fill(code(page));
            send(page);
            recovery = page.locator("ol code").first().innerText();
            look(page, "recovery-codes" + suffix);
            page.locator("main a").last().click();
            page.waitForURL("**/desk");
        }
        try (var browser = open(view)) {
            var page = browser.newPage();
            page.navigate("/sign-in" + language);
            look(page, "sign-in" + suffix);
            page.locator("#mail").fill(mail);
            page.locator("#password").fill("salah sama sekali");
            send(page);
            look(page, "sign-in-errors" + suffix);
            page.locator("#password").fill(PASSWORD);
            send(page);
            page.waitForURL("**/sign-in/code**");
            look(page, "code" + suffix);
            page.locator("#code").fill("abcd");
            send(page);
            look(page, "code-errors" + suffix);
            page.locator("#code").fill(recovery);
            send(page);
            page.waitForURL("**/desk");
        }
        soft.assertAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 1440})
    void everyStepIsTakenByKeyboardAloneAndWithoutScripts(int width) {
        var view = (width < 1000 ? View.PHONE : View.DESKTOP).withoutScript();
        String recovery;
        try (var browser = open(view)) {
            var page = browser.newPage();
            page.navigate("/invitation/" + token);
            assertThat(stops(page)).containsSubsequence("name", "password", "again", "button");
            page.navigate("/invitation/" + token);
            write(page, "password", PASSWORD);
            write(page, "again", PASSWORD);
            press(page);
            page.waitForURL("**/sign-in/second-factor");
            write(page, "code", code(page));
            press(page);
            page.locator("ol code").first().waitFor();
            recovery = page.locator("ol code").first().innerText();
            tabTo(page, "a:" + page.locator("main a").last().innerText().strip());
            page.keyboard().press("Enter");
            page.waitForURL("**/desk");
        }
        try (var browser = open(view)) {
            var page = browser.newPage();
            page.navigate("/sign-in");
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus").getAttribute("href")).isEqualTo("#content");
            write(page, "mail", mail);
            write(page, "password", "salah sama sekali");
            press(page);
            page.locator(".govuk-error-summary").waitFor();
            tabTo(
                    page,
                    "a:" + page.locator(".govuk-error-summary a").innerText().strip());
            page.keyboard().press("Enter");
            assertThat(page.url()).endsWith("#mail");
            write(page, "password", PASSWORD);
            press(page);
            page.waitForURL("**/sign-in/code**");
            write(page, "code", recovery);
            press(page);
            page.waitForURL("**/desk");
        }
    }

    private BrowserContext open(View view) {
        return Browser.open(view, "http://" + real.tenant().host() + ":" + port);
    }

    private void look(Page page, String name) {
        Browser.picture(page, "signing-in-" + name);
        soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
        soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page)).doesNotThrowAnyException();
    }

    private static void send(Page page) {
        page.locator("main button[type=submit]").click();
    }

    private static void write(Page page, String id, String text) {
        tabTo(page, id);
        page.keyboard().press("Control+A");
        page.keyboard().type(text);
    }

    private static void press(Page page) {
        tabTo(page, "button");
        page.keyboard().press("Enter");
    }

    /** Tabs on until the wanted stop, which shows that it has the focus. */
    private static void tabTo(Page page, String stop) {
        for (var i = 0; i < MOST_STOPS; i++) {
            page.keyboard().press("Tab");
            if (stop(page).equals(stop)) {
                var shown = page.locator(":focus")
                        .evaluate("it => { const s = getComputedStyle(it);"
                                + " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }");
                assertThat(shown).as("focus is seen on " + stop).isEqualTo(true);
                return;
            }
        }
        throw new AssertionError("The keyboard does not reach " + stop + " on " + page.url());
    }

    private static List<String> stops(Page page) {
        var stops = new ArrayList<String>();
        for (var i = 0; i < MOST_STOPS && !stops.contains("button"); i++) {
            page.keyboard().press("Tab");
            stops.add(stop(page));
        }
        return stops;
    }

    /** The field's id, "button" for what sends the form, or "a:" and the words of a link. */
    private static String stop(Page page) {
        var focused = page.locator(":focus");
        if (focused.count() == 0) {
            return "";
        }
        var id = focused.getAttribute("id");
        if (id != null && !id.isEmpty()) {
            return id;
        }
        var tag = focused.evaluate("it => it.tagName").toString();
        return switch (tag) {
            case "BUTTON" -> "button";
            case "A" -> "a:" + focused.innerText().strip();
            default -> tag;
        };
    }

    private static String code(Page page) {
        try {
            return new DefaultCodeGenerator(HashingAlgorithm.SHA1, 6)
                    .generate(page.locator("main code").innerText().strip(), System.currentTimeMillis() / 30_000);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException(e);
        }
    }
}
