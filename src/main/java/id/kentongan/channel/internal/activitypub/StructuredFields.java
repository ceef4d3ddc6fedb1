// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Structured field values (RFC 8941), read strictly: anything the grammar does not allow is refused, since two
 * readings of one signature header are how signatures are forged.
 */
final class StructuredFields {
    /** A field that breaks the grammar. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    sealed interface Bare {
        /** The value as the grammar writes it. */
        String serialised();
    }

    record Text(String value) implements Bare {
        @Override
        public String serialised() {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    record Token(String value) implements Bare {
        @Override
        public String serialised() {
            return value;
        }
    }

    record Whole(long value) implements Bare {
        @Override
        public String serialised() {
            return Long.toString(value);
        }
    }

    record Fraction(BigDecimal value) implements Bare {
        @Override
        public String serialised() {
            var plain = value.stripTrailingZeros().toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
    }

    record Bytes(byte[] value) implements Bare {
        @Override
        public String serialised() {
            return ':' + Base64.getEncoder().encodeToString(value) + ':';
        }
    }

    record Flag(boolean value) implements Bare {
        @Override
        public String serialised() {
            return value ? "?1" : "?0";
        }
    }

    /** What stands beside a dictionary's key. */
    sealed interface Member {
        Map<String, Bare> parameters();
    }

    record Item(Bare value, Map<String, Bare> parameters) implements Member {
        String serialised() {
            return value.serialised() + serialisedParameters(parameters);
        }
    }

    record InnerList(List<Item> items, Map<String, Bare> parameters) implements Member {
        String serialised() {
            return '('
                    + String.join(" ", items.stream().map(Item::serialised).toList())
                    + ')'
                    + serialisedParameters(parameters);
        }
    }

    private final String text;
    private int at;

    private StructuredFields(String text) {
        this.text = text;
    }

    /** Reads a whole dictionary. A key given twice keeps its last value, as the standard says. */
    static Map<String, Member> dictionary(String text) throws Malformed {
        var reader = new StructuredFields(text);
        reader.skipSpaces();
        var members = reader.members();
        reader.skipSpaces();
        if (reader.more()) {
            throw reader.malformed("unexpected text after the value");
        }
        return members;
    }

    static String serialisedParameters(Map<String, Bare> parameters) {
        var written = new StringBuilder();
        parameters.forEach((key, value) -> {
            written.append(';').append(key);
            if (!(value instanceof Flag(boolean on) && on)) {
                written.append('=').append(value.serialised());
            }
        });
        return written.toString();
    }

    private Map<String, Member> members() throws Malformed {
        var members = new LinkedHashMap<String, Member>();
        while (more()) {
            var key = key();
            Member value;
            if (peek() == '=') {
                at++;
                value = peek() == '(' ? innerList() : new Item(bare(), parameters());
            } else {
                value = new Item(new Flag(true), parameters());
            }
            members.remove(key);
            members.put(key, value);
            skipBlanks();
            if (!more()) {
                return members;
            }
            expect(',');
            skipBlanks();
            if (!more()) {
                throw malformed("a comma ends the value");
            }
        }
        return members;
    }

    private InnerList innerList() throws Malformed {
        expect('(');
        var items = new ArrayList<Item>();
        while (more()) {
            skipSpaces();
            if (peek() == ')') {
                at++;
                return new InnerList(List.copyOf(items), parameters());
            }
            items.add(new Item(bare(), parameters()));
            if (peek() != ' ' && peek() != ')') {
                throw malformed("list items must be apart");
            }
        }
        throw malformed("a list is not closed");
    }

    private Map<String, Bare> parameters() throws Malformed {
        var parameters = new LinkedHashMap<String, Bare>();
        while (peek() == ';') {
            at++;
            skipSpaces();
            var key = key();
            Bare value = new Flag(true);
            if (peek() == '=') {
                at++;
                value = bare();
            }
            parameters.remove(key);
            parameters.put(key, value);
        }
        return parameters;
    }

    private String key() throws Malformed {
        var start = at;
        if (!(isLower(peek()) || peek() == '*')) {
            throw malformed("a key is missing");
        }
        while (more() && (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private Bare bare() throws Malformed {
        var first = peek();
        if (first == '"') {
            return string();
        }
        if (first == ':') {
            return bytes();
        }
        if (first == '?') {
            return flag();
        }
        if (first == '-' || isDigit(first)) {
            return number();
        }
        if (isLower(first) || (first >= 'A' && first <= 'Z') || first == '*') {
            return token();
        }
        throw malformed("a value is missing");
    }

    private Text string() throws Malformed {
        expect('"');
        var value = new StringBuilder();
        while (more()) {
            var next = text.charAt(at++);
            if (next == '"') {
                return new Text(value.toString());
            }
            if (next == '\\') {
                if (peek() != '"' && peek() != '\\') {
                    throw malformed("a backslash escapes nothing");
                }
                next = text.charAt(at++);
            } else if (next < 0x20 || next > 0x7E) {
                throw malformed("a string holds a character outside ASCII");
            }
            value.append(next);
        }
        throw malformed("a string is not closed");
    }

    private Bytes bytes() throws Malformed {
        expect(':');
        var end = text.indexOf(':', at);
        if (end < 0) {
            throw malformed("a byte sequence is not closed");
        }
        try {
            var value = Base64.getDecoder().decode(text.substring(at, end));
            at = end + 1;
            return new Bytes(value);
        } catch (IllegalArgumentException e) {
            throw malformed("a byte sequence is not base64");
        }
    }

    private Flag flag() throws Malformed {
        expect('?');
        var value = peek();
        if (value != '0' && value != '1') {
            throw malformed("a boolean is neither 0 nor 1");
        }
        at++;
        return new Flag(value == '1');
    }

    private Bare number() throws Malformed {
        var start = at;
        if (peek() == '-') {
            at++;
        }
        var digits = at;
        while (isDigit(peek())) {
            at++;
        }
        var whole = at - digits;
        if (whole == 0 || whole > 15) {
            throw malformed("a number is out of range");
        }
        if (peek() != '.') {
            return new Whole(Long.parseLong(text.substring(start, at)));
        }
        at++;
        var fraction = at;
        while (isDigit(peek())) {
            at++;
        }
        if (whole > 12 || at == fraction || at - fraction > 3) {
            throw malformed("a decimal is out of range");
        }
        return new Fraction(new BigDecimal(text.substring(start, at)));
    }

    private Token token() {
        var start = at;
        while (more() && isTokenCharacter(peek())) {
            at++;
        }
        return new Token(text.substring(start, at));
    }

    private static boolean isTokenCharacter(char c) {
        return isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z') || "!#$%&'*+-.^_`|~:/".indexOf(c) >= 0;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean more() {
        return at < text.length();
    }

    /** The next character, or NUL at the end: no grammar rule accepts NUL. */
    private char peek() {
        return more() ? text.charAt(at) : 0;
    }

    private void expect(char wanted) throws Malformed {
        if (peek() != wanted) {
            throw malformed("expected " + wanted);
        }
        at++;
    }

    private void skipSpaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    private Malformed malformed(String what) {
        return new Malformed(what + " at character " + at);
    }
}
