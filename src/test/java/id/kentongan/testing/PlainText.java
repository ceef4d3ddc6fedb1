// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.kernel.PersonalField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks through every column of every table, and through files, for words that must not be readable there. */
public final class PlainText {
    private PlainText() {}

    /**
     * Columns in which one of the words stands as it is, in hexadecimal or in Base64.
     *
     * @param owner sees every row
     * @param register columns it says are kept in clear are left out
     */
    public static List<String> inTables(Connection owner, List<PersonalField> register, Collection<String> words)
            throws SQLException {
        var clear = register.stream()
                .filter(field -> field.protection() == PersonalField.Protection.CLEAR)
                .map(field -> field.table() + "." + field.column())
                .collect(Collectors.toSet());
        var found = new ArrayList<String>();
        for (var column : columns(owner)) {
            if (clear.contains(column.name())) {
                continue;
            }
            for (var word : words) {
                for (var form : forms(word)) {
                    if (holds(owner, column, form)) {
                        found.add(column.name() + " holds '" + word + "' as " + form);
                    }
                }
            }
        }
        return found;
    }

    /** Files below the folder in which one of the words stands. */
    public static List<String> inFiles(Path folder, Collection<String> words) throws IOException {
        try (var walk = Files.walk(folder)) {
            var found = new ArrayList<String>();
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (var word : words) {
                    for (var form : forms(word)) {
                        if (text.contains(form)) {
                            found.add(file + " holds '" + word + "' as " + form);
                        }
                    }
                }
            }
            return found;
        }
    }

    private record Column(String name, String table, String quoted, boolean bytes) {}

    private static List<Column> columns(Connection owner) throws SQLException {
        var columns = new ArrayList<Column>();
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery("""
                        select n.nspname || '.' || c.relname || '.' || a.attname,
                            format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), a.atttypid = 'bytea'::regtype
                        from pg_class c
                        join pg_namespace n on n.oid = c.relnamespace
                        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                        where c.relkind in ('r', 'p') and not c.relispartition
                        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                        and format_type(a.atttypid, null) not in
                            ('uuid', 'boolean', 'smallint', 'integer', 'bigint', 'date', 'timestamp with time zone')
                        """)) {
            while (rows.next()) {
                columns.add(new Column(rows.getString(1), rows.getString(2), rows.getString(3), rows.getBoolean(4)));
            }
        }
        return columns;
    }

    private static boolean holds(Connection owner, Column column, String form) throws SQLException {
        var condition = column.bytes()
                ? "position(convert_to(?, 'UTF8') in " + column.quoted() + ") > 0"
                : "position(lower(?) in lower(" + column.quoted() + "::text)) > 0";
        try (var statement = owner.prepareStatement(
                "select exists (select 1 from " + column.table() + " where " + condition + ")")) {
            statement.setString(1, form);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** As it is, in hexadecimal, and in Base64 at each of the three places at which it may begin. */
    private static Set<String> forms(String word) {
        var bytes = word.getBytes(StandardCharsets.UTF_8);
        var forms = new LinkedHashSet<String>();
        forms.add(word);
        forms.add(HexFormat.of().formatHex(bytes));
        for (var offset = 0; offset < 3; offset++) {
            var shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            var text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // What depends on the bytes before and after is left out.
            forms.add(text.substring(offset == 0 ? 0 : offset + 1, text.length() - 1));
        }
        return forms;
    }
}
