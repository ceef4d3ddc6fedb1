// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.OutgoingStatus.State;
import id.kentongan.channel.spi.Finding;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.testing.RandomRuns;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

/**
 * Promise 2 under random faults, on a network that counts what it holds: it takes and says so, takes and says nothing,
 * takes nothing, breaks, asks to wait; senders die before and after sending; the database is away for a moment. Whatever
 * happens, each message is there once, or the outbox says that it is not, or that it does not know.
 */
@WithDatabase
@Import(ScriptedNetwork.Configuration.class)
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=1000")
class OutboxUnderFaultsIntegrationTests {
    /** From this attempt on the network behaves, so that every run ends. */
    private static final int PATIENT = 5;

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Outbox outbox;

    @Autowired
    OutboxSender sender;

    @Autowired
    OutgoingClaims claims;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DataSource pool;

    @Autowired
    ScriptedNetwork network;

    private TestTenant tenant;
    private Actor system;
    private Account account;

    @BeforeEach
    void aTenant() {
        tenant = tenants.found();
        system = tenant.system();
        network.perMinute = 0;
        network.edit = Change.ALWAYS;
        network.withdrawal = Change.ALWAYS;
        account = accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "");
    }

    @AfterEach
    void anHonestNetworkAgain() {
        network.perMinute = 6000;
        network.doubt = Doubt.HARMLESS;
        network.sending = ScriptedNetwork::sent;
        network.changing = (sent, changed) -> network.sending.apply(changed);
        network.finding = outgoing -> new Finding.Later(Duration.ofHours(1), "cannot-read");
    }

    @Test
    @Tag("random")
    void whateverFailsNothingIsSaidTwiceNorLost() {
        RandomRuns.of("outbox: whatever fails, nothing is said twice nor lost", 12, 400, random -> {
            var doubts = List.of(Doubt.HARMLESS, Doubt.READABLE, Doubt.LASTING);
            new Run(random, doubts.get(random.nextInt(doubts.size()))).play();
        });
    }

    /** One network, some messages and their changes, and what befalls them. */
    private final class Run {
        private final Random random;
        private final long seed;
        private final Doubt doubt;
        /** What the network holds: a list of more than one is the same thing said twice. */
        private final Map<OutgoingId, List<String>> held = new ConcurrentHashMap<>();

        private final Set<OutgoingId> refused = ConcurrentHashMap.newKeySet();
        private final Map<OutgoingId, AtomicInteger> attempts = new ConcurrentHashMap<>();
        private final List<OutgoingId> changedBeforeSaid = new ArrayList<>();
        /** What each message is to say in the end; nothing of one that is taken back. */
        private final Map<OutgoingId, String> wanted = new LinkedHashMap<>();

        private final List<OutgoingId> all = new ArrayList<>();

        Run(Random random, Doubt doubt) {
            this.random = random;
            this.seed = random.nextLong();
            this.doubt = doubt;
        }

        void play() {
            network.doubt = doubt;
            network.sending = this::say;
            network.changing = this::change;
            network.finding = this::find;
            submit();
            for (var n = random.nextInt(3); n > 0; n--) {
                die();
            }
            if (random.nextInt(6) == 0) {
                loseTheDatabase();
            }
            drain();
            honest();
            settleWhatIsUnknown();
            for (var each : wanted.entrySet()) {
                var id = each.getKey();
                var gone = refused.contains(id) || each.getValue().isEmpty();
                assertThat(held.getOrDefault(id, List.of()))
                        .as("what the network holds of %s", id)
                        .isEqualTo(gone ? List.of() : List.of(each.getValue()));
                assertThat(state(id)).isEqualTo(refused.contains(id) ? State.REFUSED : State.SENT);
            }
            assertThat(changedBeforeSaid)
                    .as("changes that came before what they change")
                    .isEmpty();
        }

        private void submit() {
            for (var n = 3 + random.nextInt(6); n > 0; n--) {
                var message = message("pesan " + n);
                if (random.nextInt(8) == 0) {
                    refused.add(message.id());
                }
                var id = outbox.submit(system, message);
                all.add(id);
                wanted.put(id, message.text());
                if (refused.contains(id)) {
                    continue;
                }
                for (var edit = random.nextInt(3); edit > 0; edit--) {
                    var text = message.text() + ", ubahan " + edit;
                    all.add(outbox.edit(system, id, id + "/" + edit, text, null));
                    wanted.put(id, text);
                }
                if (random.nextInt(6) == 0) {
                    all.add(outbox.withdraw(system, id, id + "/tarik"));
                    wanted.put(id, "");
                }
                // Submitted again, as a decision that was told twice does.
                assertThat(outbox.submit(system, message)).isEqualTo(id);
            }
        }

        // ---- the network ----------------------------------------------------------------------------------------

        private SendOutcome say(Outgoing outgoing) {
            if (refused.contains(outgoing.id())) {
                return new SendOutcome.Refused("recipient-gone");
            }
            return fate(outgoing, () -> take(outgoing));
        }

        private void take(Outgoing outgoing) {
            held.compute(outgoing.id(), (id, before) -> {
                if (before != null && doubt.harmlessFor().isPositive()) {
                    return before;
                }
                var now = new ArrayList<>(before == null ? List.of() : before);
                now.add(outgoing.text());
                return List.copyOf(now);
            });
        }

        private SendOutcome change(OutgoingId sent, Outgoing changed) {
            if (!held.containsKey(sent)) {
                changedBeforeSaid.add(sent);
                return new SendOutcome.Refused("not-sent");
            }
            return fate(changed, () -> held.put(sent, changed.text().isEmpty() ? List.of() : List.of(changed.text())));
        }

        /** The same for the same attempt of the same message, however the threads run. */
        private SendOutcome fate(Outgoing outgoing, Runnable taking) {
            var id = outgoing.id();
            var attempt =
                    attempts.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
            var dice = new Random(seed + 31L * outgoing.text().hashCode() + 7919L * attempt);
            dice.nextInt();
            var fate = attempt >= PATIENT ? 0 : dice.nextInt(10);
            switch (fate) {
                case 3 -> {
                    return new SendOutcome.Retry(Duration.ZERO, "http-503");
                }
                case 4 -> {
                    return new SendOutcome.Retry(Duration.ofSeconds(1), "peer-limits");
                }
                case 5 -> {
                    return new SendOutcome.Unknown("no-answer");
                }
                case 6 -> {
                    taking.run();
                    return new SendOutcome.Unknown("no-answer");
                }
                case 7 -> throw new IllegalStateException("broke before it was taken");
                case 8 -> {
                    taking.run();
                    throw new IllegalStateException("broke after it was taken");
                }
                case 9 -> pause(50);
                default -> {}
            }
            taking.run();
            return new SendOutcome.Sent("remote:" + id, null);
        }

        private Finding find(Outgoing outgoing) {
            return switch (random.nextInt(6)) {
                case 0 -> throw new IllegalStateException("reading broke");
                case 1 -> new Finding.Later(Duration.ZERO, "cannot-read");
                default ->
                    held.containsKey(outgoing.id())
                            ? new Finding.Found("remote:" + outgoing.id(), null)
                            : new Finding.Absent();
            };
        }

        // ---- what befalls the sender ----------------------------------------------------------------------------

        /** It dies with some messages in its hands: not sent yet, or sent without it learning so. */
        private void die() {
            pause(random.nextInt(60));
            sender.stop();
            try {
                var claimed = transactions.write(system, () -> claims.claim(system, 3, SenderLoop.LEASE));
                for (var each : claimed) {
                    var known = !each.died() && each.doubtSince() == null;
                    if (known && each.act() == OutgoingStore.Act.SAY && random.nextBoolean()) {
                        if (!refused.contains(each.id())) {
                            take(each.outgoing());
                        }
                    }
                }
                leasesRunOut();
            } finally {
                sender.start();
            }
        }

        private void loseTheDatabase() {
            var connections = new ArrayList<Connection>();
            try {
                for (var n = 0; n < 24; n++) {
                    // From below the guard of the tests, which lets a thread hold one only.
                    connections.add(pool.unwrap(HikariDataSource.class).getConnection());
                }
                pause(1200);
            } catch (SQLException others) {
                pause(200);
            } finally {
                connections.forEach(each -> {
                    try {
                        each.close();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }

        // ---- the end --------------------------------------------------------------------------------------------

        /** Until nothing is on its way any more; waits are cut short, and what a dead sender held is given to another. */
        private void drain() {
            var until = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            for (var round = 1; !settled(); round++) {
                assertThat(System.nanoTime()).as("states %s", states()).isLessThan(until);
                sql("update channel.outgoing set next_attempt_at = now() - interval '1 s' where state = 'RETRY'");
                sender.wake();
                pause(30);
                if (round % 40 == 0) {
                    sender.stop();
                    leasesRunOut();
                    sender.start();
                }
            }
        }

        private boolean settled() {
            var states = outbox.statuses(system, all);
            // A change of what is unknown waits for an officer.
            var unknown = wanted.keySet().stream()
                    .filter(id -> states.get(id).state() == State.UNKNOWN)
                    .toList();
            return all.stream()
                    .map(states::get)
                    .allMatch(each -> each.state() == State.SENT
                            || each.state() == State.REFUSED
                            || each.state() == State.UNKNOWN
                            || (each.state() == State.QUEUED && !wanted.containsKey(each.id()) && !unknown.isEmpty()));
        }

        private List<State> states() {
            return outbox.statuses(system, all).values().stream()
                    .map(OutgoingStatus::state)
                    .toList();
        }

        /** Before anybody looks at the network: what the outbox says of each message is true. */
        private void honest() {
            for (var id : wanted.keySet()) {
                var there = held.containsKey(id);
                switch (state(id)) {
                    case SENT ->
                        assertThat(there).as("%s is said to be sent", id).isTrue();
                    case REFUSED ->
                        assertThat(there).as("%s is said to be refused", id).isFalse();
                    case UNKNOWN -> assertThat(doubt).isEqualTo(Doubt.LASTING);
                    case QUEUED, SENDING, RETRY -> throw new AssertionError(id + " is still on its way");
                }
                assertThat(held.getOrDefault(id, List.of()).size()).isLessThanOrEqualTo(1);
            }
        }

        /** An officer looks at the network and says what is there. */
        private void settleWhatIsUnknown() {
            for (var round = 0; round < 30; round++) {
                var unknown = outbox.troubled(system).stream()
                        .filter(each -> each.state() == State.UNKNOWN && all.contains(each.id()))
                        .toList();
                if (unknown.isEmpty()) {
                    break;
                }
                unknown.forEach(each -> outbox.settle(system, each.id(), held.containsKey(each.id())));
                drain();
            }
            drain();
        }

        private void leasesRunOut() {
            sql("update channel.outgoing set next_attempt_at = now() - interval '1 s' where state = 'SENDING'");
        }
    }

    private Outgoing message(String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                text + " " + OutgoingId.next(),
                null,
                new Outgoing.Recipient("wati", "@wati@warga.example"),
                Audience.DIRECT,
                text,
                null,
                "id",
                List.of(),
                null);
    }

    private void sql(String statement) {
        transactions.run(system, () -> jdbc.sql(statement).update());
    }

    private State state(OutgoingId id) {
        return outbox.statuses(system, List.of(id)).get(id).state();
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
