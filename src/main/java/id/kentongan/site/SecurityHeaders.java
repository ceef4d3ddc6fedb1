// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/**
 * The headers every page carries: a content-security policy without inline script or style, no framing, no
 * referrer to other sites (a secret link must not travel), few browser permissions.
 *
 * <p>Whoever builds a {@code SecurityFilterChain} calls {@link #apply} on it.
 */
public interface SecurityHeaders {
    void apply(HttpSecurity http);

    /** The same headers on an answer given outside a chain. */
    void write(HttpServletResponse response);

    /** The policy itself, for responses written outside a chain. */
    String contentSecurityPolicy();
}
