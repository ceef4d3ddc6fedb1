// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import id.kentongan.testing.Visitor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The data folder on a small disk of its own, which is filled to the last byte. Needs the right to mount one. */
@Timeout(600)
class DiskFullTests {
    @Test
    void aFullDiskIsSaidLosesNothingAndIsRecoveredFromWithoutARestart() throws Exception {
        var disk = Files.createTempDirectory("kentongan-disk-");
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk.toString()) == 0,
                "no right to mount a small disk, which a full one is made of");
        try (var peer = new CitizensPeer()) {
            try (var house = Installation.in(disk.resolve("data"))) {
                house.up().ok();
                var filler = disk.resolve("filler");
                var first = peer.mention(house.port, "sari", "Jalan rusak di depan pasar");
                awaitTrue("the receipt", () -> peer.publicAnswersTo(first).size() == 1);

                var citizen = new Visitor(house.port, "127.0.0.1:" + house.port);
                citizen.get("/lapor");

                // 1. No space for another row.
                var heard = fill(house, peer, filler, "RT");
                var reports = tellsAndKeepsTheWords(house, citizen, filler);
                Files.delete(filler);
                awaitTrue("a recovery by itself", Duration.ofMinutes(2), () -> home(house) == 200);
                allOnce(house, peer, heard);

                // 2. No space for the database's own log: it ends, and cannot even recover before there is.
                var server = postmaster(house);
                fill(filler);
                useUpTheLog(house);
                awaitTrue("an answer that it is away", () -> home(house) == 503);
                assertThat(tellsAndKeepsTheWords(house, citizen, filler)).isZero();
                assertThat(peer.deliver(house.port, "tuti", "Jalan rusak dekat balai desa")
                                .statusCode())
                        .isEqualTo(503);
                Files.delete(filler);
                awaitTrue("a recovery by itself", Duration.ofMinutes(2), () -> home(house) == 200);
                assertThat(postmaster(house)).as("PostgreSQL was started anew").isNotEqualTo(server);
                var later = peer.mention(house.port, "tuti", "Jalan rusak dekat balai desa");
                awaitTrue("the receipt", () -> peer.publicAnswersTo(later).size() == 1);

                assertThat(report(citizen, "lagi").status())
                        .as("a report that was refused")
                        .isEqualTo(302);
                awaitTrue(
                        "its case",
                        () -> house.count("select count(*) from casework.\"case\"")
                                == house.count("select count(*) from inbox.conversation"));
                var accepted = heard.size() + reports + 3;
                assertThat(house.count("select count(*) from inbox.conversation"))
                        .isEqualTo(accepted);
                assertThat(house.count("select count(*) from channel.delivery where state <> 'done'"))
                        .isZero();
                assertThat(house.count("select count(*) from channel.outgoing where state not in ('SENT')"))
                        .isZero();
                saidOnce(peer);
                try (var files = Files.walk(house.data.resolve("files"))) {
                    assertThat(files.filter(
                                    each -> each.getFileName().toString().startsWith("half-")))
                            .isEmpty();
                }
                assertThat(house.verb("trail", "verify").ok().out()).contains("The trail is whole");
                house.down().ok();
            }
        } finally {
            command("umount", "-l", disk.toString());
            Files.deleteIfExists(disk);
        }
    }

    /** Fills the disk and delivers until one is refused; returns every text and whether it was accepted. */
    private static Map<String, Integer> fill(Installation house, CitizensPeer peer, Path filler, String where)
            throws Exception {
        fill(filler);
        var texts = new LinkedHashMap<String, Integer>();
        for (var n = 0; n < 40 && !texts.containsValue(503); n++) {
            // Long, so that what is left in the database's own reserve is soon used up.
            var text = "Jalan rusak di " + where + " " + n + " " + "sangat parah ".repeat(4000);
            texts.put(text, peer.deliver(house.port, "budi" + n, text).statusCode());
            fill(filler);
        }
        assertThat(texts.values()).contains(503).isSubsetOf(202, 503);
        return texts;
    }

    /** What was refused is delivered again, as a peer does, and what was accepted is not: each is answered once. */
    private static void allOnce(Installation house, CitizensPeer peer, Map<String, Integer> texts) throws Exception {
        var notes = new ArrayList<String>();
        for (var each : texts.entrySet()) {
            var user = "budi" + notes.size();
            notes.add(
                    each.getValue() == 202
                            ? peer.note(user, each.getKey())
                            : peer.mention(house.port, user, each.getKey()));
        }
        awaitTrue(
                "a receipt for each",
                Duration.ofMinutes(2),
                () -> notes.stream().allMatch(note -> peer.publicAnswersTo(note).size() == 1));
    }

    /** Pages and forms say that the service is paused; what was written comes back. Returns how many it still took. */
    private static int tellsAndKeepsTheWords(Installation house, Visitor citizen, Path filler) {
        var page = new Visitor(house.port, "127.0.0.1:" + house.port).get("/");
        assertThat(page.status()).isIn(200, 503);
        assertThat(page.body()).doesNotContain("Exception", "SQL");
        for (var taken = 0; taken < 40; taken++) {
            // A short one still finds a gap in a page of the table.
            var answer = report(citizen, "nomor " + taken);
            if (answer.status() == 302) {
                fill(filler);
                continue;
            }
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.page().select("textarea").eachText())
                    .as(answer.body())
                    .contains(words("nomor " + taken));
            assertThat(answer.page().text()).contains("belum tersimpan");
            assertThat(answer.body()).doesNotContain("Exception", "SQL");
            return taken;
        }
        throw new AssertionError("no report was refused");
    }

    private static String words(String which) {
        return "Lampu jalan di simpang tiga padam, tiang " + which + "." + " Gelap sekali.".repeat(260);
    }

    /** On the form that was opened while there was space. */
    private static Visitor.Answer report(Visitor citizen, String which) {
        return citizen.post("/lapor", Map.of("text", words(which), "identity", "anonymous", "kind", "complaint"));
    }

    /** As in {@link KilledPlatformTests}: a repetition is the same activity, and each thing is said in one. */
    private static void saidOnce(CitizensPeer peer) {
        peer.taken.stream()
                .collect(Collectors.groupingBy(each -> each.path("id").asString("")))
                .forEach((id, repeated) -> assertThat(
                                repeated.stream().map(Object::toString).distinct())
                        .as(id)
                        .hasSize(1));
        assertThat(peer.taken.stream()
                        .map(each -> each.path("object").path("content").asString("")
                                + each.path("object").path("to"))
                        .distinct()
                        .count())
                .isEqualTo(peer.taken.stream()
                        .map(each -> each.path("id").asString(""))
                        .distinct()
                        .count());
    }

    /** As its superuser, who alone may: into the log and nowhere else, until it cannot be written. */
    private static void useUpTheLog(Installation house) throws IOException {
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(house.data.resolve("secrets/database.properties"))) {
            secrets.load(in);
        }
        var at = Files.readString(house.data.resolve("run/database.port")).strip();
        for (var n = 0; n < 2000; n++) {
            try (var connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + at + "/postgres",
                            "postgres",
                            secrets.getProperty("superuser"));
                    var statement = connection.createStatement()) {
                statement.execute("select pg_logical_emit_message(false, 'penuh', repeat('x', 4000000))");
            } catch (SQLException ended) {
                return;
            }
        }
        throw new AssertionError("the log never was full");
    }

    private static long postmaster(Installation house) throws IOException {
        return Long.parseLong(Files.readAllLines(house.data.resolve("postgres/postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static int home(Installation house) {
        try {
            return house.get("/", "Accept", "text/html").statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** To the last byte. */
    private static void fill(Path file) {
        for (var size : new int[] {1 << 20, 1 << 10, 1}) {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException full) {
                continue;
            }
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        try {
            var process = new ProcessBuilder(List.of(words))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException absent) {
            return 127;
        }
    }
}
