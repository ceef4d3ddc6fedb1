// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static id.kentongan.channel.internal.IntakeIntegrationTests.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.Intake;
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
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

@WithDatabase
@Import(ScriptedNetwork.Configuration.class)
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=1000")
class OutboxIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Outbox outbox;

    @Autowired
    Intake intake;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ScriptedNetwork network;

    @Autowired
    OutboxSender sender;

    @Autowired
    OutgoingClaims claims;

    @Autowired
    Attempts attempts;

    @Autowired
    SendingResults results;

    @Autowired
    Trail trail;

    @Autowired
    Clock clock;

    @Autowired
    Adapters adapters;

    @Autowired
    Budget budget;

    private TestTenant tenant;
    private Actor system;
    private Account account;

    @BeforeEach
    void aTenantWithAnAccountOnAnHonestNetwork() {
        network.sending = ScriptedNetwork::sent;
        network.finding = outgoing -> new Finding.Later(Duration.ofHours(1), "cannot-read");
        network.doubt = Doubt.HARMLESS;
        network.edit = Change.ALWAYS;
        network.withdrawal = Change.ALWAYS;
        network.foretold = false;
        network.perMinute = 6000;
        tenant = tenants.found();
        system = tenant.system();
        account = accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "");
    }

    @Test
    void aMessageIsSentOnceHoweverOftenItIsSubmitted() {
        var first = outbox.submit(system, message("kunci"));
        var again = outbox.submit(system, message("kunci"));
        assertThat(again).isEqualTo(first);
        await(() -> state(first) == State.SENT);
        outbox.submit(system, message("kunci"));
        assertThat(status(first).remoteKey()).isEqualTo("remote:" + first);
        assertThat(network.sends).containsEntry(first, 1);
        assertThat(receipts(first, "channel.sent")).containsExactly("remote:" + first);
    }

    /** The network's names of what was said, as an auditor finds them in the trail. */
    private List<String> receipts(OutgoingId id, String verb) {
        return trail.about(system, new Subject("outgoing", id.value())).stream()
                .map(line -> line.entry())
                .filter(entry -> entry.verb().equals(verb))
                .map(entry -> entry.facts().getOrDefault("remote", ""))
                .toList();
    }

    @Test
    void aChangeWaitsForWhatItChangesAndForTheChangeBeforeIt() throws Exception {
        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "http-503");
        var said = outbox.submit(system, message("ubah"));
        await(() -> state(said) == State.RETRY);
        var first = outbox.edit(system, said, "ubah-1", "Halo semua", null);
        var again = outbox.edit(system, said, "ubah-1", "Halo semua", null);
        var second = outbox.edit(system, said, "ubah-2", "Halo semuanya", null);
        var end = outbox.withdraw(system, said, "tarik");
        assertThat(again).isEqualTo(first);
        Thread.sleep(1500);
        assertThat(network.asked.stream().filter(each -> each.contains(said.toString())))
                .containsExactly("say " + said);
        network.sending = ScriptedNetwork::sent;
        hurry(said);
        await(() -> state(end) == State.SENT);
        assertThat(network.asked.stream().filter(each -> each.contains(said.toString())))
                .containsExactly(
                        "say " + said,
                        "say " + said,
                        "edit " + said + " Halo semua",
                        "edit " + said + " Halo semuanya",
                        "withdraw " + said);
        assertThat(state(second)).isEqualTo(State.SENT);
        assertThat(status(said).remoteKey()).isEqualTo("remote:" + said);
    }

    @Test
    void nobodyChangesWhatIsNotTheirsOrNeverWasSaid() {
        var said = outbox.submit(system, message("milik"));
        var other = tenants.found();
        assertThatThrownBy(() -> outbox.withdraw(other.system(), said, "curi")).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> outbox.edit(system, OutgoingId.next(), "hampa", "x", null))
                .isInstanceOf(RefusalException.class);
        var change = outbox.edit(system, said, "ubah-milik", "x", null);
        assertThatThrownBy(() -> outbox.edit(system, change, "ubah-ubahan", "x", null))
                .as("a change is not said")
                .isInstanceOf(RefusalException.class);
    }

    @Test
    void aDecisionThatIsRolledBackSendsNothing() throws Exception {
        var message = message("batal");
        assertThatThrownBy(() -> transactions.run(system, () -> {
                    outbox.submit(system, message);
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");
        Thread.sleep(1500);
        assertThat(network.sends).doesNotContainKey(message.id());
    }

    @Test
    void aSenderThatDiedIsRepeatedWhereThatIsHarmless() {
        var id = died("mati-1");
        await(() -> state(id) == State.SENT);
        assertThat(network.sends).containsEntry(id, 1);
    }

    @Test
    void aSenderThatDiedIsSettledByReadingWhereARepetitionWouldSayItTwice() {
        network.doubt = Doubt.READABLE;
        network.finding = outgoing -> new Finding.Found("found", null);
        var id = died("mati-2");
        await(() -> state(id) == State.SENT);
        assertThat(status(id).remoteKey()).isEqualTo("found");
        assertThat(network.sends).doesNotContainKey(id);
    }

    @Test
    void aSenderThatDiedStandsUnknownWhereNeitherIsPossibleUntilAnOfficerSettlesIt() {
        network.doubt = Doubt.LASTING;
        var id = died("mati-3");
        await(() -> state(id) == State.UNKNOWN);
        assertThat(network.sends).doesNotContainKey(id);
        var officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        assertThat(outbox.troubled(officer)).extracting(OutgoingStatus::id).containsExactly(id);
        outbox.settle(officer, id, true);
        assertThat(state(id)).isEqualTo(State.SENT);
        assertThat(outbox.troubled(officer)).isEmpty();
        assertThat(network.sends).doesNotContainKey(id);
    }

    @Test
    void whatAnOfficerFoundSentIsToldLikeWhatItsSenderSaw() {
        network.doubt = Doubt.LASTING;
        network.foretold = true;
        var id = died("mati-4");
        await(() -> state(id) == State.UNKNOWN);
        assertThat(told(id)).isEmpty();
        outbox.settle(tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER), id, true);
        assertThat(told(id)).extracting(Delivered::remoteKey).containsExactly("remote:" + id);
        assertThat(status(id).confirmedAt()).as("nobody read it back").isNull();
    }

    @Test
    void aReceiptConfirmsWhatWasSentAndSettlesWhatWasUnknown() {
        var sent = outbox.submit(system, message("dibaca"));
        await(() -> state(sent) == State.SENT);
        assertThat(status(sent).confirmedAt()).isNull();
        network.doubt = Doubt.LASTING;
        network.foretold = true;
        var unknown = died("mati-5");
        await(() -> state(unknown) == State.UNKNOWN);
        intake.accept(
                system,
                account.id(),
                Map.of(),
                ("receipt of remote:" + sent + "\nreceipt of remote:" + unknown).getBytes(StandardCharsets.UTF_8));
        await(() -> status(sent).confirmedAt() != null && status(unknown).confirmedAt() != null);
        assertThat(state(unknown)).isEqualTo(State.SENT);
        assertThat(told(sent)).hasSize(1);
        assertThat(told(unknown)).extracting(Delivered::remoteKey).containsExactly("remote:" + unknown);
        assertThat(receipts(unknown, "channel.confirmed")).containsExactly("remote:" + unknown);
    }

    private List<Delivered> told(OutgoingId id) {
        return network.delivered.stream()
                .filter(each -> each.outgoing().equals(id))
                .toList();
    }

    @Test
    void anAnswerThatNeverCameIsUnknownAndNotSentAgainByItself() throws Exception {
        network.doubt = Doubt.LASTING;
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var id = outbox.submit(system, message("senyap"));
        await(() -> state(id) == State.UNKNOWN);
        hurry(id);
        Thread.sleep(1500);
        assertThat(network.sends).containsEntry(id, 1);
    }

    @Test
    void whereTheNetworkCanBeReadWhatMayHaveArrivedIsReadUntilItIsKnownAndNeverSentBlindly() {
        network.doubt = Doubt.READABLE;
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var id = outbox.submit(system, message("ragu"));
        await(() -> state(id) == State.RETRY && about(id).size() == 2);
        assertThat(status(id).code()).isEqualTo("cannot-read");
        var officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        outbox.settle(officer, id, false);
        await(() -> state(id) == State.RETRY && about(id).size() == 3);
        assertThat(about(id)).as("tried at once is read at once").containsExactly("say", "find", "find");
        network.sending = ScriptedNetwork::sent;
        network.finding = outgoing -> new Finding.Absent();
        hurry(id);
        await(() -> state(id) == State.SENT);
        assertThat(about(id)).containsExactly("say", "find", "find", "find", "say");
    }

    @Test
    void whatReadingFindsWasSentAndIsNotSaidAgain() {
        network.doubt = Doubt.READABLE;
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        network.finding = outgoing -> new Finding.Found("remote:" + outgoing.id(), "https://jaringan.example/1");
        var id = outbox.submit(system, message("ketemu"));
        await(() -> state(id) == State.SENT);
        assertThat(about(id)).containsExactly("say", "find");
        assertThat(status(id).url()).isEqualTo("https://jaringan.example/1");
        assertThat(told(id)).hasSize(1);
    }

    @Test
    void aReaderThatBreaksIsAskedAgainLater() {
        network.doubt = Doubt.READABLE;
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        network.finding = outgoing -> {
            throw new IllegalStateException("broken reader");
        };
        var id = outbox.submit(system, message("baca-rusak"));
        await(() -> state(id) == State.RETRY);
        assertThat(status(id).code()).isEqualTo("broken");
        assertThat(about(id)).containsExactly("say", "find");
    }

    @Test
    void aKeyThatTheNetworkForgetsMakesARepetitionHarmlessForItsTimeOnly() {
        network.doubt = new Doubt(Duration.ofHours(1), false);
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var id = outbox.submit(system, message("kunci-sejam"));
        await(() -> state(id) == State.RETRY);
        hurry(id);
        await(() -> about(id).size() == 2);
        await(() -> state(id) == State.RETRY);
        sql("update channel.outgoing set doubt_since = now() - interval '61 minutes' where id = ?", id);
        hurry(id);
        await(() -> state(id) == State.UNKNOWN);
        assertThat(about(id)).as("not sent a third time").containsExactly("say", "say");
        assertThat(status(id).code()).isEqualTo("no-answer");
    }

    @Test
    void whatMayHaveArrivedIsUnknownAndNotRefusedOnceItIsGivenUp() {
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var id = outbox.submit(system, message("mungkin"));
        await(() -> state(id) == State.RETRY);
        sql("update channel.outgoing set created_at = now() - interval '5 days' where id = ?", id);
        hurry(id);
        await(() -> state(id) == State.UNKNOWN);
        assertThat(status(id).code()).isEqualTo("given-up");
    }

    @Test
    void anOfficerWhoFoundItMissingHasItSentOnceMore() {
        network.doubt = Doubt.LASTING;
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var id = outbox.submit(system, message("tidak-ada"));
        await(() -> state(id) == State.UNKNOWN);
        network.sending = ScriptedNetwork::sent;
        outbox.settle(tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR), id, false);
        await(() -> state(id) == State.SENT);
        assertThat(network.sends).containsEntry(id, 2);
    }

    @Test
    void aChangeIsRepeatedEvenWhereAMessageIsNot() {
        network.doubt = Doubt.LASTING;
        var said = outbox.submit(system, message("ubah-ragu"));
        await(() -> state(said) == State.SENT);
        network.sending = outgoing -> new SendOutcome.Unknown("no-answer");
        var change = outbox.edit(system, said, "ubah-ragu-1", "Halo lagi", null);
        await(() -> state(change) == State.RETRY);
        network.sending = ScriptedNetwork::sent;
        hurry(change);
        await(() -> state(change) == State.SENT);
    }

    @Test
    void aMessageIsChangedOnlyWhereAndWhileItsNetworkLets() {
        network.edit = null;
        network.withdrawal = new Change(Duration.ofHours(48));
        var said = outbox.submit(system, message("tetap"));
        await(() -> state(said) == State.SENT);
        assertThatThrownBy(() -> outbox.edit(system, said, "tetap-1", "x", null))
                .isInstanceOf(RefusalException.class);
        sql("update channel.outgoing set sent_at = now() - interval '49 hours' where id = ?", said);
        assertThatThrownBy(() -> outbox.withdraw(system, said, "tetap-2")).isInstanceOf(RefusalException.class);
        sql("update channel.outgoing set sent_at = now() - interval '47 hours' where id = ?", said);
        var end = outbox.withdraw(system, said, "tetap-3");
        await(() -> state(end) == State.SENT);
    }

    @Test
    void anAccountThatItsNetworkShutsOutStandsBrokenOnceAndWhatItHasToSayWaitsUntilItIsMended() {
        network.sending = outgoing -> new SendOutcome.ShutOut("account-shut-out");
        var ids = IntStream.range(0, 3)
                .mapToObj(n -> outbox.submit(system, message("putus" + n)))
                .toList();
        await(() -> accounts.find(system, account.id()).orElseThrow().state() == Account.State.BROKEN);
        await(() -> ids.stream().allMatch(id -> state(id) == State.RETRY || state(id) == State.QUEUED));
        assertThat(network.broken.stream().filter(each -> each.account().equals(account.id())))
                .hasSize(1);
        var later = outbox.submit(system, message("putus-nanti"));
        assertThat(state(later)).isEqualTo(State.QUEUED);
        ids.forEach(id -> sql("update channel.outgoing set created_at = now() - interval '9 days' where id = ?", id));
        // Mended, but the network is still in trouble for a moment: that is no reason to give up.
        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "http-503");
        accounts.change(system, in(Account.State.ACTIVE));
        await(() -> ids.stream().allMatch(id -> "http-503".equals(status(id).code())));
        network.sending = ScriptedNetwork::sent;
        ids.forEach(this::hurry);
        await(() -> ids.stream().allMatch(id -> state(id) == State.SENT) && state(later) == State.RETRY);
        hurry(later);
        await(() -> state(later) == State.SENT);
    }

    /** What was asked of the network about that message, in order. */
    private List<String> about(OutgoingId id) {
        return network.asked.stream()
                .filter(each -> each.endsWith(id.toString()))
                .map(each -> each.substring(0, each.indexOf(' ')))
                .toList();
    }

    @Test
    void anAdapterThatBreaksLeavesAnUnknownOutcomeOrARepetition() {
        network.sending = outgoing -> {
            throw new IllegalStateException("broken adapter");
        };
        var harmless = outbox.submit(system, message("rusak-1"));
        await(() -> state(harmless) == State.RETRY);
        network.doubt = Doubt.LASTING;
        var harmful = outbox.submit(system, message("rusak-2"));
        await(() -> state(harmful) == State.UNKNOWN);
        assertThat(status(harmful).code()).isEqualTo("broken");
    }

    @Test
    void aNetworkThatIsAwayIsTriedAgainAndFinallyGivenUp() {
        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "http-503");
        var id = outbox.submit(system, message("gigih"));
        await(() -> state(id) == State.RETRY);
        assertThat(status(id).code()).isEqualTo("http-503");
        network.sending = ScriptedNetwork::sent;
        hurry(id);
        await(() -> state(id) == State.SENT);
        assertThat(status(id).attempts()).isEqualTo(2);

        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "http-503");
        var lost = outbox.submit(system, message("sia-sia"));
        await(() -> state(lost) == State.RETRY);
        sql("update channel.outgoing set created_at = now() - interval '5 days' where id = ?", lost);
        hurry(lost);
        await(() -> state(lost) == State.REFUSED);
        assertThat(status(lost).code()).isEqualTo("given-up");
    }

    @Test
    void whatWasRefusedIsShownAndSentAgainOnAnOfficersWord() {
        network.sending = outgoing -> new SendOutcome.Refused("gone");
        var id = outbox.submit(system, message("ditolak"));
        await(() -> state(id) == State.REFUSED);
        network.sending = ScriptedNetwork::sent;
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThatThrownBy(() -> outbox.settle(liaison, id, false)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> outbox.troubled(liaison)).isInstanceOf(RefusalException.class);
        var other = tenants.found();
        outbox.settle(tenants.officer(other, other.office(), false, Role.SUPERVISOR), id, true);
        assertThat(state(id)).isEqualTo(State.REFUSED);
        outbox.settle(tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR), id, false);
        await(() -> state(id) == State.SENT);
        assertThat(network.sends).containsEntry(id, 2);
    }

    @Test
    void aSenderWhoseLeaseRanOutDoesNotOverwriteWhatWasDecidedSince() throws Exception {
        var started = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        network.sending = outgoing -> {
            started.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new SendOutcome.Refused("too-late");
        };
        var id = outbox.submit(system, message("terlambat"));
        started.await();
        sql("update channel.outgoing set state = 'SENT', remote_key = 'first' where id = ?", id);
        gate.countDown();
        Thread.sleep(500);
        assertThat(state(id)).isEqualTo(State.SENT);
        assertThat(status(id).remoteKey()).isEqualTo("first");
    }

    @Test
    void anAccountKeepsToItsBudgetAndWaitingCountsNoAttempt() {
        network.perMinute = 3;
        var ids = IntStream.range(0, 5)
                .mapToObj(n -> outbox.submit(system, message("hemat" + n)))
                .toList();
        await(() -> ids.stream().filter(id -> state(id) == State.SENT).count() == 3
                && ids.stream().filter(id -> state(id) == State.RETRY).count() == 2);
        assertThat(ids.stream().map(this::status).filter(each -> each.state() == State.RETRY))
                .allSatisfy(each -> {
                    assertThat(each.code()).isEqualTo("budget");
                    assertThat(each.attempts()).isZero();
                });
    }

    @Test
    void aSurgeHasItsPlacesFromTheStartAndIsNotTakenUpBefore() {
        network.perMinute = 3;
        sender.stop();
        try {
            var all =
                    IntStream.range(0, 6).mapToObj(n -> message("serentak" + n)).toList();
            outbox.submitAll(system, all);
            var states = all.stream().map(each -> state(each.id())).toList();
            assertThat(states.subList(0, 3)).containsOnly(State.QUEUED);
            assertThat(states.subList(3, 6)).containsOnly(State.RETRY);
            var claimed = transactions.write(system, () -> claims.claim(system, 10, Duration.ofMinutes(2)));
            assertThat(claimed).hasSize(3);
        } finally {
            sender.start();
        }
    }

    @Test
    void anAccountsBudgetIsOneForAllNodes() {
        network.perMinute = 3;
        var first = IntStream.range(0, 3)
                .mapToObj(n -> outbox.submit(system, message("simpul-a" + n)))
                .toList();
        await(() -> first.stream().allMatch(id -> state(id) == State.SENT));
        var other = new OutboxSender(transactions, jdbc, claims, clock, accounts, adapters, budget, attempts, results);
        sender.stop();
        try {
            other.start();
            var second = IntStream.range(0, 2)
                    .mapToObj(n -> outbox.submit(system, message("simpul-b" + n)))
                    .toList();
            await(() -> second.stream().allMatch(id -> state(id) == State.RETRY));
            assertThat(second.stream().map(this::status))
                    .allSatisfy(each -> assertThat(each.code()).isEqualTo("budget"));
        } finally {
            other.stop();
            sender.start();
        }
    }

    @Test
    void aLimitRaisedWhileAMessageIsFoundOverItLetsThatMessageGo() {
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        accounts.limit(administrator, account.id(), 1);
        var first = outbox.submit(system, message("jatah-1"));
        await(() -> state(first) == State.SENT);
        var second = outbox.submit(system, message("jatah-2"));
        await(() -> state(second) == State.RETRY);
        sender.stop();
        try {
            // Claimed under the old limit, and decided only after the limit was lifted.
            hurry(second);
            var claimed = transactions.write(system, () -> claims.claim(system, 10, Duration.ofMinutes(2)));
            assertThat(claimed).hasSize(1);
            accounts.limit(administrator, account.id(), null);
            transactions.run(
                    system,
                    () -> claims.notToday(claimed.getFirst(), clock.instant().plus(Duration.ofHours(12))));
        } finally {
            sender.start();
        }
        await(() -> state(second) == State.SENT);
    }

    @Test
    void onePeerThatNeverAnswersHoldsNobodyElseUp() {
        var gate = new CountDownLatch(1);
        network.sending = outgoing -> {
            if (outgoing.idempotencyKey().equals("macet")) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return ScriptedNetwork.sent(outgoing);
        };
        try {
            outbox.submit(system, message("macet"));
            var quick = outbox.submit(system, message("lancar-1"));
            await(() -> state(quick) == State.SENT);
            var later = outbox.submit(system, message("lancar-2"));
            await(() -> state(later) == State.SENT);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aPausedAccountSendsOnlyOnceItIsActiveAgain() throws Exception {
        accounts.change(system, in(Account.State.PAUSED));
        var id = outbox.submit(system, message("tunda"));
        Thread.sleep(1500);
        assertThat(state(id)).isEqualTo(State.QUEUED);
        accounts.change(system, in(Account.State.ACTIVE));
        await(() -> state(id) == State.SENT);
    }

    @Test
    void anAccountKeepsToItsDailyLimitAndGoesOnWhenItIsRaised() {
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        var before = outbox.submit(system, message("sebelum"));
        await(() -> state(before) == State.SENT);
        accounts.limit(administrator, account.id(), 3);
        var ids = IntStream.range(0, 4)
                .mapToObj(n -> outbox.submit(system, message("jatah" + n)))
                .toList();
        await(() -> ids.stream().filter(id -> state(id) == State.SENT).count() == 2
                && ids.stream().filter(id -> state(id) == State.RETRY).count() == 2);
        var health = accounts.health(administrator).get(account.id());
        assertThat(health.sentToday()).isEqualTo(3);
        assertThat(health.dailyLimit()).isEqualTo(3);
        assertThat(health.waiting()).isEqualTo(2);
        assertThat(health.waitingSince()).isNotNull();
        assertThat(outbox.held(administrator)).hasSize(2).allSatisfy(each -> {
            assertThat(each.status().code()).isEqualTo("day-budget");
            assertThat(each.status().attempts()).isZero();
            assertThat(each.nextAttemptAt()).isAfter(each.since());
        });
        accounts.limit(administrator, account.id(), 4);
        await(() -> ids.stream().filter(id -> state(id) == State.SENT).count() == 3);
        accounts.limit(administrator, account.id(), null);
        await(() -> ids.stream().allMatch(id -> state(id) == State.SENT));
    }

    @Test
    void aMessageThatIsTriedAgainOnTheSameDayTakesItsPlaceOnce() {
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        accounts.limit(administrator, account.id(), 1);
        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "http-503");
        var id = outbox.submit(system, message("satu-tempat"));
        await(() -> state(id) == State.RETRY);
        network.sending = ScriptedNetwork::sent;
        outbox.settle(administrator, id, false);
        await(() -> state(id) == State.SENT);
    }

    @Test
    void onlyAnAdministratorOfTheTenantLimitsAnAccountAndOnlySensibly() {
        var supervisor = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThatThrownBy(() -> accounts.limit(supervisor, account.id(), 5)).isInstanceOf(RefusalException.class);
        var other = tenants.found();
        var stranger = tenants.officer(other, other.office(), false, Role.ADMINISTRATOR);
        assertThatThrownBy(() -> accounts.limit(stranger, account.id(), 5)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> accounts.change(stranger, in(Account.State.PAUSED)))
                .isInstanceOf(RefusalException.class);
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        assertThatThrownBy(() -> accounts.limit(administrator, account.id(), 0)).isInstanceOf(RefusalException.class);
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThatThrownBy(() -> accounts.health(liaison)).isInstanceOf(RefusalException.class);
        assertThat(accounts.health(stranger)).isEmpty();
    }

    @Test
    void whatIsGivenUpStandsRefusedAndIsNotTriedOrAskedAboutAgain() throws Exception {
        network.sending = outgoing -> new SendOutcome.Retry(Duration.ofHours(1), "peer-rests");
        var id = outbox.submit(system, message("menyerah"));
        await(() -> state(id) == State.RETRY);
        var officer = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThat(outbox.held(officer)).hasSize(1);
        outbox.giveUp(officer, id);
        assertThat(state(id)).isEqualTo(State.REFUSED);
        assertThat(status(id).code()).isEqualTo("abandoned");
        assertThat(outbox.held(officer)).isEmpty();
        assertThat(outbox.troubled(officer)).isEmpty();
        hurry(id);
        Thread.sleep(1500);
        assertThat(network.sends).containsEntry(id, 1);
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThatThrownBy(() -> outbox.giveUp(liaison, id)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> outbox.held(liaison)).isInstanceOf(RefusalException.class);
        network.sending = ScriptedNetwork::sent;
        var sent = outbox.submit(system, message("sudah"));
        await(() -> state(sent) == State.SENT);
        outbox.giveUp(officer, sent);
        assertThat(state(sent)).isEqualTo(State.SENT);
    }

    // ---- how ----------------------------------------------------------------------------------------------------

    private Account in(Account.State state) {
        return new Account(account.id(), account.network(), account.handle(), account.name(), account.summary(), state);
    }

    private Outgoing message(String key) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                key,
                "remote:asked",
                new Outgoing.Recipient("wati", "@wati@warga.example"),
                Audience.PUBLIC,
                "Terima kasih, sudah kami teruskan.",
                null,
                "id",
                List.of(),
                UUID.randomUUID());
    }

    /** A message whose sender was killed after it had committed SENDING, its lease over. */
    private OutgoingId died(String key) {
        return transactions.write(system, () -> {
            var id = outbox.submit(system, message(key));
            sql("update channel.outgoing set state = 'SENDING', attempts = 1 where id = ?", id);
            return id;
        });
    }

    private void hurry(OutgoingId id) {
        sql("update channel.outgoing set next_attempt_at = now() - interval '1 s' where id = ?", id);
    }

    private void sql(String statement, OutgoingId id) {
        transactions.run(system, () -> jdbc.sql(statement).param(id.value()).update());
    }

    private OutgoingStatus status(OutgoingId id) {
        return outbox.statuses(system, List.of(id)).get(id);
    }

    private State state(OutgoingId id) {
        return status(id).state();
    }
}
