// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.internal.activitypub.FakePeer.Way;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.AutomaticReply;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Public, unlisted, followers-only and direct: how each is addressed, who may fetch it, how it is heard and answered. */
@WithDatabase
class VisibilityIntegrationTests {
    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Conversations conversations;

    @Autowired
    ActivityPubAdapter adapter;

    @Autowired
    FederationStore store;

    @Autowired
    LocalActors locals;

    @Autowired
    RemoteActors remotes;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private Account account;
    private FakePeer peer;
    private String us;

    @BeforeEach
    void anAccountAndAPeer() throws IOException {
        tenant = tenants.found();
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
        peer = new FakePeer(port, tenant.tenant().host(), clock);
        us = "https://" + tenant.tenant().host() + "/ap/kabar";
    }

    @AfterEach
    void closePeer() throws IOException {
        peer.close();
    }

    // ---- telling ------------------------------------------------------------------------------------------------

    /** As Mastodon's own serialiser addresses a status: the one mentioned is in cc, and in to only of a direct one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUBLIC    | PUBLIC    | FOLLOWERS SARI
            UNLISTED  | FOLLOWERS | PUBLIC SARI
            FOLLOWERS | FOLLOWERS | SARI
            DIRECT    | SARI      |
            """)
    void anAnswerIsAddressedAsEveryServerTellsTheFourApart(Audience audience, String to, @Nullable String cc) {
        var create = answered(audience, "Jawaban " + audience);
        for (var each : List.of(create, create.path("object"))) {
            assertThat(names(each.path("to"))).isEqualTo(to);
            assertThat(names(each.path("cc"))).isEqualTo(cc == null ? "" : cc);
        }
        var note = create.path("object");
        assertThat(note.at("/tag/0/href").asString()).isEqualTo(peer.person("sari"));
        assertThat(note.at("/tag/0/type").asString()).isEqualTo("Mention");
        var open = audience == Audience.PUBLIC || audience == Audience.UNLISTED;
        assertThat(note.has("url")).as("an address for browsers").isEqualTo(open);
        assertThat(note.has("bto") || note.has("bcc")).as("hidden addressees").isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUBLIC    | PUBLIC    | FOLLOWERS
            UNLISTED  | FOLLOWERS | PUBLIC
            FOLLOWERS | FOLLOWERS |
            """)
    void aPostIsAddressedTheSameAndGoesToFollowersAlone(Audience audience, String to, @Nullable String cc)
            throws Exception {
        follow("budi");
        var post = outgoing(null, null, audience, "Pasar tutup " + audience);
        assertThat(adapter.send(tenant.system(), account, post)).isInstanceOf(SendOutcome.Sent.class);
        var create = peer.awaitDelivery("Create", "Pasar tutup " + audience);
        assertThat(names(create.path("to"))).isEqualTo(to);
        assertThat(names(create.path("cc"))).isEqualTo(cc == null ? "" : cc);
        assertThat(create.at("/object/to")).isEqualTo(create.path("to"));
        assertThat(create.at("/object/cc")).isEqualTo(create.path("cc"));
        assertThat(create.at("/object/tag").size()).isZero();
        var listed = peer.get("/ap/kabar/outbox?page=true", PeerRequests.ACTIVITY)
                .body()
                .contains(post.id().toString());
        assertThat(listed).as("in the public list").isEqualTo(audience == Audience.PUBLIC);
    }

    @Test
    void aDirectPostToNobodyGoesNowhere() {
        assertThat(adapter.send(tenant.system(), account, outgoing(null, null, Audience.DIRECT, "x")))
                .isEqualTo(new SendOutcome.Refused("no-recipient"));
    }

    @ParameterizedTest
    @EnumSource
    void itIsFetchedByThoseItIsForAndIsAbsentForEverybodyElse(Audience audience) throws Exception {
        follow("budi");
        var create = answered(audience, "Untuk siapa " + audience);
        var id = create.at("/object/id").asString();
        var path = id.substring(id.indexOf("/ap/o/"));
        var open = audience == Audience.PUBLIC || audience == Audience.UNLISTED;
        for (var each : List.of(path, path + "/activity")) {
            for (var way : List.of(Way.CAVAGE, Way.RFC9421)) {
                assertThat(peer.getSigned("sari", each, way).status())
                        .as("whom it names")
                        .isEqualTo(200);
                assertThat(peer.getSigned("budi", each, way).status())
                        .as("a follower")
                        .isEqualTo(open || audience == Audience.FOLLOWERS ? 200 : 404);
                assertThat(peer.getSigned("tono", each, way).status())
                        .as("a stranger")
                        .isEqualTo(open ? 200 : 404);
            }
            var unsigned = peer.get(each, PeerRequests.ACTIVITY);
            assertThat(unsigned.status()).as("nobody known").isEqualTo(open ? 200 : 404);
            if (!open) {
                assertThat(unsigned.body())
                        .as("forbidden looks absent")
                        .isEqualTo(peer.get("/ap/o/" + UUID.randomUUID(), PeerRequests.ACTIVITY)
                                .body()
                                .replaceAll("/ap/o/[0-9a-f-]+", path));
            }
        }
        // Somebody else's key does not open it, though it names the right person.
        peer.keys = FakePeer.keys();
        assertThat(peer.getSigned("sari", path, Way.CAVAGE).status()).isEqualTo(open ? 200 : 404);
    }

    @Test
    void whatIsTakenBackIsGoneForThoseItWasForAndAbsentForOthers() throws Exception {
        var create = answered(Audience.DIRECT, "Salah alamat");
        var id = create.at("/object/id").asString();
        var path = id.substring(id.indexOf("/ap/o/"));
        var note = UUID.fromString(id.substring(id.lastIndexOf('/') + 1));
        adapter.withdraw(tenant.system(), account, new OutgoingId(note), outgoing(null, "sari", Audience.DIRECT, ""));
        assertThat(peer.getSigned("sari", path, Way.CAVAGE).status()).isEqualTo(410);
        assertThat(peer.getSigned("budi", path, Way.CAVAGE).status()).isEqualTo(404);
    }

    @Test
    void aServerWhoseKeysLieBesideTheirOwnersFetchesToo() throws Exception {
        // GoToSocial publishes its keys at /users/NAME/main-key.
        peer.keyPath = "/main-key";
        var create = answered(Audience.DIRECT, "Kunci di alamat sendiri");
        var id = create.at("/object/id").asString();
        assertThat(peer.getSigned("sari", id.substring(id.indexOf("/ap/o/")), Way.CAVAGE)
                        .status())
                .isEqualTo(200);
    }

    // ---- hearing ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUBLIC    | PUBLIC                 | THEIRS US
            PUBLIC    | as:Public              | THEIRS US
            UNLISTED  | THEIRS                 | PUBLIC US
            UNLISTED  | US                     | Public
            FOLLOWERS | THEIRS                 | US
            FOLLOWERS | US                     | THEIRS
            FOLLOWERS | THEIRS US              |
            FOLLOWERS | US OURS                |
            DIRECT    | US                     |
            DIRECT    | US BUDI                |
            DIRECT    | US CIRCLE              |
            DIRECT    | US OTHERS              |
            """)
    void aMessageIsTakenForWhatItsAddressesSayAndForTheNarrowestWhereTheySayNothing(
            Audience audience, String to, @Nullable String cc) throws Exception {
        assertThat(heard(addresses(to), addresses(cc), "").audience()).isEqualTo(audience);
    }

    @Test
    void aServerThatAddressesOnlyTheActivityIsUnderstood() throws Exception {
        assertThat(heard(List.of(), List.of(), addressing(List.of(PUBLIC), List.of(us)))
                        .audience())
                .isEqualTo(Audience.PUBLIC);
        assertThat(heard(List.of(), List.of(), addressing(List.of(us), List.of()))
                        .audience())
                .isEqualTo(Audience.DIRECT);
    }

    @Test
    void followersAreKnownByTheAddressTheirOwnServerTells() throws Exception {
        peer.documents.put("/users/sari", """
                {"id":"%1$s","type":"Person","preferredUsername":"sari","inbox":"%1$s/inbox","followers":"%2$s/kontak/17",
                 "publicKey":{"id":"%1$s#main-key","owner":"%1$s","publicKeyPem":"%3$s"}}""".formatted(
                        peer.person("sari"),
                        peer.base(),
                        PublicKeys.toPem(peer.keys.getPublic()).replace("\n", "\\n")));
        assertThat(heard(List.of(peer.base() + "/kontak/17"), List.of(us), "").audience())
                .isEqualTo(Audience.FOLLOWERS);
        assertThat(heard(List.of(peer.base() + "/kontak/18"), List.of(us), "").audience())
                .isEqualTo(Audience.DIRECT);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsNeverMorePublicThanTheQuestionNorThanTheOfficerWasTold(Audience audience) throws Exception {
        var officer = officer();
        say("sari", "pertama", null, Audience.PUBLIC, "Jalan rusak");
        var row = await(() -> rows(officer).size() == 1 ? rows(officer).getFirst() : null);
        assertThat(row.audience()).isEqualTo(Audience.PUBLIC);
        say("sari", "kedua", "pertama", audience, "Dan lampunya mati");
        var answered = await(() -> rows(officer).stream()
                .filter(each -> incoming(officer, each).stream()
                        .anyMatch(message -> "Dan lampunya mati".equals(message.text())))
                .findFirst()
                .orElse(null));
        assertThat(incoming(officer, answered).getLast().audience())
                .as("as it is shown")
                .isEqualTo(audience);
        var target = conversations
                .accessible(officer, answered.id())
                .orElseThrow()
                .replyTargets()
                .getFirst();
        assertThat(target.audience()).as("as the officer is told").isEqualTo(audience);
        conversations.reply(
                officer,
                answered.id(),
                target.code(),
                "Segera kami tangani",
                UUID.randomUUID().toString(),
                null);
        var note = peer.awaitDelivery("Create", "Segera kami tangani").path("object");
        assertThat(addressedAs(note)).isEqualTo(audience);
        assertThat(note.path("inReplyTo").asString()).endsWith("/notes/kedua");
    }

    @ParameterizedTest
    @EnumSource
    void aReceiptIsNeverMorePublicThanWhatItConfirms(Audience audience) throws Exception {
        var officer = officer();
        say("sari", "lapor", null, audience, "Lampu mati");
        var row = await(() -> rows(officer).size() == 1 ? rows(officer).getFirst() : null);
        assertThat(row.audience()).isEqualTo(audience);
        var message = incoming(officer, row).getFirst().id();
        // Somebody above would say it in public: what was asked in private gets no such answer, the rest a narrower
        // one.
        var sent = conversations.replyAutomatically(
                tenant.system(),
                List.of(new AutomaticReply(row.id(), message, Audience.PUBLIC, "Sudah kami terima", "terima")));
        if (audience == Audience.DIRECT) {
            assertThat(sent).isEmpty();
            return;
        }
        assertThat(addressedAs(peer.awaitDelivery("Create", "Sudah kami terima").path("object")))
                .isEqualTo(audience);
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private JsonNode answered(Audience audience, String text) {
        var outgoing = outgoing(peer.base() + "/notes/tanya", "sari", audience, text);
        assertThat(adapter.send(tenant.system(), account, outgoing)).isInstanceOf(SendOutcome.Sent.class);
        try {
            return peer.awaitDelivery("Create", text);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outgoing outgoing(@Nullable String parent, @Nullable String to, Audience audience, String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                UUID.randomUUID().toString(),
                parent,
                to == null ? null : new Outgoing.Recipient(peer.person(to), "@" + to + "@warga.example"),
                audience,
                text,
                null,
                "id",
                List.of(),
                null);
    }

    private void follow(String user) {
        var local = locals.find(tenant.id(), "kabar").orElseThrow();
        var found = (RemoteActors.Found.Known) remotes.find(local, peer.person(user));
        store.follow(local, found.actor(), peer.next("follows"));
    }

    /** The addresses by the names of the table, in their order. */
    private String names(JsonNode addresses) {
        var names = new StringBuilder();
        for (var each : addresses) {
            var address = each.asString();
            names.append(names.isEmpty() ? "" : " ")
                    .append(
                            address.equals(PUBLIC)
                                    ? "PUBLIC"
                                    : address.equals(us + "/followers")
                                            ? "FOLLOWERS"
                                            : address.equals(peer.person("sari")) ? "SARI" : address);
        }
        return names.toString();
    }

