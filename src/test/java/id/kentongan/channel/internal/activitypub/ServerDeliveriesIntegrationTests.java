// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.Reach;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What we say, change and take back goes to each server by itself. */
@WithDatabase
class ServerDeliveriesIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Outbox outbox;

    @Autowired
    ServerSending sender;

    @Autowired
    FederationStore store;

    @Autowired
    LocalActors locals;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private Account account;
    private FakePeer near;
    private FakePeer far;

    @BeforeEach
    void twoServersWithAFollowerEach() throws Exception {
        tenant = tenants.found();
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
        near = new FakePeer(port, tenant.tenant().host(), clock);
        far = new FakePeer(port, tenant.tenant().host(), clock);
        follow(near, "sari");
        follow(far, "budi");
        await(() -> store.followerCount(local()) == 2);
    }

    @AfterEach
    void closeServers() throws IOException {
        near.close();
        far.close();
    }

    @Test
    void aPostIsSaidOnceItIsPublishedAndAServerInTroubleIsARetryOfItsOwn() throws Exception {
        far.behaviour = (exchange, request) -> 500;
        var id = submit(null, Audience.PUBLIC, "Pasar tutup besok");
        near.awaitDelivery("Create", "Pasar tutup besok");
        await(() -> status(id).state() == OutgoingStatus.State.SENT);
        await(() -> reach(id).taken() == 1 && !reach(id).troubled().isEmpty());
        var reach = reach(id);
        assertThat(reach.taken()).isEqualTo(1);
        assertThat(reach.waiting()).isEqualTo(1);
        assertThat(reach.troubled()).singleElement().satisfies(trouble -> {
            assertThat("http://" + trouble.server()).isEqualTo(far.base());
            assertThat(trouble.code()).isEqualTo("peer-in-trouble");
            assertThat(trouble.nextAttempt()).isAfter(clock.instant().minusSeconds(5));
        });
        far.behaviour = (exchange, request) -> 202;
        far.awaitDelivery("Create", "Pasar tutup besok");
        await(() -> reach(id).taken() == 2);
        assertThat(reach(id).troubled()).isEmpty();
        assertThat(told(near, "Create")).isEqualTo(1);
    }

    @Test
    void aServerThatRefusesIsNotAskedAgainAndStandsThere() throws Exception {
        far.behaviour = (exchange, request) -> 403;
        var id = submit(null, Audience.PUBLIC, "Jalan ditutup");
        await(() -> reach(id).refused() == 1 && reach(id).taken() == 1);
        assertThat(reach(id).troubled()).extracting(Reach.Trouble::code).containsExactly("peer-refused");
        assertThat(status(id).state()).isEqualTo(OutgoingStatus.State.SENT);
    }

    @Test
    void aServerThatNeverAnswersKeepsNobodyWaiting() throws Exception {
        var gate = new CountDownLatch(1);
        far.behaviour = (exchange, request) -> {
            pass(gate);
            return 202;
        };
        try {
            for (var i = 0; i < 5; i++) {
                submit(null, Audience.PUBLIC, "Kabar " + i);
            }
            for (var i = 0; i < 5; i++) {
                near.awaitDelivery("Create", "Kabar " + i);
            }
            assertThat(far.delivered)
                    .as("it has taken none yet")
                    .noneMatch(each -> text(each).contains("Kabar "));
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aPostIsChangedAndTakenBackWhereverItWent() throws Exception {
        var id = submit(null, Audience.PUBLIC, "Pasar tutup Senin");
        near.awaitDelivery("Create", "Senin");
        far.awaitDelivery("Create", "Senin");
        outbox.edit(tenant.system(), id, UUID.randomUUID().toString(), "Pasar tutup Selasa", null);
        for (var server : List.of(near, far)) {
            var update = server.awaitDelivery("Update", "Selasa");
            assertThat(update.at("/object/id").asString()).endsWith("/ap/o/" + id);
            assertThat(update.at("/object/updated").asString()).isNotBlank();
            assertThat(update.at("/to/0").asString()).isEqualTo(ActivityDocuments.PUBLIC);
        }
        outbox.edit(tenant.system(), id, UUID.randomUUID().toString(), "Pasar tutup Rabu", null);
        near.awaitDelivery("Update", "Rabu");
        assertThat(near.get("/ap/o/" + id, PeerRequests.ACTIVITY).body()).contains("Rabu");

        outbox.withdraw(tenant.system(), id, UUID.randomUUID().toString());
        for (var server : List.of(near, far)) {
            var delete = server.awaitDelivery("Delete", id.toString());
            assertThat(delete.at("/object/type").asString()).isEqualTo("Tombstone");
            assertThat(delete.toString()).doesNotContain("Pasar tutup");
        }
        assertThat(near.get("/ap/o/" + id, PeerRequests.ACTIVITY).status()).isEqualTo(410);
        assertThat(near.get("/ap/kabar/outbox?page=true", PeerRequests.ACTIVITY).body())
                .doesNotContain("Pasar tutup");
    }

    @Test
    void twoChangesOfAPostNeverTravelToAServerSideBySide() throws Exception {
        var id = submit(null, Audience.PUBLIC, "Pasar tutup Senin");
        await(() -> reach(id).taken() == 2);
        var arrived = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        near.behaviour = (exchange, request) -> {
            if (text(request).contains("Selasa")) {
                arrived.countDown();
                pass(gate);
            }
            return 202;
        };
        try {
            outbox.edit(tenant.system(), id, UUID.randomUUID().toString(), "Pasar tutup Selasa", null);
            pass(arrived);
            var second = outbox.edit(tenant.system(), id, UUID.randomUUID().toString(), "Pasar tutup Rabu", null);
            await(() -> status(second).state() == OutgoingStatus.State.SENT);
            far.awaitDelivery("Update", "Rabu");
            assertThat(sender.claim(tenant.system(), 10).ready())
                    .as("nothing more is to be sent while the first is on its way")
                    .isEmpty();
            assertThat(near.delivered).noneMatch(each -> text(each).contains("Rabu"));
        } finally {
            gate.countDown();
        }
        near.awaitDelivery("Update", "Rabu");
        await(() -> reach(id).waiting() == 0);
        assertThat(near.delivered.stream()
                        .map(ServerDeliveriesIntegrationTests::text)
                        .filter(each -> each.contains("\"type\":\"Update\""))
                        .map(each -> each.contains("Rabu") ? "Rabu" : "Selasa"))
                .containsExactly("Selasa", "Rabu");
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void followersServersAreToldHowAnAccountCallsItselfNow() throws Exception {
        for (var name : List.of("Kabar Baru", "Kabar Terbaru")) {
            accounts.change(
                    tenant.system(),
                    new Account(
                            account.id(),
                            account.network(),
                            account.handle(),
                            name,
                            "Dijawab pada jam kerja",
                            account.state()));
            for (var server : List.of(near, far)) {
                var update = server.awaitDelivery("Update", '"' + name + '"');
                assertThat(update.at("/object/type").asString()).isEqualTo("Organization");
                assertThat(update.at("/object/id").asString())
                        .isEqualTo(update.at("/actor").asString());
                assertThat(update.at("/object/summary").asString()).contains("jam kerja");
            }
            assertThat(near.get("/ap/kabar", PeerRequests.ACTIVITY).body()).contains(name);
        }
    }

    @Test
    void whatHasNotArrivedArrivesWithTheNewWordsAndNotAtAllOnceTakenBack() throws Exception {
        far.behaviour = (exchange, request) -> 500;
        var edited = submit(null, Audience.PUBLIC, "Jadwal lama");
        await(() -> reach(edited).waiting() == 1 && reach(edited).taken() == 1);
        outbox.edit(tenant.system(), edited, UUID.randomUUID().toString(), "Jadwal baru", null);
        near.awaitDelivery("Update", "Jadwal baru");
        var gone = submit(null, Audience.PUBLIC, "Salah kirim");
        await(() -> !reach(gone).troubled().isEmpty());
        outbox.withdraw(tenant.system(), gone, UUID.randomUUID().toString());
        near.awaitDelivery("Delete", gone.toString());
        far.behaviour = (exchange, request) -> 202;
        far.awaitDelivery("Create", "Jadwal baru");
        far.awaitDelivery("Delete", gone.toString());
        assertThat(far.delivered).noneMatch(each -> text(each).contains("Jadwal lama"));
        assertThat(far.delivered).noneMatch(each -> text(each).contains("Salah kirim"));
    }

    @Test
    void anAnswerIsChangedAndTakenBackAtItsReadersServerAlone() throws Exception {
        var reader = new Outgoing.Recipient(near.person("sari"), "@sari@warga.example");
        var id = submit(reader, Audience.DIRECT, "Datang pukul 8");
        near.awaitDelivery("Create", "pukul 8");
        outbox.edit(tenant.system(), id, UUID.randomUUID().toString(), "Datang pukul 9", null);
        var update = near.awaitDelivery("Update", "pukul 9");
        assertThat(update.at("/to/0").asString()).isEqualTo(near.person("sari"));
        assertThat(update.at("/cc").size()).isZero();
        var end = outbox.withdraw(tenant.system(), id, UUID.randomUUID().toString());
        near.awaitDelivery("Delete", id.toString());
        await(() -> status(end).state() == OutgoingStatus.State.SENT);
        assertThat(far.delivered).noneMatch(each -> text(each).contains(id.toString()));
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private LocalActor local() {
        return locals.find(tenant.id(), "kabar").orElseThrow();
    }

    private void follow(FakePeer server, String user) throws IOException {
        var us = "https://" + tenant.tenant().host() + "/ap/kabar";
        server.deliver(user, "/ap/kabar/inbox", """
                {"id":"%s","type":"Follow","actor":"%s","object":"%s"}""".formatted(server.next("follows"), server.person(user), us));
    }

    private OutgoingId submit(Outgoing.@Nullable Recipient recipient, Audience audience, String text) {
        return outbox.submit(
                tenant.system(),
                new Outgoing(
                        OutgoingId.next(),
                        account.id(),
                        UUID.randomUUID().toString(),
                        null,
                        recipient,
                        audience,
                        text,
                        null,
                        "id",
                        List.of(),
                        null));
    }

    private OutgoingStatus status(OutgoingId id) {
        return outbox.statuses(tenant.system(), List.of(id)).get(id);
    }

    private Reach reach(OutgoingId id) {
        return outbox.reach(tenant.system(), id);
    }

    private static long told(FakePeer server, String type) {
        return server.delivered.stream()
                .filter(each -> text(each).contains("\"type\":\"" + type + "\""))
                .count();
    }

    private static String text(SignedRequest request) {
        return new String(request.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier wanted) {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("Not within a minute");
            }
            pause(Duration.ofMillis(50));
        }
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
