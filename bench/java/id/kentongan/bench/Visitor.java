// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Somebody with a browser: one request after the other, compressed as browsers ask, cookies kept. */
final class Visitor {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    static {
        // The regency is chosen by its host name, which resolves to nothing here.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Map<String, String> cookies = new TreeMap<>();
    private final int port;
    private final String host;

    Visitor(int port, String host) {
        this.port = port;
        this.host = host;
    }

    /** @param bytes body as transferred, and the headers' @param millis until the last byte was there */
    record Answer(int status, String text, int bytes, double millis) {}

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    /** Without a second factor, which the demonstration needs none of either. */
    void signIn(String mail, String password) throws IOException, InterruptedException {
        var form = CSRF.matcher(get("/sign-in").text());
        if (!form.find()) {
            throw new IOException("the sign-in page has no form");
        }
        var body = Map.of("mail", mail, "password", password, "_csrf", form.group(1), "to", "/desk").entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var answer = send(request("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        if (answer.status() != 302 || get("/desk").status() != 200) {
            throw new IOException("the officer cannot sign in: " + answer.status());
        }
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Host", host)
                .header("Accept-Encoding", "gzip");
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        var begun = System.nanoTime();
        var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        var millis = Calibration.seconds(begun) * 1000;
        for (var line : response.headers().allValues("set-cookie")) {
            var pair = line.substring(0, line.indexOf(';') < 0 ? line.length() : line.indexOf(';'));
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        var headers = response.headers().map().entrySet().stream()
                .mapToInt(each -> each.getValue().stream()
                        .mapToInt(value -> each.getKey().length() + value.length() + 4)
                        .sum())
                .sum();
        var body = response.body();
        var zipped =
                response.headers().firstValue("content-encoding").orElse("").equals("gzip");
        var plain = zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
        return new Answer(
                response.statusCode(), new String(plain, StandardCharsets.UTF_8), body.length + headers, millis);
    }
}
