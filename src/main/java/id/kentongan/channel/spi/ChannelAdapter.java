// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.Reach;
import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Optional;

/** One network. Every adapter passes the same contract test. */
public interface ChannelAdapter {
    Network network();

    /** What the network can and cannot do; the screens say it, nobody discovers it by failing. */
    Capabilities capabilities();

    /** How many pictures one message may carry; the reply box offers as many. */
    default int mostPictures() {
        return capabilities().images() ? 4 : 0;
    }

    /** Makes what a new account needs (keys); returns the credentials to seal, and what is public of them. */
    default NewCredentials credentials() {
        return new NewCredentials(new byte[0], "");
    }

    record NewCredentials(byte[] secret, String publicPart) {}

    /** The account's name or words about itself changed, within the caller's transaction: the network is to be told. */
    default void introduced(Actor actor, AccountId account) {}

    /**
     * Reads a raw delivery. Runs outside a database transaction and may fetch from the network within limits.
     *
     * @throws UnreadableDelivery when it cannot be read: it is kept, shown to an administrator, and can be retried
     */
    List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery;

    /** The remote key that a message will have, where the network lets us know it before it is sent. */
    default Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        return Optional.empty();
    }

    /** Sends one message. Never throws for an expected failure; runs outside a database transaction. */
    SendOutcome send(Actor actor, Account account, Outgoing outgoing);

    /** Finds out what became of a send whose outcome is unknown; empty when the network offers no reading. */
    default Optional<SendOutcome> reconcile(Actor actor, Account account, Outgoing outgoing) {
        return Optional.empty();
    }

    /** Says anew what was sent under that id. Called only where the network can, and only after it was sent. */
    default SendOutcome edit(Actor actor, Account account, OutgoingId sent, Outgoing changed) {
        return new SendOutcome.Refused("cannot-edit");
    }

    /** Takes back what was sent under that id. Called only where the network can edit. */
    default SendOutcome withdraw(Actor actor, Account account, OutgoingId sent, Outgoing withdrawal) {
        return new SendOutcome.Refused("cannot-withdraw");
    }

    /**
     * Somebody erased their account: who they were goes from what this network keeps of a message to them; the words
     * stay. Runs in the caller's transaction and asks no network.
     */
    default void forgetRecipient(Actor actor, AccountId account, OutgoingId sent, String personKey) {}

    /** How far a message came, on a network of many servers. */
    default Reach reach(Actor actor, OutgoingId sent) {
        return Reach.NONE;
    }

    /**
     * @param maxLength characters of one message
     * @param privateReply whether a public message can be answered privately
     * @param edit whether a sent message can be edited and withdrawn
     * @param repeatable whether sending the same message again changes nothing at the network, so that a send whose
     *     outcome is unknown may simply be made again
     * @param perMinute how many messages an account may send in a minute
     */
    record Capabilities(
            int maxLength,
            boolean publicReply,
            boolean privateReply,
            boolean edit,
            boolean images,
            boolean repeatable,
            int perMinute) {}
}
