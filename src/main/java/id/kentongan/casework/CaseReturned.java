// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;

/** An agency gave a case that was not theirs back to the coordinating officers. */
public record CaseReturned(TenantId tenant, CaseId id, AgencyId from) {}
