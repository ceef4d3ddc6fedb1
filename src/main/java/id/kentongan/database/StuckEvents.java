// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.UUID;

/**
 * Events that a listener keeps failing on. Each is handed to it again, later each time; after the last try it is parked
 * until an administrator decides. Every decision, and the parking itself, is told as {@link StuckEventMoved} within its
 * transaction.
 */
public interface StuckEvents {
    /** The tenant's, parked ones first, then by age; for administrators and auditors. */
    List<StuckEvent> all(Actor actor);

    /** How many are parked; zero for whoever may not see them. */
    int parked(Actor actor);

    /** Hands it out again at once, with all its tries. Once asked, asking again changes nothing. */
    void tryAgain(Actor actor, UUID id);

    /** Takes it away for good: the listener never hears of it. */
    void setAside(Actor actor, UUID id);
}
