// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

/** Shows enough of a personal value to tell it from others, and not enough to use it. */
public final class Masking {
    private static final char GONE = '…';

    private Masking() {}

    /** "0812…41": the first four and the last two digits; of a short number fewer. */
    public static String phone(String number) {
        var plus = number.strip().startsWith("+") ? "+" : "";
        var digits = number.replaceAll("\\D", "");
        var first = digits.length() < 9 ? 2 : 4;
        return digits.length() < 5
                ? plus + GONE
                : plus + digits.substring(0, first) + GONE + digits.substring(digits.length() - 2);
    }

    /** "s…@warga.example": the first letter, and where it is read. */
    public static String mail(String address) {
        var at = address.lastIndexOf('@');
        return at < 1 ? other(address) : first(address) + GONE + address.substring(at);
    }

    /** The first letter alone. */
    public static String other(String value) {
        return value.isBlank() ? "" : first(value.strip()) + GONE;
    }

    private static String first(String value) {
        return value.substring(0, value.offsetByCodePoints(0, 1));
    }
}
