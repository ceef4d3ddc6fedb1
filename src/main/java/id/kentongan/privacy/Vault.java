// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.kernel.Actor;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Seals and opens personal data (AES-256-GCM, envelope: master key file, tenant key, data key per contact), and
 * hashes values with the tenant's key so that they can be looked up without being read.
 *
 * <p>{@code purpose} is bound to the ciphertext as associated data: {@code inbox.contact_identity.handle}. What was
 * sealed for one purpose, tenant or contact does not open for another. All methods work inside the actor's
 * transaction and are cheap enough for the intake path; unwrapped keys are cached for minutes.
 */
public interface Vault {
    /** Makes data keys, one per new contact, in the running transaction. */
    List<DataKeyId> newKeys(Actor actor, int count);

    /** Makes those of these keys that were never there; one that was destroyed stays destroyed. */
    void haveKeys(Actor actor, Collection<DataKeyId> keys);

    byte[] seal(Actor actor, DataKeyId key, String purpose, byte[] plain);

    /** The plain bytes, or empty when the key was destroyed. */
    Optional<byte[]> open(Actor actor, DataKeyId key, String purpose, byte[] sealed);

    /** Seals under a fresh content key wrapped by the contact's key. */
    SealedContent sealContent(Actor actor, DataKeyId key, String purpose, byte[] plain);

    Optional<byte[]> openContent(Actor actor, DataKeyId key, String purpose, SealedContent content);

    /**
     * Wraps the content's key by another data key; the ciphertext, and so every commitment to it, stays. Empty when
     * the first key was destroyed.
     */
    Optional<SealedContent> rewrap(Actor actor, DataKeyId from, DataKeyId to, String purpose, SealedContent content);

    /** Seals what belongs to no contact: raw deliveries, network credentials, officers' secrets. */
    byte[] sealForTenant(Actor actor, String purpose, byte[] plain);

    byte[] openForTenant(Actor actor, String purpose, byte[] sealed);

    /** HMAC-SHA-256 under the tenant's hashing key; the caller normalises the value first. */
    byte[] keyedHash(Actor actor, String purpose, String value);

    /** Loads these keys with one statement before many are used. */
    void warm(Actor actor, Collection<DataKeyId> keys);

    /** Destroys a contact's key: everything sealed under it is gone, everywhere. Recorded in the trail. */
    void destroy(Actor actor, DataKeyId key);

    default byte[] seal(Actor actor, DataKeyId key, String purpose, String plain) {
        return seal(actor, key, purpose, plain.getBytes(StandardCharsets.UTF_8));
    }

    default Optional<String> openText(Actor actor, DataKeyId key, String purpose, byte[] sealed) {
        return open(actor, key, purpose, sealed).map(plain -> new String(plain, StandardCharsets.UTF_8));
    }
}
