// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

/** Text whose lines go on where they end with a space (RFC 3676). */
final class FlowedText {
    private static final int LINE = 76;

    private FlowedText() {}

    static String joined(String text) {
        var out = new StringBuilder();
        var open = "";
        for (var line : text.split("\r?\n", -1)) {
            var quotes = quotes(line);
            var rest = line.substring(quotes.length());
            var plain = rest.startsWith(" ") ? rest.substring(1) : rest;
            var signature = plain.equals("-- ");
            if (!open.isEmpty() && open.equals("q" + quotes) && !signature) {
                out.append(plain);
            } else {
                out.append(out.isEmpty() ? "" : "\n")
                        .append(quotes)
                        .append(quotes.isEmpty() ? "" : " ")
                        .append(plain);
            }
            var flows = plain.endsWith(" ") && !signature;
            open = flows ? "q" + quotes : "";
        }
        return out.toString();
    }

    private static String quotes(String line) {
        var end = 0;
        while (end < line.length() && line.charAt(end) == '>') {
            end++;
        }
        return line.substring(0, end);
    }

    /** Lines of a length every program shows; what reads them puts the paragraphs together again. */
    static String flowed(String text) {
        var out = new StringBuilder();
        for (var line : text.split("\r?\n", -1)) {
            var rest = line.stripTrailing();
            while (rest.length() > LINE) {
                var cut = rest.lastIndexOf(' ', LINE);
                if (cut < 20) {
                    cut = rest.indexOf(' ', LINE);
                }
                if (cut < 0 || cut + 1 >= rest.length()) {
                    break;
                }
                out.append(stuffed(rest.substring(0, cut))).append(" \r\n");
                rest = rest.substring(cut + 1);
            }
            out.append(stuffed(rest)).append("\r\n");
        }
        return out.toString();
    }

    /** A line that looks like a quotation, or like the first of a mailbox, has a space before it. */
    private static String stuffed(String line) {
        return line.startsWith(">") || line.startsWith(" ") || line.startsWith("From ") ? " " + line : line;
    }
}
