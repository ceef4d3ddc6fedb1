// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.spi;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.util.Optional;

/** What still needs an agency: asked before one is closed. */
public interface AgencyUse {
    /**
     * Why the agency must not be closed yet, in words for the administrator, or nothing. Asked within the closing's
     * transaction; the answer covers everything the tenant has, whatever the administrator may see of it.
     */
    Optional<Refusal> standsInTheWay(TenantId tenant, AgencyId agency);
}
