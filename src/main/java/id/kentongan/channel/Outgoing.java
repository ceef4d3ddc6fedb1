// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out.
 *
 * @param idempotencyKey the same key is never sent twice, whoever submits it again
 * @param inReplyTo remote key of the message answered, or null
 * @param recipient the person addressed (key and handle), or null for a post to everyone
 * @param about the inbox message this is, for receipts
 * @param letter what it needs beside where it goes by mail, or null
 */
public record Outgoing(
        OutgoingId id,
        AccountId account,
        String idempotencyKey,
        @Nullable String inReplyTo,
        @Nullable Recipient recipient,
        Audience audience,
        String text,
        @Nullable String warning,
        String language,
        List<Attachment> attachments,
        @Nullable UUID about,
        @Nullable Letter letter) {
    public Outgoing {
        attachments = List.copyOf(attachments);
    }

    public Outgoing(
            OutgoingId id,
            AccountId account,
            String idempotencyKey,
            @Nullable String inReplyTo,
            @Nullable Recipient recipient,
            Audience audience,
            String text,
            @Nullable String warning,
            String language,
            List<Attachment> attachments,
            @Nullable UUID about) {
        this(
                id,
                account,
                idempotencyKey,
                inReplyTo,
                recipient,
                audience,
                text,
                warning,
                language,
                attachments,
                about,
                null);
    }

    public record Recipient(String key, String handle) {}
}
