// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.Person.Reach.Kind;
import id.kentongan.privacy.Masking;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A telephone number or address that somebody left in a form to be reached by. */
record Reachable(Kind kind, String value) {
    private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9 ().-]{8,24}");

    static Optional<Reachable> in(Map<String, String> hints) {
        var given = hints.getOrDefault("contact", "").strip();
        if (given.isEmpty()) {
            return Optional.empty();
        }
        var kind =
                MAIL.matcher(given).matches() ? Kind.MAIL : PHONE.matcher(given).matches() ? Kind.PHONE : Kind.OTHER;
        return Optional.of(new Reachable(kind, given));
    }

    String masked() {
        return switch (kind) {
            case PHONE -> Masking.phone(value);
            case MAIL -> Masking.mail(value);
            case OTHER -> Masking.other(value);
        };
    }

    /** The same however it is written: numbers without their spaces and with the country's prefix, addresses in lower case. */
    String plain() {
        return switch (kind) {
            case PHONE -> international(value.replaceAll("[^+0-9]", ""));
            case MAIL, OTHER -> value.toLowerCase(Locale.ROOT);
        };
    }

    private static String international(String number) {
        if (number.startsWith("+")) {
            return number.substring(1);
        }
        if (number.startsWith("00")) {
            return number.substring(2);
        }
        if (number.startsWith("0")) {
            return "62" + number.substring(1);
        }
        return number.startsWith("8") ? "62" + number : number;
    }
}
