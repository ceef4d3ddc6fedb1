// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where networks and forms hand in what they deliver. */
public interface Intake {
    /**
     * Stores a delivery durably, sealed, before it is acknowledged, and wakes the intake worker. Returns at commit.
     */
    DeliveryId accept(Actor actor, AccountId account, Map<String, String> headers, byte[] body);

    /** Takes a form of the portal as a delivery to the web account. */
    DeliveryId acceptForm(Actor actor, WebForm form);

    /** Deliveries that failed or were not understood, newest first; bodies are opened for administrators only. */
    Page<FailedDelivery> failed(Actor actor, @Nullable String after, int limit);

    /** Puts failed or even finished deliveries through the intake again. Converges: nothing is doubled. */
    void replay(Actor actor, Collection<DeliveryId> ids);

    record FailedDelivery(
            DeliveryId id, AccountId account, Network network, Instant receivedAt, String code, int attempts) {}
}
