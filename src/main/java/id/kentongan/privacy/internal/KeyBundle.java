// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All keys of an installation that lie outside its database, in clear.
 *
 * @param master by version
 * @param signing the checkpoint key's private half, or null before the first start made one
 * @param verifying its public half
 */
record KeyBundle(TreeMap<Integer, byte[]> master, byte @Nullable [] signing, byte @Nullable [] verifying) {
    KeyBundle {
        if (master.isEmpty()) {
            throw new IllegalArgumentException("No master key");
        }
    }

    /** Names exactly these keys and tells nothing about them: what an export is compared by. */
    String fingerprint() {
        return HexFormat.of().formatHex(sha256(text().getBytes(StandardCharsets.UTF_8)));
    }

    String text() {
        var text = new StringBuilder();
        master.forEach((version, key) -> line(text, "master." + version, key));
        if (signing != null && verifying != null) {
            line(text, "checkpoint.private", signing);
            line(text, "checkpoint.public", verifying);
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException when it is none */
    static KeyBundle parse(String text) {
        var master = new TreeMap<Integer, byte[]>();
        var rest = new TreeMap<String, byte[]>();
        for (var line : text.lines().toList()) {
            var parts = line.split(" ", 2);
            var value = Base64.getDecoder().decode(parts[1]);
            if (parts[0].startsWith("master.")) {
                master.put(Integer.parseInt(parts[0].substring("master.".length())), value);
            } else {
                rest.put(parts[0], value);
            }
        }
        return new KeyBundle(master, rest.get("checkpoint.private"), rest.get("checkpoint.public"));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void line(StringBuilder text, String name, byte[] value) {
        text.append(name)
                .append(' ')
                .append(Base64.getEncoder().encodeToString(value))
                .append('\n');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyBundle bundle
                && MessageDigest.isEqual(
                        text().getBytes(StandardCharsets.UTF_8), bundle.text().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text().getBytes(StandardCharsets.UTF_8));
    }

    /** Never the keys. */
    @Override
    public String toString() {
        return "KeyBundle[" + Map.of("versions", master.keySet()) + "]";
    }
}
