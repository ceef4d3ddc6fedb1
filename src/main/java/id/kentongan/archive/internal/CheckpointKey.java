// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.database.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** The Ed25519 key that signs checkpoints, in the key folder; its public half lies beside it for auditors. */
@Component
class CheckpointKey {
    private final PrivateKey key;

    CheckpointKey(DataFolder folder) {
        try {
            var file = folder.keys().resolve("checkpoint.key");
            if (!Files.exists(file)) {
                var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                Files.writeString(
                        file,
                        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
                Files.writeString(
                        folder.keys().resolve("checkpoint.pub"),
                        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
            }
            key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(
                            Base64.getDecoder().decode(Files.readString(file).strip())));
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint key cannot be read or made", e);
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
