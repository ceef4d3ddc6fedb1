// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Reads a workbook (.xlsx, .ods) or a folder of comma-separated files as sheets. */
final class SheetFiles {
    /** A government's lists have some hundred kilobytes. */
    static final long LARGEST = 20_000_000;

    private SheetFiles() {}

    static List<Sheet> read(Path file) throws UnreadableSheets {
        try {
            if (Files.isDirectory(file)) {
                return folder(file);
            }
            if (!Files.isRegularFile(file)) {
                throw new UnreadableSheets("operation.no-file", file.toString());
            }
            if (Files.size(file) > LARGEST) {
                throw new UnreadableSheets("operation.sheet.too-large", LARGEST / 1_000_000);
            }
            var start = start(file);
            if (start.startsWith("PK")) {
                return file.toString().toLowerCase(Locale.ROOT).endsWith(".ods")
                        ? OdsSheets.read(file)
                        : XlsxSheets.read(file);
            }
            // The old format of Excel, and new ones behind a password.
            throw new UnreadableSheets(
                    start.startsWith("\u00D0\u00CF\u0011\u00E0") ? "operation.sheet.old" : "operation.sheet.none");
        } catch (IOException e) {
            throw new UnreadableSheets("operation.unreadable-file", file.toString());
        }
    }

    private static String start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(8), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    /** Each file is a sheet by its name: {@code perangkat-daerah.csv}. */
    private static List<Sheet> folder(Path folder) throws IOException, UnreadableSheets {
        var sheets = new ArrayList<Sheet>();
        try (var files = Files.list(folder)) {
            for (var file :
                    files.filter(each -> name(each).endsWith(".csv")).sorted().toList()) {
                if (Files.size(file) > LARGEST) {
                    throw new UnreadableSheets("operation.sheet.too-large", LARGEST / 1_000_000);
                }
                sheets.add(csv(file));
            }
        }
        if (sheets.isEmpty()) {
            throw new UnreadableSheets("operation.sheet.empty-folder", folder.toString());
        }
        return sheets;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }

    private static Sheet csv(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        var sheet = Sheet.named(name.substring(0, name.length() - ".csv".length()));
        try (var in = TextFile.open(file)) {
            var records = new CsvRecords(in);
            for (var row = records.next(); row != null; row = records.next()) {
                if (row.fault() != null) {
                    sheet.fault(row.line(), -1, row.fault());
                    continue;
                }
                var cells = new TreeMap<Integer, String>();
                for (var i = 0; i < Math.min(row.fields().size(), Sheet.MOST_COLUMNS); i++) {
                    if (!row.fields().get(i).isBlank()) {
                        cells.put(i, row.fields().get(i).strip());
                    }
                }
                if (!sheet.add(row.line(), cells)) {
                    break;
                }
            }
        }
        return sheet;
    }
}
