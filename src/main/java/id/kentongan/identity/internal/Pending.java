// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.kernel.OfficerId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session between password and second factor. It opens nothing but the next step, and not for long.
 *
 * @param password names the password that was right; another one since, and the session is worth nothing
 */
record Pending(
        UUID tenant, UUID officer, Instant until, @Nullable String password) implements Serializable {
    private static final String NAME = "identity.pending";

    /** Remembers who is half signed in, under a new session id. */
    void keep(HttpServletRequest request) {
        request.getSession(true);
        request.changeSessionId();
        request.getSession(true).setAttribute(NAME, this);
    }

    static Optional<Pending> of(HttpServletRequest request, Tenant tenant, Instant now) {
        var session = request.getSession(false);
        return session != null
                        && session.getAttribute(NAME) instanceof Pending pending
                        && pending.tenant().equals(tenant.id().value())
                        && now.isBefore(pending.until())
                ? Optional.of(pending)
                : Optional.empty();
    }

    OfficerId who() {
        return new OfficerId(officer);
    }

    static void forget(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(NAME);
        }
    }
}
