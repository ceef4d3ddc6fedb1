// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Audience;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Who may fetch what we said. The public and the unlisted is for everyone; a followers-only note for those who follow
 * and whom it names, a direct one for whom it names, each by a request that they signed themselves ("authorised
 * fetch"). Everybody else is told what they would be told of a note that never was.
 */
@Component
class Readers {
    private final RemoteActors remotes;
    private final FederationStore store;
    private final Clock clock;

    Readers(RemoteActors remotes, FederationStore store, Clock clock) {
        this.remotes = remotes;
        this.store = store;
        this.clock = clock;
    }

    static boolean isOpen(FederationStore.Note note) {
        return note.audience() == Audience.PUBLIC || note.audience() == Audience.UNLISTED;
    }

    boolean mayRead(LocalActor local, FederationStore.Note note, SignedRequest request) {
        if (isOpen(note)) {
            return true;
        }
        return SignatureReading.of(request, clock.instant()) instanceof SignatureReading.Claim claim
                && signers(claim.keyId()).stream()
                        .filter(reader -> isFor(local, note, reader))
                        .anyMatch(reader -> remotes.prove(local, claim, reader) instanceof RemoteActors.Proof.Proven);
    }

    /** Whose key that may be: it lies at its owner's address, behind a fragment or one step below. */
    private static List<String> signers(String keyId) {
        var owners = new ArrayList<String>();
        owners.add(ActivityJson.withoutFragment(keyId));
        var step = keyId.lastIndexOf('/');
        if (keyId.indexOf('#') < 0 && step > 0) {
            owners.add(keyId.substring(0, step));
        }
        return owners;
    }

    private boolean isFor(LocalActor local, FederationStore.Note note, String reader) {
        var named = ActivityJson.ids(ActivityJson.MAPPER.readTree(note.json()), "to", "cc");
        return named.contains(reader) || (note.audience() == Audience.FOLLOWERS && store.isFollower(local, reader));
    }
}
