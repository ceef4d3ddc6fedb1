// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The secret of a second factor that is being set up: sealed in the session until a code of it was right. */
@Component
class NewSecret {
    private static final String NAME = "identity.new-secret";

    private final SecondFactors factors;

    NewSecret(SecondFactors factors) {
        this.factors = factors;
    }

    private record Kept(UUID tenant, byte[] sealed) implements Serializable {}

    /** In letters; the same one until it is used, so that a page asked for twice shows one secret. */
    String shown(HttpServletRequest request, Tenant tenant) {
        if (sealed(request, tenant).isEmpty()) {
            request.getSession(true).setAttribute(NAME, new Kept(tenant.id().value(), factors.newSecret(tenant.id())));
        }
        return factors.open(tenant.id(), sealed(request, tenant).orElseThrow());
    }

    Optional<byte[]> sealed(HttpServletRequest request, Tenant tenant) {
        var session = request.getSession(false);
        return session != null
                        && session.getAttribute(NAME) instanceof Kept kept
                        && kept.tenant().equals(tenant.id().value())
                ? Optional.of(kept.sealed())
                : Optional.empty();
    }

    void forget(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(NAME);
        }
    }
}
