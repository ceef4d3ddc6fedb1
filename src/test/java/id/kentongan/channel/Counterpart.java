// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A network as a contract test plays it: what it holds of ours, and how it treats what is sent to it. */
public interface Counterpart {
    enum Manner {
        TAKES,
        /** Takes nothing and says that it is in trouble. */
        IN_TROUBLE,
        /** Takes nothing and asks to wait for {@link #WAIT}. */
        ASKS_TO_WAIT,
        /** Takes nothing and never will. */
        REFUSES,
        /** No connection can be made. */
        UNREACHABLE,
        /** Takes it, and the connection breaks before it says so. */
        TAKES_WITHOUT_A_WORD,
        /** Will take nothing from this account any more. */
        SHUTS_OUT;

        public static final Duration WAIT = Duration.ofMinutes(2);
    }

    /** From now on; false where the network has no such way. */
    boolean behaves(Manner manner);

    /** What it holds of ours now: each message once, as it stands after its changes. */
    Collection<Arrived> holds();

    /** @param pictures the words that describe each */
    record Arrived(String text, Audience audience, List<String> pictures) {}
}
