// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.UUID;

/** Names an officer of a tenant. */
public record OfficerId(UUID value) {
    public static OfficerId next() {
        return new OfficerId(Ids.next());
    }

    public static OfficerId parse(String text) {
        return new OfficerId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
