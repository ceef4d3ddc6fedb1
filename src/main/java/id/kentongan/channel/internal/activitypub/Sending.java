// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Audience;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.spi.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends a message as a Create of a Note, to the addressed person's inbox or, once per server, to the followers'.
 * Ids are made of the outgoing message's own, so that sending again is the same activity to every peer.
 */
@Component
class Sending {
    private final RemoteActors remotes;
    private final PeerRequests requests;
    private final FederationStore store;

    Sending(RemoteActors remotes, PeerRequests requests, FederationStore store) {
        this.remotes = remotes;
        this.requests = requests;
        this.store = store;
    }

    SendOutcome send(LocalActor local, Outgoing outgoing) {
        var recipient = outgoing.recipient();
        if (recipient == null && outgoing.audience() == Audience.DIRECT) {
            return new SendOutcome.Refused("no-recipient");
        }
        Set<String> inboxes = new LinkedHashSet<>();
        if (recipient != null && !isImaginary(local, recipient)) {
            switch (remotes.find(local, recipient.key())) {
                case RemoteActors.Found.Known(var actor) -> inboxes.add(actor.inbox());
                case RemoteActors.Found.Gone ignored -> {
                    return new SendOutcome.Refused("recipient-gone");
                }
                case RemoteActors.Found.Failed(var code, var passing) -> {
                    return passing
                            ? new SendOutcome.Retry(Duration.ofSeconds(10), code)
                            : new SendOutcome.Refused(code);
                }
            }
        } else if (recipient == null) {
            store.followers(local).forEach(follower -> inboxes.add(follower.inbox()));
        }
        var id = outgoing.id().value();
        var published = store.publish(
                local, id, outgoing.audience(), at -> json(ActivityDocuments.note(local, id, outgoing, at)));
        if (isImaginary(local, recipient)) {
            return new SendOutcome.Sent(local.note(id), local.note(id));
        }
        var outcome = deliver(local, id, inboxes, json(create(local, id, outgoing, published)), recipient != null);
        return outcome != null
                ? outcome
                : new SendOutcome.Sent(local.note(id), outgoing.audience() == Audience.DIRECT ? null : local.note(id));
    }

    /**
     * The demonstration's own imaginary people live on names that RFC 2606 reserves: there is nobody to reach, and
     * nothing leaves this machine. A real person's server never has such a name.
     */
    private static boolean isImaginary(LocalActor local, Outgoing.@Nullable Recipient recipient) {
        var address = recipient == null ? null : ActivityJson.address(recipient.key());
        return address != null
                && address.getHost().endsWith(".example")
                && local.tenant().demonstration();
    }

    /** Null when nothing is left to do; for one recipient, a refusal is the outcome, among followers it is noted. */
    private @Nullable SendOutcome deliver(
            LocalActor local, UUID id, Set<String> inboxes, String activity, boolean toOne) {
        var settled = store.settled(local, id);
        SendOutcome.Retry again = null;
        for (var inbox : inboxes) {
            var hash = store.inboxHash(local, inbox);
            if (settled.contains(hash)) {
                continue;
            }
            switch (requests.post(local, inbox, activity.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
                case SendOutcome.Sent ignored -> store.settle(local, id, hash, true);
                case SendOutcome.Refused refused -> {
                    if (toOne) {
                        return refused;
                    }
                    store.settle(local, id, hash, false);
                }
                case SendOutcome.Retry retry -> {
                    if (toOne) {
                        return retry;
                    }
                    again = again == null || retry.after().compareTo(again.after()) < 0 ? retry : again;
                }
                case SendOutcome.Unknown unknown -> again = new SendOutcome.Retry(Duration.ZERO, unknown.code());
            }
        }
        return again;
    }

    /** Tells a follower that they were accepted. */
    SendOutcome accept(LocalActor local, RemoteActor follower, String followId) {
        var body = json(ActivityDocuments.accept(local, followId, follower.id()));
        return requests.post(local, follower.inbox(), body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Map<String, Object> create(LocalActor local, UUID id, Outgoing outgoing, Instant published) {
        return ActivityDocuments.withContext(
                ActivityDocuments.create(local, ActivityDocuments.note(local, id, outgoing, published)));
    }

    static String json(Map<String, Object> document) {
        return ActivityJson.MAPPER.writeValueAsString(document);
    }
}
