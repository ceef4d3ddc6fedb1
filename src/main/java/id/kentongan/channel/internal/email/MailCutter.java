// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message from the network within bounds: byte for byte as it comes while it keeps to the limits, and without
 * the parts that do not. An attachment of any size flows past in a few kilobytes of memory. What is left out has its
 * size in a header field of its part.
 */
final class MailCutter {
    /** In the header of a part whose content was left out: how many bytes it had as it was sent. */
    static final String OMITTED = "X-Kentongan-Omitted";

    private static final Pattern BOUNDARY =
            Pattern.compile("boundary\\s*=\\s*(?:\"([^\"]{1,200})\"|([^\\s;]{1,200}))", Pattern.CASE_INSENSITIVE);

    /** Lines are read in pieces of at most this: a line of a hundred megabytes is no line. */
    private static final int PIECE = 8192;

    private static final int CONTENT_TYPE = 8192;

    private final InputStream in;
    private final MailLimits limits;
    private final Kept kept;
    private final Deque<String> boundaries = new ArrayDeque<>();
    private final byte[] piece = new byte[PIECE];
    private final byte[] buffer = new byte[65_536];
    private int at;
    private int filled;

    private boolean inHeader = true;
    private boolean dropping;
    private int parts;
    private boolean changed;

    private String field = "";
    private int fieldSize;
    private final ByteArrayOutputStream contentType = new ByteArrayOutputStream();

    private boolean leafIsText;
    private long leafSize;
    private int leafStart;
    private boolean omitting;

    private MailCutter(InputStream in, MailLimits limits, int expected) {
        this.in = in;
        this.limits = limits;
        this.kept = new Kept(Math.min(Math.max(expected, 1024), limits.whole()) + PIECE);
    }

    /** @param whole whether nothing was left out */
    record Cut(byte[] raw, boolean whole) {}

    /** @param expected how large the server says it is, or 0 */
    static Cut cut(InputStream in, MailLimits limits, long expected) throws IOException {
        var cutter = new MailCutter(in, limits, (int) Math.min(expected, limits.whole()));
        cutter.run();
        return new Cut(cutter.kept.toByteArray(), !cutter.changed);
    }

    /** Bytes that can be taken back. */
    private static final class Kept extends ByteArrayOutputStream {
        Kept(int expected) {
            super(expected);
        }

        void backTo(int size) {
            count = size;
        }
    }

    private void run() throws IOException {
        var lineStart = true;
        int length;
        while ((length = read()) > 0) {
            var ends = piece[length - 1] == '\n';
            take(length, lineStart);
            lineStart = ends;
        }
        endLeaf();
    }

    /** Up to and with the next line feed, or a piece of a longer line; 0 at the end. */
    private int read() throws IOException {
        var length = 0;
        while (length < PIECE) {
            if (at == filled) {
                filled = in.read(buffer);
                at = 0;
                if (filled <= 0) {
                    filled = 0;
                    return length;
                }
            }
            var end = at;
            var last = Math.min(filled, at + PIECE - length);
            while (end < last && buffer[end] != '\n') {
                end++;
            }
            var ends = end < last;
            var found = end - at + (ends ? 1 : 0);
            System.arraycopy(buffer, at, piece, length, found);
            at += found;
            length += found;
            if (ends) {
                return length;
            }
        }
        return length;
    }

    private void take(int length, boolean lineStart) {
        if (lineStart && piece[0] == '-' && length > 2 && piece[1] == '-' && separates(length)) {
            return;
        }
        if (inHeader) {
            header(length, lineStart);
        } else {
            body(length);
        }
    }

    // ---- where parts begin and end ----------------------------------------------------------------------------------

    private boolean separates(int length) {
        if (boundaries.isEmpty()) {
            return false;
        }
        var line = new String(piece, 2, length - 2, StandardCharsets.ISO_8859_1).stripTrailing();
        var closes = line.endsWith("--");
        var depth = 0;
        for (var each : boundaries) {
            depth++;
            if (line.equals(each) || (closes && line.equals(each + "--"))) {
                endLeaf();
                var ended = closes && !line.equals(each);
                for (var n = ended ? 0 : 1; n < depth; n++) {
                    boundaries.pop();
                }
                begin(length, ended);
                return true;
            }
        }
        return false;
    }

    private void begin(int length, boolean afterTheLast) {
        parts++;
        // A message of a million parts ends, for us, with the last that is kept; its closing lines still come.
        dropping = parts > limits.parts() && !afterTheLast;
        write(piece, length);
        inHeader = !afterTheLast;
        contentType.reset();
        field = "";
        startLeaf(true);
    }

    private void startLeaf(boolean text) {
        leafIsText = text;
        leafSize = 0;
        leafStart = kept.size();
        omitting = false;
    }

    private void endLeaf() {
        if (omitting && !leafIsText) {
            var note = OMITTED + ": " + leafSize + "\r\n\r\n";
            kept.writeBytes(note.getBytes(StandardCharsets.US_ASCII));
        }
        omitting = false;
    }

    // ---- header fields ----------------------------------------------------------------------------------------------

    private void header(int length, boolean lineStart) {
        if (lineStart && isBlank(length)) {
            endOfHeader(length);
            return;
        }
        if (lineStart && piece[0] != ' ' && piece[0] != '\t') {
            field = name(length);
            fieldSize = 0;
        }
        fieldSize += length;
        if (fieldSize > limits.field()) {
            changed = true;
            return;
        }
        if (field.equals("content-type") && contentType.size() < CONTENT_TYPE) {
            contentType.write(piece, 0, length);
        }
        write(piece, length);
    }

    private String name(int length) {
        for (var n = 0; n < Math.min(length, 100); n++) {
            if (piece[n] == ':') {
                return new String(piece, 0, n, StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private boolean isBlank(int length) {
        return piece[length - 1] == '\n' && (length == 1 || (length == 2 && piece[0] == '\r'));
    }

    private void endOfHeader(int length) {
        inHeader = false;
        var type = contentType.toString(StandardCharsets.ISO_8859_1);
        var value = type.substring(type.indexOf(':') + 1).strip().toLowerCase(Locale.ROOT);
        var boundary = value.startsWith("multipart/") && boundaries.size() < limits.depth() ? boundary(type) : null;
        if (boundary != null) {
            boundaries.push(boundary);
        }
        // What stands before the first part, and what is nested too deep, counts as text.
        startLeaf(boundary != null || value.isEmpty() || value.startsWith("text/") || value.startsWith("multipart/"));
        write(piece, length);
    }

    private static @Nullable String boundary(String type) {
        var found = BOUNDARY.matcher(type);
        if (!found.find()) {
            return null;
        }
        var quoted = found.group(1);
        return (quoted == null ? found.group(2) : quoted).stripTrailing();
    }

    // ---- content ----------------------------------------------------------------------------------------------------

    private void body(int length) {
        leafSize += length;
        if (omitting) {
            return;
        }
        var most = leafIsText ? limits.text() : limits.attachment();
        if (leafSize > most || kept.size() + length > limits.whole()) {
            omitting = true;
            changed = true;
            if (!leafIsText && !dropping) {
                kept.backTo(leafStart);
            }
            return;
        }
        write(piece, length);
    }

    private void write(byte[] bytes, int length) {
        if (dropping || kept.size() + length > limits.whole() + PIECE) {
            changed = true;
            return;
        }
        kept.write(bytes, 0, length);
    }
}
