// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.spi.FileHolder;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@WithDatabase
class OrphanedFilesIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Intake intake;

    @Autowired
    SealedFiles files;

    @Autowired
    EnvelopeVault vault;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    DataFolder folder;

    @Autowired
    List<FileHolder> holders;

    @Autowired
    Clock clock;

    @Test
    void whatNoCommittedRowNamesGoesAfterADayAndTheRestStays() throws Exception {
        var tenant = tenants.found();
        var root = folder.files().resolve(tenant.id().toString());
        // Of a confidential conversation, which most officers cannot see: the sweep must.
        intake.acceptForm(
                tenant.system(),
                new WebForm(
                        Ids.next().toString(),
                        "",
                        "Ada pungutan di loket.",
                        Map.of("kind", "whistle-blowing"),
                        List.of(new Attachment(null, "image/jpeg", "Foto", new byte[] {1, 2, 3}))));
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (all(root).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        Thread.sleep(500);
        var kept = all(root);
        assertThat(kept).hasSize(1);
        var key = vault.newKeys(tenant.system(), 1).getFirst();
        // Stored in a transaction that is rolled back.
        try {
            transactions.run(tenant.system(), () -> {
                files.store(tenant.system(), key, new byte[] {4, 5, 6});
                throw new UnsupportedOperationException("rolled back");
            });
        } catch (UnsupportedOperationException expected) {
            assertThat(all(root)).hasSize(2);
        }
        var half = Files.createFile(root.resolve(kept.getFirst()).resolveSibling("half-123"));

        assertThat(new OrphanedFiles(folder, holders, clock).sweep()).isZero();
        assertThat(all(root)).as("younger than a day").hasSize(3);
        age(root);
        assertThat(new OrphanedFiles(folder, List.of(), clock).sweep()).isZero();
        assertThat(all(root)).as("nobody to ask").hasSize(3);
        new OrphanedFiles(folder, holders, clock).sweep();
        assertThat(all(root)).isEqualTo(kept);
        assertThat(half).doesNotExist();
    }

    private static void age(Path root) throws Exception {
        for (var name : all(root)) {
            var file = root.resolve(name);
            var before = Files.getLastModifiedTime(file).toInstant();
            Files.setLastModifiedTime(file, FileTime.from(before.minus(Duration.ofHours(25))));
        }
    }

    private static List<String> all(Path root) throws Exception {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
