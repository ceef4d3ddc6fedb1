// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.archive.TrailVerifier;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestDatabase;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** On a database of its own, which no other test's mailboxes and senders go on writing: the backup takes all of it. */
@WithDatabase
@TestPropertySource(properties = "test.alone=backup")
@DirtiesContext
class BackupIntegrationTests {
    @Autowired
    DatabaseRoles roles;

    @Autowired
    DataFolder keysOfTheOriginal;

    @Autowired
    TestTenants tenants;

    @Autowired
    Vault vault;

    @Autowired
    Trail trail;

    @Autowired
    ActorTransactions transactions;

    @TempDir
    Path temporary;

    private DataFolder original = new DataFolder(Path.of("unset"));
    private Path file = Path.of("unset");
    private String ahead = "";

    @BeforeEach
    void anInstallationInUse() throws Exception {
        var tenant = tenants.found();
        tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var keys = vault.newKeys(tenant.system(), 20);
        transactions.run(
                tenant.system(),
                () -> trail.record(
                        tenant.system(),
                        TrailEntry.of(
                                "test.said", "thing", keys.getFirst().value(), Map.of("teks", "baris\t\\N \n'ya'"))));
        original = new DataFolder(temporary.resolve("original"));
        Files.createDirectories(original.files().resolve("ab"));
        Files.write(original.files().resolve("ab/sealed"), new byte[] {0, 1, 2, (byte) 255});
        signedTrail(tenant.id().toString());
        Files.writeString(original.keys().resolve("master.properties"), "never in a backup");
        file = temporary.resolve("backup.zip");
    }

    @Test
    void aRestoreIntoAnEmptyInstallationHasEveryRowAndFile() throws Exception {
        var target = new DataFolder(temporary.resolve("restored"));
        var fresh = TestDatabase.fresh();
        try (var from = owner(roles);
                var to = owner(fresh)) {
            var written = new Backup(from, original).write(file);
            assertThat(written.rows()).isPositive();
            var read = new Restore(to, target, fresh.applicationName()).read(file);
            assertThat(read).isEqualTo(written);
            var tables = new Catalogue(from).tables();
            assertThat(new Catalogue(to).tables()).isEqualTo(tables).contains("archive.entry", "privacy.data_key");
            for (var table : tables) {
                if (!table.startsWith("machinery.") && !table.startsWith("archive.")) {
                    assertThat(rows(to, table)).as(table).isEqualTo(rows(from, table));
                }
            }
            assertThat(rows(to, "archive.entry")).isNotEmpty().isEqualTo(rows(from, "archive.entry"));
            assertThat(constraints(to)).isEqualTo(constraints(from));
            assertThat(new Catalogue(to).versions()).isEqualTo(new Catalogue(from).versions());
            var verifier = new TrailVerifier(
                    to, target.checkpoints(), keysOfTheOriginal.keys().resolve("checkpoint.pub"));
            assertThat(verifier.verify()).isNotEmpty().allMatch(finding -> finding.fault() == null);
        }
        assertThat(target.files().resolve("ab/sealed")).hasBinaryContent(new byte[] {0, 1, 2, (byte) 255});
        assertThat(entries(file))
                .containsKey("files/ab/sealed")
                .allSatisfy((name, bytes) -> assertThat(name).doesNotContain("keys/", "secrets", "master"));
    }

    @Test
    void nobodyIsSignedInByABackup() throws Exception {
        try (var from = owner(roles);
                var statement = from.createStatement()) {
            statement.execute("""
                    insert into machinery.spring_session (primary_id, session_id, creation_time, last_access_time,
                        max_inactive_interval, expiry_time, principal_name)
                    values ('p', 'an-open-session', 0, 0, 1800, 4102444800000, 'rina')
                    """);
            try {
                new Backup(from, original).write(file);
            } finally {
                statement.execute("delete from machinery.spring_session where primary_id = 'p'");
            }
        }
        assertThat(entries(file))
                .containsKey("tables/machinery.spring_session")
                .allSatisfy((name, bytes) -> assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(name)
                        .doesNotContain("an-open-session"));
    }

