// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import java.time.Instant;

/** How somebody becomes an officer: by a link that works once, by which they choose their password. */
public interface Invitations {
    /** Adds an officer who has no password yet, and makes their link. Administrators only; recorded in the trail. */
    Invited invite(Actor actor, NewOfficer officer);

    /**
     * @param token shown once and kept as a hash; {@link #path} leads to it
     * @param until when the link stops working by itself
     */
    record Invited(OfficerId officer, String token, Instant until) {
        /** Below the tenant's address. */
        public String path() {
            return "/invitation/" + token;
        }
    }
}
