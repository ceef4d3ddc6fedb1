// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.DatabaseRoles;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the data are.
 *
 * @param data the folder of the installation's data; the embedded PostgreSQL, keys and files live below it
 * @param databaseUrl an external PostgreSQL (15 or newer) in the application's role,
 *     {@code postgresql://name:password@host:port/database}; empty starts the embedded one.
 *     Environment: {@code KENTONGAN_DATABASE_URL}
 * @param databaseOwnerUrl the same database in the owner's role, for migrations and backup.
 *     Environment: {@code KENTONGAN_DATABASE_OWNER_URL}
 */
@ConfigurationProperties("kentongan")
record DatabaseSettings(
        @DefaultValue("data") String data,
        @DefaultValue("") String databaseUrl,
        @DefaultValue("") String databaseOwnerUrl) {

    boolean external() {
        if (databaseUrl.isBlank() != databaseOwnerUrl.isBlank()) {
            throw new IllegalStateException(
                    "Set both KENTONGAN_DATABASE_URL (application role) and KENTONGAN_DATABASE_OWNER_URL (owner role), or neither");
        }
        return !databaseUrl.isBlank();
    }

    DatabaseRoles externalRoles() {
        var application = Address.parse(databaseUrl, "KENTONGAN_DATABASE_URL");
        var owner = Address.parse(databaseOwnerUrl, "KENTONGAN_DATABASE_OWNER_URL");
        return new DatabaseRoles(
                owner.url, owner.name, owner.password, application.url, application.name, application.password, false);
    }

    private record Address(String url, String name, String password) {
        static Address parse(String text, String variable) {
            var plain = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
            var uri = URI.create(plain);
            var user = uri.getRawUserInfo();
            if (uri.getHost() == null || user == null || !user.contains(":")) {
                throw new IllegalStateException(
                        variable + " must look like postgresql://name:password@host:5432/database");
            }
            var colon = user.indexOf(':');
            var port = uri.getPort() < 0 ? 5432 : uri.getPort();
            var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new Address(
                    "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query,
                    URLDecoder.decode(user.substring(0, colon), StandardCharsets.UTF_8),
                    URLDecoder.decode(user.substring(colon + 1), StandardCharsets.UTF_8));
        }
    }
}
