// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of the fediverse written by hand, on loopback: its people, what it says, and what it was told. */
final class FakePeer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** How the server behaves towards what is delivered to it. */
    interface Behaviour {
        int answer(HttpExchange exchange, SignedRequest request) throws IOException;
    }

    final List<SignedRequest> delivered = new CopyOnWriteArrayList<>();
    final Map<String, String> documents = new ConcurrentHashMap<>();
    /** Paths that answer by themselves. */
    final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();

    final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    volatile Behaviour behaviour = (exchange, request) -> 202;
    /** Made once for all: what it costs is no part of any test. */
    private static final KeyPair USUAL = keys();

    volatile KeyPair keys = USUAL;
    volatile boolean keepsConnections = true;
    /** Where a person's key lies, seen from the person. */
    volatile String keyPath = "#main-key";
    /** Whether its people have an inbox together beside their own. */
    volatile boolean sharesInbox;

    private final HttpServer server;
    private final CloseableHttpClient client = HttpClients.custom()
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .build();
    private final int port;
    private final String tenantHost;
    private final Clock clock;

    FakePeer(int port, String tenantHost, Clock clock) throws IOException {
        this.port = port;
        this.tenantHost = tenantHost;
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String person(String user) {
        return base() + "/users/" + user;
    }

    String keyOf(String user) {
        return person(user) + keyPath;
    }

    String next(String kind) {
        return base() + "/" + kind + "/" + NEXT.incrementAndGet();
    }

    static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what it says -------------------------------------------------------------------------------------------

    record Answer(int status, String type, String location, String body, String retryAfter) {
        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    enum Way {
        CAVAGE,
        RFC9421,
        UNSIGNED
    }

    Answer deliver(String user, String path, String body) throws IOException {
        return deliver(user, path, body, Way.CAVAGE, clock.instant(), keys);
    }

    Answer deliver(String user, String path, String body, Way way, Instant at, KeyPair signingKeys) throws IOException {
        return post(path, body.getBytes(StandardCharsets.UTF_8), signature(user, path, body, way, at, signingKeys));
    }

    Map<String, String> signature(String user, String path, String body, Way way, Instant at, KeyPair signingKeys) {
        var request = SignedRequest.of(
                "POST", URI.create("https://" + tenantHost + path), Map.of(), body.getBytes(StandardCharsets.UTF_8));
        var keyId = keyOf(user);
        return switch (way) {
            case CAVAGE -> CavageSignature.sign(request, keyId, signingKeys.getPrivate(), at);
            case RFC9421 -> MessageSignature.sign(request, keyId, signingKeys.getPrivate(), at);
            case UNSIGNED -> Map.of();
        };
    }

    Answer post(String path, byte[] body, Map<String, String> headers) throws IOException {
        var request = new HttpPost("http://127.0.0.1:" + port + path);
        request.setEntity(new ByteArrayEntity(body, null));
        request.setHeader("Content-Type", PeerRequests.ACTIVITY);
        headers.forEach(request::setHeader);
        request.setHeader("Host", tenantHost);
        return client.execute(request, FakePeer::answer);
    }

    Answer get(String path, String accept) throws IOException {
        return get(path, accept, Map.of());
    }

    /** As a server fetches on behalf of one of its people. */
    Answer getSigned(String user, String path, Way way) throws IOException {
        var request = SignedRequest.of("GET", URI.create("https://" + tenantHost + path), Map.of(), new byte[0]);
        var keyId = keyOf(user);
        var key = keys.getPrivate();
        return get(
                path,
                PeerRequests.ACTIVITY,
                way == Way.CAVAGE
                        ? CavageSignature.sign(request, keyId, key, clock.instant())
                        : MessageSignature.sign(request, keyId, key, clock.instant()));
    }

    private Answer get(String path, String accept, Map<String, String> headers) throws IOException {
        var request = new HttpGet("http://127.0.0.1:" + port + path);
        headers.forEach(request::setHeader);
        request.setHeader("Host", tenantHost);
        request.setHeader("Accept", accept);
        return client.execute(request, FakePeer::answer);
    }

    private static Answer answer(org.apache.hc.core5.http.ClassicHttpResponse response)
            throws IOException, org.apache.hc.core5.http.HttpException {
        var type = response.getFirstHeader("Content-Type");
        var location = response.getFirstHeader("Location");
        var again = response.getFirstHeader("Retry-After");
        return new Answer(
                response.getCode(),
                type == null ? "" : type.getValue(),
                location == null ? "" : location.getValue(),
                response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity()),
                again == null ? "" : again.getValue());
    }

    // ---- what it is told ----------------------------------------------------------------------------------------

    /** The first delivery with this type of activity whose object has the text, waited for. */
    JsonNode awaitDelivery(String type, String text) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            for (var request : delivered) {
                var node = JSON.readTree(request.body());
                if (node.path("type").asString("").equals(type)
                        && node.toString().contains(text)) {
                    return node;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("No " + type + " with \"" + text + "\" among "
                + delivered.stream()
                        .map(each -> new String(each.body(), StandardCharsets.UTF_8))
                        .toList());
    }

    /** A file at that path. */
    void serve(String path, String type, byte[] content) {
        handlers.put(path, exchange -> answer(exchange, 200, type, content));
    }

    static void answer(HttpExchange exchange, int status, String type, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!keepsConnections) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            var path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST")) {
                receive(exchange);
                return;
            }
            asked.computeIfAbsent(path, each -> new AtomicInteger()).incrementAndGet();
            var handler = handlers.get(path);
            if (handler != null) {
                handler.handle(exchange);
                return;
            }
            var document = documents.getOrDefault(path, path.startsWith("/users/") ? actor(path.substring(7)) : "");
            var bytes = document.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", PeerRequests.ACTIVITY);
            exchange.sendResponseHeaders(document.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        var headers = new HashMap<String, List<String>>();
        exchange.getRequestHeaders().forEach(headers::put);
        var request = SignedRequest.of(
                "POST",
                URI.create(base() + exchange.getRequestURI()),
                headers,
                exchange.getRequestBody().readAllBytes());
        var status = behaviour.answer(exchange, request);
        if (status / 100 == 2) {
            delivered.add(request);
        }
        if (status > 0) {
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private String actor(String user) {
        var id = person(user);
        var document = new HashMap<String, Object>();
        document.put("@context", List.of("https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"));
        document.put("id", id);
        document.put("type", user.startsWith("bot") ? "Service" : "Person");
        document.put("preferredUsername", user);
        document.put("name", "Warga " + user);
        document.put("inbox", id + "/inbox");
        document.put("followers", id + "/followers");
        if (sharesInbox) {
            document.put("endpoints", Map.of("sharedInbox", base() + "/inbox"));
        }
        document.put(
                "publicKey",
                Map.of("id", keyOf(user), "owner", id, "publicKeyPem", PublicKeys.toPem(keys.getPublic())));
        return JSON.writeValueAsString(document);
    }

    /** From now on nothing listens there. */
    void stop() {
        server.stop(0);
    }

    @Override
    public void close() throws IOException {
        stop();
        client.close();
    }
}
