// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.StuckEventMoved;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What becomes of events that a listener fails on; the database lies below the trail and cannot record it itself. */
@Component
class StuckEventTrail {
    private final Trail trail;

    StuckEventTrail(Trail trail) {
        this.trail = trail;
    }

    @EventListener
    void on(StuckEventMoved event) {
        var verb = switch (event.move()) {
            case PARKED -> "database.event-parked";
            case TRIED_AGAIN -> "database.event-tried-again";
            case SET_ASIDE -> "database.event-set-aside";
        };
        trail.record(
                event.actor(),
                TrailEntry.of(
                        verb,
                        "event",
                        event.id(),
                        Map.of(
                                "listener",
                                event.listener(),
                                "event",
                                event.event(),
                                "attempts",
                                "" + event.attempts())));
    }
}
