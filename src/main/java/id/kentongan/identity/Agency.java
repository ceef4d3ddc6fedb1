// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.AgencyId;
import java.util.regex.Pattern;
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
        boolean active) {
    public static final int LONGEST_NAME = 120;
    public static final int LONGEST_SHORT_NAME = 40;
    public static final int LONGEST_DUTIES = 200;

    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{1,29}");

    /** Two to thirty small letters, digits and hyphens. */
    public static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }
}
