// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static id.kentongan.peers.AbstractSixStepsTests.LINK;
import static id.kentongan.peers.AbstractSixStepsTests.NUMBER;
import static id.kentongan.peers.AbstractSixStepsTests.found;
import static id.kentongan.peers.AbstractSixStepsTests.hasLink;
import static id.kentongan.peers.AbstractSixStepsTests.hasNumber;
import static id.kentongan.peers.Regency.await;
import static id.kentongan.peers.Regency.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Ids;
import id.kentongan.peers.CitizensServer.Shown;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The six steps as those who take them see them: the officer and the liaison officer at the desk in a browser, Sari
 * and Budi on their own fediverse server, Wati with the form on a phone.
 */
final class SixStepsWalk {
    private static final Duration TO_INBOX = Duration.ofSeconds(2);
    private static final Duration TO_RECEIPT = Duration.ofMinutes(1);

    private final Regency regency;
    private final CitizensServer server;
    private final String sari = "sari" + unique();
    private final String budi = "budi" + unique();

    SixStepsWalk(Regency regency, CitizensServer server) {
        this.regency = regency;
        this.server = server;
    }

    /** Somebody's report on its way: where it stands, under which number, and the link only they have. */
    private record Report(String mark, String said, Instant arrived, String number, String link, String linkMessage) {
        String path() {
            return link.replaceFirst("https?://[^/]+", "");
        }
    }

    void walk() {
        server.follow(sari, regency.actor());
        var post = regency.post("Perbaikan jalan dimulai pekan ini " + unique());
        try (var desk = signedIn(regency.officerMail)) {
            var page = desk.newPage();
            fillTheInbox(post);
            page.navigate("/desk");
            page.waitForFunction("() => document.documentElement.dataset.live === 'on'");
            page.evaluate("() => { window.here = true; }");

            var mention = mention(page, post);
            var direct = direct(page, post);
            var form = form(page);
            assertThat(page.evaluate("() => window.here"))
                    .as("nothing was reloaded")
                    .isEqualTo(true);

            for (var report : new Report[] {mention, direct, form}) {
                forward(page, report);
            }
            answerFromTheAgency(mention, direct, form);
            answersArrive(mention, direct, form);
            theyWriteAgain(page, mention, direct, form);
        }
        theTrailIsWhole();
    }

    /** A list that holds something is changed in place. */
    private void fillTheInbox(String post) {
        var mark = unique();
        server.say(sari, "Pasar buka jam berapa? " + mark, regency.actor(), post, false);
        regency.conversation(mark);
    }

    // ---- steps 1 to 3 -------------------------------------------------------------------------------------------

    private Report mention(Page page, String post) {
        var mark = unique();
        var said = server.say(sari, "Jalan rusak di depan SD " + mark, regency.actor(), post, false);
        var arrived = seenAtTheDesk(page, mark, Network.ACTIVITYPUB);
        var receipt = shown(sari, each -> !each.direct() && said.equals(each.parent()) && hasNumber(each));
        assertThat(Instant.now()).isBefore(arrived.plus(TO_RECEIPT));
        var number = found(NUMBER, receipt.text());
        assertThat(receipt.text()).contains("Dukcapil", "paling lambat");
        assertThat(hasLink(receipt)).as("no secret in public").isFalse();
        var link = shown(sari, each -> each.direct() && each.text().contains(number) && hasLink(each));
        return new Report(mark, said, arrived, number, found(LINK, link.text()), link.id());
    }

    private Report direct(Page page, String post) {
        var mark = unique();
        var said = server.say(budi, "Ada lubang besar, mohon dirahasiakan " + mark, regency.actor(), post, true);
        var arrived = seenAtTheDesk(page, mark, Network.ACTIVITYPUB);
        var receipt = shown(budi, each -> each.direct() && hasNumber(each) && hasLink(each));
        assertThat(Instant.now()).isBefore(arrived.plus(TO_RECEIPT));
        return new Report(
                mark, said, arrived, found(NUMBER, receipt.text()), found(LINK, receipt.text()), receipt.id());
    }

    private Report form(Page desk) {
        var mark = unique();
        try (var phone = Browser.open(View.PHONE, regency.base())) {
            var page = phone.newPage();
            page.navigate("/");
            page.locator(".door--main a").click();
            page.locator("input[name=kind][value=complaint]").check();
            page.locator("#text").fill("Jalan rusak dan berlubang di dekat pasar, sudah lama " + mark);
            page.locator("#district").selectOption(Regency.DISTRICT);
            page.locator("#village").selectOption(Regency.VILLAGE);
            page.locator("input[name=identity][value=open]").check();
            page.locator("main form button[type=submit]").click();
            var link = page.locator("#secret-link").innerText();
            var arrived = seenAtTheDesk(desk, mark, Network.WEB);
            page.navigate(link);
            var number = found(NUMBER, page.locator("main").innerText());
            assertThat(Instant.now()).isBefore(arrived.plus(TO_RECEIPT));
            assertThat(page.locator("main").innerText()).contains("paling lambat");
            return new Report(mark, "", arrived, number, link, "");
        }
    }

    /** Waits for it in the open list; returns when it had reached us, at most two seconds before it was in the inbox. */
    private Instant seenAtTheDesk(Page page, String mark, Network network) {
        page.waitForSelector("#conversations >> text=" + mark);
        var arrived = regency.lastArrival(network);
        assertThat(regency.rows(mark)).as("in one thread, once").hasSize(1);
        var message = regency.messages(regency.rows(mark).getFirst()).stream()
                .filter(each -> String.valueOf(each.text()).contains(mark))
                .findFirst()
                .orElseThrow();
        var stored = Ids.timeOf(message.id().value());
        assertThat(Duration.between(arrived, stored))
                .as("from arrival to the inbox")
                .isLessThan(TO_INBOX);
        return arrived;
    }

