// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the import knows: five tables with their columns. Sheets, files and columns may bear the Indonesian or the
 * English name; how it is written otherwise does not matter.
 */
enum Table {
    AGENCIES("Perangkat Daerah", "Agencies", Column.CODE, Column.NAME, Column.SHORT, Column.PARENT, Column.DUTIES),
    OFFICERS("Petugas", "Officers", Column.NAME, Column.MAIL, Column.AGENCY, Column.ROLES, Column.CIRCLE),
    CATEGORIES("Kategori", "Categories", Column.NAME, Column.CATEGORY_AGENCY, Column.NOTE),
    RULES(
            "Aturan",
            "Rules",
            Column.TITLE,
            Column.WORDS,
            Column.NETWORK,
            Column.DISTRICT,
            Column.KIND,
            Column.CATEGORY,
            Column.CATEGORY_AGENCY,
            Column.SOURCE,
            Column.FROM,
            Column.UNTIL),
    ANSWERS("Jawaban", "Answers", Column.TITLE, Column.TEXT);

    /** @param needed whether every row must fill it */
    enum Column {
        CODE("kode", "code", true),
        NAME("nama", "name", true),
        SHORT("nama singkat", "short name", true),
        PARENT("induk", "parent", false),
        DUTIES("tugas", "duties", true),
        MAIL("surel", "mail", true),
        AGENCY("perangkat daerah", "agency", true),
        ROLES("peran", "roles", true),
        CIRCLE("lingkar rahasia", "circle", false),
        CATEGORY_AGENCY("perangkat daerah", "agency", false),
        NOTE("keterangan", "note", false),
        TITLE("judul", "title", true),
        WORDS("kata", "words", false),
        NETWORK("kanal", "network", false),
        DISTRICT("kecamatan", "district", false),
        KIND("jenis", "kind", false),
        CATEGORY("kategori", "category", false),
        SOURCE("dasar", "source", true),
        FROM("mulai", "from", false),
        UNTIL("sampai", "until", false),
        TEXT("isi", "text", true);

        final String indonesian;
        final String english;
        final boolean needed;

        Column(String indonesian, String english, boolean needed) {
            this.indonesian = indonesian;
            this.english = english;
            this.needed = needed;
        }

        boolean isCalled(String name) {
            return plain(name).equals(plain(indonesian)) || plain(name).equals(plain(english));
        }
    }

    /** The sheet that explains the others. */
    static final String INSTRUCTIONS = "Petunjuk";

    private static final List<String> UNREAD = List.of(INSTRUCTIONS, "Instructions");

    final String indonesian;
    final String english;
    final List<Column> columns;

    Table(String indonesian, String english, Column... columns) {
        this.indonesian = indonesian;
        this.english = english;
        this.columns = List.of(columns);
    }

    static Optional<Table> called(String name) {
        for (var each : values()) {
            if (plain(name).equals(plain(each.indonesian)) || plain(name).equals(plain(each.english))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    static boolean isUnread(String name) {
        return UNREAD.stream().anyMatch(each -> plain(each).equals(plain(name)));
    }

    /** Letters and digits alone, small. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** One filled row, by column. */
    record Line(Place place, Map<Column, String> values) {
        /** Empty when it was left blank. */
        String get(Column column) {
            return values.getOrDefault(column, "");
        }

        Place at(Column column) {
            return place.at(column);
        }
    }

    /** @param heading what the column is called in the file, or empty for the whole row */
    record Place(String sheet, int row, Map<Column, Integer> columns, String heading, int column) {
        Place at(Column wanted) {
            var index = columns.getOrDefault(wanted, -1);
            return new Place(sheet, row, columns, wanted.indonesian, index);
        }
    }

    /** What is wrong, and where. */
    record Problem(Place place, String key, List<Object> arguments) {
        static Problem of(Place place, String key, Object... arguments) {
            return new Problem(place, key, List.of(arguments));
        }
    }

    /** The filled rows of a sheet; what is wrong with its heading and cells is added to the problems. */
    List<Line> lines(Sheet sheet, List<Problem> problems) {
        sheet.faults()
                .forEach(fault -> problems.add(new Problem(
                        new Place(sheet.name(), fault.row(), Map.of(), "", fault.column()),
                        fault.key(),
                        fault.arguments())));
        if (sheet.rows().isEmpty()) {
            return List.of();
        }
        var heading = sheet.rows().getFirst();
        var where = new HashMap<Column, Integer>();
        heading.cells().forEach((index, name) -> {
            var at = new Place(sheet.name(), heading.number(), Map.of(), "", index);
            var column = columns.stream().filter(each -> each.isCalled(name)).findFirst();
            if (column.isEmpty()) {
                problems.add(Problem.of(at, "operation.sheet.unknown-column", name, names()));
            } else if (where.putIfAbsent(column.get(), index) != null) {
                problems.add(Problem.of(at, "operation.sheet.column-twice", name));
            }
        });
        var top = new Place(sheet.name(), heading.number(), Map.of(), "", -1);
        columns.stream()
                .filter(each -> each.needed && !where.containsKey(each))
                .forEach(each -> problems.add(Problem.of(top, "operation.sheet.no-column", each.indonesian)));
        if (sheet.rows().size() > Sheet.MOST_ROWS) {
            problems.add(Problem.of(top, "operation.sheet.too-many", Sheet.MOST_ROWS));
            return List.of();
        }
        return lines(sheet, where, problems);
    }

    private List<Line> lines(Sheet sheet, Map<Column, Integer> where, List<Problem> problems) {
        var faulty = sheet.faults().stream().map(Sheet.Fault::row).toList();
        var lines = new ArrayList<Line>();
        for (var row : sheet.rows().subList(1, sheet.rows().size())) {
            var values = new HashMap<Column, String>();
            where.forEach((column, index) -> {
                var value = row.cells().get(index);
                if (value != null) {
                    values.put(column, value);
                }
            });
            var place = new Place(sheet.name(), row.number(), where, "", -1);
            for (var column : columns) {
                if (column.needed
                        && where.containsKey(column)
                        && !values.containsKey(column)
                        && !faulty.contains(row.number())) {
                    problems.add(Problem.of(place.at(column), "operation.sheet.blank"));
                }
            }
            lines.add(new Line(place, values));
        }
        return lines;
    }

    private String names() {
        return String.join(", ", columns.stream().map(each -> each.indonesian).toList());
    }
}
