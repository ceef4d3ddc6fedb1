// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

/**
 * A text or file sealed under a key of its own, which is wrapped by the contact's data key: dropping {@code key}
 * destroys this content alone, destroying the contact's key destroys all of it.
 *
 * @param key the wrapped content key
 * @param sealed nonce, ciphertext and tag
 */
public record SealedContent(byte[] key, byte[] sealed) {}
