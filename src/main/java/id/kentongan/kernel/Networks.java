// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** Whom an address stands for when tries are counted. */
public final class Networks {
    private Networks() {}

    /**
     * The address itself, or of IPv6 its /64: one household has that many addresses, and would otherwise have that many
     * tries. What is no address is returned as it is.
     */
    public static String of(String address) {
        try {
            return InetAddress.ofLiteral(address) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(six.getAddress(), 0, 8) + "/64"
                    : InetAddress.ofLiteral(address).getHostAddress();
        } catch (IllegalArgumentException notAnAddress) {
            return address;
        }
    }
}
