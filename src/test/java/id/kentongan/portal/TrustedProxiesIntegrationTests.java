// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Who is believed about where a request came from. The tests' setting trusts 127.0.0.200 alone. */
@WithDatabase
class TrustedProxiesIntegrationTests {
    private static final String PROXY = "127.0.0.200";
    private static final String UNKNOWN = "/lacak/KTG-2026-999999";

    @LocalServerPort
    int port;

    @Autowired
    TestTenants tenants;

    TestTenant tenant;

    @BeforeEach
    void aRegency() {
        tenant = tenants.found();
    }

    @Test
    void behindTheProxyEveryCitizenIsCountedByTheirOwnAddress() {
        assertThat(guesses(PROXY, "203.0.113.9")).isEqualTo(429);
        // What the guesser put into the header stands to the left of what the proxy added.
        assertThat(guess(PROXY, "198.51.100.1, 203.0.113.9")).isEqualTo(429);
        assertThat(guess(PROXY, "203.0.113.9, 198.51.100.2")).isEqualTo(404);
    }

    @Test
    void ofIpv6AWholeNetworkIsOneCitizen() {
        for (var i = 1; i <= 40; i++) {
            guess(PROXY, "2001:db8:7:7::" + i);
        }
        assertThat(guess(PROXY, "2001:db8:7:7:abcd::1")).isEqualTo(429);
        assertThat(guess(PROXY, "2001:db8:7:8::1")).isEqualTo(404);
    }

    @Test
    void fromElsewhereTheHeaderIsIgnored() {
        for (var i = 1; i <= 40; i++) {
            guess("127.0.0.201", "203.0.113." + (100 + i));
        }
        assertThat(guess("127.0.0.201", "203.0.113.250")).isEqualTo(429);
        assertThat(guess(PROXY, "203.0.113.101")).isEqualTo(404);
    }

    @Test
    void schemeAndHostAreBelievedOfTheProxyAlone() {
        assertThat(cookies(PROXY, tenant.tenant().host() + ":8080")).contains("Secure");
        assertThat(cookies("127.0.0.202", tenant.tenant().host() + ":8080")).doesNotContain("Secure");
        var host = tenant.tenant().host();
        assertThat(new Visitor(port, "inner.example", PROXY)
                        .get("/lapor", "X-Forwarded-Host", host)
                        .status())
                .isEqualTo(200);
        assertThat(new Visitor(port, "inner.example", "127.0.0.202")
                        .get("/lapor", "X-Forwarded-Host", host)
                        .status())
                .isEqualTo(404);
    }

    private String cookies(String from, String host) {
        var answer = new Visitor(port, host, from).get("/sign-in", "X-Forwarded-Proto", "https");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().allValues("Set-Cookie")).isNotEmpty();
        return String.join("\n", answer.headers().allValues("Set-Cookie"));
    }

    private int guesses(String from, String forwardedFor) {
        for (var i = 0; i < 40; i++) {
            guess(from, forwardedFor);
        }
        return guess(from, forwardedFor);
    }

    private int guess(String from, String forwardedFor) {
        return new Visitor(port, tenant.tenant().host(), from)
                .get(UNKNOWN, "X-Forwarded-For", forwardedFor)
                .status();
    }
}
