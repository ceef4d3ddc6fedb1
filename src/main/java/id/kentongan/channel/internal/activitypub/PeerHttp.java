// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Speaks HTTP with other servers: never into a private network, never longer than the time set, never more bytes
 * than asked for, a few requests at a time per server. Redirects are the caller's to follow.
 */
@Component
class PeerHttp implements DisposableBean {
    private static final String AGENT = "Kentongan (ActivityPub)";
    private static final int PER_SERVER = 8;

    private final FederationSettings settings;
    private final PeerAddresses addresses;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("peer-deadlines").factory());

    PeerHttp(FederationSettings settings, PeerAddresses addresses) {
        this.settings = settings;
        this.addresses = addresses;
        var timeout = Timeout.ofMilliseconds(settings.timeout().toMillis());
        client = HttpClients.custom()
                .setUserAgent(AGENT)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .build())
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setMaxConnPerRoute(PER_SERVER)
                        .setMaxConnTotal(200)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(5))
                                .setSocketTimeout(timeout)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .setTimeToLive(TimeValue.ofMinutes(2))
                                .build())
                        .build())
                .build();
    }

    record Answer(int status, Map<String, String> headers, byte[] body) {
        @Nullable
        String header(String lowerCaseName) {
            return headers.get(lowerCaseName);
        }
    }

    /** More bytes than were asked for. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the answer is larger than allowed");
        }
    }

    Answer get(URI uri, Map<String, String> headers, int largest) throws IOException {
        return perform(new HttpGet(uri), uri, headers, largest);
    }

    Answer post(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        var request = new HttpPost(uri);
        request.setEntity(new ByteArrayEntity(body, null));
        return perform(request, uri, headers, ActivityJson.LARGEST);
    }

    private Answer perform(HttpUriRequestBase request, URI uri, Map<String, String> headers, int largest)
            throws IOException {
        refuse(uri);
        headers.forEach(request::setHeader);
        // The client's own time limits are between bytes; a server that drips them is cut off here.
        var deadline = deadlines.schedule(request::cancel, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, response -> read(response, largest));
        } finally {
            deadline.cancel(false);
        }
    }

    private void refuse(URI uri) throws IOException {
        var host = uri.getHost();
        if (host == null) {
            throw new IOException("no host to speak with");
        }
        var secure = "https".equalsIgnoreCase(uri.getScheme());
        var port = uri.getPort();
        if (addresses.isLoopback(host)) {
            return;
        }
        if (!secure || (port >= 0 && port != 443 && port < 1024)) {
            throw new PeerAddresses.RefusedAddress(host);
        }
    }

    private static Answer read(ClassicHttpResponse response, int largest) throws IOException {
        var headers = new TreeMap<String, String>();
        for (var header : response.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        var body = new ByteArrayOutputStream();
        var entity = response.getEntity();
        if (entity != null) {
            try (var stream = entity.getContent()) {
                var buffer = new byte[16 * 1024];
                for (var count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    body.write(buffer, 0, count);
                    if (body.size() > largest) {
                        throw new TooLarge();
                    }
                }
            }
        }
        return new Answer(response.getCode(), headers, body.toByteArray());
    }

    @Override
    public void destroy() throws IOException {
        deadlines.shutdownNow();
        client.close();
    }
}
