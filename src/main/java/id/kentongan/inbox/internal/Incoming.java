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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
    final MessageId id;
    /** When an edit made it what it is here, or addressed it to us; null when it is as it was said. */
    private final @Nullable Instant editedAt;

    private final Wording wording;

    private @Nullable Contact contact;
    private @Nullable ConversationId conversation;
    private boolean opened;

    /** How far an edit is in it. */
    enum Wording {
        /** As it was said. */
        FIRST,
        /** As it was said, and an edit has addressed it to us since. */
        CALLED,
        /** As an edit left it: what was said first has not come. */
        EDITED
    }

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
        this(received, said, at, keyHash, parentHash, authorHash, threadHash, MessageId.next(), Wording.FIRST, null);
    }

    private Incoming(
            ReceivedItem received,
            Item.Said said,
            Instant at,
            byte[] keyHash,
            byte @Nullable [] parentHash,
            byte[] authorHash,
            byte[] threadHash,
            MessageId id,
            Wording wording,
            @Nullable Instant editedAt) {
        this.id = id;
        this.wording = wording;
        this.editedAt = editedAt;
        this.received = received;
        this.said = said;
        this.at = at;
        this.keyHash = keyHash;
        this.parentHash = parentHash;
        this.authorHash = authorHash;
        this.threadHash = threadHash;
    }

    /** The same as an edit left it, which is all that is known of it. */
    Incoming asEdited(Instant edited) {
        return with(said, MessageId.next(), Wording.EDITED, edited);
    }

    /** The same, addressed to us by an edit. */
    Incoming called(Instant edited) {
        return with(addressed(said), MessageId.next(), Wording.CALLED, edited);
    }

    /** The same as a message that is there already. */
    Incoming as(MessageId there) {
        return with(said, there, wording, editedAt);
    }

    /** The same for another conversation. */
    Incoming copy() {
        var copy = with(said, MessageId.next(), wording, editedAt);
        copy.contact = contact;
        return copy;
    }

    private Incoming with(Item.Said words, MessageId as, Wording how, @Nullable Instant edited) {
        return new Incoming(received, words, at, keyHash, parentHash, authorHash, threadHash, as, how, edited);
    }

    private static Item.Said addressed(Item.Said said) {
        return new Item.Said(
                said.remoteKey(),
                said.at(),
                said.author(),
                said.audience(),
                said.parentKey(),
                said.text(),
                said.warning(),
                said.language(),
                said.url(),
                true,
                said.attachments(),
                said.hints(),
                said.thread());
    }

    Wording wording() {
        return wording;
    }

    /** When an edit addressed it to us, or made it what it is here. */
    Instant editedAt() {
        return Objects.requireNonNull(editedAt, "it is as it was said");
    }

    /** When the wording came about that it has here, unless it is the first. */
    @Nullable
    Instant wordedAt() {
        return wording == Wording.EDITED ? editedAt : null;
    }

    /** Since when it speaks to us. What came only with an edit may have done so from the beginning. */
    Instant since() {
        return wording == Wording.CALLED && editedAt != null && editedAt.isAfter(at) ? editedAt : at;
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

    static List<Incoming> all(Collection<Incoming> some, Collection<Incoming> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
