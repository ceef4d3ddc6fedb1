// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;

/** The citizen was answered. */
public record CaseAnswered(TenantId tenant, CaseId id, AgencyId agency) {}
