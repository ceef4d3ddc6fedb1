// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.site.FormErrors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a new password must be: long, and not among those an attacker tries first. No rules about signs and
 * capitals, which make passwords worse (NIST SP 800-63B, 3.1.1.2).
 */
final class PasswordRules {
    private static final int SHORTEST = 12;
    /** More would only keep the hashing busy. */
    private static final int LONGEST = 200;

    /** The longest first, so that "password" is found before "pass". */
    private static final List<String> COMMON = read();

    private PasswordRules() {}

    /** @param field name of the field of the new password, "again" being that of its repetition */
    static void check(FormErrors errors, String field, String password, String again) {
        if (password.length() < SHORTEST) {
            errors.add(field, "identity.password-short", SHORTEST);
        } else if (password.length() > LONGEST) {
            errors.add(field, "identity.password-long", LONGEST);
        } else if (isCommon(password)) {
            errors.add(field, "identity.password-common");
        }
        if (!password.equals(again)) {
            errors.add("again", "identity.password-differs");
        }
    }

    /** A listed word stays common with a year behind it, signs in it, or written over and over. */
    static boolean isCommon(String password) {
        var plain = password.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        var letters = plain.replaceAll("\\d+$", "");
        if (plain.chars().distinct().count() < 5 || COMMON.contains(plain) || COMMON.contains(letters)) {
            return true;
        }
        var rest = letters;
        for (var word : COMMON) {
            rest = rest.replace(word, "");
        }
        return rest.length() < 3;
    }

    private static List<String> read() {
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PasswordRules.class.getResourceAsStream("/identity/common-passwords.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
