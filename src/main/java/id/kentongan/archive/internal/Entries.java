// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.EntryHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Hashes a row of {@code archive.entry}. */
final class Entries {
    private Entries() {}

    static byte[] hash(ResultSet row) throws SQLException {
        return EntryHash.of(
                row.getObject("tenant_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getTimestamp("at").toInstant(),
                row.getString("actor_kind"),
                row.getObject("actor", UUID.class),
                row.getString("actor_name"),
                row.getString("verb"),
                row.getString("subject_kind"),
                row.getObject("subject_id", UUID.class),
                row.getString("facts"),
                row.getBytes("commitment"));
    }
}
