// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.SmallPicture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the README's pictures from the demonstration regency, when documents are written ({@code ./kentongan docs}). */
@Timeout(900)
class PicturesTests {
    private static final Path PICTURES = Path.of("docs/pictures");
    private static final long LARGEST = 150_000;
    private static final View PHONE = View.PHONE;
    private static final View DESKTOP = View.DESKTOP;

    @Test
    @EnabledIfSystemProperty(
            named = "kentongan.write",
            matches = ".+",
            disabledReason = "pictures are taken by ./kentongan docs")
    void picturesOfTheRegencyAreTaken() throws Exception {
        try (var house = Installation.fresh()) {
            house.environment.remove("KENTONGAN_DEMO_MONTH");
            house.up().ok();
            awaitTrue(
                    "the regency's month",
                    Duration.ofMinutes(8),
                    () -> house.log().contains("has lived through its month"));
            var base = "http://127.0.0.1:" + house.port;
            for (var view : new View[] {DESKTOP, PHONE}) {
                try (var context = Browser.open(view, base)) {
                    take(context, "/", "portal", view);
                    if (view.equals(PHONE)) {
                        take(context, "/lapor", "report", view);
                    }
                }
                try (var context = Browser.open(view, base)) {
                    var page = context.newPage();
                    page.navigate("/sign-in?to=/desk");
                    page.locator("#mail").fill("rina@sukamaju.example");
                    page.locator("#password").fill("kentongan-sukamaju");
                    page.locator("form button[type=submit]").last().click();
                    page.waitForURL("**/desk**");
                    take(context, "/desk", "inbox", view);
                    if (view.equals(DESKTOP)) {
                        var first = page.locator("main a[href^='/desk/percakapan/']")
                                .first();
                        take(context, first.getAttribute("href"), "conversation", view);
                    }
                }
            }
            house.down().ok();
        }
        try (var pictures = Files.list(PICTURES)) {
            for (var picture : pictures.toList()) {
                assertThat(Files.size(picture)).as(picture.toString()).isLessThan(LARGEST);
            }
        }
    }

    private static void take(BrowserContext context, String path, String name, View view) throws Exception {
        Page page = context.newPage();
        var answer = page.navigate(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        page.waitForLoadState();
        var taken = Browser.picture(page, "docs-" + name + "-" + view.width(), false);
        var picture = PICTURES.resolve(name + "-" + view.width() + ".png");
        Files.createDirectories(PICTURES);
        SmallPicture.write(taken, picture);
        page.close();
    }
}
