// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads the public keys that actors publish: PEM in both wrappings, and Ed25519 or P-256 as Multikey. */
final class PublicKeys {
    private static final int SMALLEST_RSA = 2048;
    private static final int LARGEST_RSA = 8192;
    private static final byte[] RSA_IDENTIFIER = {
        0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] ED25519_PREFIX = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00
    };
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private PublicKeys() {}

    /** The key of a PEM block, or null when it is none that we accept (RSA of 2048 to 8192 bits, P-256, Ed25519). */
    static @Nullable PublicKey fromPem(String pem) {
        var rsaOnly = pem.contains("BEGIN RSA PUBLIC KEY");
        if (!rsaOnly && !pem.contains("BEGIN PUBLIC KEY")) {
            return null;
        }
        var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            var der = Base64.getDecoder().decode(base64);
            return fromDer(rsaOnly ? wrapped(der) : der);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The Ed25519 key of a Multikey's publicKeyMultibase, or null. */
    static @Nullable PublicKey fromMultibase(String text) {
        if (!text.startsWith("z") || text.length() > 100) {
            return null;
        }
        var bytes = base58(text.substring(1));
        if (bytes == null || bytes.length != 34 || bytes[0] != (byte) 0xED || bytes[1] != 0x01) {
            return null;
        }
        var der = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + 32);
        System.arraycopy(bytes, 2, der, ED25519_PREFIX.length, 32);
        return fromDer(der);
    }

    static String toPem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static @Nullable PublicKey fromDer(byte[] der) {
        for (var algorithm : new String[] {"RSA", "Ed25519", "EC"}) {
            try {
                var key = algorithm.equals("RSA")
                        ? FastRsa.publicKey(der)
                        : KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
                if (key instanceof RSAPublicKey rsa) {
                    var size = rsa.getModulus().bitLength();
                    return size >= SMALLEST_RSA && size <= LARGEST_RSA ? key : null;
                }
                return SignatureAlgorithm.of(key) == null ? null : key;
            } catch (GeneralSecurityException e) {
                // Not of this algorithm; the next one may read it.
            }
        }
        return null;
    }

    /** Puts a bare RSA key (PKCS 1) into the wrapping Java reads (SubjectPublicKeyInfo). */
    private static byte[] wrapped(byte[] pkcs1) {
        var bitString = new ByteArrayOutputStream();
        bitString.write(0x03);
        writeLength(bitString, pkcs1.length + 1);
        bitString.write(0);
        bitString.writeBytes(pkcs1);
        var sequence = new ByteArrayOutputStream();
        sequence.write(0x30);
        writeLength(sequence, RSA_IDENTIFIER.length + bitString.size());
        sequence.writeBytes(RSA_IDENTIFIER);
        sequence.writeBytes(bitString.toByteArray());
        return sequence.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 128) {
            out.write(length);
        } else if (length < 256) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
    }

    private static byte @Nullable [] base58(String text) {
        var number = BigInteger.ZERO;
        for (var c : text.toCharArray()) {
            var digit = BASE58.indexOf(c);
            if (digit < 0) {
                return null;
            }
            number = number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        var bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
