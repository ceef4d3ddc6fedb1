// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.Reach;
import id.kentongan.kernel.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One network. Every adapter passes the same contract test. */
public interface ChannelAdapter {
    Network network();

    /** What can be done with that account. Asked often: what has to be learnt from the network is remembered. */
    Capabilities capabilities(Account account);

    /** Whether an account may be called that; the name is part of its addresses and never changes. */
    default boolean isName(String name) {
        return name.matches("[a-z0-9_]{2,30}");
    }

    /** How people write the account: {@code @kabar@sukamaju.example}. @param host of the tenant */
    default String handle(String name, String displayName, String host) {
        return displayName;
    }

    /** Makes what a new account needs (keys); returns the credentials to seal, and what is public of them. */
    default NewCredentials credentials() {
        return new NewCredentials(new byte[0], "");
    }

    record NewCredentials(byte[] secret, String publicPart) {}

    /** The account's name or words about itself changed, within the caller's transaction: the network is to be told. */
    default void introduced(Actor actor, AccountId account) {}

    /**
     * Reads a raw delivery. Runs outside a database transaction and may fetch from the network within limits. The same
     * delivery always gives the same keys, and so does another that tells of the same: duplicates and any order of
     * arrival end alike. What the network tells and we have no use for is no item; what we never heard of is unreadable.
     *
     * @throws UnreadableDelivery when it cannot be read: it is kept, shown to an administrator, and can be retried
     */
    List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery;

    /** The remote key that a message will have, where the network lets us know it before it is sent. */
    default Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        return Optional.empty();
    }

    /**
     * Sends one message. Never throws for an expected failure; runs outside a database transaction. Where
     * {@link Capabilities.Doubt} calls a repetition harmless it may be called again with the same message, and says so
     * to the network (its idempotency key is made of the message's id). A private message never becomes readable to
     * others, whatever happens.
     */
    SendOutcome send(Actor actor, Account account, Outgoing outgoing);

    /**
     * Reads whether a message is there of which nobody knows whether it was taken. Called only where the network is
     * {@linkplain Capabilities.Doubt readable}.
     */
    default Finding find(Actor actor, Account account, Outgoing outgoing) {
        return new Finding.Later(Duration.ofHours(1), "cannot-read");
    }

    /** Says anew what was sent under that id; twice ends as once. Called only where the network can, after it was sent. */
    default SendOutcome edit(Actor actor, Account account, OutgoingId sent, Outgoing changed) {
        return new SendOutcome.Refused("cannot-edit");
    }

    /** Takes back what was sent under that id; twice ends as once. Called only where the network can. */
    default SendOutcome withdraw(Actor actor, Account account, OutgoingId sent, Outgoing withdrawal) {
        return new SendOutcome.Refused("cannot-withdraw");
    }

    /**
     * Somebody erased their account: who they were goes from what this network keeps of a message to them; the words
     * stay. Runs in the caller's transaction and asks no network.
     */
    default void forgetRecipient(Actor actor, AccountId account, OutgoingId sent, String personKey) {}

    /** How far a message came, on a network of many servers. Asked as the machine. */
    default Reach reach(Actor actor, OutgoingId sent) {
        return Reach.NONE;
    }
}
