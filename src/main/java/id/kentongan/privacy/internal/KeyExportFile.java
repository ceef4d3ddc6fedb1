// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * An export of the keys as a text of a few lines, which may be printed: what it is, how the passphrase becomes a key
 * (Argon2id), the keys (AES-256-GCM, with the lines above bound to them), and a checksum that tells a damaged file
 * from a wrong passphrase.
 */
final class KeyExportFile {
    private static final String TITLE = "Kentongan keys, format 1. Bring them back with: ./kentongan keys import FILE";
    private static final String CHECKSUM = "sha256: ";
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int ROUNDS = 3;
    private static final int LANES = 1;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyExportFile() {}

    static String write(KeyBundle keys, char[] passphrase, Instant at) {
        var salt = random(16);
        var nonce = random(12);
        var encoder = Base64.getEncoder();
        var head = TITLE + "\nmade: " + at + "\nargon2id: " + MEMORY_KIB + " " + ROUNDS + " " + LANES + " "
                + encoder.encodeToString(salt) + "\naes-256-gcm: " + encoder.encodeToString(nonce) + "\n";
        try {
            var key = derive(passphrase, salt, MEMORY_KIB, ROUNDS, LANES);
            var sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, head)
                    .doFinal(keys.text().getBytes(StandardCharsets.UTF_8));
            var body = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(sealed) + "\n";
            return head + body + CHECKSUM + checksum(head + body) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Sealing the keys failed", e);
        }
    }

    static KeyBundle read(String file, char[] passphrase) throws KeyException {
        var lines =
                file.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith("Kentongan keys")) {
            throw new KeyException("the file is no export of keys; name the file that ./kentongan keys export made");
        }
        if (!lines.getFirst().equals(TITLE)) {
            throw new KeyException("the file was made by another version of Kentongan; import it with that version");
        }
        var last = lines.getLast();
        var above = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        if (lines.size() < 6 || !last.equals(CHECKSUM + checksum(above))) {
            throw damaged();
        }
        try {
            var argon = value(lines, "argon2id: ").split(" ", -1);
            var memory = Integer.parseInt(argon[0]);
            var rounds = Integer.parseInt(argon[1]);
            var lanes = Integer.parseInt(argon[2]);
            // A forged file must not take the machine's memory or its day.
            if (memory < 8 || memory > 4 * MEMORY_KIB || rounds < 1 || rounds > 20 || lanes < 1 || lanes > 8) {
                throw damaged();
            }
            var key = derive(passphrase, Base64.getDecoder().decode(argon[3]), memory, rounds, lanes);
            var nonce = Base64.getDecoder().decode(value(lines, "aes-256-gcm: "));
            var head = String.join("\n", lines.subList(0, 4)) + "\n";
            var body = Base64.getDecoder().decode(String.join("", lines.subList(4, lines.size() - 1)));
            return opened(key, nonce, head, body);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw damaged();
        }
    }

    private static KeyBundle opened(SecretKeySpec key, byte[] nonce, String head, byte[] body) throws KeyException {
        byte[] plain;
        try {
            plain = cipher(Cipher.DECRYPT_MODE, key, nonce, head).doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new KeyException(
                    "the passphrase is wrong; nothing was changed. Try again with the one of this export");
        }
        return KeyBundle.parse(new String(plain, StandardCharsets.UTF_8));
    }

    private static KeyException damaged() {
        return new KeyException("the file is damaged, so its keys cannot be read; use another copy of it");
    }

    private static String value(List<String> lines, String name) throws KeyException {
        Optional<String> found = lines.subList(1, 4).stream()
                .filter(line -> line.startsWith(name))
                .findFirst();
        return found.orElseThrow(KeyExportFile::damaged).substring(name.length());
    }

    private static SecretKeySpec derive(char[] passphrase, byte[] salt, int memoryKib, int rounds, int lanes) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memoryKib)
                .withIterations(rounds)
                .withParallelism(lanes)
                .build());
        var key = new byte[32];
        // As UTF-8 in one normal form: an accent typed on another keyboard is the same passphrase.
        var normal = java.text.Normalizer.normalize(new String(passphrase), java.text.Normalizer.Form.NFC)
                .getBytes(StandardCharsets.UTF_8);
        generator.generateBytes(normal, key);
        Arrays.fill(normal, (byte) 0);
        return new SecretKeySpec(key, "AES");
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String head)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String checksum(String text) {
        return HexFormat.of().formatHex(KeyBundle.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
