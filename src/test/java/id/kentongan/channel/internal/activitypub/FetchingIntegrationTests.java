// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.internal.activitypub.PeerRequests.Fetched;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** How much is fetched from other servers, from where, for how long; and what a server in trouble costs us. */
@WithDatabase
class FetchingIntegrationTests {
    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
    private static final byte[] NOTHING = new byte[0];

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    ActivityPubAdapter adapter;

    @Autowired
    InboxFilter door;

    @Autowired
    RemoteActors remotes;

    @Autowired
    PeerRequests requests;

    @Autowired
    LocalActors locals;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private Account account;
    private FakePeer peer;

    @BeforeEach
    void anAccountAndAPeer() throws IOException {
        tenant = tenants.found();
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
        peer = new FakePeer(port, tenant.tenant().host(), clock);
    }

    @AfterEach
    void closePeer() throws IOException {
        peer.close();
    }

    @Test
    void aDocumentLargerThanAMegabyteDeeperThanAnyRealOneOrNoneIsNotRead() {
        peer.serve("/large", PeerRequests.ACTIVITY, ("{\"a\":\"" + "x".repeat(1_100_000) + "\"}").getBytes());
        var deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        peer.serve("/deep", PeerRequests.ACTIVITY, deep.getBytes());
        peer.serve("/html", "text/html", "<html>".getBytes());
        peer.serve("/broken", PeerRequests.ACTIVITY, "{\"a\":".getBytes());
        assertThat(get("/large")).isEqualTo(new Fetched.Failed("too-large", false));
        assertThat(get("/deep")).isEqualTo(new Fetched.Failed("too-deep", false));
        assertThat(get("/html")).isEqualTo(new Fetched.Failed("not-a-document", false));
        assertThat(get("/broken")).isEqualTo(new Fetched.Failed("not-json", false));
    }

    @Test
    void redirectionsEndAfterThreeAndNeverLeadIntoAPrivateNetwork() {
        for (var i = 0; i < 6; i++) {
            redirect("/hop" + i, "/hop" + (i + 1));
        }
        peer.documents.put("/hop3", "{\"id\":\"x\"}");
        assertThat(get("/hop0")).as("an endless way").isEqualTo(new Fetched.Failed("address-refused", false));
        assertThat(peer.asked).doesNotContainKey("/hop4");
        for (var inside : List.of("http://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/", "ftp://x/")) {
            redirect("/inside", inside);
            assertThat(get("/inside")).as(inside).isEqualTo(new Fetched.Failed("address-refused", false));
        }
    }

    @Test
    void onlyWhatItsServerCallsActivityStreamsIsADocument() {
        var document = "{\"id\":\"%s/doc\"}".formatted(peer.base()).getBytes(StandardCharsets.UTF_8);
        for (var type : List.of(
                "application/activity+json",
                "Application/Activity+JSON; charset=utf-8",
                "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
                "application/ld+json;profile=\"https://w3id.org/x https://www.w3.org/ns/activitystreams\"")) {
            peer.serve("/doc", type, document);
            assertThat(get("/doc")).as(type).isInstanceOf(Fetched.Document.class);
        }
        for (var type : List.of(
                "application/json",
                "application/ld+json",
                "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams.evil\"",
                "text/json",
                "text/plain; x=application/activity+json",
                "application/activity+json-seq",
                ";")) {
            peer.serve("/doc", type, document);
            assertThat(get("/doc")).as(type).isEqualTo(new Fetched.Failed("not-a-document", false));
        }
    }

    @Test
    void aRedirectionToAnotherServerSpeaksForNobodyOfTheFirst() throws IOException {
        try (var other = new FakePeer(port, tenant.tenant().host(), clock)) {
            other.documents.put("/forged", "{\"id\":\"%s/open\"}".formatted(peer.base()));
            redirect("/open", other.base() + "/forged");
            assertThat(get("/open")).isEqualTo(new Fetched.Failed("document-of-another-server", false));
        }
        peer.documents.put("/moved", "{\"id\":\"%s/open\"}".formatted(peer.base()));
        redirect("/open", "/moved");
        assertThat(get("/open")).isInstanceOf(Fetched.Document.class);
    }

