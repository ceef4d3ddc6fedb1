// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One entry of a list to choose from, as the select component draws it. */
record Choice(String value, String label) {
    /** By label, as people look for it. */
    static List<Choice> sorted(List<Choice> choices) {
        var all = new ArrayList<>(choices);
        all.sort(Comparator.comparing(Choice::label, String.CASE_INSENSITIVE_ORDER));
        return all;
    }
}
