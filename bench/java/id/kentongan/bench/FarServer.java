// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another server of the fediverse, on loopback: its people publish their keys and notes here, and it takes whatever
 * is delivered to it. RSA pairs are slow to make, so that people share a few; each still has a key of its own name.
 */
final class FarServer implements AutoCloseable {
    private static final int PAIRS = 16;

    private final HttpServer server;
    private final List<KeyPair> pairs = new ArrayList<>();
    private final Map<String, String> notes = new ConcurrentHashMap<>();
    private final AtomicInteger actorsAsked = new AtomicInteger();
    private final AtomicInteger notesAsked = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();

    FarServer() throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            for (var n = 0; n < PAIRS; n++) {
                pairs.add(generator.generateKeyPair());
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(Executors.newFixedThreadPool(8, work -> {
            var thread = new Thread(work, "far-server");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/u/", this::actor);
        server.createContext("/n/", this::note);
        server.createContext("/inbox", exchange -> {
            exchange.getRequestBody().readAllBytes();
            delivered.incrementAndGet();
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        server.start();
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String person(int number) {
        return base() + "/u/" + number;
    }

    KeyPair keys(int number) {
        return pairs.get(number % PAIRS);
    }

    /** Can be fetched from now on, as a note that was published can. */
    void publish(String id, String json) {
        notes.put(id.substring(base().length()), json);
    }

    int actorsAsked() {
        return actorsAsked.get();
    }

    int notesAsked() {
        return notesAsked.get();
    }

    int delivered() {
        return delivered.get();
    }

    private void actor(HttpExchange exchange) throws IOException {
        actorsAsked.incrementAndGet();
        var number = Integer.parseInt(exchange.getRequestURI().getPath().substring(3));
        var id = person(number);
        var key = "-----BEGIN PUBLIC KEY-----\\n"
                + Base64.getEncoder().encodeToString(keys(number).getPublic().getEncoded())
                + "\\n-----END PUBLIC KEY-----\\n";
        answer(exchange, """
                {"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1"],"id":"%1$s",\
                "type":"Person","preferredUsername":"warga%2$d","name":"Warga %2$d (rekaan)","inbox":"%3$s/inbox",\
                "endpoints":{"sharedInbox":"%3$s/inbox"},"url":"%1$s","publicKey":{"id":"%1$s#main-key",\
                "owner":"%1$s","publicKeyPem":"%4$s"}}""".formatted(id, number, base(), key));
    }

    private void note(HttpExchange exchange) throws IOException {
        notesAsked.incrementAndGet();
        var note = notes.get(exchange.getRequestURI().getPath());
        if (note == null) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        } else {
            answer(exchange, note);
        }
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/activity+json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
