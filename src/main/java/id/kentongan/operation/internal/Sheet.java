// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One sheet of a spreadsheet as text: what its cells show, never what they would compute.
 *
 * @param faults what is wrong with single cells, found while reading
 */
record Sheet(String name, List<SheetRow> rows, List<Fault> faults) {
    /** More is no list of a government's agencies or officers, and would be read for minutes. */
    static final int MOST_ROWS = 10_000;

    static final int MOST_COLUMNS = 100;

    /**
     * @param number as the program shows it, from 1
     * @param cells by column, from 0; empty ones left out
     */
    record SheetRow(int number, Map<Integer, String> cells) {
        boolean isBlank() {
            return cells.values().stream().allMatch(String::isBlank);
        }
    }

    /** @param column from 0, or less for the whole row */
    record Fault(int row, int column, String key, List<Object> arguments) {}

    static Sheet named(String name) {
        return new Sheet(name, new ArrayList<>(), new ArrayList<>());
    }

    boolean isBlank() {
        return faults.isEmpty() && rows.stream().allMatch(SheetRow::isBlank);
    }

    void fault(int row, int column, String key, Object... arguments) {
        faults.add(new Fault(row, column, key, List.of(arguments)));
    }

    /** @return whether there was room for it */
    boolean add(int number, Map<Integer, String> cells) {
        if (cells.values().stream().allMatch(String::isBlank)) {
            return true;
        }
        if (rows.size() > MOST_ROWS) {
            return false;
        }
        rows.add(new SheetRow(number, new TreeMap<>(cells)));
        return true;
    }

    /** "B" of 1. */
    static String letters(int column) {
        var letters = new StringBuilder();
        for (var left = column; left >= 0; left = left / 26 - 1) {
            letters.insert(0, (char) ('A' + left % 26));
        }
        return letters.toString();
    }
}
