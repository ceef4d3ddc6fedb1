// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;

/** An agency was added or changed. */
public record AgencyChanged(TenantId tenant, AgencyId agency) {}
