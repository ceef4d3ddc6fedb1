// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a mail server tells of a message that did not arrive (RFC 3464).
 *
 * @param about Message-IDs that it may be about
 * @param code why, below {@code channel.failure.}
 * @param last whether it is not tried any more
 */
record DeliveryReport(List<String> about, String code, boolean last) {
    private static final Pattern ACTION = Pattern.compile("(?im)^Action:\\s*([a-z]+)");
    private static final Pattern STATUS = Pattern.compile("(?im)^Status:\\s*([245]\\.\\d{1,3}\\.\\d{1,3})");
    private static final Pattern IN_WORDS = Pattern.compile("(?:^|[\\s#(])([45]\\.\\d{1,3}\\.\\d{1,3})(?=[\\s);:,]|$)");
    private static final Pattern MESSAGE_ID = Pattern.compile("<[^\\s<>@]{1,250}@[^\\s<>@]{1,250}>");
    private static final int READ = 100_000;
    private static final int MOST = 50;

    static DeliveryReport of(Mail mail) {
        var about = new ArrayList<String>();
        for (var name : List.of("in-reply-to", "references", "x-failed-message-id")) {
            mail.all(name).forEach(value -> find(about, value));
        }
        var status = "";
        var action = "";
        for (var leaf : mail.leaves()) {
            var text =
                    new String(leaf.content(), 0, Math.min(leaf.content().length, READ), StandardCharsets.ISO_8859_1);
            if (leaf.mediaType().equals("message/delivery-status")) {
                action = first(ACTION, text, action).toLowerCase(java.util.Locale.ROOT);
                status = first(STATUS, text, status);
            } else if (status.isEmpty()) {
                status = first(IN_WORDS, text, status);
            }
            find(about, text);
        }
        return new DeliveryReport(
                List.copyOf(about), code(status), action.isEmpty() ? !status.startsWith("4") : action.equals("failed"));
    }

    private static String first(Pattern pattern, String text, String otherwise) {
        var found = pattern.matcher(text);
        return otherwise.isEmpty() && found.find() ? found.group(1) : otherwise;
    }

    private static void find(List<String> about, String text) {
        var found = MESSAGE_ID.matcher(text);
        while (about.size() < MOST && found.find()) {
            about.add(found.group());
        }
    }

    /** Enhanced status codes (RFC 3463) as what an officer can do something about. */
    static String code(String status) {
        if (status.length() < 5) {
            return "mail-returned";
        }
        var detail = status.substring(2);
        return switch (detail) {
            case "1.1", "1.2", "1.3", "1.6", "1.10" -> "mail-no-such-address";
            case "2.1" -> "mail-box-closed";
            case "2.2" -> "mail-box-full";
            case "2.3", "3.4" -> "mail-too-large";
            case "4.1", "4.4", "4.7" -> "mail-not-in-time";
            default -> detail.startsWith("7.") ? "mail-against-their-rules" : "mail-returned";
        };
    }
}
