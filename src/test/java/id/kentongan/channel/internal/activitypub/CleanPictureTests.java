// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.CleanPicture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class CleanPictureTests {
    @Test
    void whatHidesInAPictureIsGone() {
        var jpeg = CleanPicture.of(Pictures.jpeg()).orElseThrow();
        assertThat(jpeg.mediaType()).isEqualTo("image/jpeg");
        assertThat(text(jpeg.content())).doesNotContain("Exif", Pictures.SECRET);
        var webp = CleanPicture.of(Pictures.webp()).orElseThrow();
        assertThat(webp.mediaType()).isEqualTo("image/webp");
        assertThat(text(webp.content()))
                .startsWith("RIFF")
                .contains("WEBP", "VP8X", "VP8 ")
                .doesNotContain("EXIF", "XMP", "catt", Pictures.SECRET);
        assertThat(webp.content()[20] & 0x0C).as("the header names no facts").isZero();
        assertThat(webp.content()[4] & 0xFF).as("and the right length").isEqualTo(webp.content().length - 8);
    }

    @Test
    void norIsItKeptInAFrameOfAMovingPicture() {
        var moving = CleanPicture.of(Pictures.movingWebp()).orElseThrow().content();
        assertThat(text(moving)).contains("ANIM", "ANMF", "VP8 ").doesNotContain("note", Pictures.SECRET);
        var frame = text(moving).indexOf("ANMF");
        assertThat(frame + 8 + (moving[frame + 4] & 0xFF))
                .as("the frame and the file end together")
                .isEqualTo(moving.length)
                .isEqualTo(8 + (moving[4] & 0xFF));
    }

    @Test
    void whatIsNoPictureOrABombIsRefused() {
        var cut = Arrays.copyOf(Pictures.webp(), 60);
        var wide = Pictures.webp();
        Arrays.fill(wide, 24, 30, (byte) 0xFF);
        for (var file : List.of(
                new byte[0],
                "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8),
                "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1),
                cut,
                wide)) {
            assertThat(CleanPicture.of(file)).isEmpty();
        }
    }

    @Test
    void aPictureOfOneEndlessLineIsRefusedBeforeItIsDrawn() throws IOException {
        assertThat(CleanPicture.of(line(20_000))).isPresent();
        assertThat(CleanPicture.of(line(20_001))).isEmpty();
    }

    private static byte[] line(int width) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, 1, BufferedImage.TYPE_BYTE_BINARY), "png", out);
        return out.toByteArray();
    }

    @Test
    void ofManyFilesThatComeAtOnceOnlyTwoLieInMemory() throws Exception {
        var reading = new AtomicInteger();
        var most = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 12; i++) {
                threads.execute(() -> CleanPicture.of(() -> {
                    most.accumulateAndGet(reading.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(20_000_000);
                    reading.decrementAndGet();
                    return new byte[0];
                }));
            }
        }
        assertThat(most).hasValue(2);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
