// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether the sender's domain vouches for a message, as our own mail server has found out and written in its header
 * (RFC 8601). Nobody else's word counts: anybody can write such a header.
 */
enum SenderProof {
    PROVEN,
    DISPROVEN,
    UNKNOWN;

    private static final Pattern RESULT = Pattern.compile("(?:^|[;\\s])(dmarc|spf|dkim)\\s*=\\s*([a-z]+)");

    /** @param trusted the name under which our mail server writes it, or empty: then nothing is believed */
    static SenderProof of(Mail mail, String trusted) {
        if (trusted.isBlank()) {
            return UNKNOWN;
        }
        var dmarc = UNKNOWN;
        var spf = UNKNOWN;
        var dkim = UNKNOWN;
        for (var value : mail.all("authentication-results")) {
            var plain = value.replaceAll("\\([^()]*\\)", " ").toLowerCase(Locale.ROOT);
            var end = plain.indexOf(';');
            var server = (end < 0 ? plain : plain.substring(0, end)).strip().split("\\s+", 2)[0];
            if (end < 0 || !server.equals(trusted.strip().toLowerCase(Locale.ROOT))) {
                continue;
            }
            var found = RESULT.matcher(plain.substring(end));
            while (found.find()) {
                var result = result(found.group(2));
                switch (found.group(1)) {
                    case "dmarc" -> dmarc = better(dmarc, result);
                    case "spf" -> spf = better(spf, result);
                    default -> dkim = better(dkim, result);
                }
            }
        }
        if (dmarc != UNKNOWN) {
            return dmarc;
        }
        // Without DMARC nothing ties what was proven to the address that is shown: it proves nothing, but may disprove.
        return spf == DISPROVEN && dkim != PROVEN ? DISPROVEN : UNKNOWN;
    }

    private static SenderProof result(String word) {
        return switch (word) {
            case "pass" -> PROVEN;
            case "fail", "hardfail" -> DISPROVEN;
            default -> UNKNOWN;
        };
    }

    private static SenderProof better(SenderProof before, SenderProof now) {
        return before == PROVEN || now == UNKNOWN ? before : now;
    }
}
