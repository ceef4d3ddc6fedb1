// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.DatabaseAddress;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.StartRefusedException;
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
            throw new StartRefusedException(
                    "Set both KENTONGAN_DATABASE_URL (application role) and KENTONGAN_DATABASE_OWNER_URL (owner role), or neither");
        }
        return !databaseUrl.isBlank();
    }

    DatabaseRoles externalRoles() {
        var application = DatabaseAddress.parse(databaseUrl, "KENTONGAN_DATABASE_URL");
        var owner = DatabaseAddress.parse(databaseOwnerUrl, "KENTONGAN_DATABASE_OWNER_URL");
        return new DatabaseRoles(
                owner.url(),
                owner.name(),
                owner.password(),
                application.url(),
                application.name(),
                application.password(),
                false);
    }
}
