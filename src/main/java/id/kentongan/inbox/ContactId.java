// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a contact: somebody as one network knows them. Those that officers have joined are one {@link Person}. */
public record ContactId(UUID value) {
    public static ContactId next() {
        return new ContactId(Ids.next());
    }

    public static ContactId parse(String text) {
        return new ContactId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
