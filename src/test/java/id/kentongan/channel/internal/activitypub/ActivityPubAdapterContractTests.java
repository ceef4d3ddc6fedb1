// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.AbstractChannelAdapterContractTests;
import id.kentongan.channel.Account;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Counterpart;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** What every adapter promises, and what only the fediverse has: pictures by address, reactions, reports. */
class ActivityPubAdapterContractTests extends AbstractChannelAdapterContractTests {
    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
    private static final Path PAYLOADS = Path.of("src/test/resources/payloads/activitypub");

    @Autowired
    ActivityPubAdapter adapter;

    @Autowired
    FederationStore store;

    @Autowired
    LocalActors locals;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private FakePeer peer;

    @BeforeEach
    void aPeer() throws IOException {
        peer = new FakePeer(port, tenant.tenant().host(), clock);
        // So that, once it is stopped, no connection is left on which something may still have left.
        peer.keepsConnections = false;
    }

    @AfterEach
    void closePeer() throws IOException {
        peer.close();
    }

    @Override
    protected ChannelAdapter adapter() {
        return adapter;
    }

    @Override
    protected Account open() {
        return accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Kabar resmi");
    }

    @Override
    protected Optional<Counterpart> counterpart() {
        return Optional.of(new Peer());
    }

    @Override
    protected boolean speaksMarkup() {
        return true;
    }

    @Override
    protected Optional<Delivery> said(String key, String text, Audience audience) {
        var delivery = payload("create-note__mention", key, text, "");
        return Optional.of(new Delivery(
                delivery.headers(),
                text(new String(delivery.body(), StandardCharsets.UTF_8)
                        .replaceAll("\"to\": \\[[^]]*],\\s*\"cc\": \\[[^]]*]", addressed(audience)))));
    }

    /** As Mastodon addresses it. */
    private String addressed(Audience audience) {
        var followers = peer.person("sari") + "/followers";
        return switch (audience) {
            case PUBLIC -> "\"to\": [\"%s\"], \"cc\": [\"%s\", \"%s\"]".formatted(PUBLIC, followers, us());
            case UNLISTED -> "\"to\": [\"%s\"], \"cc\": [\"%s\", \"%s\"]".formatted(followers, PUBLIC, us());
            case FOLLOWERS -> "\"to\": [\"%s\"], \"cc\": [\"%s\"]".formatted(followers, us());
            case DIRECT -> "\"to\": [\"%s\"], \"cc\": []".formatted(us());
        };
    }

    /** Another activity of another id about the same note, as a relay or a second inbox brings it. */
    @Override
    protected Optional<Delivery> saidAgain(String key, String text) {
        var delivery = payload("create-note__mention", key, text, "");
        return Optional.of(new Delivery(
                delivery.headers(),
                text(new String(delivery.body(), StandardCharsets.UTF_8).replace("/activity\"", "/activity-lagi\""))));
    }

    @Override
    protected Optional<Delivery> saidWithPicture(String key, String text) {
        peer.serve("/media/lubang.jpg", "image/jpeg", jpeg());
        var delivery = payload("create-note__mention", key, text, "");
        return Optional.of(new Delivery(
                delivery.headers(),
                text(new String(delivery.body(), StandardCharsets.UTF_8)
                        .replace(
                                "\"attachment\": []",
                                "\"attachment\": [{\"type\":\"Document\",\"mediaType\":\"image/jpeg\",\"url\":\"%s/media/lubang.jpg\",\"name\":\"Lubang di jalan\"}]"
                                        .formatted(peer.base())))));
    }

    @Override
    protected Optional<Delivery> edited(String key, String text, int time) {
        var delivery = payload("update-note__mention", key, text, "");
        return Optional.of(new Delivery(
                delivery.headers(),
                text(new String(delivery.body(), StandardCharsets.UTF_8)
                        .replace("00:59:30Z", "00:59:3" + time + "Z")
                        .replace("#updates/1", "#updates/" + time))));
    }

    @Override
    protected Optional<Delivery> deleted(String key) {
        return Optional.of(payload("delete-note__tombstone", key, "", ""));
    }

    @Override
    protected Optional<Delivery> reacted(String remoteKey, boolean undone) {
        return Optional.of(payload((undone ? "undo-" : "") + "like__ours", "suka", "", remoteKey));
    }

    @Override
    protected Optional<Delivery> confirmed(String remoteKey) {
        return reacted(remoteKey, false);
    }

