// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** What the log says of a request that could not be answered. */
class DatabaseAwayFilterTests {
    @ParameterizedTest
    @CsvSource({
        "/lacak/r/4mo47hg6xhq7bvurbbt7ge3sfe, /lacak/r/…",
        "/lacak/r/4mo47hg6xhq7bvurbbt7ge3sfe/diterima, /lacak/r/…",
        "/nilai/4mo47hg6xhq7bvurbbt7ge3sfe, /nilai/…",
        "/invitation/kJ3n, /invitation/…",
        "/lacak/KTG-2026-000004, /lacak/KTG-2026-000004",
        "/desk, /desk",
    })
    void theLogHoldsNoLinkThatOpensSomething(String address, String shown) {
        assertThat(DatabaseAwayFilter.shown(new MockHttpServletRequest("GET", address)))
                .isEqualTo(shown);
    }
}
