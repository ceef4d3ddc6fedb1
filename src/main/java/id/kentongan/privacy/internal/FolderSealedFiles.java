// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Sealed files in the data folder, written beside and moved into place once they are on the disk. */
@Component
class FolderSealedFiles implements SealedFiles {
    private static final String PURPOSE = "privacy.file";
    private static final String TENANT_PURPOSE = "privacy.tenant-file";

    private final DataFolder folder;
    private final Vault vault;

    FolderSealedFiles(DataFolder folder, Vault vault) {
        this.folder = folder;
        this.vault = vault;
    }

    @Override
    public StoredFile store(Actor actor, DataKeyId key, byte[] plain) {
        var content = vault.sealContent(actor, key, PURPOSE, plain);
        // The name is a keyed hash of content and key: content-addressed for one contact, meaningless to others.
        var name = HexFormat.of()
                .formatHex(vault.keyedHash(
                        actor, PURPOSE, key + ":" + HexFormat.of().formatHex(sha256(plain))));
        name = name.substring(0, 2) + "/" + name + "-" + HexFormat.of().formatHex(content.key(), 1, 7);
        keep(actor, name, content.sealed());
        return new StoredFile(name, content.key(), plain.length);
    }

    @Override
    public String storeForTenant(Actor actor, byte[] plain) {
        var sealed = vault.sealForTenant(actor, TENANT_PURPOSE, plain);
        // Of the sealed bytes, which are never the same twice: one who forgets a file takes nobody else's.
        var name = HexFormat.of()
                .formatHex(vault.keyedHash(actor, TENANT_PURPOSE, HexFormat.of().formatHex(sha256(sealed))));
        name = name.substring(0, 2) + "/" + name;
        keep(actor, name, sealed);
        return name;
    }

    /** Written beside, forced, and moved into place. */
    private void keep(Actor actor, String name, byte[] sealed) {
        var target = path(actor, name);
        try {
            var shelf = shelf(Objects.requireNonNull(target.getParent()));
            var half = Files.createTempFile(shelf, "half-", "");
            try {
                write(half, sealed);
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                // Of a full disk, half a file would take what little is left.
                Files.deleteIfExists(half);
            }
            KeyFolder.force(shelf);
        } catch (IOException e) {
            throw new UncheckedIOException("The file could not be kept", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    @Override
    public Optional<byte[]> read(Actor actor, DataKeyId key, StoredFile file) {
        try {
            var target = path(actor, file.name());
            if (!Files.exists(target)) {
                return Optional.empty();
            }
            return vault.openContent(actor, key, PURPOSE, new SealedContent(file.key(), Files.readAllBytes(target)));
        } catch (IOException e) {
            throw new UncheckedIOException("The file could not be read", e);
        }
    }

    @Override
    public Optional<byte[]> readForTenant(Actor actor, String name) {
        try {
            var target = path(actor, name);
            return Files.exists(target)
                    ? Optional.of(vault.openForTenant(actor, TENANT_PURPOSE, Files.readAllBytes(target)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The file could not be read", e);
        }
    }

    @Override
    public void remove(Actor actor, StoredFile file) {
        removeForTenant(actor, file.name());
    }

    @Override
    public void removeForTenant(Actor actor, String name) {
        try {
            Files.deleteIfExists(path(actor, name));
        } catch (IOException e) {
            throw new UncheckedIOException("The file could not be removed", e);
        }
    }

    /** Made with the folders above it, each on the disk before the row that will name a file in it. */
    private Path shelf(Path shelf) throws IOException {
        if (!Files.isDirectory(shelf)) {
            Files.createDirectories(shelf);
            for (var above = shelf.getParent(); above != null && above.startsWith(folder.files()); ) {
                KeyFolder.force(above);
                above = above.getParent();
            }
        }
        return shelf;
    }

    private Path path(Actor actor, String name) {
        var root = folder.files().resolve(actor.tenant().toString()).normalize();
        var target = root.resolve(name).normalize();
        if (!target.startsWith(root)) {
            throw new IllegalArgumentException("Not a name of a stored file");
        }
        return target;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
