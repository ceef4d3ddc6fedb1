// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.PersonalDataRegister;
import id.kentongan.testing.PlainText;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole way between another server and the shared inbox, with a peer on loopback. */
@WithDatabase
class FederationIntegrationTests {
    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Conversations conversations;

    @Autowired
    Rules rules;

    @Autowired
    RoutingRules routing;

    @Autowired
    ActivityPubAdapter adapter;

    @Autowired
    LocalActors locals;

    @Autowired
    PeerRequests requests;

    @Autowired
    FederationStore store;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    PersonalDataRegister register;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private Account account;
    private Actor officer;
    private FakePeer peer;
    private String us;

    @BeforeEach
    void aTenantWithAnAccountAndAPeer() throws IOException {
        tenant = tenants.found();
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
        officer = tenants.officer(tenant, tenant.office(), true, Role.COMMUNICATION_OFFICER);
        peer = new FakePeer(port, tenant.tenant().host(), clock);
        us = "https://" + tenant.tenant().host() + "/ap/kabar";
    }

    @AfterEach
    void closePeer() throws IOException {
        peer.close();
    }

    // ---- found by others ----------------------------------------------------------------------------------------

    @Test
    void webFingerLeadsToTheActorAndTheActorToItsKey() throws IOException {
        var host = tenant.tenant().host();
        var finger = peer.get("/.well-known/webfinger?resource=acct:kabar@" + host, "*/*");
        assertThat(finger.status()).isEqualTo(200);
        assertThat(finger.type()).startsWith("application/jrd+json");
        assertThat(finger.json().path("subject").asString()).isEqualTo("acct:kabar@" + host);
        assertThat(finger.json().at("/links/0/href").asString()).isEqualTo(us);
        var actor = peer.get("/ap/kabar", PeerRequests.ACTIVITY);
        assertThat(actor.type()).startsWith(PeerRequests.ACTIVITY);
        assertThat(actor.json().path("id").asString()).isEqualTo(us);
        assertThat(PublicKeys.fromPem(actor.json().at("/publicKey/publicKeyPem").asString()))
                .isNotNull();
        var browser = peer.get("/ap/kabar", "text/html,application/xhtml+xml");
        assertThat(browser.status()).isEqualTo(303);
        assertThat(peer.get("/.well-known/webfinger?resource=acct:lain@" + host, "*/*")
                        .status())
                .isEqualTo(404);
        assertThat(peer.get("/ap/lain", PeerRequests.ACTIVITY).status()).isEqualTo(404);
    }

    @Test
    void nodeInfoSaysWhatWeAre() throws IOException {
        assertThat(peer.get("/.well-known/nodeinfo", "*/*").json().path("links").size())
                .isEqualTo(2);
        for (var version : List.of("2.0", "2.1")) {
            var info = peer.get("/nodeinfo/" + version, "*/*").json();
            assertThat(info.path("version").asString()).isEqualTo(version);
            assertThat(info.at("/software/name").asString()).isEqualTo("kentongan");
        }
        assertThat(peer.get("/.well-known/host-meta", "*/*").body()).contains("lrdd");
    }

