// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.WithDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@WithDatabase
class KeyRotationIntegrationTests {
    @Autowired
    EnvelopeVault vault;

    @Autowired
    TenantKeys tenantKeys;

    @Test
    void everythingStillOpensAfterMasterAndTenantKeysWereRotatedAndWrappedAnew() {
        var tenant = TenantId.next();
        var actor = Actor.system(tenant, "test");
        var keys = vault.newKeys(actor, 5);
        var sealed = vault.seal(actor, keys.get(3), "p", "tetap terbaca");
        var ofTenant = vault.sealForTenant(actor, "q", new byte[] {9});
        var hash = vault.keyedHash(actor, "h", "x");

        tenantKeys.rotateMaster();
        assertThat(tenantKeys.rewrap(tenant)).isEqualTo(1);
        assertThat(tenantKeys.rotate(tenant)).isEqualTo(2);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isEqualTo(3);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isEqualTo(2);
        assertThat(vault.rewrapDataKeys(tenant, 3)).isZero();

        assertThat(vault.openText(actor, keys.get(3), "p", sealed)).contains("tetap terbaca");
        assertThat(vault.openForTenant(actor, "q", ofTenant)).isEqualTo(new byte[] {9});
        assertThat(vault.keyedHash(actor, "h", "x")).isEqualTo(hash);
    }
}
