// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.identity.internal.Devices.Device;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTests {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36 | Chrome | Android
            Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36 | Samsung Internet | Android
            Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1 | Safari | iOS
            Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/143.0.7499.38 Mobile/15E148 Safari/604.1 | Chrome | iOS
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0 | Edge | Windows
            Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0 | Firefox | Linux
            Mozilla/5.0 (Android 14; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0 | Firefox | Android
            Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15 | Safari | macOS
            Opera/9.80 (Android; Opera Mini/8.0.1807/191.283; U; id) Presto/2.12.423 Version/12.16 | Opera Mini | Android
            """)
    void browsersAndSystemsAreCalledAsPeopleKnowThem(String said, String browser, String system) {
        assertThat(Devices.of(said)).isEqualTo(new Device(browser, system));
    }

    @Test
    void whoeverSaysNothingOrNonsenseIsUnknown() {
        assertThat(Devices.of(null).known()).isFalse();
        assertThat(Devices.of("  ").known()).isFalse();
        assertThat(Devices.of("tidak ada peramban").known()).isFalse();
    }

    @Test
    void whatIsEndlessIsReadNoFurtherThanABrowserSends() {
        Assertions.assertTimeout(
                Duration.ofSeconds(30), () -> Devices.of("Mozilla/5.0 (" + "a; ".repeat(1_000_000) + "Chrome/1"));
        var endless = Devices.of("Opera/" + "9".repeat(100_000));
        assertThat(endless.browser().length() + endless.system().length()).isLessThan(100);
    }
}
