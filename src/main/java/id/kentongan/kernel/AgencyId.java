// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.UUID;

/** Names an agency (OPD) of a tenant. */
public record AgencyId(UUID value) {
    public static AgencyId next() {
        return new AgencyId(Ids.next());
    }

    public static AgencyId parse(String text) {
        return new AgencyId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
