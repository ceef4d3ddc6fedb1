// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a case. */
public record CaseId(UUID value) {
    public static CaseId next() {
        return new CaseId(Ids.next());
    }

    public static CaseId parse(String text) {
        return new CaseId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
