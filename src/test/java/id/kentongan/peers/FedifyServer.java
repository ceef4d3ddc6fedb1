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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on Fedify, started from {@code .peers/fedify}. */
final class FedifyServer implements CitizensServer {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final LocalHttp http;

    private FedifyServer(Process process, LocalHttp http) {
        this.process = process;
        this.http = http;
    }

    static boolean isFetched() {
        return Files.exists(Path.of(".peers/fedify/ready"));
    }

    /** @param firstKnock which signature it tries first, {@code cavage} or {@code rfc9421} */
    static FedifyServer start(String firstKnock) throws IOException {
        var folder = Path.of(".peers/fedify").toAbsolutePath();
        var port = LocalHttp.freePort();
        Path node;
        try (var found = Files.list(folder.resolve("node_modules"))) {
            node = found.filter(each -> each.getFileName().toString().startsWith("node-linux"))
                    .findFirst()
                    .map(each -> each.resolve("bin/node"))
                    .orElse(Path.of("node"));
        }
        var process = new ProcessBuilder(node.toString(), "fedify-peer.mjs", Integer.toString(port), firstKnock)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target/fedify-" + firstKnock + ".log").toFile())
                .start();
        var server = new FedifyServer(process, new LocalHttp(URI.create("http://127.0.0.1:" + port)));
        server.http.awaitAnswer("/control/received", Duration.ofSeconds(60));
        return server;
    }

    String base() {
        return http.base().toString();
    }

    @Override
    public String say(String user, String text, String account, @Nullable String under, boolean direct) {
        var wanted = new HashMap<String, Object>();
        wanted.put("user", user);
        wanted.put("text", text);
        wanted.put("mention", account);
        wanted.put("inReplyTo", under);
        wanted.put("visibility", direct ? "direct" : "public");
        wanted.put("language", "id");
        return control("notes", wanted).path("id").asString();
    }

    @Override
    public void edit(String user, String id, String text) {
        control("edit", Map.of("user", user, "id", id, "text", text));
    }

    @Override
    public void delete(String user, String id) {
        control("delete", Map.of("user", user, "id", id));
    }

    @Override
    public void follow(String user, String account) {
        control("follow", Map.of("user", user, "actor", account));
    }

    @Override
    public List<Shown> seenBy(String user) {
        var shown = new ArrayList<Shown>();
        for (var each : JSON.readTree(http.get("/control/received", Map.of()))) {
            var object = each.path("object");
            var everyone = object.path("to").toString() + object.path("cc");
            if (each.path("type").asString().equals("Create") && everyone.contains("/users/" + user + "\"")) {
                shown.add(new Shown(
                        object.path("id").asString(),
                        object.path("inReplyTo").asString(null),
                        object.path("content").asString(),
                        !everyone.contains("#Public") && !everyone.contains("/followers")));
            }
        }
        return shown;
    }

    @Override
    public boolean follows(String user, String account) {
        for (var each : JSON.readTree(http.get("/control/received", Map.of()))) {
            if (each.path("type").asString().equals("Accept")
                    && each.path("actor").asString().equals(account)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String page(String id) {
        return base() + "/thread?id=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private JsonNode control(String verb, Map<String, Object> wanted) {
        return JSON.readTree(
                http.post("/control/" + verb, "application/json", JSON.writeValueAsString(wanted), Map.of()));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