    // ---- step 4 -------------------------------------------------------------------------------------------------

    private void forward(Page page, Report report) {
        page.navigate("/desk");
        page.locator("#conversations a[data-row]:has-text('" + report.mark() + "')")
                .click();
        page.waitForSelector("#forward");
        assertThat(page.locator("#panel, .zone--panel").first().innerText()).contains(report.number());
        page.locator("#forward > summary").click();
        page.locator("#agency").selectOption(regency.tenant.works().toString());
        page.locator("#forward-note").fill("Mohon dicek " + report.mark());
        page.locator("#forward button[type=submit]").click();
        page.waitForSelector("text=Kasus sudah didisposisikan.");
    }

    private void answerFromTheAgency(Report... reports) {
        try (var desk = signedIn(regency.liaisonMail)) {
            for (var report : reports) {
                var page = desk.newPage();
                page.navigate("/desk/pekerjaan");
                page.locator("a.case-row__link:has-text('" + report.number() + "')")
                        .click();
                page.waitForURL("**/desk/kasus/**");
                assertThat(page.locator(".thread").innerText()).contains("Mohon dicek " + report.mark());
                page.locator("#text").fill(answerTo(report));
                page.locator("#answer button[type=submit]").click();
                page.waitForSelector("text=Jawaban sedang dikirim ke setiap tempat.");
                page.close();
            }
        }
    }

    private static String answerTo(Report report) {
        return "Ditambal besok pagi, jawaban untuk " + report.mark();
    }

    // ---- step 5 -------------------------------------------------------------------------------------------------

    private void answersArrive(Report mention, Report direct, Report form) {
        var public_ = shown(sari, each -> each.text().contains(answerTo(mention)));
        assertThat(public_.direct()).isFalse();
        assertThat(public_.parent()).isEqualTo(mention.said());
        var private_ = shown(budi, each -> each.text().contains(answerTo(direct)));
        assertThat(private_.direct()).isTrue();
        try (var phone = Browser.open(View.PHONE, regency.base())) {
            var page = phone.newPage();
            page.navigate(server.page(mention.said()));
            assertThat(page.locator("body").innerText())
                    .as("the thread as Sari's own server shows it")
                    .containsSubsequence("Jalan rusak di depan SD " + mention.mark(), answerTo(mention));
            for (var report : new Report[] {mention, direct, form}) {
                page.navigate(report.path());
                assertThat(page.locator("main").innerText()).contains(answerTo(report));
            }
            page.navigate("/lacak?nomor=" + mention.number());
            assertThat(page.locator("main").innerText()).contains("Dinas PUPR").doesNotContain(mention.mark());
        }
    }

    private void theyWriteAgain(Page desk, Report mention, Report direct, Report form) {
        var answered = shown(sari, each -> each.text().contains(answerTo(mention)));
        var more = unique();
        server.say(sari, "Terima kasih, satu lagi di gang sebelah " + more, regency.actor(), answered.id(), false);
        landsInTheSameCase(mention, more);
        var aside = unique();
        server.say(sari, "Ini hanya untuk petugas " + aside, regency.actor(), mention.linkMessage(), true);
        landsInTheSameCase(mention, aside);
        var answeredPrivately = shown(budi, each -> each.text().contains(answerTo(direct)));
        var also = unique();
        server.say(budi, "Baik, ditunggu " + also, regency.actor(), answeredPrivately.id(), true);
        landsInTheSameCase(direct, also);
        var last = unique();
        try (var phone = Browser.open(View.PHONE, regency.base())) {
            var page = phone.newPage();
            page.navigate(form.path());
            page.locator("#text").fill("Lubangnya muncul lagi " + last);
            page.locator("main form button[type=submit]").click();
            page.waitForSelector("[role=status]");
        }
        landsInTheSameCase(form, last);
        desk.navigate("/desk/percakapan/" + regency.conversation(mention.mark()).id());
        desk.waitForSelector("#messages >> text=" + more);
        assertThat(server.seenBy(sari).stream()
                        .filter(each -> !each.direct() && each.text().contains(mention.number()))
                        .count())
                .as("one receipt per case")
                .isEqualTo(1);
    }

    private void landsInTheSameCase(Report report, String mark) {
        var row = regency.conversation(mark);
        assertThat(row.id()).isEqualTo(regency.rows(report.mark()).getFirst().id());
        var found = regency.cases.ofConversation(regency.officer, row.id()).orElseThrow();
        assertThat(found.publicNumber()).isEqualTo(report.number());
    }

    // ---- step 6 -------------------------------------------------------------------------------------------------

    private void theTrailIsWhole() {
        var verified = await(
                "the sealer",
                () -> Optional.of(regency.verifiedTrail())
                        .filter(each -> each.unsealed() == 0 || each.fault() != null));
        assertThat(verified.fault()).isNull();
        assertThat(verified.linked()).isGreaterThan(20);
        assertThat(verified.checkpoints()).isPositive();
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private BrowserContext signedIn(String mail) {
        var context = Browser.open(View.DESKTOP, regency.base());
        var page = context.newPage();
        page.navigate("/sign-in?to=/desk/bantuan");
        page.locator("#mail").fill(mail);
        page.locator("#password").fill(TestTenants.PASSWORD);
        page.locator("form button[type=submit]").last().click();
        page.waitForURL("**/desk/**");
        page.close();
        return context;
    }

    private Shown shown(String user, Predicate<Shown> wanted) {
        return await(
                "a message to " + user,
                () -> server.seenBy(user).stream().filter(wanted).findFirst());
    }
}
