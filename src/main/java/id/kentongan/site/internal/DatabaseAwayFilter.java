// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A database that is away or has no space left is told as 503 with a time to come back, to people in their language and
 * to other servers, which then deliver again. Outermost, because the session is already looked up in the database.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAwayFilter extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(DatabaseAwayFilter.class);
    static final String COME_BACK_SECONDS = "60";
    private static final Pattern SECRETS = Pattern.compile("^(/lacak/r/|/nilai/|/invitation/).*");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | IOException | RuntimeException failed) {
            if (response.isCommitted() || request.isAsyncStarted() || !isAway(failed)) {
                throw failed;
            }
            log.warn("{} {} is answered with 503: {}", request.getMethod(), shown(request), root(failed));
            response.resetBuffer();
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader("Retry-After", COME_BACK_SECONDS);
            response.setHeader("Cache-Control", "no-store");
            // The error page asks the database for nothing then.
            Requests.knowNoPlace(request);
            request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, request.getRequestURI());
            request.getRequestDispatcher("/error").forward(request, response);
        }
    }

    /** An address without what opens something to whoever knows it: links of reporters and of invited officers. */
    static String shown(HttpServletRequest request) {
        return SECRETS.matcher(request.getRequestURI()).replaceFirst("$1…");
    }

    static boolean isAway(Throwable failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof CannotCreateTransactionException
                    || each instanceof SQLTransientConnectionException
                    || each instanceof RefusalException refused
                            && refused.refusal().kind() == Refusal.Kind.UNAVAILABLE
                    || each instanceof SQLException sql && tellsOfTheServer(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Connection lost (08), resources such as the disk exhausted (53), shut down by its operator (57P), disk (58). */
    private static boolean tellsOfTheServer(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.startsWith("58"));
    }

    private static String root(Throwable failed) {
        var root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }
}
