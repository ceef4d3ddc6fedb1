// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Letters to an office, read without a server or a database. */
final class Letters {
    static final String OFFICE = "layanan@sukamaju.example";
    static final Actor ACTOR = Actor.system(TenantId.next(), "channel");
    static final OwnIds IDS = new OwnIds(Letters::hash);
    static final OutgoingId OURS = OutgoingId.parse("3f1c9a52-6f0e-3b7d-9a11-0c2f6f0a7b55");
    static final Instant ARRIVED = Instant.parse("2026-11-30T01:00:05Z");

    private Letters() {}

    private static byte[] hash(Actor actor, String value) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("kunci uji".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal((actor.tenant() + ":" + value).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String ownMessageId() {
        return IDS.messageId(ACTOR, OFFICE, OURS);
    }

    /** A recorded letter; OWN in it stands for the Message-ID of {@link #OURS}. */
    static byte[] recorded(String name) {
        try (var in = Letters.class.getResourceAsStream("/payloads/email/" + name + ".eml")) {
            if (in == null) {
                throw new IllegalArgumentException("No letter " + name);
            }
            var raw = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return raw.replace("OWN", ownMessageId()).getBytes(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Item> read(byte[] raw) {
        return read(raw, "", Map.of());
    }

    static List<Item> read(byte[] raw, String trusted, Map<String, String> headers) {
        var delivery = new RawDelivery(DeliveryId.next(), AccountId.next(), Network.EMAIL, ARRIVED, headers, raw);
        try {
            return MailReading.read(ACTOR, OFFICE, List.of(OFFICE), trusted, IDS, delivery);
        } catch (UnreadableDelivery e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Item.Said said(String name) {
        return said(recorded(name));
    }

    static Item.Said said(byte[] raw) {
        return (Item.Said) read(raw).getFirst();
    }

    static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
