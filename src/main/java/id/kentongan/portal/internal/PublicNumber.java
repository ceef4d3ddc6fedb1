// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Public case numbers as people type them: "ktg 2026 4217", "#KTG-2026-004217". */
final class PublicNumber {
    private static final Pattern SHAPE = Pattern.compile("([A-Z]{2,8})[-/ ]?([0-9]{4})[-/ ]?([0-9]{1,9})");

    private PublicNumber() {}

    /** The number as it is written on receipts, or empty when it can be none. */
    static Optional<String> tidy(String typed) {
        var text = typed.strip().toUpperCase(Locale.ROOT).replace('–', '-').replaceFirst("^#", "");
        if (text.length() > 40) {
            return Optional.empty();
        }
        var found = SHAPE.matcher(text);
        return found.matches()
                ? Optional.of(found.group(1) + "-" + found.group(2) + "-"
                        + "0".repeat(Math.max(0, 6 - found.group(3).length())) + found.group(3))
                : Optional.empty();
    }
}
