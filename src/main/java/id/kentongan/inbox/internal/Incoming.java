// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.privacy.DataKeyId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One message of a batch on its way in: who said it and where it belongs are found out step by step. */
final class Incoming {
    final ReceivedItem received;
    final Item.Said said;
    /** When it was said, never later than now, whatever the network claims. */
    final Instant at;

    final byte[] keyHash;
    final byte @Nullable [] parentHash;
    final byte[] authorHash;
    final byte[] threadHash;
    final MessageId id = MessageId.next();

    private @Nullable Contact contact;
    private @Nullable ConversationId conversation;
    private boolean opened;

    /** @param leftAt when they erased their account, or null */
    record Contact(
            ContactId id,
            DataKeyId key,
            boolean automated,
            @Nullable Instant leftAt) {}

    Incoming(
            ReceivedItem received,
            Item.Said said,
            Instant at,
            byte[] keyHash,
            byte @Nullable [] parentHash,
            byte[] authorHash,
            byte[] threadHash) {
        this.received = received;
        this.said = said;
        this.at = at;
        this.keyHash = keyHash;
        this.parentHash = parentHash;
        this.authorHash = authorHash;
        this.threadHash = threadHash;
    }

    boolean web() {
        return received.network() == Network.WEB;
    }

    /** Whether it belongs to a thread of replies that many can read. */
    boolean branching() {
        return !web() && said.audience() != Audience.DIRECT;
    }

    /** Remote keys are unique within an account only. */
    String key() {
        return Receiving.scoped(received.account(), keyHash);
    }

    @Nullable
    String parent() {
        return parentHash == null ? null : Receiving.scoped(received.account(), parentHash);
    }

    Contact contact() {
        return Objects.requireNonNull(contact, "the author is not known yet");
    }

    void by(Contact author) {
        contact = author;
    }

    ConversationId conversation() {
        return Objects.requireNonNull(conversation, "the conversation is not known yet");
    }

    boolean isPlaced() {
        return conversation != null;
    }

    boolean opened() {
        return opened;
    }

    void into(ConversationId where) {
        conversation = where;
    }

    void opens(ConversationId fresh) {
        conversation = fresh;
        opened = true;
    }
}
