// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.Reach;
import id.kentongan.channel.internal.activitypub.ServerDeliveries.Claimed;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A post goes to each server once, however many of its people follow: two servers with an inbox for all and two
 * followers each, and one without such an inbox. The senders die (they are stopped, and what they held is left to its
 * lease) at one step after another.
 */
@WithDatabase
class FanOutIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Outbox outbox;

    @Autowired
    ActivityPubAdapter adapter;

    @Autowired
    ServerSending sender;

    @Autowired
    PeerRequests requests;

    @Autowired
    FederationStore store;

    @Autowired
    LocalActors locals;

    @Autowired
    RemoteActors remotes;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private Account account;
    private FakePeer near;
    private FakePeer far;
    private FakePeer plain;

    @BeforeEach
    void threeServersWithFollowers() throws IOException {
        tenant = tenants.found();
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
        near = server(true);
        far = server(true);
        plain = server(false);
        for (var each : List.of(near, far)) {
            follow(each, "sari");
            follow(each, "budi");
        }
        follow(plain, "tono");
    }

    private FakePeer server(boolean sharesInbox) throws IOException {
        var server = new FakePeer(port, tenant.tenant().host(), clock);
        server.sharesInbox = sharesInbox;
        return server;
    }

    @AfterEach
    void closeServers() throws IOException {
        sender.start();
        for (var each : List.of(near, far, plain)) {
            each.close();
        }
    }

    @Test
    void eachServerIsToldOnceInTheInboxThatItsPeopleShare() {
        var id = submit("Pasar tutup besok");
        await(() -> reach(id).taken() == 3);
        assertThat(reach(id).waiting()).isZero();
        assertThat(paths(near)).containsExactly("/inbox");
        assertThat(paths(far)).containsExactly("/inbox");
        assertThat(paths(plain)).containsExactly("/users/tono/inbox");
    }

    @Test
    void withoutSuchAnInboxEachFollowerIsToldInTheirOwn() {
        follow(plain, "wati");
        var id = submit("Pasar buka");
        await(() -> reach(id).taken() == 4);
        assertThat(paths(plain)).containsExactlyInAnyOrder("/users/tono/inbox", "/users/wati/inbox");
    }

    @Test
    void aServerThatFailsIsTriedByItselfAndTheOthersAreToldOnce() {
        far.behaviour = (exchange, request) -> 503;
        var id = submit("Jalan ditutup");
        await(() -> reach(id).taken() == 2 && !reach(id).troubled().isEmpty());
        assertThat(reach(id).waiting()).isEqualTo(1);
        assertThat(status(id).state()).isEqualTo(OutgoingStatus.State.SENT);
        plain.behaviour = (exchange, request) -> 500;
        far.behaviour = (exchange, request) -> 202;
        await(() -> reach(id).taken() == 3);
        for (var each : List.of(near, far, plain)) {
            assertThat(paths(each)).as(each.base()).hasSize(1);
        }
    }

    @Test
    void whatWasQueuedWhenTheSenderDiedGoesToEachServerOnce() {
        sender.stop();
        var id = submit("Antre");
        await(() -> status(id).state() == OutgoingStatus.State.SENT);
        assertThat(reach(id).waiting()).isEqualTo(3);
        sender.start();
        await(() -> reach(id).taken() == 3);
        onceToEach();
    }

    @Test
    void whatWasClaimedAndNotSentGoesToEachServerOnce() {
        sender.stop();
        var id = submit("Diambil");
        await(() -> reach(id).waiting() == 3);
        assertThat(claimed()).hasSize(3);
        leasesRunOut();
        sender.start();
        await(() -> reach(id).taken() == 3);
        onceToEach();
    }

    @Test
    void whatWasTakenWithoutTheSenderLearningItIsToldAgainAsTheSameActivity() {
        sender.stop();
        var id = submit("Terkirim tanpa kabar");
        await(() -> reach(id).waiting() == 3);
        var claimed = claimed();
        claimed.forEach(this::sendOnly);
        onceToEach();
        leasesRunOut();
        sender.start();
        await(() -> reach(id).taken() == 3);
        for (var each : List.of(near, far, plain)) {
            assertThat(each.delivered).hasSize(2);
            assertThat(each.delivered.stream().map(FanOutIntegrationTests::text).distinct())
                    .as("a repetition is the same to the letter: every server knows it by its id")
                    .hasSize(1);
        }
    }

    @Test
    void diedInTheMiddleEachServerIsStillToldAtLeastAndWhoTookItOnlyOnce() {
        sender.stop();
        var id = submit("Separuh jalan");
        await(() -> reach(id).waiting() == 3);
        // One was finished, one was taken without a word, one was not touched.
        var claimed = claimed();
        sender.send(tenant.system(), claimed.getFirst());
        sendOnly(claimed.get(1));
        leasesRunOut();
        sender.start();
        await(() -> reach(id).taken() == 3);
        var counts = List.of(near, far, plain).stream()
                .map(each -> each.delivered.size())
                .sorted()
                .toList();
        assertThat(counts).containsExactly(1, 1, 2);
        for (var each : List.of(near, far, plain)) {
            assertThat(each.delivered.stream().map(FanOutIntegrationTests::text).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void diedWhileItWasBeingPublishedNothingIsHalfAndDiedAfterwardsItIsPublishedOnce() {
        sender.stop();
        var outgoing = outgoing("Terbit");
        assertThatThrownBy(() -> transactions.run(tenant.system(), () -> {
                    adapter.send(tenant.system(), account, outgoing);
                    throw new IllegalStateException("died");
                }))
                .hasMessage("died");
        assertThat(store.note(local(), outgoing.id().value())).isEmpty();
        // Published and queued; then died before the outbox learnt it, and sent again by its lease.
        assertThat(adapter.send(tenant.system(), account, outgoing)).isInstanceOf(SendOutcome.Sent.class);
        transactions.run(tenant.system(), () -> {
            outbox.submit(tenant.system(), outgoing);
            jdbc.sql("update channel.outgoing set state = 'SENDING', attempts = 1 where id = ?")
                    .param(outgoing.id().value())
                    .update();
        });
        await(() -> status(outgoing.id()).state() == OutgoingStatus.State.SENT);
        sender.start();
        await(() -> reach(outgoing.id()).taken() == 3);
        onceToEach();
        assertThat(store.noteCount(local())).isEqualTo(1);
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private List<Claimed> claimed() {
        return sender.claim(tenant.system(), 10).ready();
    }

    /** The network has it, and nobody keeps that. */
    private void sendOnly(Claimed claimed) {
        var note = store.note(local(), claimed.note()).orElseThrow();
        var body = Sending.json(ActivityDocuments.about(local(), note, claimed.activity()));
        assertThat(requests.post(local(), claimed.inbox(), body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SendOutcome.Sent.class);
    }

    private void leasesRunOut() {
        transactions.run(
                tenant.system(),
                () -> jdbc.sql(
                                "update channel.ap_delivery set next_attempt_at = now() - interval '1 s' where state = 'sending'")
                        .update());
    }

    private void onceToEach() {
        for (var each : List.of(near, far, plain)) {
            assertThat(paths(each)).as(each.base()).hasSize(1);
        }
    }

    private static List<String> paths(FakePeer server) {
        return server.delivered.stream().map(SignedRequest::path).toList();
    }

    private static String text(SignedRequest request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    private LocalActor local() {
        return locals.find(tenant.id(), "kabar").orElseThrow();
    }

    private void follow(FakePeer server, String user) {
        var found = (RemoteActors.Found.Known) remotes.find(local(), server.person(user));
        store.follow(local(), found.actor(), server.next("follows"));
    }

    private OutgoingId submit(String text) {
        return outbox.submit(tenant.system(), outgoing(text));
    }

    private Outgoing outgoing(String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                UUID.randomUUID().toString(),
                null,
                null,
                Audience.PUBLIC,
                text,
                null,
                "id",
                List.of(),
                null);
    }

    private OutgoingStatus status(OutgoingId id) {
        return outbox.statuses(tenant.system(), List.of(id)).get(id);
    }

    private Reach reach(OutgoingId id) {
        return outbox.reach(tenant.system(), id);
    }

    private static void await(BooleanSupplier wanted) {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("It did not happen within a minute");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
