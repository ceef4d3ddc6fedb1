// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The running request, and what is looked up once for it. */
final class Requests {
    private static final String PLACE = Requests.class.getName() + ".place";

    private Requests() {}

    static Optional<HttpServletRequest> current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Optional.of(attributes.getRequest())
                : Optional.empty();
    }

    /** The page is drawn without a place, and nobody is asked for it. */
    static void knowNoPlace(HttpServletRequest request) {
        request.setAttribute(PLACE, Optional.empty());
    }

    static Optional<SiteContext.Place> place(HttpServletRequest request, ObjectProvider<SiteContext> context) {
        if (request.getAttribute(PLACE) instanceof Optional<?> known) {
            return known.map(SiteContext.Place.class::cast);
        }
        Optional<SiteContext.Place> found;
        try {
            found = Optional.ofNullable(context.getIfAvailable()).flatMap(c -> c.place(request));
        } catch (RuntimeException e) {
            // An error page must be drawn even when the database is away.
            found = Optional.empty();
        }
        request.setAttribute(PLACE, found);
        return found;
    }
}