    /** The tenant's checkpoints as the platform wrote them, and one it signs while the backup is being made. */
    private void signedTrail(String tenant) throws Exception {
        var written = keysOfTheOriginal.checkpoints().resolve(tenant + ".log");
        var deadline = System.nanoTime() + java.time.Duration.ofSeconds(20).toNanos();
        while (unsigned() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        try (var files = Files.list(keysOfTheOriginal.checkpoints())) {
            for (var each : files.toList()) {
                Files.copy(each, original.checkpoints().resolve(each.getFileName()));
            }
        }
        var last = Files.readAllLines(written).getLast();
        ahead = "99999" + last.substring(last.indexOf(' '));
        Files.writeString(
                original.checkpoints().resolve(tenant + ".log"), ahead + "\n", java.nio.file.StandardOpenOption.APPEND);
    }

    private long unsigned() throws Exception {
        try (var owner = owner(roles)) {
            return Long.parseLong(new Catalogue(owner)
                    .strings("select ((select count(*) from archive.unsealed)"
                            + " + (select count(*) from archive.tenants_to_sign()))::text")
                    .getFirst());
        }
    }

    @Test
    void aCheckpointSignedWhileTheBackupIsMadeIsLeftOut() throws Exception {
        try (var from = owner(roles)) {
            new Backup(from, original).write(file);
        }
        var text = new StringBuilder();
        entries(file).forEach((name, bytes) -> {
            if (name.startsWith("checkpoints/")) {
                text.append(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
            }
        });
        assertThat(text).isNotEmpty().doesNotContain(ahead);
    }

    @Test
    void theApplicationRoleIsStillHeldApartAfterARestore() throws Exception {
        var fresh = TestDatabase.fresh();
        try (var from = owner(roles);
                var to = owner(fresh)) {
            new Backup(from, original).write(file);
            new Restore(to, new DataFolder(temporary.resolve("apart")), fresh.applicationName()).read(file);
        }
        try (var application = DriverManager.getConnection(
                fresh.applicationUrl(), fresh.applicationName(), fresh.applicationPassword())) {
            assertThat(rows(application, "archive.entry")).isEmpty();
        }
    }

    @Test
    void aPolicyThatWouldThinTheBackupStopsIt() throws Exception {
        try (var owner = owner(roles);
                var statement = owner.createStatement()) {
            statement.execute("alter table identity.agency force row level security");
            try {
                assertThatThrownBy(() -> new Backup(owner, original).write(file))
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("there is no backup");
                assertThat(file).doesNotExist();
                assertThat(temporary.resolve("backup.zip.half")).doesNotExist();
            } finally {
                statement.execute("alter table identity.agency no force row level security");
            }
        }
    }

    @Test
    void aDatabaseThatHoldsDataIsNotRestoredInto() throws Exception {
        try (var owner = owner(roles)) {
            new Backup(owner, original).write(file);
            assertThatThrownBy(
                            () -> new Restore(owner, new DataFolder(temporary.resolve("full")), roles.applicationName())
                                    .read(file))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("holds data already");
        }
    }

    @Test
    void aDamagedFileIsRefusedBeforeAnythingIsMade() throws Exception {
        var fresh = TestDatabase.fresh();
        try (var from = owner(roles);
                var to = owner(fresh)) {
            new Backup(from, original).write(file);
            var entries = entries(file);
            entries.put("tables/identity.agency", "rewritten".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var damaged = write(entries, "damaged.zip");
            var cut = temporary.resolve("cut.zip");
            var bytes = Files.readAllBytes(file);
            Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            for (var each : new Path[] {damaged, cut}) {
                assertThatThrownBy(() -> new Restore(
                                        to, new DataFolder(temporary.resolve("none")), fresh.applicationName())
                                .read(each))
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("damaged");
            }
            assertThat(new Catalogue(to).tables()).isEmpty();
        }
    }

    @Test
    void whatFailsHalfwayLeavesNeitherRowsNorFiles() throws Exception {
        var fresh = TestDatabase.fresh();
        try (var from = owner(roles);
                var to = owner(fresh)) {
            new Backup(from, original).write(file);
            var entries = entries(file);
            var manifest = new String(
                    java.util.Objects.requireNonNull(entries.get(BackupManifest.ENTRY)),
                    java.nio.charset.StandardCharsets.UTF_8);
            assertThat(manifest).contains("\"files/");
            entries.put(
                    BackupManifest.ENTRY,
                    manifest.replaceAll("\"rows\"\\s*:\\s*[1-9][0-9]*", "\"rows\":999999")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var folder = new DataFolder(temporary.resolve("halfway"));
            assertThatThrownBy(() -> new Restore(to, folder, fresh.applicationName()).read(write(entries, "short.zip")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("promises 999999 rows");
            assertThat(new Catalogue(to).isEmpty()).isTrue();
            try (var left = Files.walk(folder.files())) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void aBackupOfANewerVersionIsRefused() throws Exception {
        var fresh = TestDatabase.fresh();
        try (var from = owner(roles);
                var to = owner(fresh)) {
            new Backup(from, original).write(file);
            var entries = entries(file);
            var manifest = new String(entries.get("manifest.json"), java.nio.charset.StandardCharsets.UTF_8);
            entries.put(
                    "manifest.json",
                    manifest.replaceFirst("\"__root\":\"\\d+\"", "\"__root\":\"209901010000\"")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var newer = write(entries, "newer.zip");
            assertThatThrownBy(
                            () -> new Restore(to, new DataFolder(temporary.resolve("newer")), fresh.applicationName())
                                    .read(newer))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("newer Kentongan");
            assertThat(new Catalogue(to).tables()).isEmpty();
        }
    }

    private static Connection owner(DatabaseRoles roles) throws Exception {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }

    private static java.util.List<String> rows(Connection connection, String table) throws Exception {
        return new Catalogue(connection).strings("select t::text from " + table + " t order by 1");
    }

    private static java.util.List<String> constraints(Connection connection) throws Exception {
        return new Catalogue(connection).strings("""
                select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                from pg_constraint
                where connamespace::regnamespace::text not in ('public', 'pg_catalog', 'information_schema')
                and contype in ('f', 'p', 'u', 'c')
                order by 1
                """);
    }

    private static Map<String, byte[]> entries(Path file) throws Exception {
        var entries = new java.util.LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    private Path write(Map<String, byte[]> entries, String name) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return Files.write(temporary.resolve(name), out.toByteArray());
    }
}
