// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.testing.TestDatabase;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTests {
    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    Path temporary;

    @Test
    void itIsDurableKeepsItsRowsAndSaysWhatIsWrongWithItsFolder() throws Exception {
        var folder = new DataFolder(temporary);
        // What an interrupted first start leaves holds nobody's data.
        Files.createDirectories(folder.postgres());
        Files.writeString(folder.postgres().resolve("PG_VERSION"), "18\n");
        try (var server = EmbeddedServer.start(folder)) {
            assertThat(ask(server, "show fsync")).isEqualTo("on");
            assertThat(ask(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(ask(server, "show full_page_writes")).isEqualTo("on");
            assertThat(ask(server, "show password_encryption")).isEqualTo("scram-sha-256");
            execute(server, "create table kept (word text)");
            execute(server, "insert into kept values ('masih ada')");
            var roles = server.roles();
            for (var name : new String[] {roles.ownerName(), roles.applicationName(), "postgres"}) {
                assertThatThrownBy(() -> DriverManager.getConnection(roles.ownerUrl(), name, "salah"))
                        .isInstanceOf(SQLException.class);
            }
        }
        try (Stream<Path> found = Files.list(temporary)) {
            assertThat(found.filter(each -> each.getFileName().toString().startsWith("postgres-unfinished-")))
                    .hasSize(1);
        }

        var version = folder.postgres().resolve("PG_VERSION");
        Files.writeString(version, "19\n");
        refused(folder, "PostgreSQL 19", "restore");
        Files.delete(version);
        refused(folder, "damaged", "PG_VERSION", "restore");
        Files.writeString(version, "18\n");

        var secrets = folder.secrets().resolve("database.properties");
        Files.move(secrets, temporary.resolve("elsewhere"));
        refused(folder, "passwords", "missing");
        Files.move(temporary.resolve("elsewhere"), secrets);

        var control = folder.postgres().resolve("global/pg_control");
        var whole = Files.readAllBytes(control);
        Files.write(control, new byte[100], StandardOpenOption.TRUNCATE_EXISTING);
        var began = System.nanoTime();
        refused(folder, "does not start", "postgres.log", "restore");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
        Files.write(control, whole, StandardOpenOption.TRUNCATE_EXISTING);

        try (var server = EmbeddedServer.start(folder)) {
            assertThat(ask(server, "select word from kept")).isEqualTo("masih ada");
        }
    }

    @Test
    void oneThatEndsByItselfIsStartedAgainAtTheSamePort() throws Exception {
        var folder = new DataFolder(temporary);
        var lock = folder.postgres().resolve("postmaster.pid");
        try (var server = EmbeddedServer.start(folder)) {
            execute(server, "create table kept (word text)");
            execute(server, "insert into kept values ('masih ada')");
            var first = Files.readAllLines(lock).getFirst();
            ProcessHandle.of(Long.parseLong(first.strip())).orElseThrow().destroyForcibly();

            var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!answers(server) || Files.readAllLines(lock).getFirst().equals(first)) {
                assertThat(System.nanoTime()).as("started again in time").isLessThan(until);
                Thread.sleep(100);
            }
            assertThat(ask(server, "select word from kept")).isEqualTo("masih ada");
            assertThat(ask(server, "show fsync")).isEqualTo("on");
        }
        assertThat(lock).as("stopped for good").doesNotExist();
    }

    @Test
    void onlyOneProcessStartsAndStopsItAndAHaltedOneIsLeftAlone() throws Exception {
        var folder = new DataFolder(temporary);
        try (var server = EmbeddedServer.start(folder)) {
            execute(server, "create table kept (word text)");
            execute(server, "insert into kept values ('masih ada')");
            var first = Postmaster.on(folder.postgres());
            refused(folder, "is in use by this very process", "--data");

            try (var access = OwnerAccess.open(folder, SOON)) {
                assertThat(words(access)).isEqualTo("masih ada");
            }
            halt(first);
            try {
                assertThatThrownBy(() -> OwnerAccess.open(folder, SOON))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContainingAll("process " + first.pid(), "says nothing", "left alone");
                refused(folder, "is in use");
            } finally {
                goOn(first);
            }
            assertThat(ask(server, "select word from kept")).isEqualTo("masih ada");
            assertThat(Postmaster.on(folder.postgres())).isEqualTo(first);
        }
        try (var ofTheVerb = OwnerAccess.open(folder, SOON)) {
            refused(folder, "is in use");
            assertThat(words(ofTheVerb)).isEqualTo("masih ada");
        }
        assertThat(Postmaster.on(folder.postgres()))
                .as("what was started for a verb ends with it")
                .isNull();
    }

    @Test
    void oneThatWasLeftBehindIsEndedOnlyWhenItAnswersAndNobodyUsesIt() throws Exception {
        var folder = new DataFolder(temporary);
        EmbeddedServer.start(folder).close();
        var left = leftBehind(folder, "");
        try {
            try (var access = OwnerAccess.open(folder, SOON)) {
                execute(access, "create table kept (word text)");
                execute(access, "insert into kept values ('masih ada')");
                refused(folder, "is in use");
            }
            assertThat(Postmaster.on(folder.postgres()))
                    .as("a verb leaves it as it found it")
                    .isEqualTo(left);

            var leftover = new Leftover(left, folder);
            halt(left);
            assertThatThrownBy(() -> leftover.end(SOON, SOON, SOON))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll("left alone", "kill -CONT " + left.pid());
            goOn(left);

            var secrets = ClusterFolder.of(folder).secrets();
            try (var someone =
                    Connecting.to(left.port(), Connecting.DATABASE, Connecting.OWNER, secrets.getProperty("owner"))) {
                assertThatThrownBy(() -> leftover.end(SOON, SOON, SOON))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContainingAll("1 other connections", "try again");
                assertThat(someone.isValid(5)).isTrue();
            }
            assertThat(left.lives()).isTrue();

            try (var server = EmbeddedServer.start(folder)) {
                assertThat(left.lives()).as("replaced by one of its own").isFalse();
                assertThat(ask(server, "select word from kept")).isEqualTo("masih ada");
            }
        } finally {
            goOn(left);
            left.process().destroyForcibly();
        }
    }

    /** A standby that answers nobody behaves as one that is still working off its log after a crash. */
    @Test
    void oneThatIsStillStartingIsWaitedForAndNeverEnded() throws Exception {
        var folder = new DataFolder(temporary);
        EmbeddedServer.start(folder).close();
        Files.createFile(folder.postgres().resolve("standby.signal"));
        var left = leftBehind(folder, "-c hot_standby=off");
        try {
            assertThatThrownBy(() -> OwnerAccess.open(folder, SOON))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll("process " + left.pid(), "the database system is", "left alone");
            assertThatThrownBy(() -> new Leftover(left, folder).end(SOON, SOON, SOON))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll("the database system is", "left alone");
            assertThat(left.lives()).isTrue();

            pgCtl(folder, "promote", "-W");
            try (var access = OwnerAccess.open(folder, Duration.ofSeconds(120))) {
                assertThat(access.connection().isValid(5)).isTrue();
            }
            assertThat(Postmaster.on(folder.postgres())).isEqualTo(left);
            EmbeddedServer.start(folder).close();
            assertThat(left.lives()).isFalse();
        } finally {
            left.process().destroyForcibly();
        }
    }

    @Test
    void aNumberThatWasGivenToAnotherProgramKeepsNothingFromStarting() throws Exception {
        var folder = new DataFolder(temporary);
        EmbeddedServer.start(folder).close();
        var lock = folder.postgres().resolve("postmaster.pid");
        var other = new ProcessBuilder("sleep", "600").start();
        try {
            for (var content : new String[] {other.pid() + "\n" + folder.postgres() + "\n", ""}) {
                Files.writeString(lock, content);
                assertThat(Postmaster.on(folder.postgres())).isNull();
                try (var server = EmbeddedServer.start(folder)) {
                    assertThat(ask(server, "select 'ya'")).isEqualTo("ya");
                }
            }
            assertThat(other.isAlive()).as("nobody ends a stranger").isTrue();

            // PostgreSQL writes the file just after it has gone there.
            var works = new ProcessBuilder("sleep", "600")
                    .directory(folder.postgres().toFile())
                    .start();
            try {
                Files.writeString(lock, "");
                assertThatThrownBy(() -> Postmaster.on(folder.postgres())).isInstanceOf(IOException.class);
                refused(folder, "names no process yet");
                assertThat(lock).exists();
            } finally {
                works.destroyForcibly();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    /** PostgreSQL on the cluster, of which no process that lives holds the lock. */
    private static Postmaster leftBehind(DataFolder folder, String settings) throws Exception {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        pgCtl(
                folder,
                "start",
                "-W",
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' " + settings);
        var until = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (true) {
            var found = Postmaster.on(folder.postgres());
            if (found != null && found.port() == port) {
                return found;
            }
            assertThat(System.nanoTime()).as("it began in time").isLessThan(until);
            Thread.sleep(50);
        }
    }

    private static void pgCtl(DataFolder folder, String... words) throws Exception {
        var command = new ArrayList<String>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL does not run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        // Unpacked once for each run of the tests: where is told by whoever came first.
        var unpacked = Files.isDirectory(folder.binaries()) ? folder.binaries() : TestDatabase.binaries();
        try (var found = Files.walk(unpacked)) {
            command.add(found.filter(each -> each.endsWith("bin/pg_ctl"))
                    .findFirst()
                    .orElseThrow()
                    .toString());
        }
        command.addAll(List.of("-D", folder.postgres().toString()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve("left-behind.log").toFile())
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private static void halt(Postmaster postmaster) throws Exception {
        signal("STOP", postmaster);
    }

    private static void goOn(Postmaster postmaster) throws Exception {
        signal("CONT", postmaster);
    }

    private static void signal(String name, Postmaster postmaster) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(postmaster.pid()))
                .start()
                .waitFor();
    }

    private static String words(OwnerAccess access) throws SQLException {
        try (var statement = access.connection().createStatement();
                var row = statement.executeQuery("select word from kept")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(OwnerAccess access, String sql) throws SQLException {
        try (var statement = access.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean answers(EmbeddedServer server) throws IOException {
        try {
            return ask(server, "select 'ya'").equals("ya");
        } catch (SQLException away) {
            return false;
        }
    }

    private static void refused(DataFolder folder, String... words) {
        assertThatThrownBy(() -> EmbeddedServer.start(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(words);
    }

    private static String ask(EmbeddedServer server, String sql) throws SQLException, IOException {
        var roles = server.roles();
        try (var connection = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        var roles = server.roles();
        try (var connection = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
