// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.DatabaseRoles;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Refuses to start with an application role the policies would not bind: a superuser, the owner, a member of
 * the owner, or a role that bypasses row-level security.
 */
final class RoleCheck {
    private RoleCheck() {}

    static void refuseUnsafe(DatabaseRoles roles) {
        try (var connection = DriverManager.getConnection(
                        roles.applicationUrl(), roles.applicationName(), roles.applicationPassword());
                var statement = connection.prepareStatement("""
                        select r.rolsuper,
                               r.rolbypassrls,
                               r.rolname = ?,
                               case when o.oid is null then false else pg_has_role(r.oid, o.oid, 'member') end,
                               current_setting('server_version_num')::int
                        from pg_roles r
                        left join pg_roles o on o.rolname = ?
                        where r.rolname = current_user
                        """)) {
            statement.setString(1, roles.ownerName());
            statement.setString(2, roles.ownerName());
            try (var row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("The application role of the database cannot be read");
                }
                if (row.getBoolean(1)) refuse("is a superuser", roles);
                if (row.getBoolean(2)) refuse("may bypass row-level security", roles);
                if (row.getBoolean(3)) refuse("is the owner", roles);
                if (row.getBoolean(4)) refuse("is a member of the owner", roles);
                if (row.getInt(5) < 150000) {
                    throw new IllegalStateException("PostgreSQL 15 or newer is needed, this one is " + row.getInt(5));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The database does not answer as " + roles.applicationName() + ": " + e.getMessage(), e);
        }
    }

    private static void refuse(String why, DatabaseRoles roles) {
        throw new IllegalStateException("The database's application role " + roles.applicationName() + " " + why
                + ", so the database could not keep tenants and agencies apart. Give the application a plain role"
                + " of its own (create role … login nosuperuser nobypassrls), not the owner and no member of it.");
    }
}
