// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RSA by a native library, where it loads: it signs three times as often in a second as the JDK does, and a server of
 * the fediverse signs whatever it fetches and sends. Elsewhere (another processor, no place to run a library from) the
 * JDK does the same work. Asked for by name and never made the first provider: nothing else changes hands.
 */
final class FastRsa {
    private static final Logger log = LoggerFactory.getLogger(FastRsa.class);
    private static final @Nullable Provider PROVIDER = load();

    private FastRsa() {}

    static Signature signature(String name) throws GeneralSecurityException {
        return PROVIDER == null ? Signature.getInstance(name) : Signature.getInstance(name, PROVIDER);
    }

    /** Made by the library itself, so that it need not read and prepare the key anew for every signature. */
    static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        return keys().generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** @throws GeneralSecurityException where it is no RSA key */
    static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        try {
            return keys().generatePublic(new X509EncodedKeySpec(der));
        } catch (RuntimeException e) {
            // The bytes come from anywhere; the library has exceptions of its own for what it cannot read.
            throw new InvalidKeySpecException("no RSA key", e);
        }
    }

    private static KeyFactory keys() throws GeneralSecurityException {
        return PROVIDER == null ? KeyFactory.getInstance("RSA") : KeyFactory.getInstance("RSA", PROVIDER);
    }

    private static @Nullable Provider load() {
        try {
            var provider = AmazonCorrettoCryptoProvider.INSTANCE;
            if (provider.getLoadingError() == null) {
                return provider;
            }
            log.info(
                    "Signatures are made by the JDK alone: {}",
                    provider.getLoadingError().getMessage());
        } catch (LinkageError | RuntimeException e) {
            log.info("Signatures are made by the JDK alone: {}", e.toString());
        }
        return null;
    }
}
