// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * Remembers, in a cookie that the browser cannot make itself, that an officer has signed in there with password and
 * second factor. It opens nothing: it only spares that browser the delays that others cause by guessing at the same
 * account (the device cookie of the OWASP guide on online guessing).
 */
@Component
class KnownBrowsers {
    static final String COOKIE = "known-browser";
    private static final String PURPOSE = "identity.known-browser";
    private static final Duration KEPT = Duration.ofDays(180);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final ObjectProvider<OfficerSecrets> secrets;

    KnownBrowsers(ActorTransactions transactions, JdbcClient jdbc, ObjectProvider<OfficerSecrets> secrets) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** The browser's name, when it was given to it for that account. */
    Optional<String> of(Tenant tenant, String mail, HttpServletRequest request) {
        var cookie = WebUtils.getCookie(request, COOKIE);
        var parts = cookie == null ? new String[0] : cookie.getValue().split("\\.", -1);
        if (parts.length != 2 || !parts[0].matches("[A-Za-z0-9_-]{22}")) {
            return Optional.empty();
        }
        var account =
                secrets.getObject().keyedHash(tenant.id(), DatabaseOfficers.MAIL, DatabaseOfficers.normalised(mail));
        var expected = proof(tenant.id(), parts[0], account);
        return MessageDigest.isEqual(expected.getBytes(UTF_8), parts[1].getBytes(UTF_8))
                ? Optional.of(parts[0])
                : Optional.empty();
    }

    void remember(Tenant tenant, OfficerId officer, HttpServletRequest request, HttpServletResponse response) {
        var account = transactions.read(
                SecondFactors.system(tenant.id()),
                () -> jdbc.sql("select mail_hash from identity.officer where id = ?")
                        .param(officer.value())
                        .query((row, n) -> row.getBytes(1))
                        .single());
        var name = new byte[16];
        RANDOM.nextBytes(name);
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(name);
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(COOKIE, text + "." + proof(tenant.id(), text, account))
                        .path("/sign-in")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Lax")
                        .maxAge(KEPT)
                        .build()
                        .toString());
    }

    private String proof(TenantId tenant, String name, byte[] account) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(secrets.getObject()
                        .keyedHash(tenant, PURPOSE, name + ' ' + HexFormat.of().formatHex(account)));
    }
}
