// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.privacy.Vault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * The browser that has just sent a report is known by a cookie that only the sending gives: for it the receipt waits
 * until the case is there. Whoever else asks for a receipt is answered at once, and counted like everybody who guesses.
 * A signed cookie and no session, so that any node knows it and nothing is kept of who visited.
 */
@Component
class JustSent {
    static final String COOKIE = "terkirim";
    private static final Duration SHORT = Duration.ofMinutes(10);

    private final Vault vault;

    JustSent(Vault vault) {
        this.vault = vault;
    }

    void mark(Visit visit, String secret, HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(COOKIE, sign(visit, secret))
                        .path("/lacak/r")
                        .maxAge(SHORT)
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Lax")
                        .build()
                        .toString());
    }

    boolean by(Visit visit, String secret, HttpServletRequest request) {
        var cookie = WebUtils.getCookie(request, COOKIE);
        return cookie != null
                && MessageDigest.isEqual(
                        cookie.getValue().getBytes(StandardCharsets.UTF_8),
                        sign(visit, secret).getBytes(StandardCharsets.UTF_8));
    }

    private String sign(Visit visit, String secret) {
        return HexFormat.of().formatHex(vault.keyedHash(visit.actor(), "portal.just-sent", secret));
    }
}