    @Test
    void onlyGoneOrATombstoneOfItsOwnServerEndsAnAccount() throws IOException {
        var inbox = "/ap/kabar/inbox";
        peer.handlers.put("/users/missing", exchange -> FakePeer.answer(exchange, 404, "text/plain", NOTHING));
        assertThat(peer.deliver("missing", inbox, deletionOf("missing")).status())
                .as("a server that knows nothing for a moment")
                .isEqualTo(401);
        try (var other = new FakePeer(port, tenant.tenant().host(), clock)) {
            other.handlers.put("/ended", exchange -> FakePeer.answer(exchange, 410, "text/plain", NOTHING));
            redirect("/users/led-away", other.base() + "/ended");
            assertThat(peer.deliver("led-away", inbox, deletionOf("led-away")).status())
                    .as("another server's word")
                    .isEqualTo(401);
        }
        peer.handlers.put("/users/ended", exchange -> FakePeer.answer(exchange, 410, "text/plain", NOTHING));
        assertThat(peer.deliver("ended", inbox, deletionOf("ended")).status()).isEqualTo(202);
        peer.documents.put("/users/buried", "{\"id\":\"%s\",\"type\":\"Tombstone\"}".formatted(peer.person("buried")));
        assertThat(peer.deliver("buried", inbox, deletionOf("buried")).status()).isEqualTo(202);
    }

