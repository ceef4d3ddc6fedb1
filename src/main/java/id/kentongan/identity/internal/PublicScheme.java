// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A request that names exactly a tenant's public address came over https, whatever brought it from the door to
 * us: cookies then carry the Secure flag and browsers are told to stay with https. A forwarding header is not
 * needed for it, so none has to be trusted. A request to a port of ours stays what it is.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class PublicScheme extends OncePerRequestFilter {
    private final Tenants tenants;

    PublicScheme(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        var host = request.getHeader("Host");
        return request.isSecure()
                || host == null
                || host.startsWith("127.")
                || host.startsWith("localhost")
                || request.getRequestURI().startsWith("/assets/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(isPublicHttps(request.getHeader("Host")) ? new Https(request) : request, response);
    }

    private boolean isPublicHttps(String host) {
        try {
            return tenants.byHost(host)
                    .map(Tenant::address)
                    .filter(address -> address.equalsIgnoreCase("https://" + host))
                    .isPresent();
        } catch (RuntimeException databaseIsAway) {
            // The error page that follows must still be drawn; nobody can sign in meanwhile.
            return false;
        }
    }

    private static final class Https extends HttpServletRequestWrapper {
        Https(HttpServletRequest request) {
            super(request);
        }

        @Override
        public boolean isSecure() {
            return true;
        }

        @Override
        public String getScheme() {
            return "https";
        }

        /** The wrapped request builds it of its own scheme. */
        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer("https://").append(getHeader("Host")).append(getRequestURI());
        }
    }
}
