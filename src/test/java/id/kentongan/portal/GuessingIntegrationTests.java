// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.Cases;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.kernel.Ids;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.Visitor.Answer;
import id.kentongan.testing.WithDatabase;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Whoever guesses case numbers or secret links a thousand times is stopped, and what is not public answers like what
 * never was. Each test guesses from an address of its own, since the count is kept by address.
 */
@WithDatabase
class GuessingIntegrationTests {
    private static final int GUESSES = 1000;

    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    Rules rules;

    @Autowired
    Intake intake;

    @Autowired
    Cases cases;

    TestTenant tenant;
    TestTenant other;

    @BeforeEach
    void twoRegencies() {
        tenant = tenants.found();
        other = tenants.found();
        rules.installDefaults(tenant.system());
        rules.installDefaults(other.system());
    }

    @Test
    void aThousandGuessedNumbersAreThrottledAndNeverSayWhichConfidentialCaseExists() {
        var confidential = report(tenant, "confidential").shown().publicNumber();
        var year = confidential.split("-")[1];
        var statuses = new ArrayList<Integer>();
        var absent = new TreeSet<String>();
        var guesser = guesser("127.0.0.71");
        for (var i = 0; i < GUESSES; i++) {
            // The confidential one is among the first, before anything is throttled.
            var number = i == 3 ? confidential : "KTG-" + year + "-%06d".formatted(500_000 + i);
            var answer = guesser.get("/lacak/" + number);
            statuses.add(answer.status());
            if (answer.status() == 404) {
                absent.add(shown(answer, number));
            }
        }
        assertThat(absent).hasSize(1);
        throttled(statuses);
        // Whoever is stopped learns nothing by a number that does name a public case either.
        var open = report(tenant, "open").shown().publicNumber();
        assertThat(shown(guesser.get("/lacak/" + open), open))
                .isEqualTo(shown(guesser.get("/lacak/KTG-" + year + "-999999"), "KTG-" + year + "-999999"));
        assertThat(guesser("127.0.0.72").get("/lacak/" + open).status()).isEqualTo(200);
    }

    @Test
    void aThousandGuessedLinksAreThrottledAndThoseOfAnotherRegencyLookAbsent() {
        var foreign = secret();
        report(other, "open", foreign);
        var statuses = new ArrayList<Integer>();
        var absent = new TreeSet<String>();
        var guesser = guesser("127.0.0.73");
        IntFunction<String> guess = i -> i == 3 ? foreign : i == 4 ? "zzqqzz" : i == 5 ? "%27%20or%201=1" : secret();
        for (var i = 0; i < GUESSES; i++) {
            var secret = guess.apply(i);
            var answer = guesser.get("/lacak/r/" + secret);
            statuses.add(answer.status());
            if (answer.status() == 404) {
                absent.add(shown(answer, secret));
            }
        }
        assertThat(absent).hasSize(1);
        throttled(statuses);
        var own = secret();
        report(tenant, "open", own);
        assertThat(guesser.get("/lacak/r/" + own).status()).isEqualTo(429);
        assertThat(guesser("127.0.0.74").get("/lacak/r/" + own).status()).isEqualTo(200);
    }

    @Test
    void theFormThatAddsToACaseIsNoWayAroundTheCount() {
        var guesser = guesser("127.0.0.75");
        guesser.get("/lapor");
        var statuses = new ArrayList<Integer>();
        for (var i = 0; i < 100; i++) {
            statuses.add(
                    guesser.post("/lacak/r/" + secret(), Map.of("text", "Halo")).status());
        }
        throttled(statuses);
        assertThat(guesser.get("/lacak/r/" + secret() + "/diterima").status()).isEqualTo(429);
        assertThat(guesser.get("/lacak/KTG-2026-000001").status()).isEqualTo(429);
    }

    @Test
    void aReceiptWaitsOnlyForWhoSentTheReportAndGuessingAtItIsCounted() {
        var guesser = guesser("127.0.0.76");
        guesser.cookie("terkirim", "00".repeat(32));
        var statuses = new ArrayList<Integer>();
        for (var i = 0; i < 60; i++) {
            var answer = guesser.get("/lacak/r/" + secret() + "/diterima");
            assertThat(answer.headers().firstValue("Refresh")).isEmpty();
            statuses.add(answer.status());
        }
        throttled(statuses);
        var reporter = guesser("127.0.0.77");
        reporter.get("/lapor");
        var sent = reporter.post(
                "/lapor", Map.of("kind", "complaint", "identity", "open", "text", "Lampu jalan mati di depan pasar."));
        assertThat(sent.status()).isBetween(302, 303);
        assertThat(sent.location()).endsWith("/diterima");
        assertThat(reporter.cookie("terkirim")).hasSize(64);
        assertThat(reporter.get(sent.location()).status()).isEqualTo(200);
        // The mark of one report is none for another.
        assertThat(reporter.get("/lacak/r/" + secret() + "/diterima").status()).isEqualTo(404);
    }

    private static void throttled(List<Integer> statuses) {
        var first = statuses.indexOf(429);
        assertThat(first).as("guesses that were answered").isBetween(1, 50);
        assertThat(statuses.subList(0, first)).containsOnly(404);
        assertThat(statuses.subList(first, statuses.size())).containsOnly(429);
    }

    private Visitor guesser(String from) {
        return new Visitor(port, tenant.tenant().host(), from);
    }

    private static String secret() {
        var letters = "abcdefghijklmnopqrstuvwxyz234567";
        return new SecureRandom()
                .ints(26, 0, letters.length())
                .collect(StringBuilder::new, (text, at) -> text.append(letters.charAt(at)), StringBuilder::append)
                .toString();
    }

    private Cases.ReporterCase report(TestTenant tenant, String identity) {
        return report(tenant, identity, secret());
    }

    private Cases.ReporterCase report(TestTenant tenant, String identity, String secret) {
        intake.acceptForm(
                tenant.system(),
                new WebForm(
                        Ids.next().toString(),
                        "",
                        "Lampu jalan mati.",
                        Map.of("kind", "complaint", "identity", identity, "secret", secret),
                        List.of()));
        var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < until) {
            var found = cases.bySecret(tenant.id(), secret);
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("No case was opened within thirty seconds");
    }

    /** What was guessed stands in the page's own field and language links; each form has its token. */
    private static String shown(Answer answer, String guessed) {
        return answer.status()
                + "\n"
                + answer.body()
                        .replace(guessed, "GUESS")
                        .replace(guessed.toUpperCase(Locale.ROOT), "GUESS")
                        .replaceAll("(name=\"_csrf\" value=\")[^\"]+", "$1");
    }
}
