// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.Item;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What a network confirms of ours: read back, and sent after all where that was not known. */
@Component
class ReadBack {
    private final OutgoingStore store;
    private final Trail trail;
    private final ApplicationEventPublisher events;

    ReadBack(OutgoingStore store, Trail trail, ApplicationEventPublisher events) {
        this.store = store;
        this.trail = trail;
        this.events = events;
    }

    /** In the intake's transaction. */
    void take(Actor actor, List<ReceivedItem> items) {
        for (var each : items) {
            if (each.item() instanceof Item.Returned returned) {
                store.returned(each.account(), returned.targetKey(), returned.code())
                        .forEach(status -> returned(actor, status, returned.code()));
            }
            if (each.item() instanceof Item.Receipt receipt) {
                store.confirm(each.account(), receipt.targetKey(), receipt.at())
                        .forEach(confirmed -> told(actor, confirmed, receipt.state()));
            }
        }
    }

    private void returned(Actor actor, OutgoingStatus status, String code) {
        trail.record(
                actor, TrailEntry.of("channel.returned", "outgoing", status.id().value(), Map.of("code", code)));
        events.publishEvent(new DeliveryFailed(
                actor.tenant(), status.id(), status.account(), status.state(), code, status.about()));
    }

    private void told(Actor actor, OutgoingStore.Confirmed confirmed, String state) {
        var status = confirmed.status();
        var remote = status.remoteKey();
        trail.record(
                actor,
                TrailEntry.of(
                        "channel.confirmed",
                        "outgoing",
                        status.id().value(),
                        Map.of("state", state, "remote", remote == null ? "" : remote)));
        if (confirmed.before() != OutgoingStatus.State.SENT) {
            events.publishEvent(
                    new Delivered(actor.tenant(), status.id(), status.account(), status.remoteKey(), status.about()));
        }
    }
}
