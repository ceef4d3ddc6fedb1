// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A citizens' server on loopback, slow where a test wants it slow. It signs by itself, sharing no code with ours. */
final class CitizensPeer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
    private static final String ACTIVITY = "application/activity+json";

    enum Manner {
        /** Takes what is delivered and says so. */
        ANSWERS,
        /** Takes nothing and never answers: as if the request were still on its way. */
        NEVER_READS,
        /** Takes it and never answers. */
        TAKES_WITHOUT_A_WORD
    }

    /** What was taken, in order, repetitions included. */
    final List<JsonNode> taken = new CopyOnWriteArrayList<>();

    /** How many deliveries are or were held without an answer. */
    final List<String> held = new CopyOnWriteArrayList<>();

    volatile Manner manner = Manner.ANSWERS;
    volatile boolean actorsAnswer = true;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final KeyPair keys;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    CitizensPeer() throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String person(String user) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/users/" + user;
    }

    /** A public mention of the account, delivered to the platform on that port; returns the note's id. */
    String mention(int port, String user, String text) throws IOException, InterruptedException {
        var answer = deliver(port, user, text);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return note(user, text);
    }

    String note(String user, String text) {
        return person(user) + "/notes/" + Integer.toHexString(text.hashCode());
    }

    /** Follows the account of the platform on that port. */
    void follow(int port, String user) throws IOException, InterruptedException {
        var answer = post(
                port,
                user,
                Map.of(
                        "@context",
                        "https://www.w3.org/ns/activitystreams",
                        "id",
                        person(user) + "/follow",
                        "type",
                        "Follow",
                        "actor",
                        person(user),
                        "object",
                        "http://127.0.0.1:" + port + "/ap/kabar"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    HttpResponse<String> deliver(int port, String user, String text) throws IOException, InterruptedException {
        var us = "http://127.0.0.1:" + port + "/ap/kabar";
        var note = note(user, text);
        var to = List.of(PUBLIC);
        var cc = List.of(us);
        Map<String, Object> activity = Map.of(
                "@context",
                "https://www.w3.org/ns/activitystreams",
                "id",
                note + "/create",
                "type",
                "Create",
                "actor",
                person(user),
                "to",
                to,
                "cc",
                cc,
                "object",
                Map.of(
                        "id",
                        note,
                        "type",
                        "Note",
                        "attributedTo",
                        person(user),
                        "content",
                        "<p>" + text + "</p>",
                        "published",
                        Instant.now().toString(),
                        "to",
                        to,
                        "cc",
                        cc,
                        "tag",
                        List.of(Map.of("type", "Mention", "href", us, "name", "@kabar"))));
        return post(port, user, activity);
    }

    private HttpResponse<String> post(int port, String user, Map<String, Object> activity)
            throws IOException, InterruptedException {
        var body = JSON.writeValueAsBytes(activity);
        var path = "/ap/kabar/inbox";
        try {
            var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
            // One-digit days have two digits in HTTP.
            date = date.replaceFirst("^(\\w{3}, )(\\d )", "$10$2");
            var digest = "SHA-256="
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
            var signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(keys.getPrivate());
            signer.update(("(request-target): post " + path + "\nhost: 127.0.0.1:" + port + "\ndate: " + date
                            + "\ndigest: " + digest)
                    .getBytes(StandardCharsets.UTF_8));
            var signature = "keyId=\"" + person(user) + "#main-key\",algorithm=\"rsa-sha256\","
                    + "headers=\"(request-target) host date digest\",signature=\""
                    + Base64.getEncoder().encodeToString(signer.sign()) + "\"";
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(60))
                    .header("Content-Type", ACTIVITY)
                    .header("Date", date)
                    .header("Digest", digest)
                    .header("Signature", signature)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The distinct public notes of ours that answer the citizen's. */
    List<String> publicAnswersTo(String note) {
        return taken.stream()
                .map(each -> each.path("object"))
                .filter(each -> each.path("inReplyTo").asString("").equals(note))
                .filter(each -> each.path("to").toString().contains(PUBLIC)
                        || each.path("cc").toString().contains(PUBLIC))
                .map(each -> each.path("id").asString(""))
                .distinct()
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST")) {
                take(exchange);
                return;
            }
            if (!actorsAnswer) {
                hold("GET " + path);
                return;
            }
            var bytes = actor(path).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", ACTIVITY);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        var how = manner;
        if (how == Manner.NEVER_READS) {
            hold("POST");
            return;
        }
        taken.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
        if (how == Manner.TAKES_WITHOUT_A_WORD) {
            hold("POST");
            return;
        }
        exchange.sendResponseHeaders(202, -1);
    }

    private void hold(String what) {
        held.add(what);
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String actor(String path) {
        var user = path.substring(path.lastIndexOf('/') + 1);
        var id = person(user);
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        return JSON.writeValueAsString(Map.of(
                "@context",
                List.of("https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"),
                "id",
                id,
                "type",
                "Person",
                "preferredUsername",
                user,
                "name",
                "Warga " + user,
                "inbox",
                id + "/inbox",
                "publicKey",
                Map.of("id", id + "#main-key", "owner", id, "publicKeyPem", pem)));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        client.close();
    }
}
