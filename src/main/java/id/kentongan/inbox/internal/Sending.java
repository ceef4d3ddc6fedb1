// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
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
            MessageId message) {
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
                message.value());
    }
}
