// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Resolves the names of other servers and refuses every address that is not of the public internet. The HTTP client
 * connects to exactly the addresses returned here, so a name cannot be answered differently a moment later.
 */
@Component
class PeerAddresses implements DnsResolver {
    private final FederationSettings settings;

    PeerAddresses(FederationSettings settings) {
        this.settings = settings;
    }

    /** A name that leads where we do not go. */
    static final class RefusedAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        RefusedAddress(String host) {
            super("not an address of the public internet: " + host);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var addresses = InetAddress.getAllByName(host);
        for (var address : addresses) {
            if (!(isPublic(address) || (settings.loopbackPeers() && address.isLoopbackAddress()))) {
                throw new RefusedAddress(host);
            }
        }
        return addresses;
    }

    /** Plain HTTP is spoken on loopback only. */
    boolean isLoopback(String host) {
        try {
            return settings.loopbackPeers()
                    && Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public @Nullable String resolveCanonicalHostname(String host) {
        return host;
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var b = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(b) : isPublic6(b);
    }

    private static boolean isPublic4(byte[] b) {
        int first = b[0] & 0xFF;
        int second = b[1] & 0xFF;
        int third = b[2] & 0xFF;
        return !(first == 0
                || (first == 100 && second >= 64 && second < 128)
                || (first == 192 && second == 0 && (third == 0 || third == 2))
                || (first == 192 && second == 88 && third == 99)
                || (first == 198 && (second == 18 || second == 19))
                || (first == 198 && second == 51 && third == 100)
                || (first == 203 && second == 0 && third == 113)
                || first >= 240);
    }

    /** Global unicast (2000::/3) without Teredo, ORCHID, documentation and 6to4, which can hide private addresses. */
    private static boolean isPublic6(byte[] b) {
        int first = (b[0] & 0xFF) << 8 | (b[1] & 0xFF);
        int second = (b[2] & 0xFF) << 8 | (b[3] & 0xFF);
        if ((first & 0xE000) != 0x2000) {
            return false;
        }
        return !((first == 0x2001 && (second < 0x0200 || second == 0x0DB8)) || first == 0x2002 || first == 0x3FFF);
    }
}
