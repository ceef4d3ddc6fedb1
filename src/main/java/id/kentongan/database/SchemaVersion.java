// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
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