    // ---- hearing ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"CAVAGE", "RFC9421"})
    void aSignedMentionBecomesAConversationOnceHoweverOftenItComes(FakePeer.Way way) throws Exception {
        var note = note("sari", null, "<p>Jalan di depan pasar <b>berlubang</b></p>", PUBLIC);
        var body = create("sari", note);
        for (var i = 0; i < 3; i++) {
            var answer = peer.deliver("sari", "/ap/kabar/inbox", body, way, clock.instant(), peer.keys);
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        }
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        Thread.sleep(1500);
        assertThat(rows()).hasSize(1);
        var messages = messages(row).stream()
                .filter(FederationIntegrationTests::incoming)
                .toList();
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().text()).isEqualTo("Jalan di depan pasar berlubang");
        assertThat(row.audience()).isEqualTo(Audience.PUBLIC);
    }

    @Test
    void theSharedInboxFindsTheAccountAndAReplyLandsInItsThread() throws Exception {
        var first = note("sari", null, "<p>Lampu mati</p>", PUBLIC);
        assertThat(peer.deliver("sari", "/ap/inbox", create("sari", first)).status())
                .isEqualTo(202);
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var second = note("budi", first.id(), "<p>Benar, gelap sekali</p>", PUBLIC);
        assertThat(peer.deliver("budi", "/ap/inbox", create("budi", second)).status())
                .isEqualTo(202);
        await(() -> incoming(row) == 2 ? row : null);
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aPrivateAnswerToTheSecretLinkLandsInTheSameConversation() throws Exception {
        rules.installDefaults(tenant.system());
        routing.save(
                tenant.system(),
                new RoutingRule(
                        Ids.next(),
                        1,
                        "Jalan",
                        List.of("jalan rusak"),
                        null,
                        null,
                        CaseKind.COMPLAINT,
                        "Jalan",
                        tenant.works(),
                        "Uji coba",
                        LocalDate.of(2020, 1, 1),
                        null));
        var note = note("sari", null, "<p>Jalan rusak di depan pasar</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note));
        var link = peer.awaitDelivery("Create", "/lacak/r/").path("object");
        assertThat(link.path("to").size()).isEqualTo(1);
        assertThat(link.path("to").toString()).doesNotContain("#Public");
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var answer = note("sari", link.path("id").asString(), "<p>Nomor telepon saya menyusul</p>", null);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", answer));
        await(() -> incoming(row) == 2 ? row : null);
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aPrivateMessageIsItsOwnConversation() throws Exception {
        var note = note("sari", null, "<p>Ini rahasia</p>", null);
        assertThat(peer.deliver("sari", "/ap/kabar/inbox", create("sari", note)).status())
                .isEqualTo(202);
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        assertThat(row.audience()).isEqualTo(Audience.DIRECT);
    }

    @Test
    void editsAndDeletionsReachTheMessage() throws Exception {
        var note = note("sari", null, "<p>Salah tulsi</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note));
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var edited = note.json()
                .replace("Salah tulsi", "Salah tulis")
                .replace("\"published\"", "\"updated\":\"%s\",\"published\"".formatted(clock.instant()));
        peer.deliver("sari", "/ap/kabar/inbox", activity("sari", "Update", edited));
        await(() -> messages(row).stream().anyMatch(each -> "Salah tulis".equals(each.text())) ? row : null);
        var tombstone = "{\"id\":\"%s\",\"type\":\"Tombstone\"}".formatted(note.id());
        // Another server's person may not delete it.
        try (var stranger = new FakePeer(port, tenant.tenant().host(), clock)) {
            var foreign = "{\"id\":\"%s\",\"type\":\"Delete\",\"actor\":\"%s\",\"object\":%s}"
                    .formatted(stranger.next("activities"), stranger.person("jahat"), tombstone);
            assertThat(stranger.deliver("jahat", "/ap/kabar/inbox", foreign).status())
                    .isEqualTo(202);
        }
        taken();
        assertThat(messages(row)).anyMatch(each -> "Salah tulis".equals(each.text()));
        peer.deliver("sari", "/ap/kabar/inbox", activity("sari", "Delete", tombstone));
        await(() -> messages(row).stream()
                        .filter(FederationIntegrationTests::incoming)
                        .noneMatch(each -> "Salah tulis".equals(each.text()))
                ? row
                : null);
    }

    /** Whether it is an actor of the same server, or that server itself speaking for all of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"usil", "instance.actor"})
    void onlyTheAuthorChangesOrTakesBackWhatTheySaidNobodyElseOfTheirServer(String other) throws Exception {
        var note = note("sari", null, "<p>Kata Sari</p>", PUBLIC);
        var early = note("sari", null, "<p>Kata Sari berikutnya</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note));
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var tombstone = "{\"id\":\"%s\",\"type\":\"Tombstone\"}";
        var forged = note.json()
                .replace("Kata Sari", "Kata palsu")
                .replace(peer.person("sari"), peer.person(other))
                .replace("\"published\"", "\"updated\":\"%s\",\"published\"".formatted(clock.instant()));
        var honest = forged.replace("Kata palsu", "Kata palsu lagi").replace(peer.person(other), peer.person("sari"));
        for (var each : List.of(
                activity(other, "Delete", "\"" + note.id() + "\""),
                activity(other, "Delete", tombstone.formatted(note.id())),
                activity(other, "Delete", tombstone.formatted(early.id())),
                activity(other, "Delete", "\"" + peer.person("sari") + "\""),
                activity(other, "Update", forged),
                activity(other, "Update", honest))) {
            assertThat(peer.deliver(other, "/ap/kabar/inbox", each).status()).isEqualTo(202);
        }
        taken();
        assertThat(messages(row).stream()
                        .filter(FederationIntegrationTests::incoming)
                        .toList())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.text()).isEqualTo("Kata Sari");
                    assertThat(each.earlier()).isEmpty();
                    assertThat(each.deletedAt()).isNull();
                });
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", early));
        await(() -> rows().stream().anyMatch(each -> each.preview().contains("Kata Sari berikutnya")) ? early : null);
        // The stranger's attempt has not used up the author's own.
        peer.deliver("sari", "/ap/kabar/inbox", activity("sari", "Delete", tombstone.formatted(note.id())));
        await(() -> messages(row).stream().anyMatch(each -> each.deletedAt() != null) ? row : null);
        assertThat(messages(row).stream().filter(FederationIntegrationTests::incoming))
                .extracting(MessageView::text)
                .containsOnlyNulls();
    }

    /** Once everything that was delivered is read or given up. */
    private void taken() throws Exception {
        await(() -> {
            try (var connection = java.sql.DriverManager.getConnection(
                            roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                    var sql = connection.prepareStatement(
                            "select 1 from channel.delivery where tenant_id = ? and state not in ('done', 'failed')")) {
                sql.setObject(1, tenant.id().value());
                return sql.executeQuery().next() ? null : "taken";
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aReplyUnderAStrangersPostBringsTheThreadAboveItAndALoopEnds() throws Exception {
        // Two posts that claim to answer each other, above a reply that mentions us.
        var top = peer.base() + "/notes/loop-a";
        var middle = peer.base() + "/notes/loop-b";
        peer.documents.put("/notes/loop-a", document("budi", top, middle, "Yang pertama"));
        peer.documents.put("/notes/loop-b", document("budi", middle, top, "Yang kedua"));
        var note = note("sari", middle, "<p>Tolong dibaca ini</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note));
        var row = await(() -> rows().size() == 1 && incoming(rows().getFirst()) == 3 ? rows().getFirst() : null);
        assertThat(messages(row).stream().map(MessageView::text))
                .contains("Yang pertama", "Yang kedua", "Tolong dibaca ini");
        assertThat(peer.asked.get("/notes/loop-a").get()).isEqualTo(1);
        assertThat(peer.asked.get("/notes/loop-b").get()).isEqualTo(1);
        // It is the conversation of who spoke to us, not of who began the thread.
        conversations.reply(
                officer,
                row.id(),
                "public",
                "Sudah kami baca.",
                UUID.randomUUID().toString(),
                null);
        assertThat(peer.awaitDelivery("Create", "Sudah kami baca")
                        .at("/object/inReplyTo")
                        .asString())
                .isEqualTo(note.id());
    }

    @Test
    void anEditThatMentionsUsBringsInAPostThatDidNot() throws Exception {
        var id = peer.base() + "/notes/tanpa-sebutan";
        var before = document("sari", id, peer.base() + "/notes/tiada", "Lampu padam");
        peer.deliver("sari", "/ap/inbox", activity("sari", "Create", before));
        var after = before.replace("Lampu padam", "Lampu padam, @kabar")
                .replace(
                        "\"published\"",
                        "\"updated\":\"%s\",\"cc\":[\"%s\"],\"tag\":[{\"type\":\"Mention\",\"href\":\"%s\"}],\"published\""
                                .formatted(clock.instant(), us, us));
        peer.deliver("sari", "/ap/kabar/inbox", activity("sari", "Update", after));
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        assertThat(messages(row).stream()
                        .filter(FederationIntegrationTests::incoming)
                        .map(MessageView::text))
                .containsExactly("Lampu padam, @kabar");
    }

    @Test
    void aFollowerIsAcceptedAndCountedAndMayLeave() throws Exception {
        var follow = "{\"id\":\"%s\",\"type\":\"Follow\",\"actor\":\"%s\",\"object\":\"%s\"}"
                .formatted(peer.next("follows"), peer.person("sari"), us);
        assertThat(peer.deliver("sari", "/ap/kabar/inbox", follow).status()).isEqualTo(202);
        assertThat(peer.awaitDelivery("Accept", "Follow").at("/object/actor").asString())
                .isEqualTo(peer.person("sari"));
        assertThat(followers()).isEqualTo(1);
        var undo = "{\"id\":\"%s\",\"type\":\"Undo\",\"actor\":\"%s\",\"object\":%s}"
                .formatted(peer.next("undos"), peer.person("sari"), follow);
        assertThat(peer.deliver("sari", "/ap/kabar/inbox", undo).status()).isEqualTo(202);
        await(() -> followers() == 0 ? "left" : null);
    }

    @Test
    void whatCameFromAnotherServerStandsNowhereInClear() throws Exception {
        var word = "zq" + UUID.randomUUID().toString().replaceAll("[^a-f]", "x");
        var user = "sari" + Long.toString(System.nanoTime(), 36);
        var note = note(user, null, "<p>Jalan " + word + " berlubang</p>", PUBLIC);
        assertThat(peer.deliver(user, "/ap/kabar/inbox", create(user, note)).status())
                .isEqualTo(202);
        var follow = "{\"id\":\"%s\",\"type\":\"Follow\",\"actor\":\"%s\",\"object\":\"%s\"}"
                .formatted(peer.next("follows"), peer.person(user), us);
        assertThat(peer.deliver(user, "/ap/kabar/inbox", follow).status()).isEqualTo(202);
        peer.awaitDelivery("Accept", "Follow");
        await(() -> rows().size() == 1 ? rows().getFirst() : null);
        try (var owner =
                java.sql.DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword())) {
            assertThat(PlainText.inTables(owner, register.fields(), List.of(word, user)))
                    .isEmpty();
        }
    }

    // ---- bad input ----------------------------------------------------------------------------------------------

    @Test
    void whatIsUnsignedWronglySignedOrTooOldIsRefused() throws Exception {
        var body = create("sari", note("sari", null, "<p>x</p>", PUBLIC));
        var now = clock.instant();
        var inbox = "/ap/kabar/inbox";
        assertThat(peer.deliver("sari", inbox, body, FakePeer.Way.UNSIGNED, now, peer.keys)
                        .status())
                .isEqualTo(401);
        assertThat(peer.deliver("sari", inbox, body, FakePeer.Way.CAVAGE, now, FakePeer.keys())
                        .status())
                .isEqualTo(401);
        assertThat(peer.deliver("sari", inbox, body, FakePeer.Way.RFC9421, now, FakePeer.keys())
                        .status())
                .isEqualTo(401);
        assertThat(peer.deliver("sari", inbox, body, FakePeer.Way.CAVAGE, now.minus(Duration.ofHours(13)), peer.keys)
                        .status())
                .isEqualTo(401);
        // Signed for one inbox, sent to another; and another body under the same signature.
        var signature = peer.signature("sari", inbox, body, FakePeer.Way.CAVAGE, now, peer.keys);
        assertThat(peer.post("/ap/inbox", body.getBytes(), signature).status()).isEqualTo(401);
        assertThat(peer.post(inbox, (body + " ").getBytes(), signature).status())
                .isEqualTo(401);
        Thread.sleep(1200);
        assertThat(rows()).isEmpty();
    }

    @Test
    void whatCannotBeStoredNowIsAskedForLaterAndTakenInThen() throws Exception {
        var body = create("sari", note("sari", null, "<p>Jalan putus</p>", PUBLIC));
        // Whoever asks is known already: it is the storing that fails.
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note("sari", null, "<p>Halo</p>", null)));
        owner("revoke insert on channel.delivery from \"%s\"");
        try {
            for (var path : List.of("/ap/kabar/inbox", "/ap/inbox")) {
                var answer = peer.deliver("sari", path, body);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.retryAfter()).isEqualTo("60");
            }
        } finally {
            owner("grant insert on channel.delivery to \"%s\"");
        }
        assertThat(peer.deliver("sari", "/ap/kabar/inbox", body).status()).isEqualTo(202);
        await(() -> rows().size() == 2 ? rows() : null);
    }

    private void owner(String statement) throws java.sql.SQLException {
        try (var connection = java.sql.DriverManager.getConnection(
                        roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var sql = connection.createStatement()) {
            sql.execute(statement.formatted(roles.applicationName()));
        }
    }

    @Test
    void aCapturedDeliverySentAgainChangesNothing() throws Exception {
        var body = create("sari", note("sari", null, "<p>Sekali saja</p>", PUBLIC));
        var inbox = "/ap/kabar/inbox";
        var signature = peer.signature("sari", inbox, body, FakePeer.Way.CAVAGE, clock.instant(), peer.keys);
        for (var i = 0; i < 3; i++) {
            assertThat(peer.post(inbox, body.getBytes(), signature).status()).isEqualTo(202);
        }
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        Thread.sleep(1500);
        assertThat(incoming(row)).isEqualTo(1);
    }

    @Test
    void anActorOfAnotherServerThanTheKeyIsRefused() throws Exception {
        try (var stranger = new FakePeer(port, tenant.tenant().host(), clock)) {
            var body = create("sari", note("sari", null, "<p>Saya Sari</p>", PUBLIC));
            assertThat(stranger.deliver("sari", "/ap/kabar/inbox", body).status())
                    .isEqualTo(401);
        }
        // And another person of the same server is not the actor either.
        var body = create("sari", note("sari", null, "<p>Saya Sari</p>", PUBLIC));
        assertThat(peer.deliver("budi", "/ap/kabar/inbox", body).status()).isEqualTo(401);
    }

    @Test
    void whatIsTooLargeTooDeepOrNoActivityHasAClearAnswer() throws Exception {
        var inbox = "/ap/kabar/inbox";
        assertThat(peer.deliver("sari", inbox, "x".repeat(1_100_000)).status()).isEqualTo(413);
        assertThat(peer.deliver("sari", inbox, "ini bukan JSON").status()).isEqualTo(400);
        assertThat(peer.deliver("sari", inbox, "[]").status()).isEqualTo(400);
        var deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        var answer = peer.deliver("sari", inbox, deep);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("too-deep");
        assertThat(peer.deliver("sari", inbox, "{\"type\":\"Create\"}").status())
                .isEqualTo(400);
        assertThat(peer.deliver("sari", "/ap/lain/inbox", "{}").status()).isEqualTo(404);
    }

    @Test
    void anInboxAnswersWithTheHeadersOfEveryPage() throws Exception {
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var here = java.net.URI.create("http://127.0.0.1:" + port);
            var page = client.send(
                    java.net.http.HttpRequest.newBuilder(here.resolve("/ap/kabar"))
                            .header("Host", tenant.tenant().host())
                            .header("Accept", PeerRequests.ACTIVITY)
                            .build(),
                    java.net.http.HttpResponse.BodyHandlers.discarding());
            var inbox = client.send(
                    java.net.http.HttpRequest.newBuilder(here.resolve("/ap/kabar/inbox"))
                            .header("Host", tenant.tenant().host())
                            .header("Content-Type", PeerRequests.ACTIVITY)
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(inbox.statusCode()).isEqualTo(401);
            assertThat(inbox.body()).isEqualTo("the request is not signed\n");
            for (var header : List.of(
                    "X-Content-Type-Options",
                    "X-XSS-Protection",
                    "X-Frame-Options",
                    "Content-Security-Policy",
                    "Referrer-Policy",
                    "Permissions-Policy",
                    "Cross-Origin-Opener-Policy")) {
                assertThat(inbox.headers().allValues(header))
                        .as(header)
                        .isEqualTo(page.headers().allValues(header))
                        .hasSize(1);
            }
            assertThat(inbox.headers().firstValue("Cache-Control"))
                    .get()
                    .asString()
                    .contains("no-store");
            assertThat(inbox.headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void aKeyThatWasChangedIsFetchedAnew() throws Exception {
        var body = create("sari", note("sari", null, "<p>x</p>", PUBLIC));
        var local = locals.find(tenant.id(), "kabar").orElseThrow();
        var remotes = new RemoteActors(requests, store, clock);
        assertThat(remotes.find(local, peer.person("sari"))).isInstanceOf(RemoteActors.Found.Known.class);
        peer.keys = FakePeer.keys();
        var claim = claim(body);
        assertThat(remotes.prove(local, claim, peer.person("sari")))
                .as("asked a moment ago, not asked again")
                .isInstanceOf(RemoteActors.Proof.Disproven.class);
        var later = new RemoteActors(requests, store, Clock.offset(clock, Duration.ofMinutes(2)));
        assertThat(later.prove(local, claim, peer.person("sari"))).isInstanceOf(RemoteActors.Proof.Proven.class);
    }

    private SignatureReading.Claim claim(String body) {
        var headers = new java.util.HashMap<String, List<String>>();
        peer.signature("sari", "/ap/kabar/inbox", body, FakePeer.Way.CAVAGE, clock.instant(), peer.keys)
                .forEach((name, value) -> headers.put(name, List.of(value)));
        var request = SignedRequest.of("POST", java.net.URI.create(us + "/inbox"), headers, body.getBytes());
        return (SignatureReading.Claim) SignatureReading.of(request, clock.instant());
    }

    // ---- telling ------------------------------------------------------------------------------------------------

    @Test
    void theOfficersAnswerArrivesAsASignedThreadedReply() throws Exception {
        var note = note("sari", null, "<p>Kapan diperbaiki?</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note));
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var target = conversations.accessible(officer, row.id()).orElseThrow();
        conversations.reply(
                officer,
                row.id(),
                target.replyTargets().getFirst().code(),
                "Besok pagi, <terima> kasih.",
                UUID.randomUUID().toString(),
                null);
        var create = peer.awaitDelivery("Create", "Besok pagi");
        assertThat(create.at("/object/inReplyTo").asString()).isEqualTo(note.id());
        assertThat(create.at("/object/tag/0/href").asString()).isEqualTo(peer.person("sari"));
        assertThat(create.at("/object/to/0").asString()).isEqualTo(PUBLIC);
        assertThat(create.at("/object/content").asString()).contains("&lt;terima&gt;");
        var key = PublicKeys.fromPem(peer.get("/ap/kabar", PeerRequests.ACTIVITY)
                .json()
                .at("/publicKey/publicKeyPem")
                .asString());
        var claim = (SignatureReading.Claim) SignatureReading.of(peer.delivered.getLast(), clock.instant());
        assertThat(claim.provenBy(key)).isTrue();
        // The same words stay at their public address.
        var id = create.at("/object/id").asString();
        var kept = peer.get(id.substring(id.indexOf("/ap/o/")), PeerRequests.ACTIVITY);
        assertThat(kept.json().path("content").asString()).contains("Besok pagi");
        // A citizen's answer to it comes back into the same conversation.
        var follow = note("sari", id, "<p>Baik, ditunggu</p>", PUBLIC);
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", follow));
        await(() -> incoming(row) == 2 ? row : null);
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aReplyInTheSharedInboxIsSaidToTheAccountThatSpokeAndToNoOther() throws Exception {
        var other = accounts.add(tenant.system(), Network.ACTIVITYPUB, "layanan", "Layanan Uji", "");
        assertThat(local(other).name()).isEqualTo("layanan");
        peer.deliver("sari", "/ap/kabar/inbox", create("sari", note("sari", null, "<p>Kapan?</p>", PUBLIC)));
        var row = await(() -> rows().size() == 1 ? rows().getFirst() : null);
        var target = conversations
                .accessible(officer, row.id())
                .orElseThrow()
                .replyTargets()
                .getFirst();
        conversations.reply(
                officer,
                row.id(),
                target.code(),
                "Besok pagi.",
                UUID.randomUUID().toString(),
                null);
        var ours = peer.awaitDelivery("Create", "Besok pagi").at("/object/id").asString();
        // Nobody is named in it: whose it is, is told by what it answers.
        var follow = peer.next("notes");
        peer.deliver("sari", "/ap/inbox", activity("sari", "Create", document("sari", follow, ours, "Baik, ditunggu")));
        await(() -> incoming(row) == 2 ? row : null);
        await(() -> waiting() == 0 ? row : null);
        assertThat(rows()).hasSize(1);
        assertThat(store.isOfAnother(local(other), ours)).isTrue();
        assertThat(store.isOfAnother(local(account), ours)).isFalse();
        assertThat(store.isOfAnother(local(other), us)).isFalse();
    }

    private LocalActor local(Account of) {
        return locals.fresh(tenant.id(), of.id()).orElseThrow();
    }

    /** Deliveries of this tenant that nobody has read yet. */
    private int waiting() {
        return transactions.read(
                tenant.system(),
                () -> jdbc.sql("select count(*) from channel.delivery where state in ('new', 'claimed', 'retry')")
                        .query(Integer.class)
                        .single());
    }

    @Test
    void aPrivateAnswerIsToItsReaderAloneAndHasNoPublicAddress() throws Exception {
        var outgoing = outgoing(Audience.DIRECT, "Tautan rahasia");
        var outcome = adapter.send(tenant.system(), account, outgoing);
        assertThat(outcome).isInstanceOf(SendOutcome.Sent.class);
        var create = peer.awaitDelivery("Create", "Tautan rahasia");
        assertThat(create.at("/object/to").size()).isEqualTo(1);
        assertThat(create.at("/object/to/0").asString()).isEqualTo(peer.person("sari"));
        assertThat(create.at("/object/cc").size()).isZero();
        assertThat(peer.get("/ap/o/" + outgoing.id(), PeerRequests.ACTIVITY).status())
                .isEqualTo(404);
    }

    @Test
    void aServerThatTakesOnlyMessageSignaturesIsLearnt() {
        var tries = new ArrayList<String>();
        peer.behaviour = (exchange, request) -> {
            var modern = request.header("signature-input") != null;
            tries.add(modern ? "rfc9421" : "cavage");
            return modern ? 202 : 401;
        };
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "satu")))
                .isInstanceOf(SendOutcome.Sent.class);
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "dua")))
                .isInstanceOf(SendOutcome.Sent.class);
        assertThat(tries).containsExactly("cavage", "rfc9421", "rfc9421");
    }

    @Test
    void aServerInTroubleIsTriedAgainAndAsItAsks() {
        peer.behaviour = (exchange, request) -> 500;
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "a")))
                .isInstanceOf(SendOutcome.Retry.class);
        peer.behaviour = (exchange, request) -> {
            exchange.getResponseHeaders().set("Retry-After", "120");
            return 429;
        };
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "b")))
                .isEqualTo(new SendOutcome.Retry(Duration.ofSeconds(120), "peer-limits"));
        peer.behaviour = (exchange, request) -> 410;
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "c")))
                .isEqualTo(new SendOutcome.Refused("recipient-gone"));
    }

    @Test
    void aServerThatAnswersNeverOrByDripsIsCutOffInTime() throws Exception {
        adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "warm"));
        peer.behaviour = (exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (var i = 0; i < 100; i++) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    Thread.sleep(200);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return -1;
        };
        var start = System.nanoTime();
        assertThat(adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "drip")))
                .isEqualTo(new SendOutcome.Unknown("no-answer"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aServerThatFailsManyTimesRests() {
        var tries = new ArrayList<Integer>();
        peer.behaviour = (exchange, request) -> {
            tries.add(1);
            return 503;
        };
        for (var i = 0; i < 12; i++) {
            adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "x" + i));
        }
        assertThat(tries).hasSize(8);
        var outcome = adapter.send(tenant.system(), account, outgoing(Audience.DIRECT, "y"));
        assertThat(outcome).isInstanceOfSatisfying(SendOutcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("peer-rests");
            assertThat(retry.after()).isGreaterThan(Duration.ofMinutes(50));
        });
    }

    @Test
    void aPostGoesToEachFollowersServerOnceAndIntoTheOutbox() throws Exception {
        for (var user : List.of("sari", "budi")) {
            var follow = "{\"id\":\"%s\",\"type\":\"Follow\",\"actor\":\"%s\",\"object\":\"%s\"}"
                    .formatted(peer.next("follows"), peer.person(user), us);
            peer.deliver(user, "/ap/kabar/inbox", follow);
        }
        await(() -> followers() == 2 ? "both" : null);
        var post = new Outgoing(
                OutgoingId.next(),
                account.id(),
                UUID.randomUUID().toString(),
                null,
                null,
                Audience.PUBLIC,
                "Pasar ditutup besok",
                null,
                "id",
                List.of(),
                null);
        assertThat(adapter.send(tenant.system(), account, post)).isInstanceOf(SendOutcome.Sent.class);
        assertThat(adapter.send(tenant.system(), account, post)).isInstanceOf(SendOutcome.Sent.class);
        await(() -> told("Pasar ditutup") == 2 ? "both" : null);
        Thread.sleep(1200);
        assertThat(told("Pasar ditutup")).isEqualTo(2);
        var page = peer.get("/ap/kabar/outbox?page=true", PeerRequests.ACTIVITY).json();
        assertThat(page.path("orderedItems").size()).isEqualTo(1);
        assertThat(page.at("/orderedItems/0/object/content").asString()).contains("Pasar ditutup");
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private record Note(String id, String json) {}

    private Note note(String user, String parent, String content, String audience) {
        var id = peer.next("notes");
        var json = """
                {"id":"%s","type":"Note","attributedTo":"%s","inReplyTo":%s,"published":"%s",
                 "to":["%s"],"cc":["%s"],"content":"%s",
                 "tag":[{"type":"Mention","href":"%s","name":"@kabar"}]}""".formatted(
                        id,
                        peer.person(user),
                        parent == null ? "null" : "\"" + parent + "\"",
                        clock.instant(),
                        audience == null ? us : audience,
                        us,
                        content,
                        us);
        return new Note(id, json);
    }

    private String document(String user, String id, String parent, String text) {
        return """
                {"@context":"https://www.w3.org/ns/activitystreams","id":"%s","type":"Note","attributedTo":"%s",
                 "inReplyTo":"%s","published":"%s","to":["%s"],"content":"<p>%s</p>"}""".formatted(id, peer.person(user), parent, clock.instant().minusSeconds(600), PUBLIC, text);
    }

    private String create(String user, Note note) {
        return activity(user, "Create", note.json());
    }

    private String activity(String user, String type, String object) {
        return "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"%s\",\"type\":\"%s\",\"actor\":\"%s\",\"object\":%s}"
                .formatted(peer.next("activities"), type, peer.person(user), object);
    }

    private Outgoing outgoing(Audience audience, String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                UUID.randomUUID().toString(),
                null,
                new Outgoing.Recipient(peer.person("sari"), "@sari@warga.example"),
                audience,
                text,
                null,
                "id",
                List.of(),
                null);
    }

    private long told(String text) {
        return peer.delivered.stream()
                .filter(each -> new String(each.body()).contains(text))
                .count();
    }

    private int followers() {
        return store.followerCount(locals.find(tenant.id(), "kabar").orElseThrow());
    }

    private List<ConversationRow> rows() {
        return conversations
                .list(officer, ConversationFilter.of(ConversationFilter.Box.ALL), null, 50)
                .items();
    }

    private List<MessageView> messages(ConversationRow row) {
        return conversations.messages(officer, row.id(), null, 50).items();
    }

    private static boolean incoming(MessageView message) {
        return message.direction() == MessageView.Direction.IN;
    }

    private long incoming(ConversationRow row) {
        return messages(row).stream()
                .filter(FederationIntegrationTests::incoming)
                .count();
    }

    private interface Attempt<T> {
        T get();
    }

    private static <T> T await(Attempt<T> attempt) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            var found = attempt.get();
            if (found != null) {
                return found;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("Not within a minute");
    }
}
