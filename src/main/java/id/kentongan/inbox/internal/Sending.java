// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Letter;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a reply in a conversation is named and worded for the outbox. */
final class Sending {
    private Sending() {}

    /** The same form key always names the same outgoing message, and never one of another conversation. */
    static OutgoingId outgoingId(ConversationId conversation, String key) {
        return new OutgoingId(UUID.nameUUIDFromBytes(sendKey(conversation, key).getBytes(StandardCharsets.UTF_8)));
    }

    static String sendKey(ConversationId conversation, String key) {
        return "reply:" + conversation + ":" + key;
    }

    /** @param key its idempotency key @param answers key of the citizen's message it answers, or null @param author whose that is, or null */
    static Outgoing outgoing(
            OutgoingId id,
            AccountId account,
            String key,
            @Nullable String answers,
            Receiving.@Nullable Identity author,
            Audience audience,
            String text,
            List<Attachment> attachments,
            MessageId message,
            @Nullable Letter letter) {
        return new Outgoing(
                id,
                account,
                key,
                answers,
                author == null ? null : new Outgoing.Recipient(author.key(), author.handle()),
                audience,
                text,
                null,
                "id",
                attachments,
                message.value(),
                letter);
    }

    /** What an answer to that message needs where it is a letter. @param number of its case, or null */
    static @Nullable Letter letter(
            Network network, Receiving.Details answered, @Nullable String number, boolean automatic) {
        if (network != Network.EMAIL) {
            return null;
        }
        var before = answered.hints().getOrDefault(Item.Said.REFERENCES, "");
        return new Letter(
                answered.hints().getOrDefault(Item.Said.SUBJECT, ""),
                number,
                before.isEmpty() ? List.of() : List.of(before.split(" ")),
                automatic,
                null);
    }
}
