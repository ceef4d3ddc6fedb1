// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.site.FormErrors;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.web.multipart.MultipartFile;

class PhotosTests {
    private final Photos photos = new Photos();
    private final FormErrors errors = FormErrors.none();

    @Test
    void aPhotoIsDrawnAnewAndKeepsOnlyItsPicture() throws IOException {
        var clean = photos.read("photos", List.of(file(PortalTests.photoWithPosition())), errors);
        assertThat(errors.any()).isFalse();
        var bytes = clean.getFirst().content();
        assertThat(bytes).isNotNull();
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("Exif", "SECRET-POSITION");
    }

    @Test
    void aPhotoTakenUprightStaysUpright() throws IOException {
        // Red on the left half; held so that a viewer must turn it clockwise (6): red comes to the top.
        var image = new BufferedImage(80, 40, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(0, 0, 80, 40);
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 40, 40);
        graphics.dispose();
        var clean = photos.read("photos", List.of(file(withOrientation(image, 6))), errors);
        var content = clean.getFirst().content();
        assertThat(content).isNotNull();
        var turned = ImageIO.read(new ByteArrayInputStream(content));
        assertThat(turned.getWidth()).isEqualTo(40);
        assertThat(turned.getHeight()).isEqualTo(80);
        assertThat(new Color(turned.getRGB(20, 10)).getRed()).isGreaterThan(200);
        assertThat(new Color(turned.getRGB(20, 70)).getBlue()).isGreaterThan(200);
    }

    @Test
    void aVeryLargePhotoIsMadeSmaller() throws IOException {
        var image = new BufferedImage(5000, 2500, BufferedImage.TYPE_INT_RGB);
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        var content = photos.read("photos", List.of(file(out.toByteArray())), errors)
                .getFirst()
                .content();
        assertThat(content).isNotNull();
        assertThat(ImageIO.read(new ByteArrayInputStream(content)).getWidth()).isLessThanOrEqualTo(2500);
    }

    @Test
    void aPictureThatWouldFillTheMemoryIsNotDrawn() throws IOException {
        assertThat(photos.read("photos", List.of(file(pngClaiming(60_000, 60_000))), errors))
                .isEmpty();
        assertThat(errors.of("photos")).isNotNull();
    }

    @Test
    void whatIsNoPictureIsRefused() {
        for (var bytes : List.of(
                "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8),
                "GIF89a".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE1, 0, 10})) {
            var wrong = FormErrors.none();
            assertThat(photos.read("photos", List.of(file(bytes)), wrong)).isEmpty();
            assertThat(wrong.of("photos")).isNotNull();
        }
    }

    @Test
    void moreThanThreePhotosAreRefusedAndNoneIsNoError() {
        assertThat(photos.read("photos", List.of(file(new byte[0])), errors)).isEmpty();
        assertThat(errors.any()).isFalse();
        var one = file(new byte[] {1});
        photos.read("photos", List.of(one, one, one, one), errors);
        assertThat(errors.of("photos")).isNotNull();
    }

    private static MultipartFile file(byte[] bytes) {
        return new MockMultipartFile("photos", "foto.jpg", "image/jpeg", bytes);
    }

    private static byte[] withOrientation(BufferedImage image, int orientation) throws IOException {
        var plain = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", plain);
        var exif = new ByteArrayOutputStream();
        var data = new DataOutputStream(exif);
        data.writeBytes("Exif");
        data.writeShort(0);
        data.writeBytes("MM");
        data.writeShort(42);
        data.writeInt(8);
        data.writeShort(1);
        data.writeShort(0x0112);
        data.writeShort(3);
        data.writeInt(1);
        data.writeShort(orientation);
        data.writeShort(0);
        data.writeInt(0);
        var out = new ByteArrayOutputStream();
        var file = new DataOutputStream(out);
        file.write(plain.toByteArray(), 0, 2);
        file.writeShort(0xFFE1);
        file.writeShort(exif.size() + 2);
        file.write(exif.toByteArray());
        file.write(plain.toByteArray(), 2, plain.size() - 2);
        return out.toByteArray();
    }

    private static byte[] pngClaiming(int width, int height) throws IOException {
        var header = new ByteArrayOutputStream();
        var data = new DataOutputStream(header);
        data.writeBytes("IHDR");
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {8, 2, 0, 0, 0});
        var sum = new CRC32();
        sum.update(header.toByteArray());
        var out = new ByteArrayOutputStream();
        var file = new DataOutputStream(out);
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        file.writeInt(13);
        file.write(header.toByteArray());
        file.writeInt((int) sum.getValue());
        return out.toByteArray();
    }
}
