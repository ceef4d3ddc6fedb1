// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a data key: one per contact, wrapped by the tenant's key. Destroying it is erasure. */
public record DataKeyId(UUID value) {
    public static DataKeyId next() {
        return new DataKeyId(Ids.next());
    }

    public static DataKeyId parse(String text) {
        return new DataKeyId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
