// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.spi.SigningKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import org.springframework.stereotype.Component;

/** The Ed25519 key that signs checkpoints. */
@Component
class CheckpointKey {
    private final PrivateKey key;

    CheckpointKey(SigningKeys keys) {
        try {
            var encoded = keys.signingKey().orElse(null);
            if (encoded == null) {
                var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                encoded = keys.keep(
                        pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
            }
            key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The checkpoint key is damaged", e);
        }
    }

    byte[] sign(byte[] data) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Signing failed", e);
        }
    }
}
