// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/** Bytes as text, whatever charset they claim. */
final class Charsets {
    /** Names that are written and mean another, or nothing. */
    private static final Map<String, String> MEANT = Map.of(
            "utf8", "UTF-8",
            "utf-8mb4", "UTF-8",
            "unicode-1-1-utf-8", "UTF-8",
            "iso-8859-8-i", "ISO-8859-8",
            "iso-8859-8-e", "ISO-8859-8",
            "ansi_x3.110-1983", "windows-1252",
            "x-unknown", "",
            "unknown-8bit", "",
            "default", "");

    private Charsets() {}

    /** @param sure whether the bytes are what they claim; if not, the text is a guess and the bytes are worth keeping */
    record Decoded(String text, boolean sure) {}

    static Decoded decode(byte[] bytes, @Nullable String claimed) {
        var known = known(claimed);
        if (known.isPresent()) {
            var text = strictly(bytes, known.get());
            if (text.isPresent()) {
                return new Decoded(text.get(), true);
            }
        }
        // What is valid UTF-8 and more than ASCII is hardly ever anything else.
        var text = strictly(bytes, StandardCharsets.UTF_8);
        if (text.isPresent()) {
            return new Decoded(text.get(), claimed == null || known.isPresent() || isAscii(bytes));
        }
        var guessed = guessed(bytes).orElse(Charset.forName("windows-1252"));
        return new Decoded(new String(bytes, guessed), false);
    }

    static Optional<Charset> known(@Nullable String claimed) {
        if (claimed == null) {
            return Optional.empty();
        }
        var name = claimed.strip().toLowerCase(Locale.ROOT);
        name = MEANT.getOrDefault(name, name);
        try {
            // Western bytes that claim the narrower charset use the wider one's characters, as browsers know.
            return name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            name.equals("iso-8859-1") || name.equals("us-ascii")
                                    ? Charset.forName("windows-1252")
                                    : Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> strictly(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (var each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Charset> guessed(byte[] bytes) {
        var detector = new UniversalDetector();
        detector.handleData(bytes, 0, Math.min(bytes.length, 65_536));
        detector.dataEnd();
        return Optional.ofNullable(detector.getDetectedCharset()).flatMap(Charsets::known);
    }
}
