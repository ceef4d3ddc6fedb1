// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailLine;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.StuckEvent;
import id.kentongan.database.StuckEvents;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.test.context.TestPropertySource;

/** A listener that keeps failing, from its first failure to the administrator's decision. */
@WithDatabase
@Import(StuckEventsIntegrationTests.Failing.class)
@TestPropertySource(
        properties = {
            "kentongan.events.first-wait=10ms",
            "kentongan.events.longest-wait=20ms",
            "kentongan.events.tries=3"
        })
class StuckEventsIntegrationTests {
    private static final String SECRET = "Bu Wati 0812-0000-0000";

    /** What happened, in a test. */
    public record Rang(TenantId tenant, String what) {}

    /** Fails as long as it is told to. */
    static class BrokenDrum {
        private final Set<String> broken = ConcurrentHashMap.newKeySet();
        private final Map<String, AtomicInteger> heard = new ConcurrentHashMap<>();

        void breakFor(String what) {
            broken.add(what);
        }

        void mendFor(String what) {
            broken.remove(what);
        }

        @ApplicationModuleListener
        void on(Rang event) {
            heard.computeIfAbsent(event.what(), what -> new AtomicInteger()).incrementAndGet();
            if (broken.contains(event.what())) {
                throw new IllegalStateException(SECRET, new UnsupportedOperationException(SECRET));
            }
        }

        int heard(String what) {
            return heard.getOrDefault(what, new AtomicInteger()).get();
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Failing {
        @Bean
        BrokenDrum brokenDrum() {
            return new BrokenDrum();
        }
    }

    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    @Autowired
    StuckEvents stuck;

    @Autowired
    EventRetries retries;

    @Autowired
    BrokenDrum drum;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Trail trail;

    @Autowired
    Clock clock;

    TestTenant here;
    Actor administrator;

    @BeforeEach
    void anAdministrator() {
        here = tenants.found();
        administrator = tenants.officer(here, "admin@uji.example", here.office(), false, Role.ADMINISTRATOR);
    }

    @Test
    void afterItsTriesAnEventIsParkedAndSaysWhatFailedButNothingOfAPerson() {
        var parked = parked("a");
        assertThat(drum.heard("a")).isEqualTo(3);
        assertThat(parked.listener()).isEqualTo("BrokenDrum");
        assertThat(parked.event()).isEqualTo("Rang");
        assertThat(parked.attempts()).isEqualTo(3);
        assertThat(parked.error())
                .startsWith("IllegalStateException, UnsupportedOperationException (StuckEventsIntegrationTests.java:")
                .doesNotContain("Wati", "0812");
        for (var i = 0; i < 5; i++) {
            retries.run();
        }
        assertThat(drum.heard("a")).isEqualTo(3);
        assertThat(machinery(parked.id())).isZero();
        assertThat(verbs()).containsOnlyOnce("database.event-parked");
        assertThat(stuck.parked(administrator)).isEqualTo(1);
    }

    @Test
    void triedAgainTwiceInARowItIsHandedOutOnceAndHandledLeavesNothing() {
        var parked = parked("b");
        stuck.tryAgain(administrator, parked.id());
        stuck.tryAgain(administrator, parked.id());
        assertThat(verbs()).containsOnlyOnce("database.event-tried-again");
        var again = await(() -> {
            retries.run();
            return stuck.all(administrator).stream()
                    .filter(each -> each.next() == null && each.attempts() == 6)
                    .findFirst();
        });
        assertThat(drum.heard("b")).isEqualTo(6);
        drum.mendFor("b");
        stuck.tryAgain(administrator, again.id());
        await(() -> {
            retries.run();
            return Optional.of(stuck.all(administrator)).filter(List::isEmpty);
        });
        assertThat(drum.heard("b")).isEqualTo(7);
        assertThatThrownBy(() -> stuck.tryAgain(administrator, again.id()))
                .isInstanceOfSatisfying(
                        RefusalException.class,
                        e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.NOT_FOUND));
        retries.run();
        assertThat(drum.heard("b")).isEqualTo(7);
    }

    @Test
    void setAsideItIsNeverHeardAgainParkedOrNot() {
        var parked = parked("c");
        stuck.setAside(administrator, parked.id());
        drum.breakFor("d");
        publish("d");
        var waiting = await(() -> stuck.all(administrator).stream().findFirst());
        assertThat(waiting.next()).isNotNull();
        await(() -> {
            try {
                stuck.setAside(administrator, waiting.id());
                return Optional.of(true);
            } catch (RefusalException running) {
                assertThat(running.refusal().kind()).isEqualTo(Refusal.Kind.CONFLICT);
                return Optional.empty();
            }
        });
        var heard = drum.heard("d");
        retries.run();
        retries.run();
        assertThat(drum.heard("c")).isEqualTo(3);
        assertThat(drum.heard("d")).isEqualTo(heard);
        assertThat(stuck.all(administrator)).isEmpty();
        assertThat(verbs().stream().filter("database.event-set-aside"::equals)).hasSize(2);
        assertThatThrownBy(() -> stuck.setAside(administrator, parked.id())).isInstanceOf(RefusalException.class);
    }

