// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import org.jspecify.annotations.Nullable;

/** Which cases to list; null means any. */
public record CaseFilter(
        @Nullable CaseState state,
        @Nullable CaseKind kind,
        @Nullable AgencyId agency,
        boolean openOnly,
        boolean overdueOnly) {
    public static CaseFilter open() {
        return new CaseFilter(null, null, null, true, false);
    }
}
