// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworksTests {
    @Test
    void addressesOfOneHouseholdAreOneNetwork() {
        assertThat(Networks.of("2001:db8:1:2::1")).isEqualTo(Networks.of("2001:db8:1:2:ffff::9"));
        assertThat(Networks.of("2001:db8:1:2::1")).isNotEqualTo(Networks.of("2001:db8:1:3::1"));
        assertThat(Networks.of("192.0.2.1")).isEqualTo("192.0.2.1").isNotEqualTo(Networks.of("192.0.2.2"));
        assertThat(Networks.of("::ffff:192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(Networks.of("unknown")).isEqualTo("unknown");
    }
}
