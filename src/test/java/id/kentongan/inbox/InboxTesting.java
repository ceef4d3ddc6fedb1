// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.kernel.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Imaginary people saying things, as the intake hands them over. */
final class InboxTesting {
    static final Instant MORNING = Instant.parse("2026-11-24T01:00:00Z");

    private InboxTesting() {}

    static Item.Author person(String name) {
        return new Item.Author("https://warga.example/users/" + name, "@" + name + "@warga.example", name, null, false);
    }

    static Item.Author machine(String name) {
        return new Item.Author("https://mesin.example/users/" + name, "@" + name + "@mesin.example", name, null, true);
    }

    static ReceivedItem received(AccountId account, Item item) {
        return new ReceivedItem(account, Network.ACTIVITYPUB, new DeliveryId(Ids.next()), item);
    }

    static Item.Said said(
            String key, Item.Author author, Audience audience, @Nullable String parent, Instant at, String text) {
        return new Item.Said(
                key,
                at,
                author,
                audience,
                parent,
                text,
                null,
                "id",
                "https://warga.example/" + key,
                true,
                List.of(),
                Map.of());
    }

    static ReceivedItem form(AccountId account, String key, String text, Map<String, String> hints) {
        return new ReceivedItem(
                account,
                Network.WEB,
                new DeliveryId(Ids.next()),
                new Item.Said(
                        key,
                        MORNING,
                        new Item.Author("form:" + key, "Wati (rekaan)", "Wati (rekaan)", null, false),
                        Audience.DIRECT,
                        null,
                        text,
                        null,
                        "id",
                        null,
                        true,
                        List.of(),
                        hints));
    }
}
