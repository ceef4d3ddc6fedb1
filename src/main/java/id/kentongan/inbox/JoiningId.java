// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Ids;
import java.util.UUID;

/** Names a joining of two contacts. */
public record JoiningId(UUID value) {
    public static JoiningId next() {
        return new JoiningId(Ids.next());
    }

    public static JoiningId parse(String text) {
        return new JoiningId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
