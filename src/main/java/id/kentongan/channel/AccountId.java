// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names an account of the tenant on a network. */
public record AccountId(UUID value) {
    public static AccountId next() {
        return new AccountId(Ids.next());
    }

    public static AccountId parse(String text) {
        return new AccountId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