    @Test
    void moreDeliveriesThanFitAtOnceAreToldToComeAgain() throws IOException {
        var body = create("later", "none");
        door.places.acquireUninterruptibly(InboxFilter.MOST_AT_ONCE);
        try {
            var answer = peer.deliver("sari", "/ap/kabar/inbox", body);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.retryAfter()).isEqualTo("60");
        } finally {
            door.places.release(InboxFilter.MOST_AT_ONCE);
        }
        assertThat(peer.deliver("sari", "/ap/kabar/inbox", body).status()).isEqualTo(202);
        assertThat(door.places.availablePermits()).isEqualTo(InboxFilter.MOST_AT_ONCE);
    }

    @Test
    void whoIsOneTooManyForTheDoorIsProvenByTheIntake() throws IOException {
        var inbox = "/ap/kabar/inbox";
        var forged = create("forged", "none");
        remotes.asking.acquireUninterruptibly(RemoteActors.ASKED_FROM_THE_DOOR);
        try {
            assertThat(deliverForged("forger", inbox, forged))
                    .as("taken without asking its server")
                    .isEqualTo(202);
        } finally {
            remotes.asking.release(RemoteActors.ASKED_FROM_THE_DOOR);
        }
        assertThat(deliverForged("another", inbox, forged))
                .as("asked at the door, and disproven")
                .isEqualTo(401);
        assertThat(remotes.asking.availablePermits()).isEqualTo(RemoteActors.ASKED_FROM_THE_DOOR);
    }

    private int deliverForged(String user, String inbox, String body) throws IOException {
        return peer.deliver(
                        user,
                        inbox,
                        body.replace("/users/sari", "/users/" + user),
                        FakePeer.Way.CAVAGE,
                        clock.instant(),
                        FakePeer.keys())
                .status();
    }

    @Test
    void whatAnActorSaysOfItselfIsKeptShort() throws Exception {
        var id = peer.person("large");
        var pem = PublicKeys.toPem(peer.keys.getPublic()).replace("\n", "\\n");
        var keys = new java.util.StringJoiner(",", "[", "]");
        for (var i = 0; i < 100; i++) {
            keys.add("{\"id\":\"%s#k%d\",\"owner\":\"%s\",\"publicKeyPem\":\"%s\"}".formatted(id, i, id, pem));
        }
        var actor = RemoteActor.of(ActivityJson.parse(
                "{\"id\":\"%s\",\"type\":\"Person\",\"inbox\":\"%s/inbox\",\"preferredUsername\":\"%s\",\"name\":\"%s\",\"publicKey\":%s}"
                        .formatted(id, id, "u".repeat(5_000), "🙂".repeat(5_000), keys)
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(actor.keys()).hasSize(8);
        assertThat(actor.name()).isEqualTo("🙂".repeat(200));
        assertThat(actor.handle()).startsWith("@" + "u".repeat(200) + "@");
        assertThat(actor.weight()).isLessThan(50_000);
        var objects = "{\"a\":[" + "{},".repeat(300_000) + "1]}";
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                ActivityJson.Unreadable.class,
                                () -> ActivityJson.parse(objects.getBytes(StandardCharsets.UTF_8)))
                        .code())
                .isEqualTo("too-deep");
    }

    @Test
    void aServerThatAnswersSlowlyNeverOrInTroubleIsCutOffAndMayBeAskedLater() {
        peer.handlers.put("/never", exchange -> pause(Duration.ofSeconds(6)));
        peer.handlers.put("/drip", this::drip);
        peer.handlers.put("/trouble", exchange -> FakePeer.answer(exchange, 500, "text/plain", NOTHING));
        for (var path : List.of("/never", "/drip")) {
            var began = System.nanoTime();
            assertThat(get(path)).as(path).isEqualTo(new Fetched.Failed("peer-unreachable", true));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
        }
        assertThat(get("/trouble")).isEqualTo(new Fetched.Failed("peer-answered-500", true));
        peer.handlers.put("/gone", exchange -> FakePeer.answer(exchange, 410, "text/plain", NOTHING));
        assertThat(get("/gone")).isEqualTo(new Fetched.Gone());
        assertThat(get("/nothing")).isEqualTo(new Fetched.Absent());
    }

    @Test
    void aThreadThatNeverEndsIsFollowedTenStepsUp() throws Exception {
        for (var i = 0; i < 30; i++) {
            peer.documents.put("/notes/up" + i, note("up" + i, "up" + (i + 1)));
        }
        var items = read(create("bottom", "up0"));
        assertThat(items).hasSize(11);
        assertThat(peer.asked.keySet().stream().filter(path -> path.startsWith("/notes/up")))
                .hasSize(10);
    }

    @Test
    void aThreadThatLoopsIsReadOnce() throws Exception {
        peer.documents.put("/notes/a", note("a", "b"));
        peer.documents.put("/notes/b", note("b", "a"));
        assertThat(read(create("bottom", "a"))).hasSize(3);
        peer.documents.put("/notes/self", note("self", "self"));
        assertThat(read(create("other", "self"))).hasSize(2);
        assertThat(peer.asked.get("/notes/self").get()).isEqualTo(1);
    }

    @Test
    void aDeliveryWhoseSendersServerIsInTroubleIsKeptAndTriedAgain() throws Exception {
        for (var way : List.of("trouble", "never")) {
            var user = way;
            peer.handlers.put("/users/" + user, exchange -> {
                if (way.equals("never")) {
                    pause(Duration.ofSeconds(6));
                } else {
                    FakePeer.answer(exchange, 500, "text/plain", NOTHING);
                }
            });
            var body = "{\"id\":\"%s\",\"type\":\"Like\",\"actor\":\"%s\",\"object\":\"%s\"}"
                    .formatted(peer.next("likes"), peer.person(user), us());
            var began = System.nanoTime();
            assertThat(peer.deliver(user, "/ap/kabar/inbox", body).status()).isEqualTo(202);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            var request = SignedRequest.of(
                    "POST",
                    java.net.URI.create(us() + "/inbox"),
                    java.util.Map.of(),
                    body.getBytes(StandardCharsets.UTF_8));
            var kept = new java.util.LinkedHashMap<>(StoredRequest.open(request));
            kept.putAll(peer.signature(user, "/ap/kabar/inbox", body, FakePeer.Way.CAVAGE, clock.instant(), peer.keys));
            var lower = new java.util.LinkedHashMap<String, String>();
            kept.forEach((name, value) -> lower.put(name.toLowerCase(java.util.Locale.ROOT), value));
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    UnreadableDelivery.class,
                                    () -> adapter.read(tenant.system(), delivery(lower, body)))
                            .worthRetrying())
                    .as(way)
                    .isTrue();
        }
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private String us() {
        return "https://" + tenant.tenant().host() + "/ap/kabar";
    }

    private String deletionOf(String user) {
        return "{\"id\":\"%1$s#delete\",\"type\":\"Delete\",\"actor\":\"%1$s\",\"object\":\"%1$s\"}"
                .formatted(peer.person(user));
    }

    private Fetched get(String path) {
        return requests.get(locals.find(tenant.id(), "kabar").orElseThrow(), peer.base() + path);
    }

    private void redirect(String from, String to) {
        peer.handlers.put(from, exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        });
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", PeerRequests.ACTIVITY);
        exchange.sendResponseHeaders(200, 0);
        for (var i = 0; i < 40; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            pause(Duration.ofMillis(200));
        }
    }

    private String note(String key, String parent) {
        return """
                {"id":"%s/notes/%s","type":"Note","attributedTo":"%s","inReplyTo":"%s/notes/%s","published":"%s",
                 "to":["%s"],"cc":["%s"],"content":"<p>%s</p>"}""".formatted(
                        peer.base(),
                        key,
                        peer.person("sari"),
                        peer.base(),
                        parent,
                        clock.instant().minusSeconds(60),
                        PUBLIC,
                        us(),
                        key);
    }

    private String create(String key, String parent) {
        return "{\"id\":\"%s/notes/%s/activity\",\"type\":\"Create\",\"actor\":\"%s\",\"object\":%s}"
                .formatted(peer.base(), key, peer.person("sari"), note(key, parent));
    }

    private List<Item> read(String body) throws UnreadableDelivery {
        return adapter.read(tenant.system(), delivery(StoredRequest.proven(peer.person("sari")), body));
    }

    private RawDelivery delivery(java.util.Map<String, String> headers, String body) {
        return new RawDelivery(
                DeliveryId.next(),
                account.id(),
                Network.ACTIVITYPUB,
                clock.instant(),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
