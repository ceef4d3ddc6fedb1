// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.AgencyId;
import org.jspecify.annotations.Nullable;

/**
 * An agency (OPD, kecamatan, UPT) of a tenant.
 *
 * @param code stable short code within the tenant, "dpupr"
 * @param shortName "Dinas PUPR"
 * @param duties what it is for, in a few plain words for citizens: "jalan, drainase, air"
 */
public record Agency(
        AgencyId id,
        @Nullable AgencyId parent,
        String code,
        String name,
        String shortName,
        String duties,
        boolean active) {}
