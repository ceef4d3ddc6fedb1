// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.database.DataFolder;
import id.kentongan.privacy.KeyCustody;
import id.kentongan.privacy.internal.KeyTransport.Imported;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys out of one folder, into another: whole or not at all. */
class KeyTransportTests {
    private static final char[] PASSPHRASE = "kentongan berbunyi tiga kali".toCharArray();
    private static final byte[] SIGNING = "the private half".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VERIFYING = "the public half".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temporary;

    private DataFolder original = new DataFolder(Path.of("unset"));
    private DataFolder empty = new DataFolder(Path.of("unset"));
    private Path file = Path.of("unset");

    @BeforeEach
    void anInstallationWithKeys() {
        original = new DataFolder(temporary.resolve("original"));
        empty = new DataFolder(temporary.resolve("empty"));
        file = temporary.resolve("keys.txt");
        var folder = new KeyFolder(original);
        folder.makeMaster();
        folder.keepSigning(new KeyFolder.Pair(SIGNING, VERIFYING));
    }

    @Test
    void everyKeyArrivesInAnEmptyFolder() throws Exception {
        new KeyFolder(original).addMaster();
        transport(original).export(file, PASSPHRASE.clone());
        assertThat(transport(empty).bringIn(file, PASSPHRASE.clone())).isEqualTo(Imported.FILLED);
        var arrived = new KeyFolder(empty);
        assertThat(arrived.bundle()).isEqualTo(new KeyFolder(original).bundle());
        assertThat(arrived.master()).containsOnlyKeys(1, 2);
        assertThat(arrived.signing().orElseThrow().privateKey()).isEqualTo(SIGNING);
        assertThat(empty.keys().resolve("checkpoint.pub"))
                .hasContent(Base64.getEncoder().encodeToString(VERIFYING));
        assertThat(KeyCustody.of(empty)).isEqualTo(KeyCustody.EXPORTED);
        assertThat(temporary.resolve("empty")).isDirectoryNotContaining("glob:**.half*");
        for (var each : new Path[] {file, empty.keys().resolve("master.properties")}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void theFileHoldsNoKeyInClear() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        var text = Files.readString(file);
        var key = new KeyFolder(original).master().get(1);
        assertThat(text).doesNotContain(Base64.getEncoder().encodeToString(key), new String(PASSPHRASE));
        assertThat(text.replace("\n", "")).doesNotContain(Base64.getEncoder().encodeToString(SIGNING));
    }

    @Test
    void aWrongPassphraseChangesNothing() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        assertThatThrownBy(() -> transport(empty).bringIn(file, "kentongan berbunyi dua kali".toCharArray()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("passphrase is wrong");
        assertThat(empty.keys()).isEmptyDirectory();
    }

    @Test
    void aDamagedFileIsToldFromAWrongPassphrase() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        var whole = Files.readString(file);
        var lines = whole.lines().toList();
        for (var damaged : new String[] {
            whole.substring(0, whole.length() / 2),
            whole.replace("argon2id: 65536", "argon2id: 65537"),
            whole.replace(lines.get(5), lines.get(5).substring(1) + "A"),
            String.join("\n", lines.subList(0, lines.size() - 1))
        }) {
            assertThat(damaged).isNotEqualTo(whole);
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> transport(empty).bringIn(file, PASSPHRASE.clone()))
                    .isInstanceOf(KeyException.class)
                    .hasMessageContaining("damaged");
        }
        Files.writeString(file, "a shopping list\n");
        assertThatThrownBy(() -> transport(empty).bringIn(file, PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("no export of keys");
        assertThat(empty.keys()).isEmptyDirectory();
    }

    @Test
    void aForgedFileCannotTakeTheMachinesMemory() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        var forged = Files.readString(file).replace("argon2id: 65536", "argon2id: 999999999");
        var above = forged.substring(0, forged.lastIndexOf("sha256: "));
        var sum = java.util.HexFormat.of().formatHex(KeyBundle.sha256(above.getBytes(StandardCharsets.UTF_8)));
        Files.writeString(file, above + "sha256: " + sum + "\n");
        assertThatThrownBy(() -> transport(empty).bringIn(file, PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void lineEndingsOfAnotherSystemAreNoDamage() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        Files.writeString(file, Files.readString(file).replace("\n", "\r\n") + "\r\n");
        assertThat(transport(empty).bringIn(file, PASSPHRASE.clone())).isEqualTo(Imported.FILLED);
    }

    @Test
    void keysThatAreThereAreNeverOverwritten() throws Exception {
        transport(original).export(file, PASSPHRASE.clone());
        assertThat(transport(original).bringIn(file, PASSPHRASE.clone())).isEqualTo(Imported.SAME);
        var other = new KeyFolder(empty);
        other.makeMaster();
        var before = other.bundle();
        assertThatThrownBy(() -> transport(empty).bringIn(file, PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("holds other keys");
        assertThat(other.bundle()).isEqualTo(before);
    }

    @Test
    void anExportOverwritesNothingAndLiesElsewhere() throws Exception {
        Files.writeString(file, "something else");
        assertThatThrownBy(() -> transport(original).export(file, PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("exists already");
        assertThat(file).hasContent("something else");
        var inside = original.path().resolve("keys.txt");
        assertThatThrownBy(() -> transport(original).export(inside, PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("would be lost with it");
        assertThatThrownBy(() -> transport(empty).export(temporary.resolve("none.txt"), PASSPHRASE.clone()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("no keys");
        assertThatThrownBy(() -> transport(original).export(temporary.resolve("a.txt"), "pendek".toCharArray()))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("12 characters");
        assertThat(KeyCustody.of(original)).isEqualTo(KeyCustody.NEVER_EXPORTED);
    }

    @Test
    void theOperatorIsWarnedUntilTheNewestKeysWereExported() throws Exception {
        assertThat(KeyCustody.of(original).warning()).contains("never exported", "keys export");
        transport(original).export(file, PASSPHRASE.clone());
        assertThat(KeyCustody.of(original).warning()).isEmpty();
        new KeyFolder(original).addMaster();
        assertThat(KeyCustody.of(original)).isEqualTo(KeyCustody.OUTDATED);
        assertThat(KeyCustody.of(original).warning()).contains("rotated since");
        transport(original).export(temporary.resolve("again.txt"), PASSPHRASE.clone());
        assertThat(KeyCustody.of(original)).isEqualTo(KeyCustody.EXPORTED);
    }

    @Test
    void theCheckpointKeyIsSealedAtRestAndStaysTheSameThroughARotation() throws Exception {
        var folder = new KeyFolder(original);
        var file = original.keys().resolve("checkpoint.key");
        var plain = Base64.getEncoder().encodeToString(SIGNING);
        assertThat(Files.readString(file)).startsWith("sealed:").doesNotContain(plain);
        var before = Files.readString(file);
        folder.addMaster();
        assertThat(Files.readString(file)).isNotEqualTo(before);
        assertThat(folder.signing().orElseThrow().privateKey()).isEqualTo(SIGNING);
    }

    @Test
    void aCheckpointKeyLeftInClearByAnEarlierVersionIsSealed() throws Exception {
        var file = original.keys().resolve("checkpoint.key");
        var plain = Base64.getEncoder().encodeToString(SIGNING);
        Files.writeString(file, plain);
        assertThat(new KeyFolder(original).signing().orElseThrow().privateKey()).isEqualTo(SIGNING);
        assertThat(Files.readString(file)).startsWith("sealed:").doesNotContain(plain);
        Files.delete(original.keys().resolve("checkpoint.pub"));
        assertThat(new KeyFolder(original).signing().orElseThrow().privateKey()).isEqualTo(SIGNING);
        assertThat(original.keys().resolve("checkpoint.pub"))
                .hasContent(Base64.getEncoder().encodeToString(VERIFYING));
    }

    @Test
    void anotherProcessesCheckpointKeyStays() {
        var kept = new KeyFolder(original).keepSigning(new KeyFolder.Pair(new byte[] {1}, new byte[] {2}));
        assertThat(kept.privateKey()).isEqualTo(SIGNING);
    }

    private static KeyTransport transport(DataFolder folder) {
        return new KeyTransport(folder, Clock.systemUTC());
    }
}
