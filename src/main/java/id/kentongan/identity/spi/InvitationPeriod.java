// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.spi;

import id.kentongan.kernel.Actor;
import java.time.Duration;

/** How long the one-time link of an invited officer holds; implemented by policy, which stands above identity. */
public interface InvitationPeriod {
    /** By the rule of the actor's tenant that holds today. */
    Duration of(Actor actor);
}
