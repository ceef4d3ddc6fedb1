// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.TenantId;

/** A clock of a case ran out. */
public record CaseOverdue(TenantId tenant, CaseId id, ClockKind clock) {}