    private List<String> addresses(@Nullable String names) {
        return names == null
                ? List.of()
                : List.of(names.split(" ")).stream()
                        .map(name -> switch (name) {
                            case "PUBLIC" -> PUBLIC;
                            case "US" -> us;
                            case "OURS" -> us + "/followers";
                            case "THEIRS" -> peer.person("sari") + "/followers";
                            case "BUDI" -> peer.person("budi");
                            case "CIRCLE" -> peer.person("sari") + "/circles/3";
                            case "OTHERS" -> peer.person("budi") + "/followers";
                            default -> name;
                        })
                        .toList();
    }

    /** What a note so addressed, or by an activity so addressed, is read as. */
    private Item.Said heard(List<String> to, List<String> cc, String aroundIt) throws Exception {
        var note = note("sari", "x", null, to.isEmpty() && cc.isEmpty() ? "" : addressing(to, cc), "Halo");
        var body = "{\"id\":\"%s\",\"type\":\"Create\",\"actor\":\"%s\",%s\"object\":%s}"
                .formatted(peer.next("activities"), peer.person("sari"), aroundIt, note);
        return (Item.Said) adapter.read(
                        tenant.system(),
                        new RawDelivery(
                                DeliveryId.next(),
                                account.id(),
                                Network.ACTIVITYPUB,
                                clock.instant(),
                                Map.copyOf(StoredRequest.proven(peer.person("sari"))),
                                body.getBytes(StandardCharsets.UTF_8)))
                .getFirst();
    }

