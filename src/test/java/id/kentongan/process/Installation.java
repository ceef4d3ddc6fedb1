// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One data folder and port, and the launcher's verbs on them. Closing ends its processes and removes the folder. */
final class Installation implements AutoCloseable {
    private static final Path LAUNCHER = Path.of("kentongan").toAbsolutePath();
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    final Path data;
    final int port;
    /** Environment variables of every verb; a regency without its month, since its month is not what is looked at. */
    final Map<String, String> environment = new HashMap<>(Map.of("KENTONGAN_DEMO_MONTH", "false"));

    private Installation(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    static Installation fresh() throws IOException {
        return in(Files.createTempDirectory("kentongan-process-"));
    }

    static Installation in(Path data) throws IOException {
        assertThat(Path.of("target/kentongan.jar"))
                .as("these tests run what was packaged: ./kentongan test, or mvn verify")
                .exists();
        return new Installation(data, freePort());
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    record Ended(int code, String out, String err) {
        Ended ok() {
            assertThat(code).as(out + err).isZero();
            return this;
        }
    }

    /** {@code up --detach} on this folder and port. */
    Ended up(String... more) {
        var words = new ArrayList<>(List.of("up", "--data", data.toString(), "--port", "" + port, "--detach"));
        words.addAll(Arrays.asList(more));
        return run(words);
    }

    /** What Java keeps of the application's classes between two starts. */
    Path classes() {
        return data.resolve("run/application/classes.jsa");
    }

    Ended down() {
        return run(List.of("down", "--data", data.toString()));
    }

    /** A verb on this folder. */
    Ended verb(String... words) {
        var all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--data", data.toString()));
        return run(all);
    }

    JsonNode status() {
        return JSON.readTree(verb("status", "--json").ok().out());
    }

    Ended run(List<String> words) {
        try {
            var out = Files.createTempFile("kentongan-out-", ".txt");
            var err = Files.createTempFile("kentongan-err-", ".txt");
            try {
                var command = new ArrayList<>(List.of(LAUNCHER.toString()));
                command.addAll(words);
                var builder =
                        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().putAll(environment);
                var process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(300, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(
                            words + " did not end; it said " + Files.readString(out) + Files.readString(err));
                }
                return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(40));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.GET().build(), BodyHandlers.ofString());
    }

    /** The process of the application that is up. */
    ProcessHandle process() throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(data.resolve("run/kentongan.pid")).strip()))
                .orElseThrow();
    }

    /** {@code kill -9} of the application; its PostgreSQL is left alone, as a real kill leaves it. */
    void kill() throws Exception {
        var process = process();
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
    }

    /** The process of its embedded PostgreSQL. */
    ProcessHandle postmaster() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                        .getFirst()
                        .strip()))
                .orElseThrow();
    }

    /** {@code STOP} halts a process, which then takes connections and answers none; {@code CONT} lets it go on. */
    static void signal(String name, ProcessHandle process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Its embedded database as the owner, who sees all rows. */
    Connection owner() throws SQLException, IOException {
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(data.resolve("secrets/database.properties"))) {
            secrets.load(in);
        }
        var at = Files.readString(data.resolve("run/database.port")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + at + "/kentongan", "kentongan_owner", secrets.getProperty("owner"));
    }

    long count(String sql) {
        try (var connection = owner();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the owner. */
    void execute(String sql) {
        try (var connection = owner();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        try {
            var log = data.resolve("kentongan.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitTrue(String what, Supplier<Boolean> attempt) throws InterruptedException {
        awaitTrue(what, Duration.ofSeconds(120), attempt);
    }

    static void awaitTrue(String what, Duration most, Supplier<Boolean> attempt) throws InterruptedException {
        var until = System.nanoTime() + most.toNanos();
        while (!attempt.get()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("Waited in vain for " + what);
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() throws Exception {
        for (var file : List.of("run/kentongan.pid", "postgres/postmaster.pid")) {
            var path = data.resolve(file);
            if (Files.exists(path)) {
                var lines = Files.readAllLines(path);
                if (!lines.isEmpty() && !lines.getFirst().isBlank()) {
                    end(Long.parseLong(lines.getFirst().strip()));
                }
            }
        }
        FileSystemUtils.deleteRecursively(data);
    }

    private void end(long pid) throws Exception {
        var process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return;
        }
        var command = process.get().info().command().orElse("");
        if (!command.endsWith("java") && !command.contains("postgres")) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException stubborn) {
            process.get().destroyForcibly();
        }
    }
}
