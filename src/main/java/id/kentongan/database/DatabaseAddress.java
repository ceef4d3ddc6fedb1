// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * An external PostgreSQL and the role to reach it in, as written in an environment variable:
 * {@code postgresql://name:password@host:port/database}, special characters percent-encoded, JDBC parameters after
 * a question mark.
 *
 * @param url for JDBC, without name and password
 */
public record DatabaseAddress(String url, String name, String password) {
    /** @param variable named in the refusal when the text has another form */
    public static DatabaseAddress parse(String text, String variable) {
        try {
            var uri = URI.create(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
            var user = uri.getRawUserInfo();
            var scheme = uri.getScheme() == null ? "" : uri.getScheme();
            if (scheme.matches("postgres(ql)?") && uri.getHost() != null && user != null && user.contains(":")) {
                var colon = user.indexOf(':');
                var port = uri.getPort() < 0 ? 5432 : uri.getPort();
                var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                return new DatabaseAddress(
                        "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query,
                        URLDecoder.decode(user.substring(0, colon), StandardCharsets.UTF_8),
                        URLDecoder.decode(user.substring(colon + 1), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            // Not repeated in the message: it may hold the password.
        }
        throw new StartRefusedException(variable
                + " must look like postgresql://name:password@host:5432/database, special characters percent-encoded");
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + url + " as " + name + "]";
    }
}
