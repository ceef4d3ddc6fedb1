// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request's signature headers say once everything that needs no key was checked: the digest fits the
 * body, the times lie in the window, and the signature covers what it must. A {@link Claim} still has to be
 * proven with the key it names.
 */
sealed interface SignatureReading {
    /** How old a signature may be: peers queue for hours when the other side was away. */
    Duration WINDOW = Duration.ofHours(12);
    /** How far the sender's clock may run ahead. */
    Duration SKEW = Duration.ofHours(1);

    record Unsigned() implements SignatureReading {}

    /** @param reason for the log and the administrator, never with a value the sender chose */
    record Refused(String reason) implements SignatureReading {}

    /**
     * @param keyId the address of the key, not yet fetched
     * @param algorithm what the message names, or null when the key decides
     */
    record Claim(String keyId, @Nullable SignatureAlgorithm algorithm, String base, byte[] signature)
            implements SignatureReading {
        boolean provenBy(PublicKey key) {
            var used = algorithm != null ? algorithm : SignatureAlgorithm.of(key);
            return used != null
                    && used.fits(key)
                    && used.verifies(key, base.getBytes(StandardCharsets.UTF_8), signature);
        }
    }

    /** Reads whichever of the two ways the request is signed; RFC 9421 is recognised by its Signature-Input. */
    static SignatureReading of(SignedRequest request, Instant now) {
        if (request.header("signature-input") != null) {
            return MessageSignature.read(request, now);
        }
        if (request.header("signature") != null) {
            return CavageSignature.read(request, now);
        }
        return new Unsigned();
    }

    /** Why the times are unacceptable, or null. */
    static @Nullable String timeFault(Instant created, @Nullable Instant expires, Instant now) {
        if (created.isAfter(now.plus(SKEW))) {
            return "the signature was made in the future";
        }
        if (created.isBefore(now.minus(WINDOW))) {
            return "the signature is older than twelve hours";
        }
        if (expires != null && expires.isBefore(now.minus(SKEW))) {
            return "the signature has expired";
        }
        return null;
    }
}
