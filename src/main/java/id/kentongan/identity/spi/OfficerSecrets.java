// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.spi;

import id.kentongan.kernel.TenantId;

/** Seals officers' secrets (TOTP, mail addresses) for identity; implemented by privacy, which stands above it. */
public interface OfficerSecrets {
    /** Makes the keys of a tenant that is being founded, within that transaction. */
    void prepare(TenantId tenant);

    byte[] seal(TenantId tenant, String purpose, byte[] plain);

    byte[] open(TenantId tenant, String purpose, byte[] sealed);

    /** Keyed hash for looking an officer up by mail address. */
    byte[] keyedHash(TenantId tenant, String purpose, String value);
}
