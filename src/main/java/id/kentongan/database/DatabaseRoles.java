// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

/**
 * How to reach the database in its two roles: the owner (migrations, backup) and the application.
 *
 * @param embedded whether this installation started the PostgreSQL itself
 */
public record DatabaseRoles(
        String ownerUrl,
        String ownerName,
        String ownerPassword,
        String applicationUrl,
        String applicationName,
        String applicationPassword,
        boolean embedded) {
    @Override
    public String toString() {
        return "DatabaseRoles[" + applicationUrl + " as " + applicationName + ", owner " + ownerName + "]";
    }
}
