// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import java.io.Serializable;
import java.security.Principal;
import java.time.Instant;
import java.util.UUID;

/**
 * What a session knows of its officer: ids, so that roles are read fresh.
 *
 * @param at when they signed in
 * @param secondFactor whether a second factor was shown; without one the session counts at a demonstration only
 */
record SignedIn(UUID tenant, UUID officer, Instant at, boolean secondFactor) implements Serializable, Principal {
    /** The name sessions are found by. */
    @Override
    public String getName() {
        return officer.toString();
    }
}