    @Override
    protected Optional<Delivery> followed(boolean undone) {
        return Optional.of(payload(undone ? "undo-follow__account" : "follow__account", "ikut", "", ""));
    }

    @Override
    protected Optional<Delivery> left() {
        return Optional.of(undoing("{\"id\":\"%1$s#delete\",\"type\":\"Delete\",\"actor\":\"%1$s\",\"object\":\"%1$s\"}"
                .formatted(peer.person("sari"))));
    }

    @Override
    protected Delivery unheardOf() {
        return undoing("{\"id\":\"%s/x/1\",\"type\":\"Teleport\",\"actor\":\"%s\",\"object\":\"%s\"}"
                .formatted(peer.base(), peer.person("sari"), us()));
    }

    @Override
    protected Map<String, byte[]> broken() {
        var actor = "\"actor\":\"" + peer.person("sari") + "\"";
        return Map.of(
                "nothing said", text("{\"type\":\"Create\"," + actor + "}"),
                "said by nobody",
                        text("{\"type\":\"Create\"," + actor + ",\"object\":{\"type\":\"Note\",\"id\":\"x\"}}"),
                "of every type at once", text("{\"type\":[\"Create\",\"Delete\"]," + actor + ",\"object\":[[[]]]}"),
                "numbers for addresses",
                        text(
                                "{\"type\":\"Create\"," + actor
                                        + ",\"object\":{\"type\":\"Note\",\"id\":1,\"attributedTo\":2,\"to\":3,\"content\":4,\"tag\":5}}"));
    }

    @Override
    protected Set<String> maps() {
        return Set.of("contentMap", "@context");
    }

    @Override
    protected Outgoing answer(String key, String text, Audience audience, List<Attachment> attachments) {
        return outgoing(peer.base() + "/notes/" + key, text, audience, attachments);
    }

    /** The peer by what was delivered to it: each note as its last activity left it. */
    private final class Peer implements Counterpart {
        @Override
        public boolean behaves(Manner manner) {
            peer.behaviour = (exchange, request) -> switch (manner) {
                case TAKES -> 202;
                case IN_TROUBLE -> 503;
                case ASKS_TO_WAIT -> {
                    exchange.getResponseHeaders().set("Retry-After", "" + Manner.WAIT.toSeconds());
                    yield 429;
                }
                case REFUSES -> 403;
                case TAKES_WITHOUT_A_WORD -> {
                    peer.delivered.add(request);
                    // Closed without an answer.
                    yield 0;
                }
                case UNREACHABLE, SHUTS_OUT -> throw new IllegalStateException("" + manner);
            };
            if (manner == Manner.UNREACHABLE) {
                peer.stop();
            }
            return manner != Manner.SHUTS_OUT;
        }

        @Override
        public Collection<Arrived> holds() {
            var notes = new LinkedHashMap<String, Arrived>();
            for (var each : peer.delivered) {
                var activity = ActivityJson.MAPPER.readTree(each.body());
                var object = activity.path("object");
                var id = object.path("id").asString("");
                switch (activity.path("type").asString("")) {
                    case "Create", "Update" -> notes.put(id, arrived(object));
                    case "Delete" -> notes.remove(id);
                    default -> {}
                }
            }
            return notes.values();
        }

        private Arrived arrived(JsonNode note) {
            var pictures = new ArrayList<String>();
            note.path("attachment")
                    .forEach(each -> pictures.add(each.path("name").asString("")));
            var audience = note.path("to").toString().contains(PUBLIC)
                    ? Audience.PUBLIC
                    : note.path("cc").toString().contains(PUBLIC)
                            ? Audience.UNLISTED
                            : note.path("to").toString().contains(us() + "/followers")
                                    ? Audience.FOLLOWERS
                                    : Audience.DIRECT;
            return new Arrived(note.path("content").asString(""), audience, pictures);
        }
    }

    // ---- only here ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"like, like", "announce, boost"})
    void aReactionToOursIsTakenAndTakenBack(String activity, String reaction) throws Exception {
        var target = "https://" + tenant.tenant().host() + "/ap/o/" + UUID.randomUUID();
        var given = (Item.Reacted)
                read(payload(activity + "__ours", "satu", "", target)).getFirst();
        var taken = (Item.Reacted)
                read(payload("undo-" + activity + "__ours", "satu", "", target)).getFirst();
        assertThat(given.reaction()).isEqualTo(reaction);
        assertThat(given.undone()).isFalse();
        assertThat(taken.undone()).isTrue();
        assertThat(taken.targetKey()).isEqualTo(given.targetKey()).isEqualTo(target);
        assertThat(taken.remoteKey()).isNotEqualTo(given.remoteKey());
        assertThat(read(payload(activity + "__ours", "satu", "", peer.base() + "/notes/1")))
                .as("a stranger's message is none of our business")
                .isEmpty();
    }

