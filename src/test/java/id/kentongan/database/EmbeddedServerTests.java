// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTests {
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
