// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.TenantId;

/** A case was closed. */
public record CaseClosed(TenantId tenant, CaseId id) {}
