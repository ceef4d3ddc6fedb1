// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What an adapter promises by itself, without the engine around it: the smaller part of
 * {@link AbstractChannelAdapterContractTests}, for a network whose accounts need servers of their own to be added.
 */
public abstract class AbstractAdapterBasicsContractTests {
    /** Whether what people write arrives as HTML; elsewhere it is text, whatever it looks like. */
    protected abstract boolean speaksMarkup();

    protected abstract ChannelAdapter adapter();

    /** The machine of the account's tenant. */
    protected abstract Actor actor();

    protected abstract Account account();

    /** A person says the text to us, under a key the test can name again. */
    protected abstract Delivery said(String key, String text);

    protected Optional<Delivery> edited(String key, String text) {
        return Optional.empty();
    }

    protected Optional<Delivery> deleted(String key) {
        return Optional.empty();
    }

    protected Optional<Delivery> reacted(String key) {
        return Optional.empty();
    }

    protected Optional<Delivery> followed() {
        return Optional.empty();
    }

    /** An answer to what {@link #said} delivered. */
    protected abstract Outgoing answer(String key, String text);

    /** Headers and body as they reach the intake. */
    public record Delivery(Map<String, String> headers, byte[] body) {
        public static Delivery of(String body) {
            return new Delivery(Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void itSaysWhatItCanDo() {
        var capabilities = adapter().capabilities(account());
        assertThat(capabilities.answering(Audience.PUBLIC).or(() -> capabilities.answering(Audience.DIRECT)))
                .isPresent();
        assertThat(capabilities.perMinute()).isPositive();
        assertThat(adapter().network()).isEqualTo(account().network());
    }

    @Test
    void whatAPersonSaysToUsIsReadAsSaid() throws Exception {
        var item = one(said("satu", "Jalan rusak di depan pasar"));
        assertThat(item).isInstanceOfSatisfying(Item.Said.class, said -> {
            assertThat(said.text()).isEqualTo("Jalan rusak di depan pasar");
            assertThat(said.remoteKey()).isNotBlank();
            assertThat(said.author().key()).isNotBlank();
            assertThat(said.addressed()).isTrue();
        });
    }

    @Test
    void theSameDeliveryReadTwiceGivesTheSameKeys() throws Exception {
        var delivery = said("dua", "Lampu jalan mati");
        assertThat(one(delivery).remoteKey()).isEqualTo(one(delivery).remoteKey());
    }

    @Test
    void differentMessagesHaveDifferentKeys() throws Exception {
        assertThat(one(said("tiga", "Air keruh")).remoteKey())
                .isNotEqualTo(one(said("empat", "Air keruh")).remoteKey());
    }

    @Test
    void anEditNamesWhatItChangesAndDiffersFromIt() throws Exception {
        var edit = edited("lima", "Lampu jalan sudah menyala");
        assumeTrue(edit.isPresent(), "The network tells no edits");
        var original = one(said("lima", "Lampu jalan mati"));
        assertThat(one(edit.get())).isInstanceOfSatisfying(Item.Edited.class, edited -> {
            assertThat(edited.targetKey()).isEqualTo(original.remoteKey());
            assertThat(edited.remoteKey()).isNotEqualTo(original.remoteKey());
            assertThat(edited.text()).isEqualTo("Lampu jalan sudah menyala");
        });
    }

    @Test
    void aDeletionNamesWhatItDestroysAndDiffersFromIt() throws Exception {
        var deletion = deleted("enam");
        assumeTrue(deletion.isPresent(), "The network tells no deletions");
        var original = one(said("enam", "Salah tulis"));
        assertThat(one(deletion.get())).isInstanceOfSatisfying(Item.Deleted.class, deleted -> {
            assertThat(deleted.targetKey()).isEqualTo(original.remoteKey());
            assertThat(deleted.remoteKey()).isNotEqualTo(original.remoteKey());
        });
    }

    @Test
    void aReactionNamesWhatItIsAbout() throws Exception {
        var reaction = reacted("tujuh");
        assumeTrue(reaction.isPresent(), "The network tells no reactions");
        var original = one(said("tujuh", "Terima kasih"));
        assertThat(one(reaction.get()))
                .isInstanceOfSatisfying(
                        Item.Reacted.class,
                        reacted -> assertThat(reacted.targetKey()).isEqualTo(original.remoteKey()));
    }

    @Test
    void aFollowIsReadAsFollowed() throws Exception {
        var follow = followed();
        assumeTrue(follow.isPresent(), "The network tells no followers");
        assertThat(one(follow.get())).isInstanceOf(Item.Followed.class);
    }

    @Test
    void whatCannotBeReadIsUnreadableAndNeverBreaksTheAdapter() {
        for (var each : unreadable().entrySet()) {
            var delivery = new Delivery(said("delapan", "x").headers(), each.getValue());
            try {
                assertThat(read(delivery))
                        .as("nothing is made of: %s", each.getKey())
                        .isEmpty();
            } catch (UnreadableDelivery e) {
                assertThat(e.code()).as(each.getKey()).matches("[a-z0-9-]+");
            }
        }
    }

    @Test
    void aScriptIsTextOrGoneButNeverMarkup() throws Exception {
        var typed = "halo <b>dunia</b> <script>alert(1)</script>";
        assertThat(one(said("sembilan", typed))).isInstanceOfSatisfying(Item.Said.class, said -> {
            if (speaksMarkup()) {
                assertThat(said.text()).startsWith("halo dunia").doesNotContain("<", "alert");
            } else {
                assertThat(said.text()).isEqualTo(typed);
            }
        });
    }

    @Test
    void anAnswerIsSentUnderAKeyOfItsOwn() {
        var outcome = adapter().send(actor(), account(), answer("sepuluh", "Terima kasih, sudah kami teruskan."));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SendOutcome.Sent.class,
                        sent -> assertThat(sent.remoteKey()).isNotBlank());
    }

    @Test
    void whereARepetitionIsHarmlessTheSecondSendHasTheFirstOnesKey() {
        assumeTrue(
                adapter().capabilities(account()).doubt().harmlessFor().isPositive(),
                "A repetition is not harmless here");
        var outgoing = answer("sebelas", "Petugas menuju lokasi.");
        var first = adapter().send(actor(), account(), outgoing);
        var second = adapter().send(actor(), account(), outgoing);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aTextThatIsTooLongHasAnOutcomeAndThrowsNothing() {
        var answering =
                adapter().capabilities(account()).answering(Audience.DIRECT).orElseThrow();
        var text = "a".repeat(answering.text().getFirst().most() + 1);
        assertThatCode(() -> adapter().send(actor(), account(), answer("dua-belas", text)))
                .doesNotThrowAnyException();
    }

    private static Map<String, byte[]> unreadable() {
        var bodies = new LinkedHashMap<String, byte[]>();
        bodies.put("nothing", new byte[0]);
        bodies.put("not JSON", text("bukan JSON"));
        bodies.put("bytes", new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
        bodies.put("null", text("null"));
        bodies.put("a number", text("17"));
        bodies.put("a list", text("[]"));
        bodies.put("an empty object", text("{}"));
        bodies.put("half an object", text("{\"type\": \"Create\", \"object\": "));
        bodies.put("another kind of thing", text("{\"type\": \"Tidak dikenal\", \"id\": 7, \"object\": [[]]}"));
        bodies.put("nested 10,000 deep", text("[".repeat(10_000) + "]".repeat(10_000)));
        bodies.put("objects nested 10,000 deep", text("{\"object\":".repeat(10_000) + "1" + "}".repeat(10_000)));
        return bodies;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Item one(Delivery delivery) throws UnreadableDelivery {
        var items = read(delivery);
        assertThat(items).hasSize(1);
        return items.getFirst();
    }

    private List<Item> read(Delivery delivery) throws UnreadableDelivery {
        return adapter()
                .read(
                        actor(),
                        new RawDelivery(
                                DeliveryId.next(),
                                account().id(),
                                account().network(),
                                Instant.parse("2026-11-24T01:00:00Z"),
                                delivery.headers(),
                                delivery.body()));
    }
}