    @Test
    void oneThatNobodyListensToAnyMoreIsParkedWithoutAKnownCause() {
        var id = UUID.randomUUID();
        jdbc.sql("""
                        insert into machinery.event_publication
                            (id, listener_id, event_type, serialized_event, publication_date, status,
                             completion_attempts, last_resubmission_date)
                        values (?, 'id.kentongan.gone.Listener.on(id.kentongan.gone.Event)', ?, ?, ?, 'FAILED', 1, ?)
                        """)
                .params(
                        id,
                        Rang.class.getName(),
                        "{\"tenant\":{\"value\":\"" + here.id() + "\"},\"what\":\"e\"}",
                        Timestamp.from(clock.instant().minusSeconds(60)),
                        Timestamp.from(clock.instant().minusSeconds(60)))
                .update();
        var parked = await(() -> {
            retries.run();
            return stuck.all(administrator).stream()
                    .filter(each -> each.next() == null)
                    .findFirst();
        });
        assertThat(parked.id()).isEqualTo(id);
        assertThat(parked.listener()).isEqualTo("Listener");
        assertThat(parked.error()).isEmpty();
    }

    @Test
    void anotherTenantSeesNothingOfItAndWhoeverIsNoAdministratorMayNotDecide() {
        var parked = parked("f");
        var elsewhere = tenants.found();
        var stranger = tenants.officer(elsewhere, elsewhere.office(), false, Role.ADMINISTRATOR);
        assertThat(stuck.all(stranger)).isEmpty();
        assertThat(stuck.parked(stranger)).isZero();
        assertThatThrownBy(() -> stuck.tryAgain(stranger, parked.id())).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> stuck.setAside(stranger, parked.id())).isInstanceOf(RefusalException.class);
        var auditor = tenants.officer(here, here.office(), false, Role.AUDITOR);
        assertThat(stuck.all(auditor)).hasSize(1);
        assertThatThrownBy(() -> stuck.tryAgain(auditor, parked.id())).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> stuck.setAside(auditor, parked.id())).isInstanceOf(RefusalException.class);
        var supervisor = tenants.officer(here, here.office(), true, Role.SUPERVISOR);
        assertThatThrownBy(() -> stuck.all(supervisor)).isInstanceOf(RefusalException.class);
        assertThat(stuck.all(administrator)).hasSize(1);
    }

    @Test
    void anAdministratorSeesItOnAPageAndDecidesThere() {
        var parked = parked("g");
        var browser = new Visitor(port, here.tenant().host());
        browser.get("/sign-in");
        browser.post("/sign-in", Map.of("mail", "admin@uji.example", "password", TestTenants.PASSWORD));
        assertThat(browser.get("/desk/atur").page().select("main a[href$=/peristiwa]"))
                .hasSize(1);
        var page = browser.get("/desk/atur/peristiwa").page();
        assertThat(page.select("tbody tr").text())
                .contains("Tugas lain", "Rang → BrokenDrum", "3", "IllegalStateException", "Berhenti")
                .doesNotContain("Wati");
        var again = page.select("form[action$=/ulang]").attr("action");
        assertThat(again).contains(parked.id().toString());
        drum.mendFor("g");
        assertThat(browser.post(again, Map.of()).location()).isEqualTo("/desk/atur/peristiwa");
        assertThat(browser.get("/desk/atur/peristiwa").page().select("main").text())
                .contains("Tugas sistem dicoba lagi");
        await(() -> {
            retries.run();
            return Optional.of(stuck.all(administrator)).filter(List::isEmpty);
        });
        assertThat(browser.get("/desk/atur/peristiwa?lang=en")
                        .page()
                        .select("main")
                        .text())
                .contains("No event is stuck");
        assertThat(browser.post(again, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void eachWaitIsTwiceTheLastUpToTheLongestAndNeverTheSameForAll() {
        var settings = new EventSettings(Duration.ofSeconds(20), Duration.ofHours(2), 18);
        for (var attempts = 1; attempts < 40; attempts++) {
            var expected = Math.min(
                    20_000L << Math.min(attempts - 1, 20), Duration.ofHours(2).toMillis());
            var waits = new java.util.HashSet<Duration>();
            for (var i = 0; i < 50; i++) {
                var wait = settings.after(attempts);
                assertThat(wait.toMillis()).isBetween(expected * 3 / 4, expected * 5 / 4);
                waits.add(wait);
            }
            assertThat(waits).hasSizeGreaterThan(5);
        }
    }

    private StuckEvent parked(String what) {
        drum.breakFor(what);
        publish(what);
        return await(() -> {
            retries.run();
            return stuck.all(administrator).stream()
                    .filter(each -> each.next() == null)
                    .findFirst();
        });
    }

    private void publish(String what) {
        transactions.run(here.system(), () -> events.publishEvent(new Rang(here.id(), what)));
    }

    private int machinery(UUID id) {
        return jdbc.sql("select count(*) from machinery.event_publication where id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    private List<String> verbs() {
        return trail.latest(administrator, null, 100).items().stream()
                .map(TrailLine::entry)
                .map(entry -> entry.verb())
                .toList();
    }

    private static <T> T await(Supplier<Optional<T>> wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            var found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("Waited a minute in vain");
    }
}
