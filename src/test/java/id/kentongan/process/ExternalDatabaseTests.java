// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static id.kentongan.testing.ExternalServer.APPLICATION;
import static id.kentongan.testing.ExternalServer.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.ExternalServer;
import java.nio.file.Files;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same platform on a PostgreSQL that somebody else runs, and stops. */
@Timeout(900)
class ExternalDatabaseTests {
    @Test
    void itRunsOnTheTwoAddressesOutlivesTheDatabasesAbsenceAndIsBackedUpAndRestored() throws Exception {
        try (var server = new ExternalServer();
                var peer = new CitizensPeer();
                var house = Installation.fresh();
                var other = Installation.fresh()) {
            server.database("layanan");
            server.database("pulihan");
            server.role("berkuasa", "superuser");
            use(house, server, "berkuasa", "layanan");
            var refused = house.up();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("berkuasa is a superuser");

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
            var during = peer.deliver(house.port, "tuti", "Jalan rusak dekat balai desa");
            assertThat(during.statusCode())
                    .as("so that the peer delivers again")
                    .isEqualTo(503);

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

    private static void use(Installation house, ExternalServer server, String role, String database) {
        house.environment.put("KENTONGAN_DATABASE_URL", server.address(role, database));
        house.environment.put("KENTONGAN_DATABASE_OWNER_URL", server.address(OWNER, database));
    }
}
