// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Pictures of pages in at most 64 colours: a third of the size, and the page's own colours stay exact. */
public final class SmallPicture {
    private static final int COLOURS = 64;

    private SmallPicture() {}

    public static void write(Path from, Path to) throws IOException {
        var picture = ImageIO.read(from.toFile());
        for (var shift = 0; ; shift++) {
            var common = mostCommon(picture, shift);
            if (common.size() <= COLOURS) {
                ImageIO.write(indexed(picture, shift, common), "png", to.toFile());
                return;
            }
        }
    }

    /** Of the colours that are alike but for their last bits, the one that is there most. */
    private static Map<Integer, Integer> mostCommon(BufferedImage picture, int shift) {
        var counts = new HashMap<Integer, Integer>();
        for (var y = 0; y < picture.getHeight(); y++) {
            for (var x = 0; x < picture.getWidth(); x++) {
                counts.merge(picture.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
            }
        }
        var common = new HashMap<Integer, Integer>();
        counts.forEach((colour, count) ->
                common.merge(alike(colour, shift), colour, (a, b) -> counts.get(a) >= counts.get(b) ? a : b));
        return common;
    }

    private static int alike(int colour, int shift) {
        return ((colour >> 16 & 0xFF) >> shift) << 16 | ((colour >> 8 & 0xFF) >> shift) << 8 | (colour & 0xFF) >> shift;
    }

    private static BufferedImage indexed(BufferedImage picture, int shift, Map<Integer, Integer> common) {
        var palette = new ArrayList<>(common.values());
        var places = new HashMap<Integer, Integer>();
        common.forEach((alike, colour) -> places.put(alike, palette.indexOf(colour)));
        var model = new IndexColorModel(
                8,
                palette.size(),
                palette.stream().mapToInt(Integer::intValue).toArray(),
                0,
                false,
                -1,
                java.awt.image.DataBuffer.TYPE_BYTE);
        var result = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        for (var y = 0; y < picture.getHeight(); y++) {
            for (var x = 0; x < picture.getWidth(); x++) {
                var place = places.get(alike(picture.getRGB(x, y) & 0xFFFFFF, shift));
                result.getRaster().setSample(x, y, 0, place);
            }
        }
        return result;
    }
}
