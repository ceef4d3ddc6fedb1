// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.WithDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@WithDatabase
class VaultIntegrationTests {
    @Autowired
    Vault vault;

    @Autowired
    SealedFiles files;

    @Autowired
    ActorTransactions transactions;

    private final Actor actor = Actor.system(TenantId.next(), "test");
    private final Actor other = Actor.system(TenantId.next(), "test");

    @Test
    void whatIsSealedOpensForItsPurposeAndKeyOnly() {
        var keys = vault.newKeys(actor, 2);
        var sealed = vault.seal(actor, keys.get(0), "test.handle", "@wati@warga.example");
        assertThat(new String(sealed, UTF_8)).doesNotContain("wati");
        assertThat(vault.openText(actor, keys.get(0), "test.handle", sealed)).contains("@wati@warga.example");
        assertThatThrownBy(() -> vault.open(actor, keys.get(0), "test.name", sealed))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vault.open(actor, keys.get(1), "test.handle", sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theSameTextSealsDifferentlyAndHashesTheSame() {
        var key = vault.newKeys(actor, 1).getFirst();
        assertThat(vault.seal(actor, key, "p", "x")).isNotEqualTo(vault.seal(actor, key, "p", "x"));
        assertThat(vault.keyedHash(actor, "p", "x")).isEqualTo(vault.keyedHash(actor, "p", "x"));
        assertThat(vault.keyedHash(actor, "p", "x"))
                .isNotEqualTo(vault.keyedHash(other, "p", "x"))
                .isNotEqualTo(vault.keyedHash(actor, "q", "x"));
    }

    @Test
    void aDestroyedKeyTakesEverythingWithIt() {
        var key = vault.newKeys(actor, 1).getFirst();
        var sealed = vault.seal(actor, key, "p", "rahasia");
        var content = vault.sealContent(actor, key, "words", "panjang".getBytes(UTF_8));
        var file = files.store(actor, key, new byte[] {1, 2, 3});
        assertThat(files.read(actor, key, file)).hasValue(new byte[] {1, 2, 3});
        vault.destroy(actor, key);
        assertThat(vault.open(actor, key, "p", sealed)).isEmpty();
        assertThat(vault.openContent(actor, key, "words", content)).isEmpty();
        assertThat(files.read(actor, key, file)).isEmpty();
    }

    @Test
    void aKeyWithANameIsMadeOnceAndDestroyedForGood() {
        var name = DataKeyId.next();
        vault.haveKeys(actor, List.of(name));
        var sealed = vault.seal(actor, name, "p", "tetap");
        vault.haveKeys(actor, List.of(name));
        assertThat(vault.openText(actor, name, "p", sealed)).hasValue("tetap");
        vault.destroy(actor, name);
        vault.haveKeys(actor, List.of(name));
        assertThat(vault.open(actor, name, "p", sealed)).isEmpty();
        assertThatThrownBy(() -> vault.seal(actor, name, "p", "baru")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aTenantsValueDoesNotOpenForAnother() {
        var sealed = vault.sealForTenant(actor, "channel.credentials", "token".getBytes(UTF_8));
        assertThat(vault.openForTenant(actor, "channel.credentials", sealed)).isEqualTo("token".getBytes(UTF_8));
        assertThatThrownBy(() -> vault.openForTenant(other, "channel.credentials", sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherTenantsDataKeyIsNotThereEvenWhileItIsKeptInMemory() {
        var ours = Actor.system(TenantId.next(), "test");
        var theirs = Actor.system(TenantId.next(), "test");
        var key = vault.newKeys(ours, 1).getFirst();
        var sealed = vault.seal(ours, key, "p", "milik kami".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(vault.open(theirs, key, "p", sealed)).isEmpty();
        assertThat(vault.open(ours, key, "p", sealed)).isPresent();
    }

    @Test
    void aKeyMadeInATransactionThatWasRolledBackOpensNothing() throws Exception {
        var made = new java.util.concurrent.atomic.AtomicReference<DataKeyId>();
        var sealed = new java.util.concurrent.atomic.AtomicReference<byte[]>();
        assertThatThrownBy(() -> transactions.run(actor, () -> {
                    var key = vault.newKeys(actor, 1).getFirst();
                    made.set(key);
                    sealed.set(vault.seal(actor, key, "p", "tidak jadi"));
                    assertThat(vault.openText(actor, key, "p", sealed.get())).contains("tidak jadi");
                    try (var others = java.util.concurrent.Executors.newSingleThreadExecutor()) {
                        var seen = others.submit(() -> vault.open(actor, key, "p", sealed.get()));
                        assertThat(seen.get())
                                .as("another transaction, before the commit")
                                .isEmpty();
                    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                        throw new IllegalStateException(e);
                    }
                    throw new UnsupportedOperationException("rolled back");
                }))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(vault.open(actor, made.get(), "p", sealed.get())).isEmpty();
        assertThatThrownBy(() -> vault.seal(actor, made.get(), "p", "x")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKeyMadeAndDestroyedInOneTransactionIsGoneInIt() {
        transactions.run(actor, () -> {
            var key = vault.newKeys(actor, 1).getFirst();
            var sealed = vault.seal(actor, key, "p", "x");
            vault.destroy(actor, key);
            assertThat(vault.open(actor, key, "p", sealed)).isEmpty();
        });
    }
}
