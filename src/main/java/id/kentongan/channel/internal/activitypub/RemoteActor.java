// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Item;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Somebody on another server, as their own server describes them.
 *
 * @param followers the collection of those who follow them, or null when it is not told
 * @param keys the keys they say are theirs, by key id
 */
record RemoteActor(
        String id,
        String handle,
        String name,
        String inbox,
        @Nullable String sharedInbox,
        @Nullable String followers,
        @Nullable String profileUrl,
        boolean automated,
        Map<String, PublicKey> keys) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_KEY = 8_192;
    private static final int MOST_KEYS = 8;
    private static final Set<String> ACTORS = Set.of("Person", "Service", "Application", "Group", "Organization");

    static boolean isActor(JsonNode document) {
        return ACTORS.contains(ActivityJson.type(document));
    }

    /** The actor, or null when the document lacks an id or an inbox of its own server. */
    static @Nullable RemoteActor of(JsonNode document) {
        var id = ActivityJson.text(document, "id");
        var inbox = ActivityJson.id(document, "inbox");
        var address = ActivityJson.address(id);
        if (id == null || address == null || !isActor(document) || !ActivityJson.sameServer(id, inbox)) {
            return null;
        }
        var user = shortened(ActivityJson.text(document, "preferredUsername"));
        var name = shortened(ActivityJson.text(document, "name"));
        var handle = "@" + (user == null ? address.getRawPath().replaceFirst(".*/", "") : user) + "@"
                + address.getRawAuthority();
        var endpoints = document.get("endpoints");
        var shared = endpoints != null && endpoints.isObject() ? ActivityJson.id(endpoints, "sharedInbox") : null;
        var followers = ActivityJson.id(document, "followers");
        var url = ActivityJson.id(document, "url");
        var type = ActivityJson.type(document);
        return new RemoteActor(
                id,
                handle,
                name == null ? (user == null ? handle : user) : PlainText.of(name),
                String.valueOf(inbox),
                ActivityJson.sameServer(id, shared) ? shared : null,
                ActivityJson.sameServer(id, followers) ? followers : null,
                ActivityJson.address(url) == null ? null : url,
                type.equals("Service") || type.equals("Application"),
                keys(document, id));
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.codePointCount(0, text.length()) <= LONGEST_NAME
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME));
    }

    /** About how many bytes of memory it takes. */
    int weight() {
        var weight = 1_000 + 2 * (id.length() + handle.length() + name.length() + inbox.length());
        for (var text : new String[] {sharedInbox, followers, profileUrl}) {
            weight += text == null ? 0 : 2 * text.length();
        }
        for (var key : keys.entrySet()) {
            weight += 500 + 2 * key.getKey().length() + 4 * key.getValue().getEncoded().length;
        }
        return weight;
    }

    Item.Author author() {
        return new Item.Author(id, handle, name, profileUrl, automated);
    }

    private static Map<String, PublicKey> keys(JsonNode document, String owner) {
        var keys = new LinkedHashMap<String, PublicKey>();
        for (var each : ActivityJson.list(document.get("publicKey"))) {
            var id = ActivityJson.text(each, "id");
            var pem = ActivityJson.text(each, "publicKeyPem");
            var key = pem == null || !fits(keys, id, pem) ? null : PublicKeys.fromPem(pem);
            if (id != null && key != null && owner.equals(ActivityJson.id(each, "owner"))) {
                keys.put(id, key);
            }
        }
        for (var each : ActivityJson.list(document.get("assertionMethod"))) {
            var id = each.isObject() ? ActivityJson.text(each, "id") : null;
            var multibase = each.isObject() ? ActivityJson.text(each, "publicKeyMultibase") : null;
            var key = multibase == null || !fits(keys, id, multibase) ? null : PublicKeys.fromMultibase(multibase);
            if (id != null && key != null && owner.equals(ActivityJson.id(each, "controller"))) {
                keys.put(id, key);
            }
        }
        return Map.copyOf(keys);
    }

    private static boolean fits(Map<String, PublicKey> keys, @Nullable String id, String written) {
        return keys.size() < MOST_KEYS && ActivityJson.address(id) != null && written.length() <= LONGEST_KEY;
    }
}
