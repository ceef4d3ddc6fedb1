// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Clip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The pictures of the guides in {@code docs/panduan}, taken by the tests that walk through what they show, when
 * documents are written ({@code ./kentongan docs}); at any other time nothing is done.
 */
public final class GuidePictures {
    public static final Path FOLDER = Path.of("docs", "panduan", "gambar");
    public static final long LARGEST = 80_000;

    private static final int MARGIN = 8;

    private GuidePictures() {}

    /** What is to be seen of a part of a page without scrolling further. */
    public static void take(Locator shown, String name) {
        if (!WrittenDocument.writing()) {
            return;
        }
        shown.scrollIntoViewIfNeeded();
        var page = shown.page();
        var box = Objects.requireNonNull(shown.boundingBox(), "nothing to be seen of " + shown);
        var view = page.viewportSize();
        var left = Math.max(0, box.x - MARGIN);
        var top = Math.max(0, box.y - MARGIN);
        var taken = Path.of("target", "screenshots", "guide-" + name + ".png");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(taken)
                .setClip(new Clip(
                        left,
                        top,
                        Math.min(box.x + box.width + MARGIN, view.width) - left,
                        Math.min(box.y + box.height + MARGIN, view.height) - top)));
        try {
            Files.createDirectories(FOLDER);
            var picture = FOLDER.resolve(name + ".png");
            SmallPicture.write(taken, picture);
            assertThat(Files.size(picture)).as(picture.toString()).isLessThanOrEqualTo(LARGEST);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
