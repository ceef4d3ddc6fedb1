// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.SchemaVersion;
import id.kentongan.database.StartRefusedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Refuses to start on a PostgreSQL that is too old or was last migrated by a newer Kentongan, and with an application
 * role the policies would not bind: a superuser, an owner of the tables, a member of one, or a role that bypasses
 * row-level security, could become one that does, or could make itself such a role.
 */
final class RoleCheck {
    private static final int OLDEST = 15;

    private RoleCheck() {}

    static void refuseUnsafe(DatabaseRoles roles) {
        try (var connection =
                connect(roles.applicationUrl(), roles.applicationName(), roles.applicationPassword(), "application")) {
            refuseOld(connection);
            refuseUnboundRole(connection, roles);
        } catch (SQLException e) {
            throw new StartRefusedException("The database's application role cannot be checked: " + e.getMessage(), e);
        }
        try (var connection = connect(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword(), "owner")) {
            SchemaVersion.refuseNewer(
                    connection, roles.embedded() ? "This data folder" : "The database " + roles.ownerUrl());
        } catch (SQLException e) {
            throw new StartRefusedException("The database does not close a connection: " + e.getMessage(), e);
        }
    }

    private static Connection connect(String url, String name, String password, String role) {
        try {
            return DriverManager.getConnection(url, name, password);
        } catch (SQLException e) {
            throw new StartRefusedException(
                    "The database does not answer at " + url + " as " + name + " (the " + role + "'s role): "
                            + e.getMessage() + ". Check that it runs, and name, password and database.",
                    e);
        }
    }

    private static void refuseOld(Connection connection) throws SQLException {
        var version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            throw new StartRefusedException(tooOld(version));
        }
    }

    static String tooOld(int version) {
        return "PostgreSQL " + OLDEST + " or newer is needed, and the database's is " + version
                + ". Upgrade it, or leave KENTONGAN_DATABASE_URL and KENTONGAN_DATABASE_OWNER_URL away to use the"
                + " embedded one.";
    }

    private static void refuseUnboundRole(Connection connection, DatabaseRoles roles) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select r.rolsuper,
                       r.rolname = ?,
                       exists (
                           select 1
                           from pg_roles o
                           where o.rolname = ? and pg_has_role(r.oid, o.oid, 'member')),
                       exists (
                           select 1
                           from pg_roles x
                           where (x.rolbypassrls or x.rolsuper) and pg_has_role(r.oid, x.oid, 'member')),
                       exists (
                           select 1
                           from pg_class c
                           where c.relrowsecurity and pg_has_role(r.oid, c.relowner, 'member')),
                       r.rolcreaterole
                from pg_roles r
                where r.rolname = current_user
                """)) {
            statement.setString(1, roles.ownerName());
            statement.setString(2, roles.ownerName());
            try (var row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new StartRefusedException("The application role of the database cannot be read");
                }
                if (row.getBoolean(1)) refuse("is a superuser", roles);
                if (row.getBoolean(2)) refuse("is the owner", roles);
                if (row.getBoolean(3)) refuse("is a member of the owner", roles);
                if (row.getBoolean(4)) refuse("may bypass row-level security", roles);
                if (row.getBoolean(5)) refuse("owns tables or is a member of a role that does", roles);
                if (row.getBoolean(6)) refuse("may make roles", roles);
            }
        }
    }

    private static void refuse(String why, DatabaseRoles roles) {
        throw new StartRefusedException("The database's application role " + roles.applicationName() + " " + why
                + ", so the database could not keep tenants and agencies apart. Give the application a plain role"
                + " of its own (create role … login nosuperuser nobypassrls nocreaterole), not the owner and no"
                + " member of it.");
    }
}
