// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Network;
import id.kentongan.channel.WebForm;
import id.kentongan.channel.internal.DeliveryStore.NewDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.ObjectMapper;

@WithDatabase
@Import(ScriptedNetwork.Configuration.class)
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=1000")
class IntakeIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Intake intake;

    @Autowired
    ReadingLog readings;

    @Autowired
    DeliveryStore store;

    @Autowired
    DeliveryFiles files;

    @Autowired
    SealedFiles sealedFiles;

    @Autowired
    DataFolder folder;

    @Autowired
    HouseKeeping housekeeping;

    @Autowired
    Rules rules;

    @Autowired
    IntakeWorker worker;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Vault vault;

    @Autowired
    Trail trail;

    @Autowired
    Clock clock;

    @Autowired
    ObjectMapper json;

    @Autowired
    DataSource pool;

    @Autowired
    ScriptedNetwork network;

    private TestTenant tenant;
    private Actor system;
    private AccountId account;

    @BeforeEach
    void aTenantWithAnAccountOnAQuietNetwork() {
        tenant = tenants.found();
        system = tenant.system();
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
        network.reading = body -> body.lines().toList();
        network.receiving = key -> {};
        network.committed.clear();
    }

    @Test
    void aDeliveryIsTakenInWithinTwoSecondsAndOnce() {
        var start = System.nanoTime();
        var id = accept("satu");
        await(() -> network.committed.contains("satu"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        await(() -> state(id).equals("done"));
        assertThat(network.committed).containsExactly("satu");
    }

    @Test
    void manyDeliveriesAtOnceAreEachCommittedBeforeTheirCallerReturns() throws Exception {
        var absent = new ConcurrentLinkedQueue<DeliveryId>();
        // Known before, so that not all of them ask the database for the account at the same moment.
        accept("k0");
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = callers.invokeAll(IntStream.range(1, 300)
                    .mapToObj(n -> (Callable<Boolean>) () -> {
                        var id = accept("k" + n);
                        if (n % 20 == 0 && state(id).isEmpty()) {
                            absent.add(id);
                        }
                        return true;
                    })
                    .toList());
            for (var each : calls) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(absent).isEmpty();
        await(() -> network.committed.size() == 300);
        assertThat(network.committed).doesNotHaveDuplicates();
    }

    @Test
    void anItemDeliveredAgainInAnotherOrTheSameDeliveryChangesNothing() {
        var first = accept("dobel\ndobel\nlain");
        var second = accept("dobel");
        await(() -> state(first).equals("done") && state(second).equals("done"));
        var third = accept("lain\ndobel\nbaru");
        await(() -> state(third).equals("done"));
        assertThat(network.committed).containsExactlyInAnyOrder("dobel", "lain", "baru");
    }

    @Test
    void onePoisonedDeliveryStopsNobodyElseAndIsTakenInOnceMended() {
        network.receiving = key -> {
            if (key.equals("racun")) {
                throw new IllegalStateException("poisoned");
            }
        };
        var ids = IntStream.range(0, 20)
                .mapToObj(n -> accept(n == 7 ? "racun" : "sehat" + n))
                .toList();
        await(() -> network.committed.size() == 19);
        await(() -> state(ids.get(7)).equals("retry"));
        network.receiving = key -> {};
        intake.replay(administrator(), List.of(ids.get(7)));
        await(() -> network.committed.contains("racun"));
        assertThat(network.committed).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeReadIsKeptListedForAdministratorsAndReplayed() {
        var empty = accept("");
        network.reading = body -> {
            throw new IllegalStateException("an adapter that breaks");
        };
        var broken = accept("nanti");
        await(() -> state(empty).equals("failed") && state(broken).equals("failed"));
        var admin = administrator();
        assertThat(intake.failed(admin, null, 10).items())
                .extracting(Intake.FailedDelivery::code)
                .containsExactly("broken", "empty");
        var page = intake.failed(admin, null, 1);
        assertThat(intake.failed(admin, page.next(), 1).items())
                .extracting(Intake.FailedDelivery::id)
                .containsExactly(empty);
        network.reading = body -> body.lines().toList();
        intake.replay(admin, List.of(broken));
        await(() -> network.committed.contains("nanti"));
        await(() -> intake.failed(admin, null, 10).items().size() == 1);
    }

    @Test
    void whatFailedIsCountedByReasonAndReplayedTogether() {
        network.reading = body -> {
            throw new IllegalStateException("broken adapter");
        };
        var broken = List.of(accept("satu"), accept("dua"));
        var empty = accept("");
        await(() -> broken.stream().allMatch(id -> state(id).equals("failed"))
                && state(empty).equals("failed"));
        var admin = administrator();
        assertThat(intake.failures(admin))
                .extracting(Intake.FailureReason::code, Intake.FailureReason::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("broken", 2),
                        org.assertj.core.groups.Tuple.tuple("empty", 1));
        network.reading = body -> body.lines().toList();
        assertThat(intake.replayFailed(admin, "broken")).isEqualTo(2);
        await(() -> broken.stream().allMatch(id -> state(id).equals("done")));
        assertThat(state(empty)).isEqualTo("failed");
        assertThat(intake.replayFailed(admin, null)).isEqualTo(1);
        await(() -> state(empty).equals("failed"));
        var officer = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThat(refusalOf(() -> intake.replayFailed(officer, null)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
        assertThat(refusalOf(() -> intake.failures(officer)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void aFailedDeliveryOpensOnlyForAnAdministratorWhoHasStatedAReason() {
        network.reading = body -> {
            throw new IllegalStateException("broken adapter");
        };
        var id = accept("kata-kata warga");
        await(() -> state(id).equals("failed"));
        var admin = administrator();
        assertThat(intake.content(admin, id)).isEmpty();
        readings.stateReason(admin, new Subject("delivery", id.value()), "Mencari sebab kegagalan");
        assertThat(intake.content(admin, id))
                .hasValueSatisfying(
                        content -> assertThat(new String(content.body(), java.nio.charset.StandardCharsets.UTF_8))
                                .isEqualTo("kata-kata warga"));
        assertThat(intake.content(administrator(), id)).isEmpty();
        var other = tenants.found();
        var stranger = tenants.officer(other, other.office(), false, Role.ADMINISTRATOR);
        assertThat(refusalOf(() -> intake.content(stranger, id)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
        var supervisor = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThat(refusalOf(() -> intake.content(supervisor, id)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void aFailedFormShowsNobodyItsTokenAndAProtectedOneOnlyTheCircle() {
        for (var hints : List.of(
                Map.of("identity", "confidential"),
                Map.of("identity", "anonymous"),
                Map.of("identity", "open", "kind", "whistle-blowing"),
                Map.of("conversation", "0192f3a4-0000-7000-8000-000000000001"))) {
            assertThat(shown(failedForm(hints), administrator()))
                    .as("%s", hints)
                    .doesNotContain("Rahasia betul", "Sari", "0812-0000", "token-rahasia", "kunci-formulir");
            assertThat(shown(failedForm(hints), tenants.officer(tenant, tenant.office(), true, Role.ADMINISTRATOR)))
                    .as("%s", hints)
                    .contains("Rahasia betul", "Sari", "0812-0000")
                    .doesNotContain("token-rahasia", "kunci-formulir");
        }
        assertThat(shown(failedForm(Map.of("identity", "open")), administrator()))
                .contains("Rahasia betul", "Sari", "0812-0000")
                .doesNotContain("token-rahasia", "kunci-formulir");
        assertThat(shown(failedWeb(bytes("{\"key\": \"kunci-formulir\", \"name")), administrator()))
                .isEqualTo("{}");
    }

    private DeliveryId failedForm(Map<String, String> hints) {
        var all = new java.util.HashMap<>(hints);
        all.putAll(Map.of("secret", "token-rahasia", "name", "Sari", "contact", "0812-0000"));
        var key = "kunci-formulir-" + java.util.UUID.randomUUID();
        return failedWeb(json.writeValueAsBytes(new WebForm(key, "Sari", "Rahasia betul", all, List.of())));
    }

    /** As the intake keeps it when the form cannot be taken in. */
    private DeliveryId failedWeb(byte[] body) {
        var id = intake.accept(system, accounts.web(system).id(), Map.of(), body);
        await(() -> List.of("done", "failed").contains(state(id)));
        transactions.run(
                system,
                () -> jdbc.sql("update channel.delivery set state = 'failed', code = 'not-taken-in' where id = ?")
                        .param(id.value())
                        .update());
        return id;
    }

    private String shown(DeliveryId id, Actor actor) {
        readings.stateReason(actor, new Subject("delivery", id.value()), "Mencari sebab kegagalan");
        return new String(intake.content(actor, id).orElseThrow().body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void failedDeliveriesAreNotThereForOtherRolesOrTenants() {
        var empty = accept("");
        await(() -> state(empty).equals("failed"));
        var officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        assertThat(refusalOf(() -> intake.failed(officer, null, 10)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
        assertThat(refusalOf(() -> intake.replay(officer, List.of(empty))).kind())
                .isEqualTo(Refusal.Kind.NOT_FOUND);
        var other = tenants.found();
        var stranger = tenants.officer(other, other.office(), false, Role.ADMINISTRATOR);
        assertThat(intake.failed(stranger, null, 10).items()).isEmpty();
        intake.replay(stranger, List.of(empty));
        assertThat(state(empty)).isEqualTo("failed");
        assertThat(refusalOf(() -> intake.failed(administrator(), "bukan-kunci", 10))
                        .kind())
                .isEqualTo(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void anAccountOfAnotherTenantTakesNothing() {
        var other = tenants.found();
        var theirs = accounts.add(other.system(), Network.ACTIVITYPUB, "lain", "Lain", "")
                .id();
        // Even once its own tenant has used it.
        intake.accept(other.system(), theirs, Map.of(), bytes("punya-mereka"));
        assertThat(refusalOf(() -> intake.accept(system, theirs, Map.of(), bytes("x")))
                        .kind())
                .isEqualTo(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void aDeliveryWhoseProcessDiedAfterClaimingItIsTakenInAfterTheLease() {
        var id = DeliveryId.next();
        transactions.run(system, () -> {
            store.insert(system, List.of(delivery(id, "ditinggal")));
            jdbc.sql("update channel.delivery set state = 'claimed', attempts = 1 where id = ?")
                    .param(id.value())
                    .update();
        });
        await(() -> network.committed.contains("ditinggal"));
    }

    @Test
    void aProcessKilledInTheReceivingTransactionLeavesNothingHalfAndDoublesNothing() {
        var killed = new AtomicBoolean();
        network.receiving = key -> {
            if (key.equals("b") && killed.compareAndSet(false, true)) {
                throw new Killed();
            }
        };
        var id = accept("a\nb\nc");
        await(killed::get);
        assertThat(network.committed).isEmpty();
        assertThat(seen()).isZero();
        expire(id);
        await(() -> state(id).equals("done"));
        assertThat(network.committed).containsExactly("a", "b", "c");
    }

    @Test
    void aDeliveryThatKillsItsProcessAgainAndAgainIsGivenUpAndShown() {
        var id = DeliveryId.next();
        transactions.run(system, () -> {
            store.insert(system, List.of(delivery(id, "maut")));
            jdbc.sql("update channel.delivery set state = 'claimed', attempts = 8 where id = ?")
                    .param(id.value())
                    .update();
        });
        await(() -> state(id).equals("failed"));
        assertThat(intake.failed(administrator(), null, 10).items())
                .extracting(Intake.FailedDelivery::code)
                .containsExactly("given-up");
        assertThat(network.committed).isEmpty();
    }

    @Test
    void aDeliveryThatKillsItsProcessTakesNoneOfItsBatchDownWithIt() {
        network.receiving = key -> {
            if (key.equals("maut")) {
                throw new Killed();
            }
        };
        var ids = IntStream.range(0, 6).mapToObj(n -> DeliveryId.next()).toList();
        transactions.run(
                system,
                () -> store.insert(
                        system,
                        IntStream.range(0, 6)
                                .mapToObj(n -> delivery(ids.get(n), n == 2 ? "maut" : "sehat" + n))
                                .toList()));
        await(() -> ids.stream().allMatch(id -> state(id).equals("claimed")));
        assertThat(network.committed).isEmpty();
        for (var round = 0; round < 3; round++) {
            ids.forEach(this::expireIfClaimed);
            await(() -> network.committed.size() == 5);
        }
        transactions.run(
                system,
                () -> jdbc.sql("update channel.delivery set attempts = 8 where id = ?")
                        .param(ids.get(2).value())
                        .update());
        expire(ids.get(2));
        await(() -> state(ids.get(2)).equals("failed"));
        assertThat(ids.stream().filter(id -> state(id).equals("done"))).hasSize(5);
        assertThat(network.committed).doesNotHaveDuplicates();
    }

    @Test
    void aLateReaderOverwritesNothingThatOthersMadeOfTheDelivery() {
        var id = DeliveryId.next();
        transactions.run(system, () -> {
            store.insert(system, List.of(delivery(id, "tertunda")));
            var late = store.claim(system, 10).getFirst();
            jdbc.sql("update channel.delivery set attempts = 2, state = 'failed', code = 'lain' where id = ?")
                    .param(id.value())
                    .update();
            store.done(List.of(late));
            assertThat(state(id)).isEqualTo("failed");
            jdbc.sql("update channel.delivery set state = 'done' where id = ?")
                    .param(id.value())
                    .update();
            assertThat(store.failed(late, "broken", null).ours()).isFalse();
            assertThat(state(id)).isEqualTo("done");
        });
    }

    @Test
    void whatIsToBeForgottenLosesItsRawBodyInEveryDeliveryAndIsReplayedNoMore() {
        var first = accept("lupakan");
        var second = accept("lupakan\nlain");
        var other = accept("tetap");
        await(() ->
                List.of(first, second, other).stream().allMatch(id -> state(id).equals("done")));
        intake.forget(system, List.of("lupakan"));
        assertThat(sealed(first)).isEmpty();
        assertThat(sealed(second)).isEmpty();
        assertThat(sealed(other)).isNotEmpty();
        intake.replay(administrator(), List.of(first, other));
        await(() -> attempts(other) == 1 && state(other).equals("done"));
        assertThat(state(first)).isEqualTo("done");
    }

    @Test
    void whatIsForgottenWhileItIsTakenInLosesItsRawBodyWhenItIsDone() {
        network.receiving = key -> intake.forget(system, List.of(key));
        var id = accept("terhapus");
        await(() -> state(id).equals("done"));
        assertThat(sealed(id)).isEmpty();
    }

    private byte[] sealed(DeliveryId id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select sealed from channel.delivery where id = ?")
                        .param(id.value())
                        .query(byte[].class)
                        .single());
    }

    private int attempts(DeliveryId id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select attempts from channel.delivery where id = ?")
                        .param(id.value())
                        .query(Integer.class)
                        .single());
    }

    @Test
    void aPeerThatAnswersSlowlyDelaysOnlyItsOwnDelivery() {
        var gate = new CountDownLatch(1);
        network.reading = body -> {
            if (body.equals("lambat")) {
                pass(gate);
            }
            return body.lines().toList();
        };
        try {
            accept("lambat");
            accept("cepat");
            await(() -> network.committed.contains("cepat"));
            assertThat(network.committed).doesNotContain("lambat");
        } finally {
            gate.countDown();
        }
        await(() -> network.committed.contains("lambat"));
    }

    @Test
    void aDeliveryAcceptedInsideATransactionThatRollsBackIsKeptAllTheSame() {
        assertThatThrownBy(() -> transactions.run(system, () -> {
                    accept("tetap");
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        await(() -> network.committed.contains("tetap"));
    }

    @Test
    void withTheDatabaseAwayNothingIsAcknowledgedAndWorkGoesOnAfterwards() throws Exception {
        var held = new ArrayList<Connection>();
        try {
            for (var i = 0; i < 24; i++) {
                held.add(pool.unwrap(HikariDataSource.class).getConnection());
            }
            var start = System.nanoTime();
            assertThat(refusalOf(() -> accept("hilang")).kind()).isEqualTo(Refusal.Kind.UNAVAILABLE);
            var form = new WebForm("hilang", "", "hilang", Map.of(), List.of());
            assertThat(refusalOf(() -> intake.acceptForm(system, form)).kind()).isEqualTo(Refusal.Kind.UNAVAILABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        } finally {
            for (var each : held) {
                each.close();
            }
        }
        accept("kembali");
        await(() -> network.committed.contains("kembali"));
        assertThat(network.committed).doesNotContain("hilang");
    }

    @Test
    void aFullDiskIsNoAttemptOfTheDelivery() {
        var left = new AtomicInteger(4);
        network.receiving = key -> {
            if (left.getAndDecrement() > 0) {
                throw new DataAccessResourceFailureException(
                        "penuh", new SQLException("No space left on device", "53100"));
            }
        };
        var id = accept("tertunda");
        await(() -> network.committed.contains("tertunda"));
        assertThat(left.get()).as("it was tried in vain").isNegative();
        assertThat(transactions
                        .read(
                                system,
                                () -> jdbc.sql("select attempts from channel.delivery where id = ?")
                                        .param(id.value())
                                        .query(Integer.class)
                                        .single())
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void aStoreThatIsFullRefusesClearlyAndTheNextDeliveryIsTriedAgain() {
        var faults = new ArrayList<RuntimeException>(List.of(
                new DataAccessResourceFailureException("No space left on device"),
                new IllegalStateException("anything else")));
        var failing = new DeliveryStore(jdbc, vault, clock) {
            @Override
            void insert(Actor actor, List<NewDelivery> deliveries) {
                if (!faults.isEmpty()) {
                    throw faults.removeFirst();
                }
                super.insert(actor, deliveries);
            }
        };
        var full = new DurableIntake(transactions, jdbc, failing, files, accounts, trail, worker, readings, json);
        for (var i = 0; i < 2; i++) {
            assertThat(refusalOf(() -> full.accept(system, account, Map.of(), bytes("penuh")))
                            .kind())
                    .isEqualTo(Refusal.Kind.UNAVAILABLE);
        }
        full.accept(system, account, Map.of(), bytes("lega"));
        await(() -> network.committed.contains("lega"));
        assertThat(network.committed).doesNotContain("penuh");
    }

    @Test
    void bodiesAndHeadersAreSealedInTheDatabase() {
        var id = intake.accept(system, account, Map.of("signature", "tandarahasia"), bytes("katarahasia"));
        var sealed = transactions.read(
                system,
                () -> jdbc.sql("select sealed from channel.delivery where id = ?")
                        .param(id.value())
                        .query(byte[].class)
                        .single());
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("katarahasia", "tandarahasia");
    }

    @Test
    void howLongDeliveriesAreKeptIsTheTenantsOwnRule() {
        var patient = tenants.found();
        rules.installDefaults(system);
        rules.installDefaults(patient.system());
        var today = rules.calendar(system).dayOf(clock.instant());
        rules.change(
                administrator(),
                new DeadlineRule(
                        Ids.next(),
                        HouseKeeping.KEPT,
                        7,
                        DeadlineRule.Unit.DAYS,
                        "Keputusan kepala dinas",
                        null,
                        today,
                        null,
                        DeadlineRule.Confidence.PRACTICE));
        var at = clock.instant().minus(Duration.ofDays(10));
        var ours = old(at, "done");
        system = patient.system();
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
        var theirs = old(at, "done");
        housekeeping.forget();
        assertThat(state(theirs)).isEqualTo("done");
        system = tenant.system();
        assertThat(state(ours)).isEmpty();
    }

    @Test
    void finishedDeliveriesAreForgottenAfterTheirTimeAndFailedOnesAfterALongerOne() {
        rules.installDefaults(system);
        var old = clock.instant().minus(Duration.ofDays(40));
        var finished = old(old, "done");
        var failed = old(old, "failed");
        var recent = old(clock.instant().minus(Duration.ofDays(20)), "done");
        var neverSettled = old(clock.instant().minus(Duration.ofDays(100)), "failed");
        assertThat(housekeeping.forget()).isPositive();
        assertThat(state(finished)).isEmpty();
        assertThat(state(failed)).isEqualTo("failed");
        assertThat(state(neverSettled)).isEmpty();
        assertThat(state(recent)).isEqualTo("done");
    }

    @Test
    void aRowThatCannotBeOpenedAnyMoreFailsAloneAndIsShown() {
        worker.stop();
        var garbled = accept("rusak");
        var whole = accept("utuh");
        transactions.run(
                system,
                () -> jdbc.sql("update channel.delivery set sealed = ? where id = ?")
                        .params(new byte[] {0, 0, 0, 1, 42, 42, 42}, garbled.value())
                        .update());
        worker.start();
        await(() -> state(whole).equals("done") && state(garbled).equals("failed"));
        assertThat(network.committed).containsExactly("utuh");
        var admin = administrator();
        assertThat(intake.failed(admin, null, 10).items())
                .singleElement()
                .extracting(Intake.FailedDelivery::code)
                .isEqualTo("damaged");
        readings.stateReason(admin, new Subject("delivery", garbled.value()), "Mencari sebab kegagalan");
        assertThat(intake.content(admin, garbled)).isEmpty();
    }

    // ---- large ones ---------------------------------------------------------------------------------------------

    @Test
    void aLargeDeliveryLiesSealedInAFileAndIsTakenInWhole() {
        var small = accept(lines("kecil", 1000));
        var large = accept(lines("besar", 4_000));
        await(() -> state(small).equals("done") && state(large).equals("done"));
        await(() -> network.committed.size() == 5000);
        assertThat(network.committed)
                .hasSize(5_000)
                .contains("besar 0 kata warga", "besar 3999 kata warga", "kecil 999 kata warga");
        assertThat(sealed(small)).hasSizeGreaterThan(10_000);
        assertThat(sealed(large)).as("headers alone").hasSizeLessThan(500);
        assertThat(kept()).singleElement().satisfies(file -> {
            assertThat(file).content(StandardCharsets.ISO_8859_1).doesNotContain("kata warga", "content-type");
            assertThat(Files.size(file)).isGreaterThan(DeliveryFiles.LARGEST_IN_ROW);
        });
        assertThat(files.named(system, List.of(name(kept().getFirst()), "aa/lain")))
                .as("what the sweep is told")
                .containsExactly(name(kept().getFirst()));
    }

    @Test
    void ofABurstOfLargeDeliveriesTwoAreInMemoryAtOnceAndAllAreTakenIn() {
        var reading = new AtomicInteger();
        var most = new AtomicInteger();
        network.reading = body -> {
            most.accumulateAndGet(reading.incrementAndGet(), Math::max);
            try {
                Thread.sleep(600); // longer than a batch of small ones is waited for
                return body.lines().toList();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                reading.decrementAndGet();
            }
        };
        var ids = IntStream.range(0, 7)
                .mapToObj(n -> accept(lines("deras" + n, 4_000)))
                .toList();
        await(() -> ids.stream().allMatch(id -> state(id).equals("done")));
        await(() -> network.committed.size() >= 28_000);
        assertThat(network.committed).hasSize(28_000).doesNotHaveDuplicates();
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    void aLargeDeliveryThatFailedIsShownWholeAndReplayed() {
        network.reading = body -> {
            throw new IllegalStateException("broken adapter");
        };
        var text = lines("rusak", 5000);
        var id = accept(text);
        await(() -> state(id).equals("failed"));
        var admin = administrator();
        readings.stateReason(admin, new Subject("delivery", id.value()), "Mencari sebab kegagalan");
        assertThat(intake.content(admin, id)).hasValueSatisfying(content -> {
            assertThat(content.body()).isEqualTo(bytes(text));
            assertThat(content.headers()).containsEntry("content-type", "text/plain");
        });
        network.reading = body -> body.lines().toList();
        intake.replay(admin, List.of(id));
        await(() -> network.committed.size() == 5000);
    }

    @Test
    void theFileGoesWithWhatIsForgottenAtOnceOrAsSoonAsItIsTakenIn() {
        var id = accept(lines("lupa", 5000));
        await(() -> state(id).equals("done"));
        assertThat(kept()).hasSize(1);
        intake.forget(system, List.of("lupa 17 kata warga"));
        assertThat(kept()).isEmpty();
        assertThat(sealed(id)).isEmpty();
        network.receiving = key -> {
            if (key.startsWith("lekas 3 ")) {
                intake.forget(system, List.of(key));
            }
        };
        var next = accept(lines("lekas", 5000));
        await(() -> state(next).equals("done"));
        await(() -> kept().isEmpty());
        assertThat(sealed(next)).isEmpty();
    }

    @Test
    void theFileGoesWithItsRowWhenItsTimeIsOver() {
        rules.installDefaults(system);
        var id = new DeliveryId(Ids.at(clock.instant().minus(Duration.ofDays(40))));
        var packed = Packed.pack(Map.of(), bytes(lines("tua", 5000)));
        var file = files.keep(system, packed);
        transactions.run(system, () -> {
            store.insert(
                    system,
                    List.of(new NewDelivery(
                            id, account, Network.ACTIVITYPUB, Packed.pack(Map.of(), new byte[0]), file)));
            jdbc.sql("update channel.delivery set state = 'done' where id = ?")
                    .param(id.value())
                    .update();
        });
        assertThat(kept()).hasSize(1);
        assertThat(housekeeping.forget()).isPositive();
        assertThat(state(id)).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void aLargeDeliveryThatTheDiskDoesNotTakeIsRefusedAndNothingOfItIsThere() {
        var full = new DeliveryFiles(transactions, jdbc, sealedFiles) {
            @Override
            String keep(Actor machine, byte[] packed) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        };
        var intake = new DurableIntake(transactions, jdbc, store, full, accounts, trail, worker, readings, json);
        assertThat(refusalOf(() -> intake.accept(system, account, Map.of(), bytes(lines("penuh", 5000))))
                        .kind())
                .isEqualTo(Refusal.Kind.UNAVAILABLE);
        intake.accept(system, account, Map.of(), bytes("muat"));
        await(() -> network.committed.contains("muat"));
        assertThat(network.committed).hasSize(1);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoAcknowledgement() throws Exception {
        // A file where the tenant's folder would have to be: as good as a disk that takes nothing.
        var root = folder.files().resolve(tenant.id().toString());
        Files.createFile(root);
        try {
            assertThat(refusalOf(() -> accept(lines("buntu", 5000))).kind()).isEqualTo(Refusal.Kind.UNAVAILABLE);
        } finally {
            Files.delete(root);
        }
        accept(lines("lancar", 5000));
        await(() -> network.committed.size() == 5000);
    }

    @Test
    void aFileThatCannotBeReadNowIsReadLaterAndOneThatIsGoneIsShownUntilItIsRestored() throws Exception {
        var gate = new CountDownLatch(1);
        network.reading = body -> {
            pass(gate);
            throw new IllegalStateException("first time");
        };
        var id = accept(lines("hilang", 5000));
        gate.countDown();
        await(() -> state(id).equals("failed"));
        network.reading = body -> body.lines().toList();
        var file = kept().getFirst();
        var away = file.resolveSibling("half-away");
        Files.move(file, away);
        Files.createDirectory(file);
        var admin = administrator();
        intake.replay(admin, List.of(id));
        await(() -> state(id).equals("retry"));
        Files.delete(file);
        expire(id);
        await(() -> state(id).equals("failed"));
        assertThat(intake.failed(admin, null, 10).items())
                .extracting(Intake.FailedDelivery::code)
                .containsExactly("file-missing");
        Files.move(away, file);
        intake.replay(admin, List.of(id));
        await(() -> network.committed.size() == 5000);
    }

    @Test
    void aDeliveryBeyondEveryLimitIsRefused() {
        assertThat(refusalOf(() -> intake.accept(system, account, Map.of(), new byte[DurableIntake.LARGEST + 1]))
                        .kind())
                .isEqualTo(Refusal.Kind.INVALID);
    }

    private static String lines(String word, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> word + " " + n + " kata warga")
                .collect(Collectors.joining("\n"));
    }

    /** The tenant's files. */
    private List<Path> kept() {
        var root = folder.files().resolve(tenant.id().toString());
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name(Path file) {
        return folder.files().resolve(tenant.id().toString()).relativize(file).toString();
    }

    // ---- how ----------------------------------------------------------------------------------------------------

    /** Stands for the process's sudden death: no engine catches it as a failure of the delivery. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private DeliveryId accept(String body) {
        return intake.accept(system, account, Map.of("content-type", "text/plain"), bytes(body));
    }

    private NewDelivery delivery(DeliveryId id, String body) {
        return new NewDelivery(id, account, Network.ACTIVITYPUB, Packed.pack(Map.of(), bytes(body)), null);
    }

    private DeliveryId old(Instant at, String state) {
        var id = new DeliveryId(Ids.at(at));
        transactions.run(system, () -> {
            store.insert(system, List.of(delivery(id, "lama")));
            jdbc.sql("update channel.delivery set state = ? where id = ?")
                    .params(state, id.value())
                    .update();
        });
        return id;
    }

    private void expire(DeliveryId id) {
        transactions.run(
                system,
                () -> jdbc.sql("update channel.delivery set next_attempt_at = now() - interval '1 s' where id = ?")
                        .param(id.value())
                        .update());
    }

    private void expireIfClaimed(DeliveryId id) {
        transactions.run(system, () -> jdbc.sql("""
                        update channel.delivery
                        set next_attempt_at = now() - interval '1 s'
                        where id = ? and state = 'claimed'
                        """).param(id.value()).update());
    }

    private Actor administrator() {
        return tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
    }

    private String state(DeliveryId id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select state from channel.delivery where id = ?")
                        .param(id.value())
                        .query(String.class)
                        .optional()
                        .orElse(""));
    }

    private long seen() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*) from channel.seen where account_id = ?")
                        .param(account.value())
                        .query(Long.class)
                        .single());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Refusal refusalOf(Runnable work) {
        try {
            work.run();
        } catch (RefusalException e) {
            return e.refusal();
        }
        throw new AssertionError("It was not refused");
    }

    static void await(java.util.function.BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("It did not happen within a minute");
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
