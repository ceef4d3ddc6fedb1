// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file of comma-separated values, one at a time, each with the line it begins at. A record that cannot
 * be read costs itself alone: a quote that is never closed ends at a limit, and reading goes on with the next line.
 */
final class CsvRecords {
    /** A message with its line breaks has some dozens; what has more has lost its closing quote. */
    static final int MOST_LINES = 500;

    static final int LONGEST = 500_000;

    private final BufferedReader in;
    private final Deque<String> ahead = new ArrayDeque<>();
    private int line;
    private @Nullable CSVFormat format;

    CsvRecords(BufferedReader in) {
        this.in = in;
    }

    /**
     * @param line of the file, from 1, at which it begins
     * @param fields empty when it cannot be read
     * @param fault key of what is wrong with it, or null
     */
    record CsvRow(int line, List<String> fields, @Nullable String fault) {
        boolean isBlank() {
            return fault == null && fields.stream().allMatch(String::isBlank);
        }
    }

    /** Null at the end. */
    @Nullable
    CsvRow next() throws IOException {
        var first = nextLine();
        if (first == null) {
            return null;
        }
        var begun = line;
        if (first.length() > LONGEST) {
            return new CsvRow(begun, List.of(), "operation.csv.too-long");
        }
        var lines = new ArrayList<>(List.of(first));
        long size = first.length();
        var open = isOdd(first);
        while (open && lines.size() < MOST_LINES && size <= LONGEST) {
            var more = nextLine();
            if (more == null) {
                break;
            }
            lines.add(more);
            size += more.length() + 1;
            open ^= isOdd(more);
        }
        if (open || size > LONGEST) {
            for (var i = lines.size() - 1; i > 0; i--) {
                ahead.addFirst(lines.get(i));
            }
            line = begun;
            return new CsvRow(begun, List.of(), "operation.csv.quote");
        }
        return parsed(begun, String.join("\n", lines));
    }

    private CsvRow parsed(int begun, String record) throws IOException {
        if (record.indexOf(TextFile.UNREADABLE) >= 0) {
            return new CsvRow(begun, List.of(), "operation.csv.encoding");
        }
        if (format == null) {
            format = CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(delimiter(record))
                    .setIgnoreEmptyLines(false)
                    .get();
        }
        try (var parser = CSVParser.parse(record, format)) {
            var records = parser.getRecords();
            return records.size() > 1
                    ? new CsvRow(begun, List.of(), "operation.csv.quote")
                    : new CsvRow(
                            begun,
                            records.isEmpty() ? List.of() : records.getFirst().toList(),
                            null);
        } catch (IOException | IllegalStateException | java.io.UncheckedIOException quote) {
            // Something stands between a closing quote and the next comma.
            return new CsvRow(begun, List.of(), "operation.csv.quote");
        }
    }

    private @Nullable String nextLine() throws IOException {
        var next = ahead.isEmpty() ? in.readLine() : ahead.pollFirst();
        if (next != null) {
            line++;
        }
        return next;
    }

    private static boolean isOdd(String text) {
        return text.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    /** What the heading is parted by: Indonesian programs write semicolons. */
    private static char delimiter(String heading) {
        var best = ',';
        long most = 0;
        for (var each : new char[] {',', ';', '\t'}) {
            var count = heading.chars().filter(c -> c == each).count();
            if (count > most) {
                most = count;
                best = each;
            }
        }
        return best;
    }
}
