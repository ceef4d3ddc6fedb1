// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;
import org.jspecify.annotations.Nullable;

/** A case was handed to an agency. */
public record CaseForwarded(
        TenantId tenant, CaseId id, @Nullable AgencyId from, AgencyId to) {}
