// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.UUID;

/** Names a local government (pemda) whose data stand apart from every other's. */
public record TenantId(UUID value) {
    public static TenantId next() {
        return new TenantId(Ids.next());
    }

    public static TenantId parse(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
