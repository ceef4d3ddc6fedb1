// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture with nothing in it but the picture: drawn anew as a JPEG, so that position, device and whatever else hides
 * in a file are gone, and what is not a picture never gets further. Only the upright position is taken over. WebP,
 * which this machine cannot draw, loses its blocks of facts instead.
 *
 * @param mediaType {@code image/jpeg} or {@code image/webp}
 */
public record CleanPicture(String mediaType, byte[] content) {
    /** What {@link #mediaType} may be. */
    public static final Set<String> TYPES = Set.of("image/jpeg", "image/webp");
    /** Bytes of the largest file that our own forms take; none becomes larger by being drawn anew. */
    public static final long LARGEST = 10_000_000;
    /** Longest side kept: a road sign stays readable, a phone's photo becomes about half a megabyte. */
    private static final int SIDE = 2048;
    /** More than any phone makes; what claims more is a bomb that would fill the memory when drawn. */
    private static final long PIXELS = 80_000_000;
    /** No camera's side; a picture of one line takes as much memory as it is long, whatever its pixels. */
    private static final int LONGEST = 20_000;
    /** Drawing takes memory: not many at once. */
    private static final Semaphore DRAWING = new Semaphore(2);

    static {
        ImageIO.setUseCache(false);
    }

    /** Where the bytes of a file are read from. */
    public interface Source {
        byte[] read() throws IOException;
    }

    /** The picture of that file, or empty when it is none, is broken or is larger than any camera's. */
    public static Optional<CleanPicture> of(byte[] file) {
        return of(() -> file);
    }

