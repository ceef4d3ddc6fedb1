// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.Regions;
import id.kentongan.operation.internal.Arguments.Wrong;
import id.kentongan.operation.internal.RegionList.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * {@code region import}: the districts and villages of one regency or city, from lists of Kemendagri's codes (the dumps
 * of github.com/cahyadsn/wilayah, with its boundaries) or files of comma-separated values.
 */
@Component
class ImportRegions implements Verb {
    private static final int SHOWN = 50;
    private static final Pattern REGENCY = Pattern.compile("\\d{2}\\.\\d{2}");

    private final ChosenTenant chosen;
    private final Regions regions;

    ImportRegions(ChosenTenant chosen, Regions regions) {
        this.chosen = chosen;
        this.regions = regions;
    }

    /** @param where file and line */
    private record Problem(String where, String key, Object[] arguments) {}

    private static final class Reading {
        final RegionList list;
        final List<Problem> problems = new ArrayList<>();

        Reading(RegionList list) {
            this.list = list;
        }

        void add(Path file, int line, @Nullable String code, @Nullable String name, @Nullable Position position) {
            var known = code == null ? null : RegionList.code(code);
            if (known == null) {
                problem(file, line, "operation.region.code", code == null ? "" : shortened(code));
            } else if (list.isOurs(known)) {
                if (name != null && name.indexOf(TextFile.UNREADABLE) >= 0) {
                    problem(file, line, "operation.csv.encoding");
                    return;
                }
                var fault = list.add(known, name, position);
                if (fault != null) {
                    problem(file, line, fault, known);
                }
            }
        }

        void problem(Path file, int line, String key, Object... arguments) {
            problems.add(new Problem(file.getFileName() + ":" + line, key, arguments));
        }

        private static String shortened(String text) {
            return text.length() > 20 ? text.substring(0, 20) + "…" : text;
        }
    }

    @Override
    public int run(Arguments words, Terminal terminal) throws Wrong {
        var tenant = chosen.of(words, terminal);
        if (tenant == null) {
            return 1;
        }
        var wanted = RegionList.code(words.need("--code"));
        if (wanted == null || !REGENCY.matcher(wanted).matches()) {
            throw new Wrong("--code needs the code of a regency or city, such as 33.02");
        }
        var files = words.rest().stream().map(Path::of).toList();
        if (files.isEmpty()) {
            throw new Wrong("a file is missing");
        }
        var reading = new Reading(new RegionList(wanted));
        for (var file : files) {
            if (!Files.isRegularFile(file)) {
                return terminal.fail("operation.no-file", file.toString());
            }
            try {
                read(file, reading);
            } catch (IOException e) {
                return terminal.fail("operation.unreadable-file", file.toString());
            }
        }
        reading.list
                .orphans()
                .forEach(code -> reading.problems.add(new Problem(
                        code, "operation.region.orphan", new Object[] {code.substring(0, code.lastIndexOf('.'))})));
        if (!reading.problems.isEmpty()) {
            return refuse(terminal, reading.problems);
        }
        if (reading.list.districts() == 0) {
            return terminal.fail("operation.region.none", wanted);
        }
        return save(words, terminal, tenant, reading.list);
    }

    private int save(Arguments words, Terminal terminal, ChosenTenant.Chosen tenant, RegionList list) {
        var changed = words.has("--check") ? 0 : regions.save(tenant.actor(), list.found());
        var lacking = list.withoutPosition();
        if (words.has("--json")) {
            var said = new LinkedHashMap<String, Object>();
            said.put("districts", list.districts());
            said.put("villages", list.villages());
            said.put("changed", changed);
            said.put("withoutPosition", lacking);
            terminal.json(said);
            return 0;
        }
        terminal.say(
                words.has("--check") ? "operation.region.checked" : "operation.region.saved",
                list.districts(),
                list.villages(),
                tenant.tenant().name(),
                changed);
        if (lacking.isEmpty()) {
            terminal.say("operation.region.all-placed");
        } else {
            terminal.say("operation.region.not-placed", lacking.size());
            lacking.stream().limit(SHOWN).forEach(each -> terminal.out().println("  " + each));
            if (lacking.size() > SHOWN) {
                terminal.say("operation.and-more", lacking.size() - SHOWN);
            }
        }
        return 0;
    }

