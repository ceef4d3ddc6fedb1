// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.AccountId;
import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Actor;
import java.util.Optional;
import java.util.UUID;

/** One of our accounts as the fediverse sees it. Its addresses never change. */
record LocalActor(
        Tenant tenant, AccountId account, String name, String displayName, String summary, String base, String pem) {
    private static final String NOTES = "/ap/o/";

    String id() {
        return base + "/ap/" + name;
    }

    String keyId() {
        return id() + "#main-key";
    }

    String inbox() {
        return id() + "/inbox";
    }

    String sharedInbox() {
        return base + "/ap/inbox";
    }

    String outbox() {
        return id() + "/outbox";
    }

    String followers() {
        return id() + "/followers";
    }

    String following() {
        return id() + "/following";
    }

    String note(UUID id) {
        return base + NOTES + id;
    }

    String picture(String token) {
        return base + "/ap/media/" + token;
    }

    /** The id of a note of this server at that address. */
    Optional<UUID> noteId(String address) {
        if (!address.startsWith(base + NOTES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(address.substring((base + NOTES).length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the address is the actor itself, something below it, or a note of this server, whichever account's:
     * {@link FederationStore#isOfAnother}.
     */
    boolean owns(String address) {
        return address.equals(id())
                || address.startsWith(id() + "/")
                || address.startsWith(id() + "#")
                || address.startsWith(base + NOTES);
    }

    Actor system() {
        return Actor.system(tenant.id(), "channel");
    }
}
