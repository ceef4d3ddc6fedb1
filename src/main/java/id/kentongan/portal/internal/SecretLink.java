// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Locale;

/**
 * The form's own key and the secret link that follows from it. A form posted twice carries the same key, so it
 * makes one case and shows the same link, and nothing needs to be kept about forms that were never sent.
 */
final class SecretLink {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

    private SecretLink() {}

    /** 128 random bits, for the hidden field of a form that is shown. */
    static String newKey() {
        var bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return letters(bytes);
    }

    static boolean isKey(String text) {
        return text.matches("[a-z2-7]{26}");
    }

    /** The token of the secret link: not to be guessed from the key's place in the message, which only names it. */
    static String secretOf(String key) {
        var digest = digest("kentongan secret link\n" + key);
        var half = new byte[16];
        System.arraycopy(digest, 0, half, 0, half.length);
        return letters(half);
    }

    /** The name of the sent form in the channel: says nothing of key or secret. */
    static String remoteKeyOf(String key) {
        return "form:" + letters(digest("kentongan form\n" + key)).toLowerCase(Locale.ROOT);
    }

    /** Whether it may be a token at all, so that nonsense never reaches the database. */
    static boolean isSecret(String text) {
        return text.matches("[A-Za-z0-9_-]{16,64}");
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String letters(byte[] bytes) {
        var text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte b : bytes) {
            held = held << 8 | b & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(LETTERS.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(LETTERS.charAt(held << 5 - bits & 31));
        }
        return text.toString();
    }
}
