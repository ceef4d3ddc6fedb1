// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * snac2, started from {@code .peers/snac} and used as a person's app would, by the Mastodon client API. It cannot
 * mention an account on a host with a port, so its people speak under a post of ours.
 */
final class SnacServer implements CitizensServer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path PROGRAM = Path.of(".peers/snac/root/usr/bin/snac");
    private static final Pattern PASSWORD = Pattern.compile("password is (\\S+)");

    private final Path data;
    private final Process process;
    private final LocalHttp http;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private SnacServer(Path data, Process process, LocalHttp http) {
        this.data = data;
        this.process = process;
        this.http = http;
    }

    static boolean isFetched() {
        return Files.isExecutable(PROGRAM);
    }

    static SnacServer start() throws IOException {
        var port = LocalHttp.freePort();
        var data = Files.createTempDirectory("kentongan-snac-").resolve("data");
        run("127.0.0.1\n" + port + "\n127.0.0.1:" + port + "\n\n\n\n", "init", data.toString());
        var settings = data.resolve("server.json");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace("\"protocol\": \"https\"", "\"protocol\": \"http\"")
                        .replace("\"dbglevel\": 0", "\"dbglevel\": 2"));
        var process = new ProcessBuilder(PROGRAM.toAbsolutePath().toString(), "httpd", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target/snac.log").toFile())
                .start();
        var server = new SnacServer(data, process, new LocalHttp(URI.create("http://127.0.0.1:" + port)));
        server.http.awaitAnswer("/api/v1/instance", Duration.ofSeconds(30));
        return server;
    }

    @Override
    public String say(String user, String text, String account, @Nullable String under, boolean direct) {
        if (under == null) {
            throw new IllegalArgumentException("snac2 speaks to a host with a port under a post only");
        }
        var fields = new HashMap<String, String>();
        fields.put("status", text);
        fields.put("visibility", direct ? "direct" : "public");
        fields.put("in_reply_to_id", known(user, under).path("id").asString());
        return JSON.readTree(http.form("POST", "/api/v1/statuses", fields, token(user)))
                .path("uri")
                .asString();
    }

    @Override
    public void edit(String user, String id, String text) {
        var status = known(user, id).path("id").asString();
        http.form("PUT", "/api/v1/statuses/" + status, Map.of("status", text), token(user));
    }

    /** Seen with 2.75: a deletion goes to the person's followers, not to whom the message was said to. */
    @Override
    public boolean tellsOfDeletions() {
        return false;
    }

    @Override
    public void delete(String user, String id) {
        throw new UnsupportedOperationException("snac2's client API deletes nothing");
    }

    @Override
    public void follow(String user, String account) {
        run("", "follow", data.toString(), ensure(user), account);
    }

    @Override
    public List<Shown> seenBy(String user) {
        var shown = new ArrayList<Shown>();
        for (var each : JSON.readTree(http.get("/api/v1/notifications?limit=80", token(user)))) {
            var status = each.path("status");
            if (each.path("type").asString().equals("mention")) {
                shown.add(new Shown(
                        status.path("uri").asString(),
                        parent(user, status.path("in_reply_to_id").asString("")),
                        status.path("content").asString(),
                        // It says "private" of whatever is neither public nor unlisted.
                        status.path("visibility").asString().equals("private")));
            }
        }
        return shown;
    }

    @Override
    public boolean follows(String user, String account) {
        return http.get("/api/v1/accounts/" + me(user) + "/following", token(user))
                .contains(account);
    }

    @Override
    public String page(String id) {
        return id;
    }

    private String me(String user) {
        return JSON.readTree(http.get("/api/v1/accounts/verify_credentials", token(user)))
                .path("id")
                .asString();
    }

    private @Nullable String parent(String user, String id) {
        return id.isEmpty()
                ? null
                : JSON.readTree(http.get("/api/v1/statuses/" + id, token(user)))
                        .path("uri")
                        .asString();
    }

    /** The status as this server knows it, fetched from elsewhere when it must be. */
    private JsonNode known(String user, String id) {
        var query = "/api/v2/search?resolve=true&type=statuses&q=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
        for (var tries = 0; tries < 20; tries++) {
            for (var status : JSON.readTree(http.get(query, token(user))).path("statuses")) {
                if (status.path("uri").asString().equals(id)) {
                    return status;
                }
            }
            for (var each : JSON.readTree(http.get("/api/v1/notifications?limit=80", token(user)))) {
                if (each.path("status").path("uri").asString("").equals(id)) {
                    return each.path("status");
                }
            }
            run("", "insert", data.toString(), user, id);
            pause();
        }
        throw new AssertionError("snac2 does not know " + id);
    }

    /** Its queues are looked at about once a second. */
    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, String> token(String user) {
        ensure(user);
        return Map.of("Authorization", "Bearer " + tokens.get(user));
    }

    private String ensure(String user) {
        tokens.computeIfAbsent(user, name -> {
            var output = run("", "adduser", data.toString(), name);
            var password = PASSWORD.matcher(output);
            if (!password.find()) {
                throw new AssertionError("snac2 made no user: " + output);
            }
            return http.form(
                            "POST",
                            "/oauth/x-snac-get-token",
                            Map.of("login", name, "passwd", password.group(1)),
                            Map.of())
                    .strip();
        });
        return user;
    }

    private static String run(String input, String... words) {
        try {
            var command = new ArrayList<String>();
            command.add(PROGRAM.toAbsolutePath().toString());
            command.addAll(List.of(words));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var out = process.outputWriter()) {
                out.write(input);
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(20, TimeUnit.SECONDS);
            return output;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