    private static int refuse(Terminal terminal, List<Problem> problems) {
        problems.stream()
                .limit(SHOWN)
                .forEach(each -> terminal.err()
                        .println("  " + each.where() + ": " + terminal.text(each.key(), each.arguments())));
        if (problems.size() > SHOWN) {
            terminal.err().println("  " + terminal.text("operation.and-more", problems.size() - SHOWN));
        }
        return terminal.fail("operation.nothing-changed", problems.size());
    }

    private static void read(Path file, Reading reading) throws IOException {
        try (var in = TextFile.open(file)) {
            if (file.toString().toLowerCase(Locale.ROOT).endsWith(".sql")) {
                new SqlRows(in, (table, row) -> sql(file, table, row, reading)).read();
            } else {
                csv(file, new CsvRecords(in), reading);
            }
        } catch (SqlRows.Broken broken) {
            reading.problem(file, broken.line(), "operation.region.broken-sql");
        }
    }

    /** {@code wilayah}: code, name. {@code wilayah_boundaries}: code, name, latitude, longitude, boundary. */
    private static void sql(Path file, String table, SqlRows.Row row, Reading reading) {
        var values = row.values();
        var name = table.substring(table.lastIndexOf('.') + 1);
        if (name.equals("wilayah") && values.size() >= 2) {
            reading.add(file, row.line(), values.get(0), values.get(1), null);
        } else if (name.startsWith("wilayah_boundaries") && values.size() >= 5) {
            var middle = Boundary.middle(values.get(4));
            reading.add(
                    file,
                    row.line(),
                    values.get(0),
                    values.get(1),
                    middle == null ? position(values.get(2), values.get(3)) : middle);
        }
    }

    private static void csv(Path file, CsvRecords records, Reading reading) throws IOException {
        var heading = records.next();
        if (heading == null) {
            return;
        }
        var columns = heading.fields().stream()
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .toList();
        var code = column(columns, "kode", "code");
        var name = column(columns, "nama", "name");
        if (code < 0 || name < 0) {
            reading.problem(file, heading.line(), "operation.region.heading");
            return;
        }
        var latitude = column(columns, "lat", "latitude", "lintang");
        var longitude = column(columns, "lng", "lon", "longitude", "bujur");
        for (var row = records.next(); row != null; row = records.next()) {
            if (row.fault() != null) {
                reading.problem(file, row.line(), row.fault());
            } else if (!row.isBlank()) {
                csv(file, row, code, name, latitude, longitude, reading);
            }
        }
    }

    private static void csv(
            Path file, CsvRecords.CsvRow row, int code, int name, int latitude, int longitude, Reading reading) {
        var told = field(row, latitude) + field(row, longitude);
        var position = position(field(row, latitude), field(row, longitude));
        if (!told.isBlank() && position == null) {
            reading.problem(file, row.line(), "operation.region.position", field(row, code));
        } else {
            reading.add(file, row.line(), field(row, code), field(row, name), position);
        }
    }

    private static String field(CsvRecords.CsvRow row, int column) {
        return column < 0 || column >= row.fields().size()
                ? ""
                : row.fields().get(column).strip();
    }

    private static int column(List<String> columns, String... names) {
        for (var each : names) {
            if (columns.contains(each)) {
                return columns.indexOf(each);
            }
        }
        return -1;
    }

    private static @Nullable Position position(@Nullable String latitude, @Nullable String longitude) {
        if (latitude == null || longitude == null) {
            return null;
        }
        try {
            return new Position(number(latitude), number(longitude));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** With a point, or with the comma that an Indonesian spreadsheet writes. */
    private static double number(String text) {
        var plain = text.strip().replace(',', '.');
        if (!plain.matches("-?\\d{1,3}(\\.\\d{1,20})?")) {
            throw new NumberFormatException();
        }
        return Double.parseDouble(plain);
    }
}
