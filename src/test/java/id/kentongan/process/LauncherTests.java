// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.Installation.Ended;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.FileSystemUtils;

@Timeout(600)
class LauncherTests {
    @Test
    void twoInstallationsRunSideBySideAndEachSaysWhereToLook() throws Exception {
        try (var one = Installation.fresh();
                var other = Installation.fresh()) {
            var said = one.up().ok().out();
            assertThat(said)
                    .contains("Kentongan is ready.", "http://127.0.0.1:" + one.port + "/desk", "@kabar@127.0.0.1");
            assertThat(one.get("/").statusCode()).isEqualTo(200);
            other.up("--no-demo").ok();

            var status = one.status();
            assertThat(status.propertyNames())
                    .containsExactlyInAnyOrder(
                            "portal", "desk", "fediverse", "mail", "signIns", "database", "version", "keys", "counts");
            var help = one.run(List.of("status", "--help")).ok().out();
            assertThat(status.propertyNames())
                    .allSatisfy(key -> assertThat(help).containsPattern("\\b" + key + "\\b"));
            assertThat(status.get("portal").asString()).isEqualTo("http://127.0.0.1:" + one.port + "/");
            assertThat(status.get("desk").asString()).isEqualTo("http://127.0.0.1:" + one.port + "/desk");
            assertThat(status.get("fediverse").get(0).asString()).isEqualTo("@kabar@127.0.0.1:" + one.port);
            assertThat(status.get("mail").asString()).isEmpty();
            assertThat(status.get("keys").asString()).isEqualTo("NEVER_EXPORTED");
            accountsAddedLaterAreNamed(one);
            assertThat(status.get("signIns").size()).isPositive();
            assertThat(status.get("signIns").get(0).propertyNames()).contains("role", "mail", "password");
            assertThat(status.get("database").asString()).startsWith("embedded jdbc:postgresql://127.0.0.1:");
            assertThat(status.get("version").asString()).isNotBlank();
            assertThat(status.get("counts").propertyNames()).contains("messages", "conversations", "cases");

            var theirs = other.status();
            assertThat(theirs.get("portal").asString()).isEqualTo("http://127.0.0.1:" + other.port + "/");
            assertThat(theirs.get("database").asString())
                    .isNotEqualTo(status.get("database").asString());
            assertThat(theirs.get("signIns").isEmpty()).isTrue();
            assertThat(theirs.get("counts").get("messages").asLong()).isZero();

            refused(one.up(), 1, "already running");
            assertThat(one.verb("trail", "verify").ok().out()).contains("The trail is whole");

            // Reachable from elsewhere, the regency that lives in the folder does not start again.
            assertThat(one.down().ok().out()).contains("Stopped.");
            assertThat(one.log()).as("a clean end").doesNotContain(" ERROR ");
            assertThat(one.classes())
                    .as("classes kept for the next start")
                    .exists()
                    .isNotEmptyFile();
            assertThat(Files.exists(one.data.resolve("postgres/postmaster.pid")))
                    .as("the database was stopped too")
                    .isFalse();
            assertThat(one.down().ok().out()).contains("Nothing runs");
            refused(one.verb("status"), 1, "nothing runs");
            refused(one.up("--public-url", "https://warga.sukamaju.example"), 1, "demonstration regency");
            assertThat(other.get("/").statusCode())
                    .as("the other one was not touched")
                    .isLessThan(500);
        }
    }

    /** Put beside those that the start knew. */
    private static void accountsAddedLaterAreNamed(Installation house) {
        house.execute("""
                insert into channel.account
                    (tenant_id, id, network, name, handle, display_name, summary, state, credentials, public_key,
                     created_at)
                select tenant_id, gen_random_uuid(), n.network, n.name, n.handle, 'Rekaan', '', 'PAUSED', credentials,
                    public_key, now()
                from channel.account,
                    (values ('activitypub', 'siaga', '@siaga@sukamaju.example'),
                            ('email', 'halo', 'halo@sukamaju.example')) n (network, name, handle)
                where channel.account.network = 'activitypub'
                """);
        var now = house.status();
        assertThat(now.get("fediverse").size()).isEqualTo(2);
        assertThat(now.get("fediverse").get(1).asString()).isEqualTo("@siaga@sukamaju.example");
        assertThat(now.get("mail").asString()).isEqualTo("halo@sukamaju.example");
        assertThat(house.verb("status").ok().out()).contains("@siaga@sukamaju.example", "halo@sukamaju.example");
        house.execute("delete from channel.account where name in ('siaga', 'halo')");
    }

