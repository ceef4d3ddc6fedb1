// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The application as people run it: a process of its own with the launcher's options. */
final class Platform implements AutoCloseable {
    private static final List<String> USUAL = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true");

    private final Process process;
    private final Path data;
    private final double startSeconds;

    private Platform(Process process, Path data, double startSeconds) {
        this.process = process;
        this.data = data;
        this.startSeconds = startSeconds;
    }

    static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Starts it on the folder and waits until it says that it is ready. */
    static Platform start(Path data, int port) throws IOException, InterruptedException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var options = System.getProperty("kentongan.bench.options", "");
        words.addAll(options.isBlank() ? USUAL : List.of(options.split("\\s+")));
        var jar = System.getProperty("kentongan.bench.jar", "");
        if (jar.isBlank()) {
            words.addAll(List.of("-cp", System.getProperty("java.class.path"), "id.kentongan.Kentongan"));
        } else {
            words.addAll(List.of(
                    "-XX:SharedArchiveFile=" + Path.of(jar).resolveSibling("classes.jsa"),
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:+VerifySharedSpaces",
                    "-Xlog:cds*=off",
                    "-Xlog:aot*=off",
                    "-jar",
                    jar));
        }
        words.addAll(List.of(
                "serve",
                "--kentongan.data=" + data,
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--kentongan.demo=false",
                "--kentongan.federation.loopback-peers=true"));
        Files.createDirectories(data);
        var log = data.resolve("kentongan.log");
        var begun = System.nanoTime();
        var process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Whoever interrupts the benchmark leaves nothing running.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        var ready = data.resolve("run").resolve("ready");
        var pid = Long.toString(process.pid());
        while (!(Files.exists(ready) && Files.readString(ready).equals(pid))) {
            if (!process.isAlive() || Calibration.seconds(begun) > 300) {
                process.destroy();
                throw new IOException("the application did not start; its log is " + log);
            }
            Thread.sleep(20);
        }
        return new Platform(process, data, Calibration.seconds(begun));
    }

    double startSeconds() {
        return startSeconds;
    }

    /** Resident memory of the application's process, without its database. */
    double residentMegabytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return 0;
    }

    /** Processor seconds used so far: by the application, by its database, by this process. */
    record Used(double application, double database, double bench) {
        Used since(Used earlier) {
            return new Used(application - earlier.application, database - earlier.database, bench - earlier.bench);
        }

        double benchShare() {
            return bench / Math.max(0.001, application + database + bench);
        }
    }

    Used used() throws IOException {
        var postmaster =
                Long.parseLong(Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"))
                        .getFirst());
        var database = ticks(postmaster, true);
        try (var processes = ProcessHandle.of(postmaster).orElseThrow().children()) {
            database += processes.mapToDouble(each -> ticks(each.pid(), false)).sum();
        }
        return new Used(
                ticks(process.pid(), false) / 100,
                database / 100,
                ticks(ProcessHandle.current().pid(), false) / 100);
    }

    /** User and system time in hundredths of a second, as Linux counts; zero for a process that has just ended. */
    private static double ticks(long pid, boolean withEnded) {
        try {
            var line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            var own = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            return withEnded ? own + Double.parseDouble(fields[13]) + Double.parseDouble(fields[14]) : own;
        } catch (IOException ended) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the application did not stop; its log is " + data.resolve("kentongan.log"));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
