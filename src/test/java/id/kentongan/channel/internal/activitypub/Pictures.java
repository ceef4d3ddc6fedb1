// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** Pictures with something hidden in them. */
final class Pictures {
    static final String SECRET = "RAHASIA-POSISI";

    private Pictures() {}

    /** A JPEG whose Exif block names a place. */
    static byte[] jpeg() {
        try {
            var plain = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB), "jpeg", plain);
            var hidden = ("Exif\0\0MM\0*\0\0\0\10\0\0" + SECRET).getBytes(StandardCharsets.ISO_8859_1);
            var out = new ByteArrayOutputStream();
            var file = new DataOutputStream(out);
            file.write(plain.toByteArray(), 0, 2);
            file.writeShort(0xFFE1);
            file.writeShort(hidden.length + 2);
            file.write(hidden);
            file.write(plain.toByteArray(), 2, plain.size() - 2);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A WebP container with a picture block and a block of facts. */
    static byte[] webp() {
        var blocks = new ByteArrayOutputStream();
        blocks.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
        block(blocks, "VP8X", new byte[] {0x0C, 0, 0, 0, 39, 0, 0, 19, 0, 0});
        block(blocks, "EXIF", SECRET.getBytes(StandardCharsets.ISO_8859_1));
        block(blocks, "VP8 ", new byte[] {1, 2, 3, 4, 5});
        block(blocks, "catt", SECRET.getBytes(StandardCharsets.ISO_8859_1));
        block(blocks, "XMP ", ("<x>" + SECRET + "</x>").getBytes(StandardCharsets.ISO_8859_1));
        var file = new ByteArrayOutputStream();
        file.writeBytes("RIFF".getBytes(StandardCharsets.ISO_8859_1));
        length(file, blocks.size());
        file.writeBytes(blocks.toByteArray());
        return file.toByteArray();
    }

    /** A moving WebP whose frame has a block of facts of its own. */
    static byte[] movingWebp() {
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[16]);
        block(frame, "VP8 ", new byte[] {1, 2, 3});
        block(frame, "note", SECRET.getBytes(StandardCharsets.ISO_8859_1));
        var blocks = new ByteArrayOutputStream();
        blocks.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
        block(blocks, "VP8X", new byte[] {0x02, 0, 0, 0, 39, 0, 0, 19, 0, 0});
        block(blocks, "ANIM", new byte[6]);
        block(blocks, "ANMF", frame.toByteArray());
        var file = new ByteArrayOutputStream();
        file.writeBytes("RIFF".getBytes(StandardCharsets.ISO_8859_1));
        length(file, blocks.size());
        file.writeBytes(blocks.toByteArray());
        return file.toByteArray();
    }

    private static void block(ByteArrayOutputStream out, String name, byte[] content) {
        out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        length(out, content.length);
        out.writeBytes(content);
        if (content.length % 2 == 1) {
            out.write(0);
        }
    }

    private static void length(ByteArrayOutputStream out, int length) {
        for (var i = 0; i < 4; i++) {
            out.write(length >> (8 * i));
        }
    }
}
