// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.channel.Attachment;
import id.kentongan.site.FormErrors;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.ImageInputStream;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/**
 * Citizens' photos: each is drawn anew as a JPEG, so that position, device and whatever else hides in a file are
 * gone, and what is not a picture never gets further. Only the upright position is taken over.
 */
@Component
class Photos {
    static final int MOST = 3;
    static final long LARGEST = 10_000_000;
    /** Longest side kept: a road sign stays readable, a phone's photo becomes about half a megabyte. */
    private static final int SIDE = 2048;
    /** More than any phone makes; what claims more is a bomb that would fill the memory when drawn. */
    private static final long PIXELS = 80_000_000;

    static {
        ImageIO.setUseCache(false);
    }

    /** The photos ready to send; what is wrong with them is added to the errors of the field. */
    List<Attachment> read(String field, List<MultipartFile> files, FormErrors errors) {
        var chosen = files.stream().filter(f -> !f.isEmpty()).toList();
        if (chosen.size() > MOST) {
            errors.add(field, "portal.photos.too-many", MOST);
            return List.of();
        }
        var ready = new ArrayList<Attachment>();
        for (int i = 0; i < chosen.size(); i++) {
            var file = chosen.get(i);
            if (file.getSize() > LARGEST) {
                errors.add(field, "portal.photos.too-large", i + 1);
                continue;
            }
            var clean = clean(file);
            if (clean.isEmpty()) {
                errors.add(field, "portal.photos.no-picture", i + 1);
                continue;
            }
            ready.add(new Attachment(null, "image/jpeg", null, clean.get()));
        }
        return errors.of(field) == null ? List.copyOf(ready) : List.of();
    }

    private static Optional<byte[]> clean(MultipartFile file) {
        try {
            var bytes = file.getBytes();
            var drawn = draw(bytes, Orientation.of(bytes));
            return drawn.isEmpty() ? Optional.empty() : Optional.of(encode(drawn.get()));
        } catch (IOException | RuntimeException e) {
            // A broken file makes the readers throw almost anything; to the citizen it is simply no picture.
            return Optional.empty();
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
                if (width < 1 || height < 1 || (long) width * height > PIXELS) {
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
}
