// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.Scheduler;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Actor;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** A month that is told in one go and one that is interrupted, gently or in the midst of a step, end the same. */
@WithDatabase
@Import(InterruptedMonthIntegrationTests.Deaths.class)
@TestPropertySource(properties = {"kentongan.demo=true", "kentongan.demo-month=false"})
@DirtiesContext
class InterruptedMonthIntegrationTests {
    private static final int PEOPLE = 60;

    /** The present of all of them. */
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @Autowired
    Founding founding;

    @Autowired
    MonthTeller teller;

    @Autowired
    MonthStore months;

    @Autowired
    Deaths deaths;

    @Autowired
    RememberedTime time;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Scheduler jobs;

    /** To them everything told would be overdue; the platform lets them begin when the month is told. */
    @BeforeEach
    void noJobRunsMeanwhile() {
        jobs.pause();
    }

    @Test
    void aMonthStoppedAtAnyPointEndsAsOneToldInOneGo() throws InterruptedException {
        var whole = regency("utuh");
        var steps = new AtomicInteger();
        time.at(began, () -> tellsOn(whole, () -> steps.incrementAndGet() < 0));
        var expected = asItEnded(whole);
        assertThat(expected).hasSizeGreaterThan(500);
        assertThat(steps.get()).isGreaterThan(150);

        var stopped = regency("berhenti");
        // Before its first step, after it, and so on: what was told is asked about again, and told no more.
        var stops = 0;
        for (var asked = 0; months.untold(stopped).isPresent(); asked = asked < 3 ? asked + 1 : asked * 3 / 2) {
            var left = new AtomicInteger(asked);
            time.at(began, () -> tellsOn(stopped, () -> left.getAndDecrement() <= 0));
            settled();
            stops++;
            assertThat(stops).isLessThan(60);
        }
        assertThat(stops).isGreaterThan(7);
        endedAlike(stopped, expected);

        var killed = regency("mati");
        for (var after : new int[] {0, 1, 4, 20, 40}) {
            deaths.comes(after);
            assertThatThrownBy(() -> time.at(began, () -> tellsOn(killed, () -> false)))
                    .isInstanceOf(Deaths.Death.class);
            settled();
        }
        deaths.never();
        time.at(began, () -> tellsOn(killed, () -> false));
        endedAlike(killed, expected);
        assertThat(months.stories(killed))
                .as("what was remembered is forgotten")
                .isEmpty();
    }

    private Actor regency(String name) {
        Tenant tenant = founding.found(name + ".example", true);
        return Actor.system(tenant.id(), "demo");
    }

    private void tellsOn(Actor actor, BooleanSupplier stopping) {
        try {
            teller.tell(actor, PEOPLE, stopping);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void endedAlike(Actor actor, List<String> expected) throws InterruptedException {
        var ended = asItEnded(actor);
        assertThat(without(ended, expected)).as("what should not be").isEmpty();
        assertThat(without(expected, ended)).as("what is missing").isEmpty();
    }

    private static List<String> without(List<String> all, List<String> those) {
        var left = new ArrayList<>(all);
        those.forEach(left::remove);
        return left;
    }

    private void settled() throws InterruptedException {
        time.settle(Duration.ofMinutes(2), () -> false);
    }

    /** Everything that was said, opened, answered and recorded, and when. */
    private List<String> asItEnded(Actor actor) throws InterruptedException {
        settled();
        var all = new ArrayList<String>();
        for (var sql : List.of(
                """
                select 'message ' || direction || ' ' || at || ' ' || automatic from inbox.message
                """,
                """
                select 'conversation ' || last_at || ' ' || done from inbox.conversation
                """,
                """
                select 'case ' || public_number || ' ' || kind || ' ' || state || ' ' || opened_at || ' '
                    || coalesce(first_answer_at::text, '-') || ' ' || coalesce(closed_at::text, '-') || ' '
                    || confidential || anonymous
                from casework.case
                """,
                "select 'timeline ' || what || ' ' || at from casework.timeline",
                "select 'clock ' || kind || ' ' || due_at || ' ' || coalesce(met_at::text, '-') from casework.clock",
                // In the told past alone: founding and sending are in the present.
                "select 'entry ' || verb || ' ' || at from archive.entry where at < ':began'")) {
            all.addAll(transactions.read(
                    actor,
                    () -> jdbc.sql(sql.replace(":began", began.toString()))
                            .query(String.class)
                            .list()));
        }
        all.sort(null);
        return all;
    }

    /** Takes in what it is given, and dies before the transaction ends. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Deaths {
        private int left = Integer.MAX_VALUE;

        static final class Death extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Death() {
                super("the process dies here");
            }
        }

        void comes(int after) {
            left = after;
        }

        void never() {
            left = Integer.MAX_VALUE;
        }

        @Bean
        @Primary
        ItemReceiver mortal(List<ItemReceiver> receivers) {
            return (actor, items) -> {
                receivers.getFirst().receive(actor, items);
                if (left-- == 0) {
                    throw new Death();
                }
            };
        }
    }
}
