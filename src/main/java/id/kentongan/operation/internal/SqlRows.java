// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of {@code insert into TABLE (columns) values (…), (…);} from a dump of MySQL, one at a time, and
 * passes over everything else. Nothing is run.
 */
final class SqlRows {
    /** A boundary of a large district has some hundred thousand characters. */
    private static final int LONGEST_VALUE = 20_000_000;

    private static final int MOST_VALUES = 50;

    private final PushbackReader in;
    private final BiConsumer<String, Row> rows;
    private int line = 1;

    /** @param rows takes the table's name and the row */
    SqlRows(Reader in, BiConsumer<String, Row> rows) {
        this.in = new PushbackReader(in, 2);
        this.rows = rows;
    }

    /** @param line where it begins, from 1 @param values null where the dump says null */
    record Row(int line, List<@Nullable String> values) {}

    /** The dump ends within a value or is no such dump; the message is a key, the line its argument. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        Broken(int line) {
            super("broken", null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    void read() throws IOException, Broken {
        while (true) {
            var word = word();
            if (word == null) {
                return;
            }
            if (word.equals("insert")) {
                insert();
            } else {
                passOver();
            }
        }
    }

    private void insert() throws IOException, Broken {
        var word = word();
        if (word == null || !word.equals("into")) {
            passOver();
            return;
        }
        var table = new StringBuilder();
        skipBlanks();
        for (var c = next(); c >= 0; c = next()) {
            if (Character.isWhitespace(c) || c == '(') {
                back(c);
                break;
            }
            if (c != '`' && c != '"') {
                table.append((char) c);
            }
        }
        skipBlanks();
        var c = next();
        if (c == '(') {
            values();
            skipBlanks();
        } else {
            back(c);
        }
        if (!"values".equals(word())) {
            throw new Broken(line);
        }
        while (true) {
            skipBlanks();
            var begun = line;
            if (next() != '(') {
                throw new Broken(line);
            }
            rows.accept(table.toString().toLowerCase(Locale.ROOT), new Row(begun, values()));
            skipBlanks();
            var after = next();
            if (after == ';' || after < 0) {
                return;
            }
            if (after != ',') {
                throw new Broken(line);
            }
        }
    }

    /** Up to the closing bracket; the opening one is read. */
    private List<@Nullable String> values() throws IOException, Broken {
        var values = new ArrayList<@Nullable String>();
        while (true) {
            skipBlanks();
            var c = next();
            if (c == '\'' || c == '"' || c == '`') {
                values.add(quoted(c));
            } else if (c == ')' && values.isEmpty()) {
                return values;
            } else {
                var bare = new StringBuilder();
                for (; c >= 0 && c != ',' && c != ')' && !Character.isWhitespace(c); c = next()) {
                    bare.append((char) c);
                    tooLong(bare);
                }
                back(c);
                values.add(bare.toString().equalsIgnoreCase("null") ? null : bare.toString());
            }
            skipBlanks();
            var after = next();
            if (after == ')') {
                return values;
            }
            if (after != ',' || values.size() == MOST_VALUES) {
                throw new Broken(line);
            }
        }
    }

    /** Doubled quotes and backslashes as MySQL writes them. */
    private String quoted(int quote) throws IOException, Broken {
        var text = new StringBuilder();
        var begun = line;
        while (true) {
            var c = next();
            if (c < 0) {
                throw new Broken(begun);
            }
            if (c == '\\') {
                var escaped = next();
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            case -1 -> throw new Broken(begun);
                            default -> (char) escaped;
                        });
            } else if (c == quote) {
                var after = next();
                if (after != quote) {
                    back(after);
                    return text.toString();
                }
                text.append((char) quote);
            } else {
                text.append((char) c);
            }
            tooLong(text);
        }
    }

    private void tooLong(StringBuilder text) throws Broken {
        if (text.length() > LONGEST_VALUE) {
            throw new Broken(line);
        }
    }

    /** The next word in small letters, or null at the end; brackets and signs between statements are passed over. */
    private @Nullable String word() throws IOException, Broken {
        while (true) {
            skipBlanks();
            var c = next();
            if (c < 0) {
                return null;
            }
            if (Character.isLetter(c)) {
                var word = new StringBuilder();
                for (; c >= 0 && (Character.isLetterOrDigit(c) || c == '_') && word.length() < 100; c = next()) {
                    word.append((char) Character.toLowerCase(c));
                }
                back(c);
                return word.toString();
            }
            if (c == '\'' || c == '"' || c == '`') {
                quoted(c);
            }
        }
    }

    /** To the end of the statement. */
    private void passOver() throws IOException, Broken {
        while (true) {
            skipBlanks();
            var c = next();
            if (c < 0 || c == ';') {
                return;
            }
            if (c == '\'' || c == '"' || c == '`') {
                quoted(c);
            }
        }
    }

    /** Blanks and comments. */
    private void skipBlanks() throws IOException, Broken {
        while (true) {
            var c = next();
            if (c == '-') {
                var second = next();
                if (second != '-') {
                    back(second);
                    back(c);
                    return;
                }
                endOfLine();
            } else if (c == '#') {
                endOfLine();
            } else if (c == '/') {
                var second = next();
                if (second != '*') {
                    back(second);
                    back(c);
                    return;
                }
                comment();
            } else if (c < 0 || !Character.isWhitespace(c) && c != '\uFEFF') {
                back(c);
                return;
            }
        }
    }

    private void endOfLine() throws IOException {
        for (var c = next(); c >= 0 && c != '\n'; c = next()) {}
    }

    private void comment() throws IOException, Broken {
        var begun = line;
        var before = 0;
        while (true) {
            var c = next();
            if (c < 0) {
                throw new Broken(begun);
            }
            if (before == '*' && c == '/') {
                return;
            }
            before = c;
        }
    }

    private int next() throws IOException {
        var c = in.read();
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private void back(int c) throws IOException {
        if (c >= 0) {
            if (c == '\n') {
                line--;
            }
            in.unread(c);
        }
    }
}
