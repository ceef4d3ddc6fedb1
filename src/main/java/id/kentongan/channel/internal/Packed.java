// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A delivery's headers and body in one run of bytes, to be sealed together. */
final class Packed {
    private Packed() {}

    static byte[] pack(Map<String, String> headers, byte[] body) {
        var text = new StringBuilder();
        headers.forEach((name, value) ->
                text.append(name).append('\t').append(value.replace('\n', ' ')).append('\n'));
        var head = text.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + head.length + body.length)
                .putInt(head.length)
                .put(head)
                .put(body)
                .array();
    }

    static Map<String, String> headers(byte[] packed) {
        var length = ByteBuffer.wrap(packed).getInt();
        var headers = new LinkedHashMap<String, String>();
        for (var line : new String(packed, 4, length, StandardCharsets.UTF_8).split("\n")) {
            var tab = line.indexOf('\t');
            if (tab > 0) {
                headers.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        return headers;
    }

    static byte[] body(byte[] packed) {
        var start = 4 + ByteBuffer.wrap(packed).getInt();
        return java.util.Arrays.copyOfRange(packed, start, packed.length);
    }
}
