// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static id.kentongan.testing.ExternalServer.APPLICATION;
import static id.kentongan.testing.ExternalServer.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.ExternalServer;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same platform on a PostgreSQL that somebody else runs, and stops. */
@Timeout(1500)
class ExternalDatabaseTests {
    @Test
    void itRunsOnTheTwoAddressesOutlivesTheDatabasesAbsenceAndIsBackedUpAndRestored() throws Exception {
        try (var server = new ExternalServer();
                var peer = new CitizensPeer();
                var house = Installation.fresh();
                var other = Installation.fresh()) {
            server.database("layanan");
            server.database("pulihan");
            refusesRolesThatWouldSeeAll(house, server);

            use(house, server, APPLICATION, "layanan");
            house.up().ok();
            assertThat(house.status().get("database").asString()).startsWith("external jdbc:postgresql://127.0.0.1:");
            assertThat(Files.exists(house.data.resolve("postgres")))
                    .as("no database of its own")
                    .isFalse();
            var heard = peer.mention(house.port, "sari", "Jalan rusak di depan puskesmas");
            awaitTrue("the receipt", () -> peer.publicAnswersTo(heard).size() == 1);

            // Accepted, not yet taken in, and then the database goes away.
            peer.actorsAnswer = false;
            var accepted = peer.mention(house.port, "budi", "Jalan rusak di tikungan");
            server.stop();
            var away = System.nanoTime();

            for (var language : new String[] {"id", "en"}) {
                var words = language.equals("id") ? "Layanan sedang terhenti" : "The service is paused";
                for (var page : new String[] {"/", "/desk"}) {
                    var answer = house.get(
                            page,
                            "Accept",
                            "text/html",
                            "Cookie",
                            "language=" + language + "; SESSION=YWRhLXNlc2ktbGFtYQ==");
                    assertThat(answer.statusCode()).as(page + " " + language).isEqualTo(503);
                    assertThat(answer.body()).contains(words).doesNotContain("Exception", "SQL");
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
                }
            }
            // Away for a minute: whoever comes is told so soon, each time, and peers deliver again.
            do {
                var came = System.nanoTime();
                var during = peer.deliver(house.port, "tuti", "Jalan rusak dekat balai desa");
                assertThat(during.statusCode()).isEqualTo(503);
                assertThat(Duration.ofNanos(System.nanoTime() - came)).isLessThan(Duration.ofSeconds(30));
                Thread.sleep(2_000);
            } while (System.nanoTime() - away < Duration.ofMinutes(1).toNanos());

            server.start();
            peer.actorsAnswer = true;
            // The lease of who was reading it when the database went away.
            awaitTrue("the database", () -> {
                try (var owner = server.superuser("layanan");
                        var statement = owner.createStatement()) {
                    return statement.executeUpdate(
                                    "update channel.delivery set next_attempt_at = now() where state <> 'done'")
                            >= 0;
                } catch (SQLException starting) {
                    return false;
                }
            });
            awaitTrue("what was accepted", () -> peer.publicAnswersTo(accepted).size() == 1);
            assertThat(house.get("/").statusCode()).as("recovered by itself").isEqualTo(200);
            var again = peer.mention(house.port, "tuti", "Jalan rusak dekat balai desa");
            awaitTrue(
                    "what was delivered again",
                    () -> peer.publicAnswersTo(again).size() == 1);
            assertThat(house.status().get("counts").get("conversations").asLong())
                    .isEqualTo(3);
            assertThat(house.status().get("counts").get("cases").asLong()).isEqualTo(3);

            // Backed up while it runs, restored into another database of the same server.
            var file = house.data.resolve("cadangan.zip");
            var backup = house.verb("backup", file.toString()).ok().out();
            var counts = house.status().get("counts").toString();
            house.down().ok();
            use(other, server, APPLICATION, "pulihan");
            var restored = other.verb("restore", file.toString()).ok().out();
            assertThat(restored.lines().findFirst()).isEqualTo(backup.lines().findFirst());
            Files.createDirectories(other.data.resolve("keys"));
            try (var keys = Files.list(house.data.resolve("keys"))) {
                for (var key : keys.toList()) {
                    Files.copy(key, other.data.resolve("keys").resolve(key.getFileName()));
                }
            }
            other.up().ok();
            assertThat(other.status().get("counts").toString()).isEqualTo(counts);
            assertThat(other.verb("trail", "verify").ok().out()).contains("The trail is whole");
            other.down().ok();
        }
    }

    /** The policies would hold none of them back. */
    private static void refusesRolesThatWouldSeeAll(Installation house, ExternalServer server) throws SQLException {
        server.role("berkuasa", "superuser");
        server.role("pelintas", "bypassrls");
        server.role("anggota", "in role " + OWNER);
        server.role("penambah", "createrole");
        for (var each : Map.of(
                        "berkuasa",
                        "berkuasa is a superuser",
                        "pelintas",
                        "pelintas may bypass row-level security",
                        "anggota",
                        "anggota is a member of",
                        "penambah",
                        "penambah may make roles",
                        OWNER,
                        OWNER + " is the owner")
                .entrySet()) {
            use(house, server, each.getKey(), "layanan");
            var refused = house.up();
            assertThat(refused.code()).as(each.getKey() + ": " + refused.out()).isEqualTo(1);
            assertThat(refused.err()).contains(each.getValue()).doesNotContain("\tat ", ExternalServer.PASSWORD);
        }
    }

    private static void use(Installation house, ExternalServer server, String role, String database) {
        house.environment.put("KENTONGAN_DATABASE_URL", server.address(role, database));
        house.environment.put("KENTONGAN_DATABASE_OWNER_URL", server.address(OWNER, database));
    }
}
