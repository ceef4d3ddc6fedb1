// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.kernel.Actor;
import java.util.UUID;

/** An event was parked, or somebody decided about it. Told within the transaction, for the trail. */
public record StuckEventMoved(Actor actor, UUID id, Move move, String listener, String event, int attempts) {
    public enum Move {
        PARKED,
        TRIED_AGAIN,
        SET_ASIDE
    }
}
