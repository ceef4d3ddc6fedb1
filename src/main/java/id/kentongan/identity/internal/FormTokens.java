// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/**
 * The token of forms, in a cookie and not in a session, so that a citizen's form needs none. Over https its name
 * begins with {@code __Host-}: a browser takes such a cookie from this very host alone, so that no other site of the
 * same domain can plant one whose token it knows.
 */
class FormTokens implements CsrfTokenRepository {
    static final String NAME = "form-token";
    static final String SECURE_NAME = "__Host-" + NAME;

    private final CookieCsrfTokenRepository plain = repository(NAME, false);
    private final CookieCsrfTokenRepository secure = repository(SECURE_NAME, true);

    private static CookieCsrfTokenRepository repository(String name, boolean secure) {
        var tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName(name);
        tokens.setCookiePath("/");
        tokens.setCookieCustomizer(
                cookie -> cookie.sameSite("Lax").httpOnly(true).secure(secure));
        return tokens;
    }

    private CookieCsrfTokenRepository of(HttpServletRequest request) {
        return request.isSecure() ? secure : plain;
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return of(request).generateToken(request);
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        of(request).saveToken(token, request, response);
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        return of(request).loadToken(request);
    }
}
