// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads PostgreSQL's catalogue for backup and restore: our tables are all that no extension brought. */
final class Catalogue {
    private static final String OURS = """
            n.nspname <> 'information_schema'
            and n.nspname not like 'pg\\_%'
            and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
            """;
    private static final String HISTORY = "flyway_schema_history";

    private final Connection connection;

    Catalogue(Connection connection) {
        this.connection = connection;
    }

    /** Tables by their quoted names, partitioned ones once; histories of migrations left out. */
    List<String> tables() throws SQLException {
        return strings("""
                select format('%I.%I', n.nspname, c.relname)
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and not c.relispartition
                and not (n.nspname = 'public' and c.relname like 'flyway%')
                and """ + " " + OURS + " order by 1");
    }

    List<String> columns(String table) throws SQLException {
        return strings("select quote_ident(attname) from pg_attribute where attrelid = '" + literal(table)
                + "'::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum");
    }

    List<BackupManifest.Partition> partitions() throws SQLException {
        var found = new ArrayList<BackupManifest.Partition>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select i.inhparent::regclass::text, format('%I.%I', n.nspname, c.relname),
                            pg_get_expr(c.relpartbound, c.oid)
                        from pg_class c
                        join pg_namespace n on n.oid = c.relnamespace
                        join pg_inherits i on i.inhrelid = c.oid
                        where c.relispartition and c.relkind = 'r'
                        order by 2
                        """)) {
            while (rows.next()) {
                found.add(new BackupManifest.Partition(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return found;
    }

    Map<String, Long> sequences() throws SQLException {
        var found = new TreeMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select format('%I.%I', schemaname, sequencename), last_value
                        from pg_sequences
                        where last_value is not null
                        """)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
            }
        }
        return found;
    }

    /** The newest migration of each history, by the folder it came from; {@code __root} is the shared one. */
    Map<String, String> versions() throws SQLException {
        var versions = new TreeMap<String, String>();
        for (var table : strings("""
                select tablename from pg_tables
                where schemaname = 'public' and tablename like 'flyway\\_schema\\_history%'
                """)) {
            var newest = strings("select version from public.\"" + table.replace("\"", "\"\"")
                    + "\" where success and version is not null and type <> 'BASELINE'"
                    + " order by installed_rank desc limit 1");
            if (!newest.isEmpty()) {
                versions.put(module(table), newest.getFirst());
            }
        }
        return versions;
    }

    private static String module(String history) {
        return history.equals(HISTORY) ? "__root" : history.substring(HISTORY.length() + 1);
    }

    /** Whether a tenant has left a row anywhere. */
    boolean isEmpty() throws SQLException {
        for (var table : tables()) {
            if (columns(table).contains("tenant_id")
                    && !strings("select 'row' from " + table + " limit 1").isEmpty()) {
                return false;
            }
        }
        return true;
    }

    List<String> strings(String sql) throws SQLException {
        var found = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private static String literal(String text) {
        return text.replace("'", "''");
    }
}
