// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two headers that bind a body to its signature: Digest (RFC 3230) and Content-Digest (RFC 9530). */
final class BodyDigest {
    private BodyDigest() {}

    static String digestHeader(byte[] body) {
        return "SHA-256=" + Base64.getEncoder().encodeToString(hash("SHA-256", body));
    }

    static String contentDigestHeader(byte[] body) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(hash("SHA-256", body)) + ":";
    }

    /** Why the Digest header does not fit the body, or null when it does. */
    static @Nullable String digestFault(@Nullable String header, byte[] body) {
        if (header == null) {
            return "the Digest header is missing";
        }
        var known = false;
        for (var part : header.split(",", -1)) {
            var equals = part.indexOf('=');
            if (equals < 0) {
                return "the Digest header is malformed";
            }
            var algorithm = javaName(part.substring(0, equals).strip());
            if (algorithm == null) {
                continue;
            }
            known = true;
            if (!matches(algorithm, decoded(part.substring(equals + 1).strip()), body)) {
                return "the Digest header does not fit the body";
            }
        }
        return known ? null : "the Digest header names no known algorithm";
    }

    /** Why the Content-Digest header does not fit the body, or null when it does. */
    static @Nullable String contentDigestFault(@Nullable String header, byte[] body) {
        if (header == null) {
            return "the Content-Digest header is missing";
        }
        try {
            var known = false;
            for (var entry : StructuredFields.dictionary(header).entrySet()) {
                var algorithm = javaName(entry.getKey());
                if (algorithm == null) {
                    continue;
                }
                known = true;
                if (!(entry.getValue() instanceof StructuredFields.Item item
                        && item.value() instanceof StructuredFields.Bytes(byte[] value)
                        && matches(algorithm, value, body))) {
                    return "the Content-Digest header does not fit the body";
                }
            }
            return known ? null : "the Content-Digest header names no known algorithm";
        } catch (StructuredFields.Malformed e) {
            return "the Content-Digest header is malformed: " + e.getMessage();
        }
    }

    private static @Nullable String javaName(String algorithm) {
        return switch (algorithm.toLowerCase(Locale.ROOT)) {
            case "sha-256" -> "SHA-256";
            case "sha-512" -> "SHA-512";
            default -> null;
        };
    }

    private static boolean matches(String algorithm, byte @Nullable [] claimed, byte[] body) {
        return claimed != null && MessageDigest.isEqual(claimed, hash(algorithm, body));
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] hash(String algorithm, byte[] body) {
        try {
            return MessageDigest.getInstance(algorithm).digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
