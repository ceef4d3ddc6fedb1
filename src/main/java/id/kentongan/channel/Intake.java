// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where networks and forms hand in what they deliver. */
public interface Intake {
    /**
     * Stores a delivery durably, sealed, before it is acknowledged, and wakes the intake worker. Returns at commit.
     */
    DeliveryId accept(Actor actor, AccountId account, Map<String, String> headers, byte[] body);

    /** Takes a form of the portal as a delivery to the web account. */
    DeliveryId acceptForm(Actor actor, WebForm form);

    /** Deliveries that failed or were not understood, newest first; for administrators and auditors. */
    Page<FailedDelivery> failed(Actor actor, @Nullable String after, int limit);

    /** Puts failed or even finished deliveries through the intake again. Converges: nothing is doubled. */
    void replay(Actor actor, Collection<DeliveryId> ids);

    /**
     * What somebody said under these remote keys, or changed it to, is to be destroyed: the raw deliveries that hold
     * it lose their body, and can be replayed no more.
     */
    void forget(Actor actor, Collection<String> remoteKeys);

    /** The same of one remote key, as far as it is this author who said it; nobody else takes it back. */
    void forget(Actor actor, String remoteKey, String authorKey);

    /** Why deliveries failed, each reason with how many, the most frequent first. */
    List<FailureReason> failures(Actor actor);

    /** Puts everything that failed through the intake again, or only what failed for this reason; tells how many. */
    int replayFailed(Actor actor, @Nullable String code);

    /** One failed delivery. */
    FailedDelivery failed(Actor actor, DeliveryId id);

    /**
     * A failed delivery as it came. Administrators and auditors, and only after a reason was stated for it
     * ({@code ReadingLog.stateReason} with the subject {@code delivery}); absent otherwise. Of a form of the portal
     * nobody sees the key and the token of the reporter's link, and only the confidential circle what a confidential,
     * anonymous or whistle-blowing one says.
     */
    Optional<RawContent> content(Actor actor, DeliveryId id);

    record FailureReason(String code, int count, Instant newest) {}

    /** @param headers names in lower case */
    record RawContent(Map<String, String> headers, byte[] body) {}

    record FailedDelivery(
            DeliveryId id, AccountId account, Network network, Instant receivedAt, String code, int attempts) {}
}
