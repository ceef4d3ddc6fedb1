// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Audience;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.internal.activitypub.ServerDeliveries.Activity;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Says, changes and takes back: a Create, Update or Delete of a Note, to the addressed person's inbox at once, or by
 * {@link ServerSending} to each of the followers' servers. Ids are made of the outgoing message's own, so that sending
 * again is the same activity to every peer.
 */
@Component
class Sending {
    private final RemoteActors remotes;
    private final PeerRequests requests;
    private final FederationStore store;
    private final PublishedPictures pictures;
    private final ServerDeliveries deliveries;
    private final ServerSending servers;
    private final ActorTransactions transactions;

    Sending(
            RemoteActors remotes,
            PeerRequests requests,
            FederationStore store,
            PublishedPictures pictures,
            ServerDeliveries deliveries,
            ServerSending servers,
            ActorTransactions transactions) {
        this.remotes = remotes;
        this.requests = requests;
        this.store = store;
        this.pictures = pictures;
        this.deliveries = deliveries;
        this.servers = servers;
        this.transactions = transactions;
    }

    /** Where a message goes: to one inbox, to everyone who follows, or (the imaginary) nowhere. */
    private sealed interface Way {
        record One(String inbox) implements Way {}

        record Followers() implements Way {}

        record Nowhere() implements Way {}

        record Barred(SendOutcome outcome) implements Way {}
    }

    SendOutcome send(LocalActor local, Outgoing outgoing) {
        var way = way(local, outgoing);
        if (way instanceof Way.Barred(var outcome)) {
            return outcome;
        }
        var clean = PublishedPictures.cleaned(outgoing.attachments()).orElse(null);
        if (clean == null) {
            return new SendOutcome.Refused("not-a-picture");
        }
        var id = outgoing.id().value();
        var note = transactions.write(local.system(), () -> {
            var attached = pictures.publish(local, id, clean);
            var published = store.publish(
                    local,
                    id,
                    outgoing.audience(),
                    at -> json(ActivityDocuments.note(local, id, outgoing, attached, at, null)));
            if (way instanceof Way.Followers && !published.withdrawn()) {
                spread(local, id, Activity.Create, followers(local));
            }
            return published;
        });
        if (note.withdrawn()) {
            return new SendOutcome.Refused("withdrawn");
        }
        return delivered(local, note, Activity.Create, way);
    }

    /** Says it anew, to whoever it was said to. Where it has not arrived yet, it arrives with the new words. */
    SendOutcome edit(LocalActor local, UUID id, Outgoing changed) {
        var before = store.note(local, id).orElse(null);
        if (before == null || before.withdrawn()) {
            return new SendOutcome.Refused(before == null ? "not-sent" : "withdrawn");
        }
        var way = way(local, changed);
        if (way instanceof Way.Barred(var outcome)) {
            return outcome;
        }
        var clean = PublishedPictures.cleaned(changed.attachments()).orElse(List.of());
        var updated = Ids.timeOf(changed.id().value());
        var note = transactions.write(local.system(), () -> {
            var attached = pictures.publish(local, id, clean);
            var revised = store.revise(
                    local,
                    id,
                    json(ActivityDocuments.note(local, id, changed, attached, before.publishedAt(), updated)));
            if (way instanceof Way.Followers) {
                spread(local, id, Activity.Update, deliveries.inboxes(local, id));
            }
            return revised;
        });
        return delivered(local, note, Activity.Update, way);
    }

    /** Takes it back: its address answers that it is gone, and whoever got it is told to forget it. */
    SendOutcome withdraw(LocalActor local, UUID id, Outgoing withdrawal) {
        var note = store.note(local, id).orElse(null);
        if (note == null) {
            return new SendOutcome.Refused("not-sent");
        }
        var way = way(local, withdrawal);
        transactions.run(local.system(), () -> {
            store.withdraw(local, id);
            if (way instanceof Way.Followers) {
                var inboxes = deliveries.inboxes(local, id);
                deliveries.forgetWaiting(local, id);
                spread(local, id, Activity.Delete, inboxes);
            }
        });
        return way instanceof Way.Barred(var outcome) ? outcome : delivered(local, note, Activity.Delete, way);
    }

