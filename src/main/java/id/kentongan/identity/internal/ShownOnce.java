// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OfficerSecrets;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * A secret on its way from the form that made it to the page that shows it, once: sealed, since sessions lie in the
 * database. A page loaded again shows it no more.
 */
@Component
class ShownOnce {
    private static final String NAME = "identity.shown-once";
    private static final String PURPOSE = "identity.shown-once";

    private final ObjectProvider<OfficerSecrets> secrets;

    ShownOnce(ObjectProvider<OfficerSecrets> secrets) {
        this.secrets = secrets;
    }

    /** @param about whose secret it is */
    private record Kept(UUID tenant, UUID about, byte[] sealed) implements Serializable {}

    void keep(HttpServletRequest request, Tenant tenant, UUID about, String secret) {
        var sealed = secrets.getObject().seal(tenant.id(), PURPOSE, secret.getBytes(StandardCharsets.UTF_8));
        request.getSession(true).setAttribute(NAME, new Kept(tenant.id().value(), about, sealed));
    }

    Optional<String> take(HttpServletRequest request, Tenant tenant, UUID about) {
        var session = request.getSession(false);
        if (session == null
                || !(session.getAttribute(NAME) instanceof Kept kept)
                || !kept.tenant().equals(tenant.id().value())
                || !kept.about().equals(about)) {
            return Optional.empty();
        }
        session.removeAttribute(NAME);
        return Optional.of(
                new String(secrets.getObject().open(tenant.id(), PURPOSE, kept.sealed()), StandardCharsets.UTF_8));
    }
}
