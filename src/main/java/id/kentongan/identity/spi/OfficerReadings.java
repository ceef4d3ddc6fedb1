// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.spi;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;

/** Notes who was shown an officer's personal data; implemented by privacy, which stands above identity. */
public interface OfficerReadings {
    /** Notes the reading. False for an auditor who has not lately said why; the data stay hidden then. */
    boolean mayRead(Actor actor, OfficerId officer);

    /** An auditor says why; recorded in the trail. */
    void stateReason(Actor actor, OfficerId officer, String reason);
}