    @Test
    void keptClassesThatAreDamagedOrCutOffKeepNothingFromStarting() throws Exception {
        try (var one = Installation.fresh()) {
            one.up("--no-demo").ok();
            one.down().ok();
            assertThat(one.classes()).isNotEmptyFile();
            try (var file = FileChannel.open(one.classes(), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[4_000_000]), file.size() / 2);
            }
            one.up("--no-demo").ok();
            assertThat(one.get("/").statusCode()).isLessThan(500);
            one.down().ok();
            Files.write(one.classes(), new byte[10_000]);
            one.up("--no-demo").ok();
            one.down().ok();
            assertThat(Files.size(one.classes())).as("written anew").isGreaterThan(1_000_000);
        }
    }

    @Test
    void whatIsReachableFromElsewhereStartsWithoutDemonstrationAndLoopbackPeers() throws Exception {
        try (var open = Installation.fresh()) {
            // As docs/how-to/run-behind-a-proxy.md says it.
            open.environment.put("KENTONGAN_PUBLIC_URL", "https://warga.daerah.example");
            open.environment.put("KENTONGAN_TRUSTED_PROXIES", "127.0.0.1/32");
            var said = open.up("--address", "0.0.0.0").ok().out();
            assertThat(said).contains("demonstration regency", "stay off");
            var status = open.status();
            assertThat(status.get("signIns").isEmpty()).isTrue();
            assertThat(status.get("fediverse").isEmpty()).isTrue();
            assertThat(open.count("select count(*) from identity.tenant")).isZero();
            var words = open.process().info().arguments().map(List::of).orElse(List.of());
            assertThat(words).contains("--kentongan.demo=false", "--kentongan.federation.loopback-peers=false");
            assertThat(status.get("portal").asString()).isEqualTo("https://warga.daerah.example/");

            // A folder that was used by a newer version is left as it is.
            var newer = "insert into public.flyway_schema_history_archive (installed_rank, version, description, type,"
                    + " script, checksum, installed_by, execution_time, success)"
                    + " values (999, '209901010000', 'later', 'SQL', 'V209901010000__later.sql', 1, 'later', 1, true)";
            try (var owner = open.owner();
                    var statement = owner.createStatement()) {
                statement.execute(newer);
            }
            open.down().ok();
            refused(open.up("--no-demo"), 1, "newer Kentongan", "209901010000");
        }
    }

    @Test
    void wrongWordsAndPlacesAreSaidBeforeAnythingStarts() throws Exception {
        try (var none = Installation.fresh();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var data = none.data.toString();
            refused(
                    none.run(List.of("up", "--data", data, "--port", "" + taken.getLocalPort(), "--detach")),
                    1,
                    "port " + taken.getLocalPort(),
                    "is taken",
                    "--port");
            refused(none.run(List.of("up", "--data", data, "--port", "many")), 2, "--port needs a number");
            refused(none.run(List.of("up", "--data", data, "--port", "70000")), 2, "between 1 and 65535");
            refused(none.run(List.of("up", "--upside-down")), 2, "--upside-down", "--help");
            refused(none.run(List.of("fly")), 2, "no verb 'fly'", "--help");
            refused(none.run(List.of("test", "nothing")), 2, "'nothing'", "--help");
            // Nobody, root included, makes a folder there or below a file.
            refused(none.run(List.of("up", "--data", "/proc/kentongan")), 1, "/proc/kentongan", "--data");
            var file = Files.createFile(Path.of(data, "file"));
            refused(none.run(List.of("up", "--data", file + "/below")), 1, file + "/below", "--data");
            refused(none.verb("backup"), 2, "needs a file");
            refused(none.verb("backup", none.data + "/b.zip"), 1, "there is no installation");
            refused(none.verb("restore", none.data + "/none.zip"), 1, "there is no file");
            refused(none.verb("trail", "prove"), 2, "verify");
        }
    }

    @Test
    void everyVerbHelpsWithoutAJdkAndWithoutBeingBuilt() throws Exception {
        var alone = Files.createTempDirectory("kentongan-launcher-");
        var launcher = Files.copy(Path.of("kentongan"), alone.resolve("kentongan"), StandardCopyOption.COPY_ATTRIBUTES);
        try {
            for (var verb : List.of(
                    "", "up", "down", "status", "test", "bench", "backup", "restore", "keys", "docs", "trail", "tenant",
                    "region")) {
                var words = new ArrayList<>(List.of(launcher.toString()));
                if (!verb.isEmpty()) {
                    words.add(verb);
                }
                words.add("--help");
                var builder = new ProcessBuilder(words).redirectErrorStream(true);
                builder.environment().remove("JAVA_HOME");
                builder.environment().put("HOME", alone.toString());
                var process = builder.start();
                var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(verb + ": " + said).isZero();
                assertThat(said).contains("./kentongan " + (verb.isEmpty() ? "VERB" : verb));
                assertThat(said).as(verb).doesNotContain("Building");
            }
            try (var left = Files.list(alone)) {
                assertThat(left).as("nothing is built for a help").containsExactly(launcher);
            }
        } finally {
            FileSystemUtils.deleteRecursively(alone);
        }
    }

    private static void refused(Ended ended, int code, String... words) {
        assertThat(ended.err())
                .as("exit code " + ended.code() + ", " + ended.out())
                .contains(words);
        assertThat(ended.err()).doesNotContain("\tat ");
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    }
}