    /** Tells the followers' servers how the account calls and describes itself now. */
    void introduce(LocalActor local) {
        spread(local, local.account().value(), Activity.Update, followers(local));
    }

    /** Who it was said to goes from what stands under its address, and what it answered with them. */
    void forget(LocalActor local, UUID id, String person) {
        store.note(local, id)
                .ifPresent(note -> store.revise(local, id, ActivityDocuments.withoutPerson(note.json(), person)));
    }

    private void spread(LocalActor local, UUID id, Activity activity, Collection<String> inboxes) {
        deliveries.queue(local, id, activity, inboxes);
        servers.wake();
    }

    private Set<String> followers(LocalActor local) {
        Set<String> inboxes = new LinkedHashSet<>();
        store.followers(local).forEach(follower -> inboxes.add(follower.inbox()));
        return inboxes;
    }

    private Way way(LocalActor local, Outgoing outgoing) {
        var recipient = outgoing.recipient();
        if (recipient == null) {
            return outgoing.audience() == Audience.DIRECT
                    ? new Way.Barred(new SendOutcome.Refused("no-recipient"))
                    : new Way.Followers();
        }
        if (isImaginary(local, recipient)) {
            return new Way.Nowhere();
        }
        return switch (remotes.find(local, recipient.key())) {
            case RemoteActors.Found.Known(var actor) -> new Way.One(actor.inbox());
            case RemoteActors.Found.Gone ignored -> new Way.Barred(new SendOutcome.Refused("recipient-gone"));
            case RemoteActors.Found.Failed(var code, var passing) ->
                new Way.Barred(
                        passing ? new SendOutcome.Retry(Duration.ofSeconds(10), code) : new SendOutcome.Refused(code));
        };
    }

    /**
     * The demonstration's own imaginary people live on names that RFC 2606 reserves: there is nobody to reach, and
     * nothing leaves this machine. A real person's server never has such a name.
     */
    private static boolean isImaginary(LocalActor local, Outgoing.Recipient recipient) {
        var address = ActivityJson.address(recipient.key());
        return address != null
                && address.getHost().endsWith(".example")
                && local.tenant().demonstration();
    }

    /** Sent, once the one inbox took it; followers' servers have states of their own. */
    private SendOutcome delivered(LocalActor local, FederationStore.Note note, Activity activity, Way way) {
        if (way instanceof Way.One(var inbox) && needed(local, note.id(), activity, inbox)) {
            var body = json(ActivityDocuments.about(local, note, activity)).getBytes(StandardCharsets.UTF_8);
            var outcome = requests.post(local, inbox, body);
            if (!(outcome instanceof SendOutcome.Sent)) {
                return outcome;
            }
            deliveries.taken(local, note.id(), activity, inbox);
        }
        var address = local.note(note.id());
        return new SendOutcome.Sent(address, Readers.isOpen(note) ? address : null);
    }

    /** A creation until it was taken; a change or an end only where the creation arrived. */
    private boolean needed(LocalActor local, UUID note, Activity activity, String inbox) {
        var arrived = deliveries.settled(local, note, Activity.Create, inbox);
        return activity == Activity.Create ? !arrived : arrived;
    }

    /** Tells a follower that they were accepted. */
    SendOutcome accept(LocalActor local, RemoteActor follower, String followId) {
        var body = json(ActivityDocuments.accept(local, followId, follower.id()));
        return requests.post(local, follower.inbox(), body.getBytes(StandardCharsets.UTF_8));
    }

    static String json(Map<String, Object> document) {
        return ActivityJson.MAPPER.writeValueAsString(document);
    }
}
