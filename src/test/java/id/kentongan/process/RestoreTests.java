// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.Installation.Ended;
import id.kentongan.testing.Visitor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The regency is copied while it hears, and goes on in another folder as if nothing had been. */
@Timeout(1500)
class RestoreTests {
    private static final String PASSPHRASE = "kentongan dipukul tiga kali";
    private static final int WIDE = 40;
    private static final int HIGH = 30;

    @TempDir
    Path elsewhere;

    @Test
    void whatWasBackedUpWhileMessagesArrivedGoesOnInAnotherFolder() throws Exception {
        try (var peer = new CitizensPeer();
                var house = Installation.fresh();
                var other = Installation.fresh()) {
            house.environment.put("KENTONGAN_KEYS_PASSPHRASE", PASSPHRASE);
            other.environment.put("KENTONGAN_KEYS_PASSPHRASE", PASSPHRASE);
            var keys = elsewhere.resolve("kunci.txt");
            var file = elsewhere.resolve("cadangan.zip");

            house.up().ok();
            var host = "127.0.0.1:" + house.port;
            reportWithPhoto(house.port, host);
            var answered = peer.mention(house.port, "sari", "Jalan rusak di depan puskesmas");
            awaitTrue("the receipt", () -> peer.publicAnswersTo(answered).size() == 1);
            awaitTrue("both cases", () -> house.count("select count(*) from casework.\"case\"") == 2);
            house.verb("keys", "export", keys.toString()).ok();

            // From now on they arrive without end, and are accepted; who they are is not told yet, so none is taken in.
            peer.actorsAnswer = false;
            var accepted = new HashMap<String, Integer>();
            var enough = new AtomicBoolean();
            var some = new CountDownLatch(3);
            var arriving = CompletableFuture.runAsync(() -> {
                for (var n = 0; !enough.get(); n++) {
                    var text = "Jalan rusak di RT " + n;
                    accepted.put(peer.note("warga" + n, text), delivered(peer, house.port, "warga" + n, text));
                    some.countDown();
                }
            });
            some.await();
            var said = house.verb("backup", file.toString()).ok().out();
            enough.set(true);
            arriving.get();
            assertThat(accepted.values()).allMatch(status -> status == 202);
            assertThat(house.down().ok().out()).contains("Stopped.");
            var held = held(file);
            assertThat(held.get("channel.delivery")).isBetween(4L, accepted.size() + 2L);

            refusesWhatIsBroken(other, file, elsewhere.resolve("rusak.zip"));
            var restored = other.verb("restore", file.toString()).ok().out();
            assertThat(restored.lines().findFirst()).isEqualTo(said.lines().findFirst());
            refused(other.verb("restore", file.toString()), "holds data already", "--data DIR");
            refused(other.up(), "sealed by keys that are not in", "keys import FILE");
            other.verb("keys", "import", keys.toString()).ok();
            other.up().ok();

            var counts = other.status().get("counts");
            assertThat(counts.get("messages").asLong()).isEqualTo(held.get("inbox.message"));
            assertThat(counts.get("conversations").asLong()).isEqualTo(held.get("inbox.conversation"));
            assertThat(counts.get("cases").asLong()).isEqualTo(held.get("casework.case"));
            assertThat(other.verb("trail", "verify").ok().out()).contains("The trail is whole");
            openThePhoto(other.port, host);

            // What was accepted before the copy and not taken in yet is taken in here.
            peer.actorsAnswer = true;
            awaitTrue("what had been accepted", () -> {
                // Each was tried in vain while nobody said who they were, and waits for its next turn.
                other.execute("update channel.delivery set next_attempt_at = now() where state in ('new', 'retry')");
                return other.count("select count(*) from inbox.conversation") == held.get("channel.delivery");
            });
            assertThat(other.verb("trail", "verify").ok().out()).contains("The trail is whole");
            other.down().ok();
        }
    }

    /** Cut off, and changed in one byte: neither leaves anything behind. */
    private static void refusesWhatIsBroken(Installation other, Path file, Path broken) throws IOException {
        var whole = Files.readAllBytes(file);
        Files.write(broken, Arrays.copyOf(whole, whole.length * 2 / 3));
        refused(other.verb("restore", broken.toString()), "damaged", "nothing was restored");
        var changed = whole.clone();
        changed[whole.length / 2] ^= 0x55;
        Files.write(broken, changed);
        refused(other.verb("restore", broken.toString()), "damaged", "nothing was restored");
    }

    private static int delivered(CitizensPeer peer, int port, String user, String text) {
        try {
            return peer.deliver(port, user, text).statusCode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void reportWithPhoto(int port, String host) throws IOException {
        var citizen = new Visitor(port, host);
        citizen.get("/lapor");
        var picture = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(WIDE, HIGH, BufferedImage.TYPE_INT_RGB), "png", picture);
        var answer = citizen.postWithFile(
                "/lapor",
                Map.of("text", "Lampu jalan di simpang tiga padam.", "identity", "open", "kind", "complaint"),
                "photos",
                "lampu.png",
                picture.toByteArray());
        assertThat(answer.status()).as(answer.body()).isEqualTo(302);
    }

    private static void openThePhoto(int port, String host) throws IOException {
        var officer = new Visitor(port, host);
        officer.get("/sign-in");
        officer.post("/sign-in", Map.of("mail", "rina@sukamaju.example", "password", "kentongan-sukamaju"));
        for (var each : officer.get("/desk").page().select("main a[href^=/desk/percakapan/]")) {
            var photo = officer.get(each.attr("href")).page().selectFirst("[src*=/berkas/], [href*=/berkas/]");
            if (photo != null) {
                var path = photo.hasAttr("src") ? photo.attr("src") : photo.attr("href");
                var opened = ImageIO.read(new ByteArrayInputStream(officer.bytes(path)));
                assertThat(opened.getWidth()).isEqualTo(WIDE);
                assertThat(opened.getHeight()).isEqualTo(HIGH);
                return;
            }
        }
        throw new AssertionError("no conversation shows the photo");
    }

    /** How many rows of each table the file says it holds. */
    private static Map<String, Long> held(Path file) throws IOException {
        var rows = new HashMap<String, Long>();
        try (var zip = new ZipFile(file.toFile())) {
            var manifest = new String(
                    zip.getInputStream(zip.getEntry("manifest.json")).readAllBytes(), StandardCharsets.UTF_8);
            for (var table : new JsonMapper().readTree(manifest).get("tables")) {
                rows.merge(
                        table.get("name").asString().replace("\"", ""),
                        table.get("rows").asLong(),
                        Long::sum);
            }
        }
        return rows;
    }

    private static void refused(Ended ended, String... words) {
        assertThat(ended.err())
                .as("exit code " + ended.code() + ", " + ended.out())
                .contains(words);
        assertThat(ended.err()).doesNotContain("\tat ", "Exception");
        assertThat(ended.code()).isEqualTo(1);
    }
}
