// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.RefusalException;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The delay of guesses, with a clock that the test moves. */
@WithDatabase
class ThrottleIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ObjectProvider<OfficerSecrets> secrets;

    final Moved clock = new Moved();
    final Throttle.Key mail = Throttle.Key.mail("rina@uji.example", "192.0.2.7");
    final Throttle.Key address = Throttle.Key.network("192.0.2.7");
    Throttle throttle;
    Actor system;

    @BeforeEach
    void aTenant() {
        system = tenants.found().system();
        throttle = new Throttle(transactions, jdbc, clock, secrets);
    }

    @Test
    void theDelayDoublesUpToAQuarterOfAnHourAndIsForgottenAfterAQuietHour() {
        for (var i = 0; i < 5; i++) {
            throttle.charge(system, mail);
        }
        for (var seconds : new int[] {15, 30, 60, 120, 240, 480, 900, 900}) {
            clock.pass(Duration.ofSeconds(seconds - 1));
            assertRefused();
            clock.pass(Duration.ofSeconds(1));
            throttle.charge(system, mail);
        }
        clock.pass(Duration.ofMinutes(61));
        for (var i = 0; i < 5; i++) {
            throttle.charge(system, mail);
        }
        assertRefused();
    }

    @Test
    void guessesSentAllAtOnceCountLikeGuessesOneByOne() throws Exception {
        Callable<Boolean> guess = () -> {
            try {
                throttle.charge(system, mail, address);
                return true;
            } catch (RefusalException refused) {
                return false;
            }
        };
        try (var threads = Executors.newFixedThreadPool(8)) {
            var passed = 0;
            for (var each : threads.invokeAll(
                    IntStream.range(0, 24).mapToObj(i -> guess).toList())) {
                passed += each.get() ? 1 : 0;
            }
            assertThat(passed).isEqualTo(5);
        }
    }

    @Test
    void aRightPasswordClearsTheAccountAndLeavesWhatOthersDidAtTheAddress() {
        for (var i = 0; i < 4; i++) {
            throttle.charge(system, mail, address);
        }
        throttle.forget(system, mail);
        throttle.giveBack(system, address);
        for (var i = 0; i < 46; i++) {
            throttle.charge(system, Throttle.Key.mail("other" + i, "192.0.2.7"), address);
            assertThatCode(() -> throttle.forget(system, mail)).doesNotThrowAnyException();
        }
        throttle.charge(system, mail, address);
        assertThatThrownBy(() -> throttle.charge(system, Throttle.Key.mail("rina2@uji.example", "192.0.2.7"), address))
                .isInstanceOf(RefusalException.class);
        // A refused try is charged to nobody, or an attacker's address would lock the accounts it names.
        assertThat(jdbcCount()).isZero();
    }

    private int jdbcCount() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*) from identity.sign_in_attempt where key_hash = ?")
                        .param(secrets.getObject()
                                .keyedHash(system.tenant(), "identity.sign-in", "mail:192.0.2.7 rina2@uji.example"))
                        .query(Integer.class)
                        .single());
    }

    private void assertRefused() {
        assertThatThrownBy(() -> throttle.charge(system, mail))
                .isInstanceOfSatisfying(
                        RefusalException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo("identity.too-many-tries"));
    }

    private static final class Moved extends Clock {
        private Instant now = Instant.parse("2026-11-24T01:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
