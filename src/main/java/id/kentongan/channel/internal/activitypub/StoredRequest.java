// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of a request beside its body: whose it was proven to be, or everything its signature still needs.
 * The names begin with a colon, so that no header of the sender can be taken for them.
 */
final class StoredRequest {
    static final String PROVEN = ":proven";
    static final String GONE = ":gone";
    private static final String TARGET = ":target";
    private static final String SCHEME = ":scheme";
    private static final String AUTHORITY = ":authority";
    private static final List<String> SIGNATURE_HEADERS = List.of(
            "signature", "signature-input", "digest", "content-digest", "date", "content-type", "content-length");

    private StoredRequest() {}

    static Map<String, String> proven(String actor) {
        return Map.of(PROVEN, actor);
    }

    static Map<String, String> gone(String actor) {
        return Map.of(GONE, actor);
    }

    static Map<String, String> open(SignedRequest request) {
        var kept = new LinkedHashMap<String, String>();
        kept.put(TARGET, request.target());
        kept.put(SCHEME, request.scheme());
        kept.put(AUTHORITY, request.authority());
        for (var name : SIGNATURE_HEADERS) {
            var value = request.header(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        return kept;
    }

    static SignedRequest restored(Map<String, String> kept, byte[] body) {
        var headers = new LinkedHashMap<String, List<String>>();
        kept.forEach((name, value) -> {
            if (!name.startsWith(":")) {
                headers.put(name, List.of(value));
            }
        });
        return new SignedRequest(
                "POST",
                kept.getOrDefault(SCHEME, "https"),
                kept.getOrDefault(AUTHORITY, ""),
                kept.getOrDefault(TARGET, "/"),
                headers,
                body);
    }
}
