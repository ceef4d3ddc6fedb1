// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressesTests {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001::1",
                "2001:db8::1",
                "100::1"
            })
    void privateAndReservedAddressesAreNotOfThePublicInternet(String literal) throws UnknownHostException {
        assertThat(PeerAddresses.isPublic(InetAddress.getByName(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1"})
    void othersAre(String literal) throws UnknownHostException {
        assertThat(PeerAddresses.isPublic(InetAddress.getByName(literal))).isTrue();
    }

    @Test
    void withoutLoopbackPeersNothingOnThisMachineIsReached() {
        var settings = new FederationSettings(false, Duration.ofSeconds(2), 8);
        var http = new PeerHttp(settings, new PeerAddresses(settings));
        for (var address : new String[] {
            "http://127.0.0.1:9/x",
            "https://127.0.0.1/x",
            "https://localhost/x",
            "http://1.1.1.1/x",
            "https://1.1.1.1:22/x"
        }) {
            assertThatThrownBy(() -> http.get(URI.create(address), Map.of(), 1000))
                    .as(address)
                    .isInstanceOf(PeerAddresses.RefusedAddress.class);
        }
    }
}