    private static String addressing(List<String> to, List<String> cc) {
        return "\"to\":[%s],\"cc\":[%s],".formatted(quoted(to), quoted(cc));
    }

    private static String quoted(List<String> addresses) {
        return String.join(",", addresses.stream().map(each -> '"' + each + '"').toList());
    }

    private String note(String user, String key, @Nullable String parent, String addressing, String text) {
        return """
                {"id":"%s/notes/%s","type":"Note","attributedTo":"%s","inReplyTo":%s,"published":"%s",%s
                 "content":"<p>%s</p>","tag":[{"type":"Mention","href":"%s","name":"@kabar"}]}""".formatted(
                        peer.base(),
                        key,
                        peer.person(user),
                        parent == null ? "null" : '"' + peer.base() + "/notes/" + parent + '"',
                        clock.instant(),
                        addressing,
                        text,
                        us);
    }

    private void say(String user, String key, @Nullable String parent, Audience audience, String text)
            throws IOException {
        var followers = peer.person(user) + "/followers";
        var addressing = switch (audience) {
            case PUBLIC -> addressing(List.of(PUBLIC), List.of(followers, us));
            case UNLISTED -> addressing(List.of(followers), List.of(PUBLIC, us));
            case FOLLOWERS -> addressing(List.of(followers), List.of(us));
            case DIRECT -> addressing(List.of(us), List.of());
        };
        var body = "{\"id\":\"%s\",\"type\":\"Create\",\"actor\":\"%s\",%s\"object\":%s}"
                .formatted(
                        peer.next("activities"),
                        peer.person(user),
                        addressing,
                        note(user, key, parent, addressing, text));
        assertThat(peer.deliver(user, "/ap/kabar/inbox", body).status()).isEqualTo(202);
    }

    private Audience addressedAs(JsonNode note) {
        var to = names(note.path("to"));
        var cc = names(note.path("cc"));
        return to.contains("PUBLIC")
                ? Audience.PUBLIC
                : cc.contains("PUBLIC")
                        ? Audience.UNLISTED
                        : to.contains("FOLLOWERS") || cc.contains("FOLLOWERS") ? Audience.FOLLOWERS : Audience.DIRECT;
    }

    private Actor officer() {
        return tenants.officer(tenant, tenant.office(), true, Role.COMMUNICATION_OFFICER);
    }

    private List<ConversationRow> rows(Actor officer) {
        return conversations
                .list(officer, ConversationFilter.of(ConversationFilter.Box.ALL), null, 50)
                .items();
    }

    private List<MessageView> incoming(Actor officer, ConversationRow row) {
        return conversations.messages(officer, row.id(), null, 50).items().stream()
                .filter(each -> each.direction() == MessageView.Direction.IN)
                .toList();
    }

    private static <T> T await(Supplier<@Nullable T> attempt) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            var found = attempt.get();
            if (found != null) {
                return found;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("It did not happen within a minute");
    }
}
