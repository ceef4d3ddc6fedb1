// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.CitizensPeer.Manner;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The application is killed (kill -9) at one point after another of the way in and the way out, and started again on
 * the same folder each time. In the end everything was heard once and said once.
 */
@Timeout(900)
class KilledPlatformTests {
    @Test
    void nothingIsLostAndNothingIsSaidTwiceWhereverItIsKilled() throws Exception {
        try (var peer = new CitizensPeer();
                var house = Installation.fresh()) {
            house.up().ok();

            // Stored and acknowledged, but its author's server does not answer yet: no conversation.
            peer.actorsAnswer = false;
            var first = peer.mention(house.port, "sari", "Jalan rusak dan berlubang di depan pasar");
            awaitTrue("the delivery being read", () -> peer.held.size() >= 2);
            house.kill();
            assertThat(house.count("select count(*) from channel.delivery where state <> 'done'"))
                    .isEqualTo(1);
            assertThat(house.count("select count(*) from inbox.message")).isZero();
            peer.actorsAnswer = true;
            again(house);
            awaitTrue("the first receipt", () -> peer.publicAnswersTo(first).size() == 1);

            // In a conversation, but the case it opens is not committed.
            String second;
            try (var owner = house.owner();
                    var lock = owner.createStatement()) {
                owner.setAutoCommit(false);
                lock.execute("lock table casework.\"case\" in access exclusive mode");
                second = peer.mention(house.port, "budi", "Jalan rusak dekat jembatan lama");
                awaitTrue("someone waiting for the cases", () -> waiting(house));
                house.kill();
                assertThat(house.count("select count(*) from machinery.event_publication"))
                        .as("the listener's debt is on record")
                        .isPositive();
                owner.rollback();
            }
            again(house);
            awaitTrue("the second receipt", () -> peer.publicAnswersTo(second).size() == 1);
            assertThat(house.count("select count(*) from casework.\"case\"")).isEqualTo(2);

            // In the midst of the transaction that makes the conversation.
            String third;
            try (var owner = house.owner();
                    var lock = owner.createStatement()) {
                owner.setAutoCommit(false);
                lock.execute("lock table inbox.message in access exclusive mode");
                third = peer.mention(house.port, "tono", "Jalan rusak di gang belakang sekolah");
                awaitTrue("someone waiting for the messages", () -> waiting(house));
                house.kill();
                owner.rollback();
            }

            // Sent and taken by the peer, but the application never learns it.
            peer.manner = Manner.TAKES_WITHOUT_A_WORD;
            peer.held.clear();
            again(house);
            awaitTrue("a send without an answer", () -> !peer.held.isEmpty());
            house.kill();
            assertThat(house.count("select count(*) from channel.outgoing where state = 'SENDING'"))
                    .isPositive();

            // Claimed, but not sent.
            peer.manner = Manner.NEVER_READS;
            peer.held.clear();
            again(house);
            awaitTrue("a send on its way", () -> !peer.held.isEmpty());
            house.kill();

            peer.manner = Manner.ANSWERS;
            again(house);
            awaitTrue(
                    "everything sent",
                    () -> house.count("select count(*) from channel.outgoing where state <> 'SENT'") == 0
                            && peer.publicAnswersTo(third).size() == 1);

            var counts = house.status().get("counts");
            assertThat(counts.get("conversations").asLong()).isEqualTo(3);
            assertThat(counts.get("cases").asLong()).isEqualTo(3);
            assertThat(house.count("select count(*) from channel.delivery where state <> 'done'"))
                    .isZero();
            for (var note : List.of(first, second, third)) {
                assertThat(peer.publicAnswersTo(note)).as("receipts to " + note).hasSize(1);
            }
            // A repetition is the same activity to the letter, which every server knows by its id.
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
                    .as("each thing is said in one activity")
                    .isEqualTo(peer.taken.stream()
                            .map(each -> each.path("id").asString(""))
                            .distinct()
                            .count());
            assertThat(house.verb("trail", "verify").ok().out()).contains("The trail is whole");
            house.down().ok();
        }
    }

    /** Starts it again. The leases of the dead are run out at once, so that the test need not wait for minutes. */
    private static void again(Installation house) throws Exception {
        try (var owner = house.owner();
                var statement = owner.createStatement()) {
            statement.execute("update channel.delivery set next_attempt_at = now() where state <> 'done'");
            statement.execute("update channel.outgoing set next_attempt_at = now() where state <> 'SENT'");
        }
        house.up().ok();
    }

    private static boolean waiting(Installation house) {
        try (var owner = house.owner();
                var statement = owner.createStatement();
                var row = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            row.next();
            return row.getLong(1) > 0;
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
