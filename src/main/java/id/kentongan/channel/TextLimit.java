// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * How long a text a network takes, counted as that network counts.
 *
 * @param most at least 1
 */
public record TextLimit(int most, Unit unit) {
    public TextLimit {
        if (most < 1) {
            throw new IllegalArgumentException("A network that takes no text takes no answer");
        }
    }

    public static TextLimit characters(int most) {
        return new TextLimit(most, Unit.CODE_POINTS);
    }

    public boolean holds(String text) {
        return unit.count(text) <= most;
    }

    /**
     * What one counts as. People call the first three characters, and they differ only where an emoji or an accent is
     * made of several parts.
     */
    public enum Unit {
        CODE_POINTS {
            @Override
            public int count(String text) {
                return text.codePointCount(0, text.length());
            }
        },
        /** As JavaScript and Java count: LINE, for one. */
        UTF16_UNITS {
            @Override
            public int count(String text) {
                return text.length();
            }
        },
        /** What a reader takes for one letter or one picture, however many parts it has: Bluesky, for one. */
        GRAPHEMES {
            @Override
            public int count(String text) {
                return (int) GRAPHEME.matcher(text).results().count();
            }
        },
        UTF8_BYTES {
            @Override
            public int count(String text) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        };

        private static final Pattern GRAPHEME = Pattern.compile("\\X");

        public abstract int count(String text);
    }
}
