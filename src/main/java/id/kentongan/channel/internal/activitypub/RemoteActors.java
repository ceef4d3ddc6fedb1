// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import id.kentongan.channel.internal.activitypub.PeerRequests.Fetched;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Actors of other servers, fetched when needed and remembered for a day. A failure is remembered for half a minute,
 * a renewal happens at most once a minute per actor, so that nobody can make us ask all the time.
 */
@Component
class RemoteActors {
    private static final Duration FRESH = Duration.ofDays(1);
    private static final Duration BETWEEN_RENEWALS = Duration.ofMinutes(1);
    private static final int BYTES_REMEMBERED = 32 * 1024 * 1024;
    static final int ASKED_FROM_THE_DOOR = 8;

    private final PeerRequests requests;
    private final FederationStore store;
    private final Clock clock;
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumWeight(BYTES_REMEMBERED)
            .weigher((String id, Known found) -> found.actor().weight())
            .expireAfterWrite(Duration.ofDays(1))
            .build();
    /**
     * A small server may be too busy delivering to us to answer at the same moment: what passes is asked again at the
     * next attempt. What does not pass is left alone for longer.
     */
    private final Cache<String, Found> failures = Caffeine.newBuilder()
            .maximumSize(20_000)
            .expireAfter(Expiry.writing(
                    (String id, Found found) -> found instanceof Found.Failed(var code, var passing) && passing
                            ? Duration.ofSeconds(2)
                            : Duration.ofSeconds(30)))
            .build();

    final Semaphore asking = new Semaphore(ASKED_FROM_THE_DOOR);

    RemoteActors(PeerRequests requests, FederationStore store, Clock clock) {
        this.requests = requests;
        this.store = store;
        this.clock = clock;
    }

    private record Known(RemoteActor actor, Instant at) {}

    sealed interface Found {
        record Known(RemoteActor actor) implements Found {}

        /** Its own server says that it was taken away for good; that it knows none for now is a failure like others. */
        record Gone() implements Found {}

        record Failed(String code, boolean passing) implements Found {}
    }

    sealed interface Proof {
        record Proven(RemoteActor actor) implements Proof {}

        record Disproven(String code) implements Proof {}

        /** The actor's own server says it was taken away for good. */
        record Gone() implements Proof {}

        /** The key cannot be had for now. */
        record Open(String code) implements Proof {}
    }

    Found find(LocalActor signer, String id) {
        var cached = remembered(signer, id);
        if (cached != null && cached.at().plus(FRESH).isAfter(clock.instant())) {
            return new Found.Known(cached.actor());
        }
        var failed = failures.getIfPresent(id);
        var found = failed != null ? failed : fetch(signer, id);
        // A server that is away does not make its people strangers.
        return cached != null && found instanceof Found.Failed ? new Found.Known(cached.actor()) : found;
    }

    /** Whether the claim is proven by a key that its actor, and nobody else, publishes. */
    Proof prove(LocalActor signer, SignatureReading.Claim claim, String actorId) {
        return prove(signer, claim, actorId, () -> fetch(signer, actorId));
    }

    /**
     * The same while the sender waits at the door, where only some may ask other servers at once: whoever is one too
     * many is proven by the intake, so that slow servers hold no others up.
     */
    Proof proveAtDoor(LocalActor signer, SignatureReading.Claim claim, String actorId) {
        return prove(signer, claim, actorId, () -> {
            if (!asking.tryAcquire()) {
                return null;
            }
            try {
                return fetch(signer, actorId);
            } finally {
                asking.release();
            }
        });
    }

    private Proof prove(
            LocalActor signer, SignatureReading.Claim claim, String actorId, Supplier<@Nullable Found> asked) {
        if (!ActivityJson.sameServer(claim.keyId(), actorId)) {
            return new Proof.Disproven("key-of-another-server");
        }
        var cached = remembered(signer, actorId);
        if (cached != null && proven(claim, cached.actor())) {
            return new Proof.Proven(cached.actor());
        }
        if (cached != null && cached.at().plus(BETWEEN_RENEWALS).isAfter(clock.instant())) {
            return new Proof.Disproven("wrongly-signed");
        }
        // Unknown, or the key may have been changed: ask its server, once.
        var failed = failures.getIfPresent(actorId);
        var found = failed != null ? failed : asked.get();
        if (found == null) {
            return new Proof.Open("peer-unreachable");
        }
        return switch (found) {
            case Found.Known(var actor) ->
                proven(claim, actor) ? new Proof.Proven(actor) : new Proof.Disproven("wrongly-signed");
            case Found.Gone ignored -> new Proof.Gone();
            case Found.Failed(var code, var passing) ->
                passing && cached == null ? new Proof.Open(code) : new Proof.Disproven(code);
        };
    }

    void forget(LocalActor signer, String id) {
        known.invalidate(id);
        store.forgetActor(signer, id);
    }

    /** From memory, else as last kept in the database. */
    private @Nullable Known remembered(LocalActor signer, String id) {
        var cached = known.getIfPresent(id);
        if (cached != null) {
            return cached;
        }
        var stored = store.actor(signer, id).orElse(null);
        if (stored == null) {
            return null;
        }
        try {
            var actor = RemoteActor.of(ActivityJson.parse(stored.json().getBytes(StandardCharsets.UTF_8)));
            if (actor == null || !actor.id().equals(id)) {
                return null;
            }
            var found = new Known(actor, stored.fetchedAt());
            known.put(id, found);
            return found;
        } catch (ActivityJson.Unreadable e) {
            return null;
        }
    }

    private static boolean proven(SignatureReading.Claim claim, RemoteActor actor) {
        PublicKey key = actor.keys().get(claim.keyId());
        return key != null && claim.provenBy(key);
    }

    private Found fetch(LocalActor signer, String id) {
        var found = switch (requests.get(signer, id)) {
            case Fetched.Document(var node) -> {
                if (ActivityJson.type(node).equals("Tombstone") && id.equals(ActivityJson.text(node, "id"))) {
                    yield new Found.Gone();
                }
                var actor = RemoteActor.of(node);
                if (actor == null || !actor.id().equals(id)) {
                    yield new Found.Failed("not-an-actor", false);
                }
                store.keepActor(signer, id, node.toString());
                yield new Found.Known(actor);
            }
            case Fetched.Gone ignored -> new Found.Gone();
            case Fetched.Absent ignored -> new Found.Failed("peer-answered-404", false);
            case Fetched.Failed(var code, var passing) -> new Found.Failed(code, passing);
        };
        if (found instanceof Found.Known(var actor)) {
            known.put(id, new Known(actor, clock.instant()));
            failures.invalidate(id);
        } else {
            failures.put(id, found);
        }
        return found;
    }
}
