// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.kernel.PersonalField;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the register of personal data with the columns that are really there. */
final class PersonalColumns {
    /** Ids, numbers, flags and times say nothing about a person by themselves. Everything else is asked about. */
    private static final Set<String> SAY_NOTHING = Set.of(
            "uuid",
            "uuid[]",
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "date",
            "timestamp with time zone",
            "time without time zone");

    private final Map<String, String> columns;
    private final List<PersonalField> fields;
    private final List<String> exceptions;

    /** @param exceptions columns said not to be personal, {@code schema.table.column} or {@code schema.*} */
    PersonalColumns(Connection owner, List<PersonalField> fields, List<String> exceptions) throws SQLException {
        this.columns = columns(owner);
        this.fields = fields;
        this.exceptions = exceptions;
    }

    /** Columns nobody said anything about, and promises of the register that the column does not keep. */
    List<String> faults() {
        var registered = new HashMap<String, PersonalField>();
        fields.forEach(field -> registered.put(name(field), field));
        var faults = new ArrayList<String>();
        columns.forEach((column, type) -> {
            if (!SAY_NOTHING.contains(type) && !registered.containsKey(column) && !isListed(column)) {
                faults.add(
                        column + " (" + type + ") is neither registered by its module's PersonalDataHolder nor listed"
                                + " in db/not-personal-columns.txt");
            }
        });
        faults.addAll(brokenPromises());
        return faults;
    }

    List<String> brokenPromises() {
        var faults = new ArrayList<String>();
        for (var field : fields) {
            var type = columns.get(name(field));
            if (type == null) {
                faults.add(name(field) + " is registered as personal and is not there");
                continue;
            }
            switch (field.protection()) {
                case SEALED_BY_CONTACT, SEALED_BY_TENANT, KEYED_HASH -> {
                    // Hashes of words stand in a vector; that they are no words is seen by
                    // NothingInClearIntegrationTests.
                    var vector = field.protection() == PersonalField.Protection.KEYED_HASH && type.equals("tsvector");
                    if (!vector && !type.equals("bytea")) {
                        faults.add(name(field) + " is registered as " + field.protection() + " and is not bytea");
                    }
                }
                case ONE_WAY_HASH -> {
                    if (!Set.of("bytea", "text").contains(type)) {
                        faults.add(name(field) + " is registered as a hash and is neither bytea nor text");
                    }
                }
                case CLEAR -> {}
            }
            if (field.retention().isBlank()) {
                faults.add(name(field) + " does not say how long it is kept");
            }
        }
        return faults;
    }

    List<String> staleExceptions() {
        var registered = fields.stream().map(PersonalColumns::name).toList();
        return exceptions.stream()
                .filter(line -> registered.contains(line)
                        || columns.keySet().stream().noneMatch(column -> matches(line, column)))
                .map(line -> line + " is listed as not personal, and is not there or registered as personal")
                .toList();
    }

    /** As PostgreSQL writes it: a table whose name is a word of SQL stands in quotes. */
    static String quoted(String table) {
        return table.endsWith(".case") ? "casework.\"case\"" : table;
    }

    private boolean isListed(String column) {
        return exceptions.stream().anyMatch(line -> matches(line, column));
    }

    private static boolean matches(String line, String column) {
        return line.endsWith(".*") ? column.startsWith(line.substring(0, line.length() - 1)) : line.equals(column);
    }

    private static String name(PersonalField field) {
        return field.table() + "." + field.column();
    }

    private static Map<String, String> columns(Connection owner) throws SQLException {
        var found = new LinkedHashMap<String, String>();
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery("""
                        select n.nspname || '.' || c.relname || '.' || a.attname, format_type(a.atttypid, null)
                        from pg_class c
                        join pg_namespace n on n.oid = c.relnamespace
                        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                        where c.relkind in ('r', 'p') and not c.relispartition
                        and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
                        order by 1
                        """)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }
}
