// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.Item;
import id.kentongan.channel.MediaLimit;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.Reach;
import id.kentongan.channel.TextLimit;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The fediverse as a channel. */
@Component
class ActivityPubAdapter implements ChannelAdapter {
    private static final Answering ANSWER = new Answering(
            List.of(TextLimit.characters(5_000)),
            List.of(new MediaLimit(MediaLimit.Kind.IMAGE, 4, CleanPicture.LARGEST, CleanPicture.TYPES)),
            null);
    private static final Capabilities ABLE =
            new Capabilities(ANSWER, ANSWER, ANSWER, Change.ALWAYS, Change.ALWAYS, Doubt.HARMLESS, 300);

    private final LocalActors locals;
    private final RemoteActors remotes;
    private final ActivityReading reading;
    private final Sending sending;
    private final ServerDeliveries deliveries;

    ActivityPubAdapter(
            LocalActors locals,
            RemoteActors remotes,
            ActivityReading reading,
            Sending sending,
            ServerDeliveries deliveries) {
        this.locals = locals;
        this.remotes = remotes;
        this.reading = reading;
        this.sending = sending;
        this.deliveries = deliveries;
    }

    @Override
    public Network network() {
        return Network.ACTIVITYPUB;
    }

    /**
     * The protocol sets no limits: these are what the large servers show whole. A repetition is the same activity under
     * the same id, which every server knows.
     */
    @Override
    public Capabilities capabilities(Account account) {
        return ABLE;
    }

    @Override
    public String handle(String name, String displayName, String host) {
        return "@" + name + "@" + host;
    }

    @Override
    public NewCredentials credentials() {
        return LocalActors.newKeys();
    }

    @Override
    public void introduced(Actor actor, AccountId account) {
        locals.forget(actor.tenant());
        locals.of(actor.tenant(), account).ifPresent(sending::introduce);
    }

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        var local = locals.of(actor.tenant(), delivery.account())
                .orElseThrow(() -> new UnreadableDelivery("no-account", false));
        try {
            var activity = ActivityJson.parse(delivery.body());
            var author = ActivityJson.id(activity, "actor");
            if (author == null) {
                throw new UnreadableDelivery("no-actor", false);
            }
            var gone = delivery.headers().get(StoredRequest.GONE);
            if (gone != null && gone.equals(author)) {
                return List.of(reading.left(local, gone, activity, delivery.receivedAt()));
            }
            return reading.items(local, author(local, author, delivery), activity, delivery.receivedAt());
        } catch (ActivityJson.Unreadable e) {
            throw new UnreadableDelivery(e.code(), false);
        }
    }

    /** Who it is from: as proven at the door, or by the signature kept until its key could be fetched. */
    private RemoteActor author(LocalActor local, String author, RawDelivery delivery) throws UnreadableDelivery {
        var proven = delivery.headers().get(StoredRequest.PROVEN);
        if (proven != null) {
            if (!proven.equals(author)) {
                throw new UnreadableDelivery("wrongly-signed", false);
            }
            return switch (remotes.find(local, author)) {
                case RemoteActors.Found.Known(var known) -> known;
                case RemoteActors.Found.Gone ignored -> throw new UnreadableDelivery("author-gone", false);
                case RemoteActors.Found.Failed(var code, var passing) -> throw new UnreadableDelivery(code, passing);
            };
        }
        var request = StoredRequest.restored(delivery.headers(), delivery.body());
        if (!(SignatureReading.of(request, delivery.receivedAt()) instanceof SignatureReading.Claim claim)) {
            throw new UnreadableDelivery("wrongly-signed", false);
        }
        return switch (remotes.prove(local, claim, author)) {
            case RemoteActors.Proof.Proven(var known) -> known;
            case RemoteActors.Proof.Disproven(var code) -> throw new UnreadableDelivery(code, false);
            case RemoteActors.Proof.Gone ignored -> throw new UnreadableDelivery("author-gone", false);
            case RemoteActors.Proof.Open(var code) -> throw new UnreadableDelivery(code, true);
        };
    }

    @Override
    public Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        return locals.of(actor.tenant(), account).map(local -> local.note(id.value()));
    }

    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        return locals.of(actor.tenant(), account.id())
                .map(local -> sending.send(local, outgoing))
                .orElse(new SendOutcome.Refused("no-account"));
    }

    @Override
    public SendOutcome edit(Actor actor, Account account, OutgoingId sent, Outgoing changed) {
        return locals.of(actor.tenant(), account.id())
                .map(local -> sending.edit(local, sent.value(), changed))
                .orElse(new SendOutcome.Refused("no-account"));
    }

    @Override
    public SendOutcome withdraw(Actor actor, Account account, OutgoingId sent, Outgoing withdrawal) {
        return locals.of(actor.tenant(), account.id())
                .map(local -> sending.withdraw(local, sent.value(), withdrawal))
                .orElse(new SendOutcome.Refused("no-account"));
    }

    @Override
    public void forgetRecipient(Actor actor, AccountId account, OutgoingId sent, String personKey) {
        locals.of(actor.tenant(), account).ifPresent(local -> sending.forget(local, sent.value(), personKey));
    }

    @Override
    public Reach reach(Actor actor, OutgoingId sent) {
        return deliveries.reach(actor, sent.value());
    }
}
