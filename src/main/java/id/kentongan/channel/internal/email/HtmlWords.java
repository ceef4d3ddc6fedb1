// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * The words of a message in HTML, as its reader would see them. What is quoted is marked as in plain mail, and what the
 * reader would not see is kept apart: a text that shows one thing and says another is to be noticed.
 */
final class HtmlWords {
    private static final int LONGEST = 2_000_000;
    private static final int MOST_HIDDEN = 10_000;

    private static final Set<String> UNSEEN =
            Set.of("script", "style", "head", "title", "template", "noscript", "object", "svg", "textarea", "select");
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "ul",
            "ol",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "pre",
            "blockquote",
            "section",
            "article",
            "header",
            "footer",
            "address",
            "center",
            "dl",
            "form",
            "fieldset",
            "hr");
    private static final Set<String> LINES = Set.of("li", "tr", "dt", "dd");

    private static final Pattern INVISIBLE = Pattern.compile("display:none|visibility:hidden|mso-hide:all"
            + "|opacity:0(?:\\.0+)?(?:;|$)|font-size:(?:0|1)(?:\\.\\d+)?(?:px|pt|em|rem|%)?(?:;|!|$)"
            + "|max-height:0(?:px)?(?:;|$)|(?:text-indent|left|top|margin-left):-\\d{3,}");
    private static final Pattern COLOUR = Pattern.compile("(?:^|;)color:([^;!]+)");
    private static final Pattern BACKGROUND = Pattern.compile("background(?:-color)?:([^;!]+)");
    /** Marks of the programs people write mail with. */
    private static final Pattern SIGNATURE =
            Pattern.compile("gmail_signature(?!_prefix)|moz-signature|(?:^|\\s)signature(?:\\s|$)");

    private HtmlWords() {}

    /** @param words as seen, with quoted lines marked @param hidden what only a program would read */
    record Seen(String words, String hidden) {}

    static Seen of(String html) {
        var document = Jsoup.parse(html.length() > LONGEST ? html.substring(0, LONGEST) : html);
        var writer = new Writer();
        NodeTraversor.traverse(writer, document.body());
        return new Seen(tidy(writer.seen.toString()), tidy(writer.hidden.toString()));
    }

    private static String tidy(String text) {
        return text.replaceAll("[ \\t]+\\n", "\n")
                .replaceAll("(?m)^((?:> ?)*)\\n(?:\\1\\n)+", "$1\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    private static final class Writer implements NodeVisitor {
        final StringBuilder seen = new StringBuilder();
        final StringBuilder hidden = new StringBuilder();
        private final Deque<String> colours = new ArrayDeque<>();
        private final Deque<String> backgrounds = new ArrayDeque<>();
        private int quoted;
        private int unseen;
        private int invisible;
        private int preformatted;
        private boolean lineBegun;
        private boolean spaced = true;
        private int linkStart = -1;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode text) {
                write(
                        preformatted > 0
                                ? text.getWholeText()
                                : text.getWholeText().replaceAll("\\s+", " "));
            } else if (node instanceof Element element) {
                open(element);
            }
        }

        private void open(Element element) {
            var name = element.normalName();
            if (UNSEEN.contains(name)) {
                unseen++;
                return;
            }
            var style = style(element);
            if (isInvisible(element, style)) {
                invisible++;
            }
            paint(element, style);
            if (SIGNATURE.matcher(element.className() + " " + element.id()).find() && isVisible()) {
                apart();
                write("-- ");
                line();
            }
            switch (name) {
                case "br" -> line();
                case "blockquote" -> {
                    apart();
                    quoted++;
                }
                case "pre" -> {
                    apart();
                    preformatted++;
                }
                case "a" -> linkStart = seen.length();
                case "img" -> {
                    var shown = element.attr("alt").strip();
                    if (!shown.isEmpty() && shown.length() < 200) {
                        write("[" + shown + "]");
                    }
                }
                case "td", "th" -> write(" ");
                case "li" -> {
                    begin();
                    write("• ");
                }
                default -> {
                    if (BLOCKS.contains(name)) {
                        apart();
                    } else if (LINES.contains(name)) {
                        begin();
                    }
                }
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) {
                return;
            }
            var name = element.normalName();
            if (UNSEEN.contains(name)) {
                unseen--;
                return;
            }
            if (name.equals("a")) {
                closeLink(element);
            }
            colours.pop();
            backgrounds.pop();
            if (isInvisible(element, style(element))) {
                invisible--;
            }
            if (name.equals("pre")) {
                preformatted--;
            }
            if (name.equals("blockquote")) {
                apart();
                quoted--;
            } else if (BLOCKS.contains(name)) {
                apart();
            } else if (LINES.contains(name)) {
                begin();
            }
        }

        // ---- what is seen -------------------------------------------------------------------------------------------

        private boolean isVisible() {
            return unseen == 0 && invisible == 0 && !isColourless();
        }

        /** Text in the colour of what lies behind it. */
        private boolean isColourless() {
            var colour = colours.peek();
            return colour != null && (colour.equals("transparent") || colour.equals(backgrounds.peek()));
        }

        private static String style(Element element) {
            return element.attr("style").toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
        }

        private static boolean isInvisible(Element element, String style) {
            return element.hasAttr("hidden") || INVISIBLE.matcher(style).find();
        }

        private void paint(Element element, String style) {
            var colour = COLOUR.matcher(style);
            colours.push(over(
                    colours,
                    plain(
                            colour.find()
                                    ? colour.group(1)
                                    : element.normalName().equals("font") ? element.attr("color") : ""),
                    "000000"));
            var background = BACKGROUND.matcher(style);
            var own = plain(background.find() ? background.group(1) : element.attr("bgcolor"));
            backgrounds.push(over(backgrounds, own.equals("transparent") ? "" : own, "ffffff"));
        }

        private static String over(Deque<String> around, String own, String paper) {
            var outer = around.peek();
            return !own.isEmpty() ? own : outer == null ? paper : outer;
        }

        private static String plain(String colour) {
            var hex = colour.strip().toLowerCase(Locale.ROOT).replace("#", "");
            return switch (hex) {
                case "white", "fff", "rgb(255,255,255)", "rgba(255,255,255,1)" -> "ffffff";
                case "black", "rgb(0,0,0)" -> "000000";
                case "inherit", "initial", "unset", "none" -> "";
                case "rgba(0,0,0,0)" -> "transparent";
                default -> hex.matches("[0-9a-f]{3}") ? hex.replaceAll("(.)", "$1$1") : hex;
            };
        }

        // ---- writing ------------------------------------------------------------------------------------------------

        private void write(String text) {
            if (unseen > 0) {
                return;
            }
            if (!isVisible()) {
                if (hidden.length() < MOST_HIDDEN) {
                    hidden.append(text);
                }
                return;
            }
            if (preformatted > 0) {
                for (var n = 0; n < text.length(); n++) {
                    if (text.charAt(n) == '\n') {
                        line();
                    } else {
                        put(text.charAt(n));
                    }
                }
                return;
            }
            for (var n = 0; n < text.length(); n++) {
                var next = text.charAt(n);
                var space = next == ' ' || next == '\u00a0';
                if (!space || !spaced) {
                    put(space ? ' ' : next);
                }
                spaced = space;
            }
        }

        private void put(char next) {
            if (!lineBegun) {
                seen.append("> ".repeat(Math.min(quoted, 10)));
                lineBegun = true;
            }
            if (next != '\u200b' && next != '\ufeff' && next != '\u00ad') {
                seen.append(next);
            }
        }

        private void line() {
            if (!isVisible()) {
                hidden.append(hidden.isEmpty() || hidden.length() >= MOST_HIDDEN ? "" : "\n");
                return;
            }
            if (!lineBegun) {
                seen.append("> ".repeat(Math.min(quoted, 10)).stripTrailing());
            }
            seen.append('\n');
            lineBegun = false;
            spaced = true;
        }

        private void begin() {
            if (lineBegun) {
                line();
            }
        }

        private void apart() {
            if (!isVisible()) {
                hidden.append(hidden.isEmpty() || hidden.length() >= MOST_HIDDEN ? "" : " ");
                return;
            }
            begin();
            var length = seen.length();
            if (length > 0 && (length < 2 || seen.charAt(length - 2) != '\n')) {
                line();
            }
        }

        /** A link whose text hides where it goes says so. */
        private void closeLink(Element element) {
            var start = linkStart;
            linkStart = -1;
            if (start < 0 || !isVisible() || start > seen.length()) {
                return;
            }
            var address = element.attr("href").strip();
            if (!address.matches("(?i)https?://\\S{1,2000}|tel:\\S{1,40}")) {
                return;
            }
            var shown = seen.substring(start).strip();
            var bare = address.toLowerCase(Locale.ROOT)
                    .replaceFirst("^(?:https?://|tel:)", "")
                    .replaceFirst("/$", "");
            var named = shown.toLowerCase(Locale.ROOT)
                    .replaceFirst("^https?://", "")
                    .replaceFirst("/$", "");
            if (!bare.equals(named)) {
                write(shown.isEmpty() ? address : " (" + address + ")");
            }
        }
    }
}
