// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Whether a database was last migrated by a newer Kentongan, which an older one must not write to. */
public final class SchemaVersion {
    private SchemaVersion() {}

    /**
     * Refuses a database that has a migration this version does not know.
     *
     * @param where what to call the database in the refusal
     */
    public static void refuseNewer(Connection owner, String where) {
        try {
            for (var each : new Catalogue(owner).versions().entrySet()) {
                if (!known(each.getKey(), each.getValue())) {
                    throw new StartRefusedException(where + " was last used by a newer Kentongan (migration "
                            + each.getValue() + " of " + each.getKey() + " is not known here). Start that version or a"
                            + " later one on it, or choose another data folder.");
                }
            }
        } catch (SQLException e) {
            throw new StartRefusedException("The versions of " + where + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a database that this version would have to migrate first, or a newer one did: whoever works beside a
     * running platform must be of its version.
     *
     * @param where what to call the database in the refusal
     */
    public static void refuseOther(Connection owner, String where) {
        refuseNewer(owner, where);
        try {
            var versions = new Catalogue(owner).versions();
            for (var each : newest().entrySet()) {
                var version = versions.getOrDefault(each.getKey(), "0");
                if (each.getValue().compareTo(MigrationVersion.fromVersion(version)) > 0) {
                    throw new StartRefusedException(where + " is that of an older Kentongan (migration "
                            + each.getValue() + " of " + each.getKey() + " is not applied yet). Start the platform with"
                            + " this version first: ./kentongan down, then ./kentongan up.");
                }
            }
        } catch (SQLException e) {
            throw new StartRefusedException("The versions of " + where + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The newest migration of every folder that this version brings. */
    private static Map<String, MigrationVersion> newest() {
        try {
            var found = new TreeMap<String, MigrationVersion>();
            for (var each :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:db/migration/*/V*.sql")) {
                var parts = each.getURL().getPath().split("/");
                var version = MigrationVersion.fromVersion(
                        parts[parts.length - 1].substring(1).split("__")[0]);
                found.merge(parts[parts.length - 2], version, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean known(String module, String version) {
        try {
            return new PathMatchingResourcePatternResolver()
                            .getResources("classpath*:db/migration/" + module + "/V" + version + "__*.sql")
                            .length
                    > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
