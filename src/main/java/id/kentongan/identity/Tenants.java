// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.TenantId;
import java.util.List;
import java.util.Optional;

/** The tenants of this installation. Finding one by host or account goes through one definer function. */
public interface Tenants {
    List<Tenant> all();

    Optional<Tenant> byHost(String host);

    Tenant get(TenantId id);

    /** Makes a tenant; only the launcher and the demonstration call this. */
    Tenant found(Tenant tenant);
}
