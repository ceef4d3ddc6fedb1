// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import id.kentongan.kernel.Ids;
import id.kentongan.kernel.LocalizedText;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.ListEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/** The rules and days off that a new tenant starts with, from the readable files under {@code policy/}. */
final class ShippedDefaults {
    private ShippedDefaults() {}

    static List<DeadlineRule> deadlines() {
        return rows("policy/deadlines.csv").stream()
                .map(cells -> new DeadlineRule(
                        Ids.next(),
                        cells[0],
                        Integer.parseInt(cells[1]),
                        DeadlineRule.Unit.valueOf(cells[2]),
                        cells[5],
                        cells[6].isEmpty() ? null : cells[6],
                        LocalDate.parse(cells[3]),
                        null,
                        DeadlineRule.Confidence.valueOf(cells[4])))
                .toList();
    }

    static List<ListEntry> lists() {
        return rows("policy/lists.csv").stream()
                .map(cells -> new ListEntry(
                        Ids.next(),
                        cells[0],
                        cells[1],
                        Integer.parseInt(cells[2]),
                        LocalizedText.of(cells[3], cells[4]),
                        cells[7],
                        cells[8].isEmpty() ? null : cells[8],
                        LocalDate.parse(cells[5]),
                        null,
                        DeadlineRule.Confidence.valueOf(cells[6])))
                .toList();
    }

    static List<Holiday> holidays(Instant at) {
        return rows("policy/holidays.csv").stream()
                .map(cells -> new Holiday(
                        Ids.next(),
                        LocalDate.parse(cells[0]),
                        Holiday.Kind.valueOf(cells[1]),
                        cells[2],
                        cells[3],
                        at,
                        1))
                .toList();
    }

    private static List<String[]> rows(String file) {
        try {
            return new ClassPathResource(file)
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(";", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The shipped file " + file + " cannot be read", e);
        }
    }
}
