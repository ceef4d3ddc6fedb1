// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/**
 * A person with a browser without scripts: asks for pages of one host, keeps cookies, sends forms with the token
 * of the page shown last. Redirects are not followed, so that a test sees them.
 */
public final class Visitor {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final HttpClient client;
    private final int port;
    private final String host;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String token = "";

    public Visitor(int port, String host) {
        this(CLIENT, port, host);
    }

    /** @param from one of this machine's own addresses, 127.0.0.2, for tests of what is counted by address */
    public Visitor(int port, String host, String from) {
        this(HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(from)).build(), port, host);
    }

    private Visitor(HttpClient client, int port, String host) {
        this.client = client;
        this.port = port;
        this.host = host;
    }

    /** What came back. */
    public record Answer(int status, String body, HttpHeaders headers) {
        public Document page() {
            return Jsoup.parse(body);
        }

        /** Path and query of a redirect, or nothing. */
        public String location() {
            var location = headers.firstValue("Location").orElse("");
            return location.replaceFirst("^https?://[^/]+", "");
        }
    }

    public String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    public void cookie(String name, String value) {
        cookies.put(name, value);
    }

    /** Forgets the form token, as a page of another site has none. */
    public Visitor withoutToken() {
        token = "";
        return this;
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer post(String path, Map<String, String> form, String... headers) {
        var sent = new LinkedHashMap<>(form);
        if (!token.isEmpty()) {
            sent.put("_csrf", token);
        }
        return postExactly(path, encoded(sent), headers);
    }

    /** Sends a body that is already encoded, for fields that come more than once. */
    public Answer postExactly(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A form with one file, as a browser sends it. */
    public Answer postWithFile(String path, Map<String, String> form, String field, String name, byte[] file) {
        var edge = "tepi" + UUID.randomUUID();
        var body = new ByteArrayOutputStream();
        var sent = new LinkedHashMap<>(form);
        if (!token.isEmpty()) {
            sent.put("_csrf", token);
        }
        sent.forEach((key, value) -> body.writeBytes(
                ("--" + edge + "\r\nContent-Disposition: form-data; name=\"" + key + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        body.writeBytes(("--" + edge + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                        + "\"\r\nContent-Type: image/png\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + edge + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + edge)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    /** What lies at an address, byte for byte. */
    public byte[] bytes(String path) {
        try {
            var response = client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String token() {
        return token;
    }

    public static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Host", host)
                .header("Accept", "text/html");
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (var set : response.headers().allValues("Set-Cookie")) {
                var pair = set.split(";", 2)[0].split("=", 2);
                if (pair[1].isEmpty()) {
                    cookies.remove(pair[0]);
                } else {
                    cookies.put(pair[0], pair[1]);
                }
            }
            var answer = new Answer(response.statusCode(), response.body(), response.headers());
            var field = Objects.requireNonNull(answer.page()).selectFirst("input[name=_csrf]");
            if (field != null) {
                token = field.attr("value");
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
