// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What we say. The row is written in the transaction of the decision; a sender takes it from there. */
public interface Outbox {
    /** Submits once per idempotency key; a repeat returns the first one's id and changes nothing. */
    OutgoingId submit(Actor actor, Outgoing outgoing);

    Map<OutgoingId, OutgoingStatus> statuses(Actor actor, Collection<OutgoingId> ids);

    /** What stands unknown or refused, for an officer to settle. */
    List<OutgoingStatus> troubled(Actor actor);

    /** An officer settles an unknown or refused one: sent after all, or send again. */
    void settle(Actor actor, OutgoingId id, boolean wasSent);
}
