// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.HtmlSanitizer;
import org.owasp.html.HtmlStreamEventReceiver;
import org.owasp.html.PolicyFactory;

/** Another server's HTML as plain text: paragraphs stay apart, a link whose text hides its address shows it. */
final class PlainText {
    private static final int LONGEST = 100_000;
    private static final String[] BLOCKS = {
        "p", "div", "br", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr"
    };
    private static final Set<String> BLOCK_NAMES = Set.of(BLOCKS);
    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowElements(BLOCKS)
            .allowElements("a", "span", "b", "i", "em", "strong", "code", "u", "s", "del")
            .allowWithoutAttributes("a", "span")
            .allowAttributes("href")
            .onElements("a")
            .allowUrlProtocols("http", "https")
            .toFactory();

    private PlainText() {}

    static String of(String html) {
        var cut = html.length() > LONGEST ? html.substring(0, LONGEST) : html;
        if (cut.indexOf('<') < 0 && cut.indexOf('&') < 0) {
            return tidy(cut);
        }
        var text = new Writer();
        HtmlSanitizer.sanitize(cut, POLICY.apply(text));
        return tidy(text.written.toString());
    }

    private static String tidy(String text) {
        return text.replace('\u00a0', ' ')
                .replace("\u0000", "")
                .replaceAll("[ \t]+\n", "\n")
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static final class Writer implements HtmlStreamEventReceiver {
        final StringBuilder written = new StringBuilder();
        private String address = "";
        private int linkStart = -1;

        @Override
        public void openDocument() {}

        @Override
        public void closeDocument() {}

        @Override
        public void openTag(String name, List<String> attributes) {
            if (name.equals("a")) {
                linkStart = written.length();
                var at = attributes.indexOf("href");
                address = at >= 0 && at % 2 == 0 ? attributes.get(at + 1) : "";
            } else if (name.equals("br") || name.equals("li")) {
                written.append('\n');
            } else if (BLOCK_NAMES.contains(name)) {
                apart();
            }
        }

        @Override
        public void closeTag(String name) {
            if (name.equals("a") && linkStart >= 0) {
                closeLink();
            } else if (BLOCK_NAMES.contains(name) && !name.equals("li")) {
                apart();
            }
        }

        @Override
        public void text(String text) {
            written.append(text);
        }

        private void closeLink() {
            var shown = written.substring(linkStart).strip();
            var bare = address.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
            var named = shown.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
            if (!address.isEmpty() && bare.equals(named)) {
                written.setLength(linkStart);
                written.append(address);
            } else if (!address.isEmpty() && !shown.startsWith("@") && !shown.startsWith("#")) {
                written.append(shown.isEmpty() ? address : " (" + address + ")");
            }
            linkStart = -1;
        }

        private void apart() {
            if (!written.isEmpty() && written.charAt(written.length() - 1) != '\n') {
                written.append('\n');
            }
            if (!written.isEmpty()) {
                written.append('\n');
            }
        }
    }
}
