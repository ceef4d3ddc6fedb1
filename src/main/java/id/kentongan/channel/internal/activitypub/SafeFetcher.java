// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The one way out to other servers: never into private networks, within limits of size and time, no redirect
 * followed unseen. Plain HTTP and this machine are reached only while loopback peers are allowed.
 */
@Component
class SafeFetcher {
    static final int LARGEST_DOCUMENT = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(12);

    private final boolean loopbackPeers;
    private final HttpClient client;

    SafeFetcher(@Value("${kentongan.federation.loopback-peers:false}") boolean loopbackPeers) {
        this.loopbackPeers = loopbackPeers;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(6))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @param body at most what was allowed; a longer answer is an error */
    record Answer(int status, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            var values = headers.get(name);
            return values == null || values.isEmpty() ? "" : values.getFirst();
        }
    }

    /** Why an address may not be reached; a message for logs, without the address. */
    static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreachable(String why) {
            super(why);
        }
    }

    Answer get(URI uri, Map<String, String> headers, int largest) throws IOException {
        return send(request(uri, headers).GET().build(), largest);
    }

    Answer post(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        return send(
                request(uri, headers)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                64_000);
    }

    private HttpRequest.Builder request(URI uri, Map<String, String> headers) throws IOException {
        check(uri);
        var request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("User-Agent", "Kentongan");
        headers.forEach(request::setHeader);
        return request;
    }

    private Answer send(HttpRequest request, int largest) throws IOException {
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                var body = in.readNBytes(largest + 1);
                if (body.length > largest) {
                    throw new Unreachable("the answer is too large");
                }
                return new Answer(response.statusCode(), response.headers().map(), body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Every address the name resolves to must be a public one. */
    void check(URI uri) throws IOException {
        var host = uri.getHost();
        var scheme = uri.getScheme();
        if (host == null || scheme == null || uri.getUserInfo() != null) {
            throw new Unreachable("not an address of a server");
        }
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("the host has no address", e);
        }
        for (var address : addresses) {
            if (address.isLoopbackAddress() && loopbackPeers) {
                continue;
            }
            if (!isPublic(address)) {
                throw new Unreachable("the address lies in a private network");
            }
            if (!scheme.equals("https")) {
                throw new Unreachable("only https is spoken with other servers");
            }
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new Unreachable("only https is spoken with other servers");
        }
    }

    static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            // Unique local (fc00::/7), and the ranges that only carry an IPv4 address inside.
            return (bytes[0] & 0xFE) != 0xFC
                    && !(bytes[0] == 0 && bytes[1] == 0)
                    && !(bytes[0] == 0x00 && bytes[1] == 0x64);
        }
        var first = bytes[0] & 0xFF;
        var second = bytes[1] & 0xFF;
        // Shared address space 100.64/10, benchmarking 198.18/15, reserved 240/4, "this network" 0/8.
        return first != 0
                && first < 240
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 198 && (second == 18 || second == 19));
    }
}
