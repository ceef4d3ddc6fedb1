// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.TenantId;

/** A postponed case is worked on again. */
public record CaseResumed(TenantId tenant, CaseId id) {}