    @Test
    void whoLeavesIsNoFollowerAnyMore() throws Exception {
        var local = locals.find(tenant.id(), "kabar").orElseThrow();
        read(payload("follow__account", "satu", "", ""));
        assertThat(store.followerCount(local)).isEqualTo(1);
        assertThat(read(payload("undo-follow__account", "satu", "", "")))
                .singleElement()
                .isInstanceOfSatisfying(
                        Item.Followed.class, left -> assertThat(left.undone()).isTrue());
        assertThat(store.followerCount(local)).isZero();
    }

    @Test
    void whoLeavesByNamingOnlyTheirFollowIsNoFollowerAnyMore() throws Exception {
        var local = locals.find(tenant.id(), "kabar").orElseThrow();
        var follow = payload("follow__account", "satu", "", "");
        read(follow);
        var undo = "{\"id\":\"%s/undo/1\",\"type\":\"Undo\",\"actor\":\"%s\",\"object\":\"%s\"}";
        read(undoing(undo.formatted(peer.base(), peer.person("sari"), peer.base() + "/follows/lain")));
        assertThat(store.followerCount(local)).as("another activity").isEqualTo(1);
        var id = ActivityJson.text(ActivityJson.MAPPER.readTree(follow.body()), "id");
        assertThat(read(undoing(undo.formatted(peer.base(), peer.person("sari"), id))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Item.Followed.class, left -> assertThat(left.undone()).isTrue());
        assertThat(store.followerCount(local)).isZero();
    }

    private Delivery undoing(String body) {
        return new Delivery(StoredRequest.proven(peer.person("sari")), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoErasedTheirAccountIsNamedNoMoreByWhatWeSaidToThem() {
        var outgoing = outgoing(peer.base() + "/notes/satu", "Sudah ditambal.", List.of());
        assertThat(adapter.send(actor(), account, outgoing)).isInstanceOf(SendOutcome.Sent.class);
        var local = locals.find(tenant.id(), "kabar").orElseThrow();
        assertThat(store.note(local, outgoing.id().value()).orElseThrow().json())
                .contains("Sudah ditambal.", "sari", "/notes/satu");
        adapter.forgetRecipient(actor(), account.id(), outgoing.id(), peer.person("sari"));
        assertThat(store.note(local, outgoing.id().value()).orElseThrow().json())
                .contains("Sudah ditambal.")
                .doesNotContain("sari", "/notes/satu");
    }

    @Test
    void aReportOfModeratorsIsAPrivateMessageThatGetsNoReceipt() throws Exception {
        var about = "https://" + tenant.tenant().host() + "/ap/o/" + UUID.randomUUID();
        assertThat(read(payload("flag__moderators", "satu", "Melanggar aturan kami", about)))
                .singleElement()
                .isInstanceOfSatisfying(Item.Said.class, said -> {
                    assertThat(said.audience()).isEqualTo(Audience.DIRECT);
                    assertThat(said.addressed()).isTrue();
                    assertThat(said.author().automated()).isTrue();
                    assertThat(said.text()).contains("Melanggar aturan kami", about);
                });
    }

    @Test
    void picturesComeWithTheirDescriptionAndWithoutTheirPositionAndWhatIsNoneStaysAnAddress() throws Exception {
        peer.serve("/media/lubang.jpg", "image/jpeg", Pictures.jpeg());
        peer.serve("/media/bohong.png", "image/png", "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
        peer.serve("/media/lebar.webp", "image/webp", Pictures.webp());
        peer.serve("/media/besar.jpg", "image/jpeg", new byte[9 * 1024 * 1024]);
        var said = (Item.Said)
                read(payload("create-note__pictures", "satu", "Lihat ini", "")).getFirst();
        assertThat(said.attachments()).hasSize(6);
        var first = said.attachments().getFirst();
        assertThat(first.description()).isEqualTo("Lubang di depan sekolah");
        assertThat(first.mediaType()).isEqualTo("image/jpeg");
        assertThat(content(first)).doesNotContain(Pictures.SECRET, "Exif");
        assertThat(content(said.attachments().get(2))).contains("WEBP").doesNotContain(Pictures.SECRET);
        for (var i : List.of(1, 3, 4, 5)) {
            assertThat(said.attachments().get(i).content())
                    .as("attachment " + i)
                    .isNull();
        }
        assertThat(peer.asked).as("four pictures of a message are fetched").doesNotContainKey("/media/kelima.jpg");
        assertThat(peer.asked).doesNotContainKey("/media/film.mp4");
    }

    @Test
    void aPictureGoesOutWithItsDescriptionUnderAnAddressNobodyGuesses() throws Exception {
        var picture = new Attachment(null, "image/jpeg", "Jalan yang sudah ditambal", Pictures.jpeg());
        var outgoing = outgoing(peer.base() + "/notes/satu", "Sudah ditambal.", List.of(picture));
        assertThat(adapter.send(actor(), account, outgoing)).isInstanceOf(SendOutcome.Sent.class);
        assertThat(adapter.send(actor(), account, outgoing)).isInstanceOf(SendOutcome.Sent.class);
        var note = peer.awaitDelivery("Create", "Sudah ditambal").path("object");
        assertThat(note.at("/attachment/0/name").asString()).isEqualTo("Jalan yang sudah ditambal");
        assertThat(note.at("/attachment/0/mediaType").asString()).isEqualTo("image/jpeg");
        var address = note.at("/attachment/0/url").asString();
        var path = address.substring(address.indexOf("/ap/media/"));
        assertThat(path).hasSizeGreaterThan(30);
        var fetched = peer.get(path, "image/*");
        assertThat(fetched.status()).isEqualTo(200);
        assertThat(fetched.type()).isEqualTo("image/jpeg");
        assertThat(fetched.body()).doesNotContain(Pictures.SECRET);
        assertThat(peer.get("/ap/media/AAAAAAAAAAAAAAAAAAAAAAAAAAA", "image/*").status())
                .isEqualTo(404);
        var other = tenants.found();
        try (var stranger = new FakePeer(port, other.tenant().host(), clock)) {
            assertThat(stranger.get(path, "image/*").status())
                    .as("another regency knows nothing of it")
                    .isEqualTo(404);
        }
        adapter.withdraw(actor(), account, outgoing.id(), outgoing(null, "", List.of()));
        assertThat(peer.get(path, "image/*").status()).isEqualTo(404);
    }

    @Test
    void whatIsNoPictureDoesNotGoOut() {
        var lie = new Attachment(null, "image/png", "x", "bukan gambar".getBytes(StandardCharsets.UTF_8));
        assertThat(adapter.send(actor(), account, outgoing(null, "Lihat", List.of(lie))))
                .isEqualTo(new SendOutcome.Refused("not-a-picture"));
        assertThat(peer.delivered).isEmpty();
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    private String us() {
        return "https://" + tenant.tenant().host() + "/ap/kabar";
    }

    private Outgoing outgoing(String parent, String text, List<Attachment> attachments) {
        return outgoing(parent, text, Audience.DIRECT, attachments);
    }

    private Outgoing outgoing(String parent, String text, Audience audience, List<Attachment> attachments) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                UUID.randomUUID().toString(),
                parent,
                new Outgoing.Recipient(peer.person("sari"), "@sari@warga.example"),
                audience,
                text,
                null,
                "id",
                attachments,
                null);
    }

    private Delivery payload(String file, String key, String text, String target) {
        try {
            var body = Files.readString(PAYLOADS.resolve(file + ".json"))
                    .replace("{{base}}", peer.base())
                    .replace("{{person}}", peer.person("sari"))
                    .replace("{{us}}", us())
                    .replace("{{key}}", key)
                    .replace("{{text}}", escaped(text))
                    .replace("{{target}}", target);
            return new Delivery(StoredRequest.proven(peer.person("sari")), body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Item> read(Delivery delivery) throws UnreadableDelivery {
        return adapter.read(
                actor(),
                new RawDelivery(
                        DeliveryId.next(),
                        account.id(),
                        Network.ACTIVITYPUB,
                        Instant.parse("2026-11-24T01:00:00Z"),
                        Map.copyOf(delivery.headers()),
                        delivery.body()));
    }

    private static String content(Attachment attachment) {
        var content = attachment.content();
        assertThat(content).isNotNull();
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
