// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** The asymmetric algorithms of RFC 9421 3.3; those of draft-cavage are among them. */
enum SignatureAlgorithm {
    RSA_V1_5_SHA256("rsa-v1_5-sha256", "SHA256withRSA"),
    RSA_PSS_SHA512("rsa-pss-sha512", "RSASSA-PSS"),
    ECDSA_P256_SHA256("ecdsa-p256-sha256", "SHA256withECDSAinP1363Format"),
    ED25519("ed25519", "Ed25519");

    private final String name;
    private final String javaName;

    SignatureAlgorithm(String name, String javaName) {
        this.name = name;
        this.javaName = javaName;
    }

    /** The algorithm of that name in the standard's registry, or null: HMAC is none, since nobody shares a secret. */
    static @Nullable SignatureAlgorithm named(String name) {
        for (var algorithm : values()) {
            if (algorithm.name.equals(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** What a key signs with where the message does not say. */
    static @Nullable SignatureAlgorithm of(PublicKey key) {
        return switch (key) {
            case RSAPublicKey ignored -> RSA_V1_5_SHA256;
            case ECPublicKey ec when ec.getParams().getCurve().getField().getFieldSize() == 256 -> ECDSA_P256_SHA256;
            case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> ED25519;
            default -> null;
        };
    }

    String registeredName() {
        return name;
    }

    boolean fits(PublicKey key) {
        var own = of(key);
        return own == this || (this == RSA_PSS_SHA512 && own == RSA_V1_5_SHA256);
    }

    /** Whether the signature over the bytes is the key's. A malformed signature is simply not. */
    boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
        try {
            var verifier = instance();
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    byte[] sign(PrivateKey key, byte[] bytes) {
        try {
            var signer = instance();
            signer.initSign(key);
            signer.update(bytes);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The account's key does not sign with " + name, e);
        }
    }

    private Signature instance() throws GeneralSecurityException {
        var signature = this == RSA_V1_5_SHA256 ? FastRsa.signature(javaName) : Signature.getInstance(javaName);
        if (this == RSA_PSS_SHA512) {
            signature.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
        }
        return signature;
    }
}
