// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What we say. The row is written in the transaction of the decision; a sender takes it from there. */
public interface Outbox {
    /** Submits once per idempotency key; a repeat returns the first one's id and changes nothing. */
    OutgoingId submit(Actor actor, Outgoing outgoing);

    /** The same for many at once. */
    void submitAll(Actor actor, List<Outgoing> outgoing);

    /**
     * Says anew what was submitted under that id, wherever it went. Sent after it, once per idempotency key; the id
     * returned is that of the change, with a status of its own. Refuses where the network cannot change a message.
     */
    OutgoingId edit(Actor actor, OutgoingId sent, String idempotencyKey, String text, @Nullable String warning);

    /** Takes back what was submitted under that id, wherever it went; as {@link #edit}. */
    OutgoingId withdraw(Actor actor, OutgoingId sent, String idempotencyKey);

    /**
     * Somebody erased their account: who they were goes from these messages and from what changed them, the words
     * stay. What was still to be sent to them is not sent.
     */
    void forgetRecipient(Actor actor, Collection<OutgoingId> ids, String personKey);

    /**
     * The key under which the network will know what is said under that id, where it is known before it is sent: a
     * reply finds what it answers even while nobody knows yet whether that was sent.
     */
    Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id);

    Map<OutgoingId, OutgoingStatus> statuses(Actor actor, Collection<OutgoingId> ids);

    /** What stands unknown or refused, for an officer to settle. */
    List<OutgoingStatus> troubled(Actor actor);

    /** Which servers took a message and which did not yet, on a network of many servers; for those who may settle. */
    Reach reach(Actor actor, OutgoingId id);

    /** What is not with its readers yet and was tried: refused, unknown, or waiting for its next try; newest first. */
    List<Held> held(Actor actor);

    /** An officer settles an unknown or refused one: sent after all, or send again. One that waits is tried at once. */
    void settle(Actor actor, OutgoingId id, boolean wasSent);

    /** An officer decides that it is not sent any more: it stands refused. */
    void giveUp(Actor actor, OutgoingId id);

    /**
     * @param since when it was written
     * @param nextAttemptAt when it is tried again by itself, or null
     */
    record Held(
            OutgoingStatus status, Instant since, @Nullable Instant nextAttemptAt) {}
}
