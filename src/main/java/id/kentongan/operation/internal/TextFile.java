// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text files as programs save them: UTF-8, with or without a mark at its beginning, or UTF-16 with one. What cannot be
 * read so becomes {@link #UNREADABLE}, so that whoever reads a line sees it there and says which line it is.
 */
final class TextFile {
    static final char UNREADABLE = '\uFFFD';

    private TextFile() {}

    static BufferedReader open(Path file) throws IOException {
        return open(Files.newInputStream(file));
    }

    static BufferedReader open(InputStream bytes) throws IOException {
        var in = new PushbackInputStream(bytes, 3);
        var start = in.readNBytes(3);
        Charset charset = StandardCharsets.UTF_8;
        var mark = 0;
        if (start.length == 3 && start[0] == (byte) 0xEF && start[1] == (byte) 0xBB && start[2] == (byte) 0xBF) {
            mark = 3;
        } else if (start.length >= 2 && start[0] == (byte) 0xFF && start[1] == (byte) 0xFE) {
            charset = StandardCharsets.UTF_16LE;
            mark = 2;
        } else if (start.length >= 2 && start[0] == (byte) 0xFE && start[1] == (byte) 0xFF) {
            charset = StandardCharsets.UTF_16BE;
            mark = 2;
        }
        in.unread(start, mark, start.length - mark);
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        return new BufferedReader(new InputStreamReader(in, decoder), 1 << 16);
    }
}
