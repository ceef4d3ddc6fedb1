// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.Kentongan;
import id.kentongan.archive.Trail;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.Backup;
import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.Restore;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.KeyCustody;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestDatabase;
import id.kentongan.testing.WithDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class KeyRotationIntegrationTests {
    private static final char[] PASSPHRASE = "kentongan berbunyi tiga kali".toCharArray();

    @Autowired
    EnvelopeVault vault;

    @Autowired
    TenantKeys tenantKeys;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @Autowired
    MasterKeys master;

    @Autowired
    Trail trail;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    DataFolder folder;

    @TempDir
    Path temporary;

    private final TenantId tenant = TenantId.next();
    private final Actor actor = Actor.system(tenant, "test");

    @Test
    void nothingIsSealedUnderATenantsKeyThatIsNotCommitted() throws Exception {
        var before = vault.sealForTenant(actor, "p", "sebelumnya".getBytes(UTF_8));
        var inside = new ArrayList<byte[]>();
        var beside = new ArrayList<byte[]>();
        try (var others = Executors.newSingleThreadExecutor()) {
            assertThatThrownBy(() -> transactions.run(actor, () -> {
                        assertThat(tenantKeys.rotate(tenant)).isEqualTo(2);
                        inside.add(vault.sealForTenant(actor, "p", "di dalam".getBytes(UTF_8)));
                        assertThat(vault.openForTenant(actor, "p", inside.getFirst()))
                                .isEqualTo("di dalam".getBytes(UTF_8));
                        assertThat(vault.openForTenant(actor, "p", before)).isEqualTo("sebelumnya".getBytes(UTF_8));
                        try {
                            beside.add(
                                    others.submit(() -> vault.sealForTenant(actor, "p", "di sebelah".getBytes(UTF_8)))
                                            .get());
                        } catch (InterruptedException | ExecutionException e) {
                            throw new IllegalStateException(e);
                        }
                        throw new UnsupportedOperationException("rolled back");
                    }))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(tenantKeys.of(tenant).primary()).isEqualTo(1);
        var after = vault.sealForTenant(actor, "p", "sesudahnya".getBytes(UTF_8));
        tenantKeys.forget(tenant);
        assertThat(vault.openForTenant(actor, "p", beside.getFirst())).isEqualTo("di sebelah".getBytes(UTF_8));
        assertThat(vault.openForTenant(actor, "p", after)).isEqualTo("sesudahnya".getBytes(UTF_8));
        assertThat(vault.openForTenant(actor, "p", before)).isEqualTo("sebelumnya".getBytes(UTF_8));
        assertThatThrownBy(() -> vault.openForTenant(actor, "p", inside.getFirst()))
                .as("its key was never committed")
                .isInstanceOf(IllegalStateException.class);

        transactions.run(actor, () -> tenantKeys.rotate(tenant));
        assertThat(tenantKeys.of(tenant).primary()).as("seen once committed").isEqualTo(2);
    }

    /** Nothing that was sealed under it outlives the transaction either; waiting for a second connection might. */
    @Test
    void theFirstKeyOfATransactionThatIsRolledBackIsUsedByNobody() {
        var newcomer = Actor.system(TenantId.next(), "test");
        var lost = new ArrayList<byte[]>();
        assertThatThrownBy(() -> transactions.run(newcomer, () -> {
                    lost.add(vault.keyedHash(newcomer, "h", "x"));
                    assertThat(vault.keyedHash(newcomer, "h", "x")).isEqualTo(lost.getFirst());
                    throw new UnsupportedOperationException("rolled back");
                }))
                .isInstanceOf(UnsupportedOperationException.class);
        var kept = transactions.write(newcomer, () -> vault.keyedHash(newcomer, "h", "x"));
        assertThat(kept).isNotEqualTo(lost.getFirst());
        tenantKeys.forget(newcomer.tenant());
        assertThat(vault.keyedHash(newcomer, "h", "x")).isEqualTo(kept);
    }

    @Test
    void everythingStillOpensAfterMasterAndTenantKeysWereRotatedAndWrappedAnew() {
        var keys = vault.newKeys(actor, 5);
        var sealed = vault.seal(actor, keys.get(3), "p", "tetap terbaca");
        var ofTenant = vault.sealForTenant(actor, "q", new byte[] {9});
        var hash = vault.keyedHash(actor, "h", "x");

        var before = mastersOfTenantKeys();
        tenantKeys.rotateMaster();
        assertThat(tenantKeys.rewrap(tenant)).isEqualTo(1);
        assertThat(tenantKeys.rotate(tenant)).isEqualTo(2);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isEqualTo(3);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isEqualTo(2);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isZero();

        assertThat(vault.openText(actor, keys.get(3), "p", sealed)).contains("tetap terbaca");
        // What was sealed for the tenant stays under the key of its time, which the new master key wraps.
        assertThat(vault.openForTenant(actor, "q", ofTenant)).isEqualTo(new byte[] {9});
        assertThat(before).hasSize(1);
        assertThat(mastersOfTenantKeys()).hasSize(2).containsOnly(before.getFirst() + 1);
        assertThat(vault.keyedHash(actor, "h", "x")).isEqualTo(hash);
    }

    private List<Integer> mastersOfTenantKeys() {
        try (var owner = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var statement = owner.prepareStatement(
                        "select master_version from privacy.tenant_key where tenant_id = ? order by version")) {
            statement.setObject(1, tenant.value());
            try (var row = statement.executeQuery()) {
                var found = new ArrayList<Integer>();
                while (row.next()) {
                    found.add(row.getInt(1));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theRunningPlatformRotatesWhenAsked() throws Exception {
        var keys = vault.newKeys(actor, 3);
        var sealed = vault.seal(actor, keys.getFirst(), "p", "tetap terbaca");
        int before = new KeyFolder(folder).master().lastKey();
        try (var owner = owner(roles)) {
            var result = new KeyRotationRequest(owner, folder, Duration.ofSeconds(30)).rotate();
            assertThat(result.master()).isEqualTo(before + 1);
            assertThat(result.contacts()).isGreaterThanOrEqualTo(3);
        }
        assertThat(vault.openText(actor, keys.getFirst(), "p", sealed)).contains("tetap terbaca");
        assertThat(new TenantKeysElsewhere().vault().openText(actor, keys.getFirst(), "p", sealed))
                .contains("tetap terbaca");
        assertThat(trail.about(actor, new id.kentongan.archive.Subject("tenant", tenant.value())))
                .anyMatch(line -> line.entry().verb().equals("privacy.keys-rotated"));
        assertThat(KeyCustody.of(folder)).isNotEqualTo(KeyCustody.EXPORTED);
    }

    /** Another node: the same database and key folder, its own memory. */
    private class TenantKeysElsewhere {
        EnvelopeVault vault() {
            var keys = new TenantKeys(transactions, jdbc, clock, master);
            return new EnvelopeVault(transactions, jdbc, keys, trail, clock);
        }
    }

    @Test
    void aNodeThatRememberedTheOldKeysOpensWhatWasWrappedByTheNewOnes() {
        var elsewhere = new TenantKeysElsewhere().vault();
        elsewhere.keyedHash(actor, "h", "remembers the tenant's keys from now on");
        var key = vault.newKeys(actor, 1).getFirst();
        var sealed = vault.seal(actor, key, "p", "tetap terbaca");
        tenantKeys.rotateMaster();
        tenantKeys.rewrap(tenant);
        tenantKeys.rotate(tenant);
        assertThat(vault.rewrapDataKeys(tenant, 10)).isEqualTo(1);
        assertThat(elsewhere.openText(actor, key, "p", sealed)).contains("tetap terbaca");
        // And what it still seals with the old key is wrapped anew by the hourly job.
        var late = elsewhere.newKeys(actor, 1).getFirst();
        var word = elsewhere.seal(actor, late, "p", "terlambat");
        assertThat(vault.openText(actor, late, "p", word)).contains("terlambat");
    }

    @Test
    void aRestoreWithImportedKeysOpensWhatWasSealedAndWithoutThemDoesNotStart() throws Exception {
        var key = vault.newKeys(actor, 1).getFirst();
        var sealed = vault.seal(actor, key, "p", "kata yang disegel");
        var backup = temporary.resolve("backup.zip");
        var exported = temporary.resolve("keys.txt");
        try (var from = owner(roles)) {
            new Backup(from, new DataFolder(temporary.resolve("no-files"))).write(backup);
        }
        new KeyTransport(folder, clock).export(exported, PASSPHRASE.clone());
        var fresh = TestDatabase.fresh();
        var restored = new DataFolder(temporary.resolve("restored"));
        try (var to = owner(fresh)) {
            new Restore(to, restored, fresh.applicationName()).read(backup);
        }

        assertThatThrownBy(() -> start(restored, fresh))
                .extracting(NestedExceptionUtils::getMostSpecificCause)
                .asString()
                .contains("keys import FILE");
        assertThat(restored.keys()).isEmptyDirectory();

        new KeyTransport(restored, clock).bringIn(exported, PASSPHRASE.clone());
        try (var application = start(restored, fresh)) {
            assertThat(application.getBean(Vault.class).open(actor, key, "p", sealed))
                    .hasValue("kata yang disegel".getBytes(UTF_8));
        }
    }

    private static ConfigurableApplicationContext start(DataFolder folder, DatabaseRoles roles) {
        return new SpringApplicationBuilder(Kentongan.class)
                .properties("spring.config.name=application")
                .run(
                        "--kentongan.data=" + folder.path(),
                        "--kentongan.database-url="
                                + url(roles.applicationUrl(), roles.applicationName(), roles.applicationPassword()),
                        "--kentongan.database-owner-url="
                                + url(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword()),
                        "--server.port=0",
                        "--spring.datasource.hikari.maximum-pool-size=4");
    }

    private static String url(String jdbc, String name, String password) {
        return jdbc.replace("jdbc:postgresql://", "postgresql://" + name + ":" + password + "@");
    }

    private static Connection owner(DatabaseRoles roles) throws Exception {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }
}
