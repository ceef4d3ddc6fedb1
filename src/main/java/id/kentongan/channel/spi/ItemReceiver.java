// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import id.kentongan.kernel.Actor;
import java.util.List;

/**
 * Takes items in the intake's transaction, many at once, each new within its account (the engine has already stopped
 * duplicates through {@code channel.seen}). Implemented by inbox.
 */
public interface ItemReceiver {
    void receive(Actor actor, List<ReceivedItem> items);
}
