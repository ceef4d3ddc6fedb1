// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.TenantId;

/** A case was opened. */
public record CaseOpened(TenantId tenant, CaseId id) {}