    /** The same of a file that is read when its turn comes: those that wait lie in no memory. */
    public static Optional<CleanPicture> of(Source source) {
        DRAWING.acquireUninterruptibly();
        try {
            var file = source.read();
            if (WebP.is(file)) {
                return WebP.withoutFacts(file, PIXELS).map(content -> new CleanPicture("image/webp", content));
            }
            var drawn = draw(file, Orientation.of(file));
            return drawn.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new CleanPicture("image/jpeg", encode(drawn.get())));
        } catch (IOException | RuntimeException e) {
            // A broken file makes the readers throw almost anything; to everyone it is simply no picture.
            return Optional.empty();
        } finally {
            DRAWING.release();
        }
    }

    private static Optional<BufferedImage> draw(byte[] bytes, int orientation) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width < 1 || height < 1 || Math.max(width, height) > LONGEST || (long) width * height > PIXELS) {
                    return Optional.empty();
                }
                var param = reader.getDefaultReadParam();
                int step = Math.max(1, Math.max(width, height) / SIDE);
                param.setSourceSubsampling(step, step, 0, 0);
                return Optional.of(upright(reader.read(0, param), orientation));
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage upright(BufferedImage source, int orientation) {
        double scale = Math.min(1, (double) SIDE / Math.max(source.getWidth(), source.getHeight()));
        int width = Math.max(1, (int) Math.round(source.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(source.getHeight() * scale));
        boolean lying = orientation >= 5;
        var target = new BufferedImage(lying ? height : width, lying ? width : height, BufferedImage.TYPE_INT_RGB);
        var graphics = target.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, target.getWidth(), target.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setTransform(Orientation.turn(orientation, width, height));
        graphics.drawImage(source, 0, 0, width, height, null);
        graphics.dispose();
        return target;
    }

    private static byte[] encode(BufferedImage image) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            var param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.82f);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** How a camera was held: the one fact of a JPEG's Exif block (tag 0x0112) that is used, and then dropped. */
    static final class Orientation {
        private Orientation() {}

        static int of(byte[] file) {
            if (file.length < 4 || u16(file, 0, true) != 0xFFD8) {
                return 1;
            }
            for (int at = 2; at + 4 < file.length; ) {
                int marker = u16(file, at, true);
                int length = u16(file, at + 2, true);
                if (marker == 0xFFE1 && at + 10 < file.length && u16(file, at + 4, true) == 0x4578) {
                    return inExif(file, at + 10);
                }
                if (marker == 0xFFDA || marker >> 8 != 0xFF || length < 2) {
                    return 1;
                }
                at += 2 + length;
            }
            return 1;
        }

        private static int inExif(byte[] file, int start) {
            if (start + 8 > file.length) {
                return 1;
            }
            boolean big = u16(file, start, true) == 0x4D4D;
            int at = start + (u16(file, start + 4, big) << 16 | u16(file, start + 6, big));
            if (!big) {
                at = start + (u16(file, start + 6, false) << 16 | u16(file, start + 4, false));
            }
            if (at < start || at + 2 > file.length) {
                return 1;
            }
            int entries = u16(file, at, big);
            for (int i = 0; i < entries; i++) {
                int entry = at + 2 + i * 12;
                if (entry + 12 > file.length) {
                    return 1;
                }
                if (u16(file, entry, big) == 0x0112) {
                    int value = u16(file, entry + 8, big);
                    return value >= 1 && value <= 8 ? value : 1;
                }
            }
            return 1;
        }

        static AffineTransform turn(int orientation, int width, int height) {
            return switch (orientation) {
                case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
                case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
                case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
                case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
                case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
                case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
                case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
                default -> new AffineTransform();
            };
        }

        private static int u16(byte[] bytes, int at, boolean big) {
            int first = bytes[at] & 0xFF;
            int second = bytes[at + 1] & 0xFF;
            return big ? first << 8 | second : second << 8 | first;
        }
    }

    /** The container of WebP: a RIFF file of named blocks. */
    static final class WebP {
        private static final int EXIF_AND_XMP = 0x0C;
        private static final int FRAME_HEAD = 16;
        /** What makes the picture. Whatever else stands in the file may say who took it, and where. */
        private static final Set<String> BLOCKS = Set.of("VP8X", "ICCP", "ALPH", "ANIM", "ANMF", "VP8 ", "VP8L");

        private static final Set<String> FRAME_BLOCKS = Set.of("ALPH", "VP8 ", "VP8L");
        private static final Set<String> PICTURES = Set.of("VP8 ", "VP8L", "ANMF");

        private WebP() {}

        static boolean is(byte[] file) {
            return file.length >= 20 && named(file, 0, "RIFF") && named(file, 8, "WEBP");
        }

        static Optional<byte[]> withoutFacts(byte[] file, long mostPixels) {
            var out = new ByteArrayOutputStream(file.length);
            out.write(file, 0, 12);
            if (!copy(file, 12, file.length, out, mostPixels, BLOCKS)) {
                return Optional.empty();
            }
            var clean = out.toByteArray();
            putLength(clean, 4, clean.length - 8);
            return Optional.of(clean);
        }

        /** Copies the blocks that make the picture; whether there was one. */
        private static boolean copy(
                byte[] file, int from, int to, ByteArrayOutputStream out, long mostPixels, Set<String> blocks) {
            var pictures = 0;
            for (long at = from; at + 8 <= to; ) {
                var start = (int) at;
                var name = new String(file, start, 4, StandardCharsets.ISO_8859_1);
                var size = u32(file, start + 4);
                var end = at + 8 + size;
                if (end > to) {
                    return false;
                }
                var block = Arrays.copyOfRange(file, start, (int) end);
                at = end + size % 2;
                if (!blocks.contains(name)) {
                    continue;
                }
                if (name.equals("VP8X")) {
                    if (size < 10 || (long) (1 + u24(block, 12)) * (1 + u24(block, 15)) > mostPixels) {
                        return false;
                    }
                    block[8] &= ~EXIF_AND_XMP;
                } else if (name.equals("ANMF")) {
                    // A frame of a moving picture: where it stands, and then blocks of its own.
                    var frame = new ByteArrayOutputStream();
                    if (size < FRAME_HEAD) {
                        return false;
                    }
                    frame.write(block, 0, 8 + FRAME_HEAD);
                    if (!copy(block, 8 + FRAME_HEAD, block.length, frame, mostPixels, FRAME_BLOCKS)) {
                        return false;
                    }
                    block = frame.toByteArray();
                    putLength(block, 4, block.length - 8);
                }
                pictures += PICTURES.contains(name) ? 1 : 0;
                out.write(block, 0, block.length);
                if (block.length % 2 == 1) {
                    out.write(0);
                }
            }
            return pictures > 0;
        }

        private static void putLength(byte[] block, int at, int length) {
            for (var i = 0; i < 4; i++) {
                block[at + i] = (byte) (length >> (8 * i));
            }
        }

        private static boolean named(byte[] file, int at, String name) {
            for (var i = 0; i < 4; i++) {
                if (file[at + i] != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static long u32(byte[] file, int at) {
            return u24(file, at) | (file[at + 3] & 0xFFL) << 24;
        }

        private static int u24(byte[] file, int at) {
            return (file[at] & 0xFF) | (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF) << 16;
        }
    }
}
