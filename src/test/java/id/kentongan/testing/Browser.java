// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one real browser of a test run: Debian's chromium driven by Playwright, started at the first need; its headless
 * shell where it is installed, which has no window to draw and takes a third of the processor time. Tests that want it
 * are left out, with a printed line, where neither is installed.
 *
 * <p>Playwright is bound to the thread that started it, so every call runs on the test's own thread and the
 * browser is started once per thread.
 */
public final class Browser {
    private static final Path SHELL = Path.of("/usr/bin/chromium-headless-shell");
    private static final Path CHROMIUM = Files.isExecutable(SHELL) ? SHELL : Path.of("/usr/bin/chromium");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Imaginary hosts of test tenants lead to this machine.
            "--host-resolver-rules=MAP *.example 127.0.0.1");
    private static final ThreadLocal<@Nullable Playwright> RUNNING = new ThreadLocal<>();

    private Browser() {}

    /** How a page is looked at. */
    public record View(int width, int height, boolean dark, boolean script, double scale) {
        public static final View PHONE = new View(360, 800, false, true, 1);
        public static final View DESKTOP = new View(1440, 900, false, true, 1);

        public View inTheDark() {
            return new View(width, height, true, script, scale);
        }

        public View withoutScript() {
            return new View(width, height, dark, false, scale);
        }
    }

    /**
     * A fresh context: no cookies, no storage, nothing shared with other tests. Close it.
     *
     * <p>Each has a browser process of its own: closing a context of a shared browser was seen to wait for ever, while
     * closing a process ends it.
     */
    public static BrowserContext open(View view, String baseUrl) {
        if (!Files.isExecutable(CHROMIUM)) {
            System.out.println("Left out: browser tests, because " + CHROMIUM + " is not installed");
        }
        assumeTrue(Files.isExecutable(CHROMIUM), "chromium is not installed");
        var options = new BrowserType.LaunchPersistentContextOptions()
                .setExecutablePath(CHROMIUM)
                .setArgs(FLAGS)
                .setViewportSize(view.width(), view.height())
                .setDeviceScaleFactor(view.scale())
                .setColorScheme(view.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setJavaScriptEnabled(view.script())
                .setLocale("id-ID")
                .setTimezoneId("Asia/Jakarta")
                .setBaseURL(baseUrl);
        // An empty folder's name: a temporary profile of its own, removed by the driver.
        var context = playwright().chromium().launchPersistentContext(Path.of(""), options);
        context.setDefaultTimeout(20_000);
        return context;
    }

    /** The whole page as a picture under {@code target/screenshots}. */
    public static Path picture(Page page, String name) {
        return picture(page, name, true);
    }

    public static Path picture(Page page, String name, boolean whole) {
        var file = Path.of("target", "screenshots", name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(whole));
        return file;
    }

    /**
     * Fails unless the accessibility checker is silent. The page needs its scripts on.
     *
     * <p>The checker runs within the page and hands back what it finds only: its Java builder carries everything it
     * looked at to a second page, which takes three times as long.
     */
    public static void assertAccessible(Page page) {
        page.evaluate(AxeBuilder.getAxeScript());
        var found =
                page.evaluate("""
                tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(all => all.violations.map(rule =>
                    rule.id + ': ' + rule.help + ' at ' + rule.nodes.slice(0, 4).map(node => node.target + ' ' + node.html)))
                """, List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"));
        assertThat((List<?>) found).as("what axe finds on " + page.url()).isEmpty();
    }

    /** Fails when the page is wider than its window. */
    public static void assertNoSidewaysScrolling(Page page) {
        var over = (Number)
                page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(over.intValue()).as("pixels " + page.url() + " is too wide").isLessThanOrEqualTo(0);
    }

    private static Playwright playwright() {
        var running = RUNNING.get();
        if (running == null) {
            running = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            RUNNING.set(running);
        }
        return running;
    }
}
