// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static id.kentongan.process.Installation.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.CitizensPeer.Manner;
import id.kentongan.testing.Visitor;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

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

    /**
     * A post on its way to the servers of its readers, one of which has taken and told it, one taken it without a word,
     * and one not taken it, when the platform is killed.
     */
    @Test
    void aPostOnItsWayToManyServersReachesEachOnceWhereverItIsKilled() throws Exception {
        try (var told = new CitizensPeer();
                var silent = new CitizensPeer();
                var slow = new CitizensPeer();
                var late = new CitizensPeer();
                var house = Installation.fresh()) {
            house.up().ok();
            var peers = List.of(told, silent, slow, late);
            for (var peer : peers) {
                peer.follow(house.port, "pembaca");
            }
            awaitTrue("each follower", () -> house.count("select count(*) from channel.ap_follower") == 4);
            var note = told.mention(house.port, "sari", "Jalan rusak dan berlubang di depan pasar");
            awaitTrue("the receipt", () -> told.publicAnswersTo(note).size() == 1);
            introduces(house);
            awaitTrue(
                    "each server to know the new name",
                    () -> house.count("select count(*) from channel.ap_delivery where activity = 'Update'"
                                    + " and state = 'done'")
                            == 4);

            silent.manner = Manner.TAKES_WITHOUT_A_WORD;
            slow.manner = Manner.NEVER_READS;
            late.manner = Manner.NEVER_READS;
            spread(house);
            awaitTrue(
                    "one server that is done and three that are not",
                    () -> house.count(POST + " and state = 'done'") == 1
                            && !silent.held.isEmpty()
                            && !slow.held.isEmpty()
                            && !late.held.isEmpty());
            house.kill();
            assertThat(house.count(POST + " and state = 'sending'"))
                    .as("on their way, and visibly so")
                    .isEqualTo(3);

            // And once more, while one of them does not take it still.
            silent.manner = Manner.ANSWERS;
            slow.manner = Manner.ANSWERS;
            late.held.clear();
            again(house);
            awaitTrue("all but one", () -> house.count(POST + " and state = 'done'") == 3 && !late.held.isEmpty());
            house.kill();
            late.manner = Manner.ANSWERS;
            again(house);
            awaitTrue("every server", () -> house.count(POST + " and state = 'done'") == 4);

            for (var peer : peers) {
                var created = peer.taken.stream()
                        .filter(each -> each.path("type").asString("").equals("Create"))
                        .filter(each -> each.path("object")
                                .path("inReplyTo")
                                .asString("")
                                .equals(note))
                        .filter(each -> each.toString().contains(PUBLIC))
                        .map(Object::toString)
                        .toList();
                // Taken twice is the same activity to the letter, under one id: a server shows it once.
                assertThat(created.stream().distinct()).hasSize(1);
                assertThat(created)
                        .as("only what was never told is repeated")
                        .hasSize(peer == silent ? 2 : peer == told ? 2 : 1);
            }
            house.down().ok();
        }
    }

    private static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

    /** The post's deliveries, but for the one of the answer it was. */
    private static final String POST =
            "select count(*) from channel.ap_delivery where activity = 'Create' and attempts > 0";

    /** The administrator changes the account's name, which each follower's server is told. */
    private static void introduces(Installation house) {
        JsonNode administrator = null;
        for (var each : house.status().get("signIns")) {
            if (each.get("role").asString().equals("ADMINISTRATOR")) {
                administrator = each;
            }
        }
        assertThat(administrator).isNotNull();
        var visitor = new Visitor(house.port, "127.0.0.1:" + house.port);
        visitor.get("/sign-in");
        visitor.post(
                "/sign-in",
                Map.of(
                        "mail",
                        administrator.get("mail").asString(),
                        "password",
                        administrator.get("password").asString()));
        var form = visitor.get("/desk/atur/kanal")
                .page()
                .select("a[href$=/profil]")
                .first()
                .attr("href");
        visitor.get(form);
        var answer = visitor.post(form, Map.of("displayName", "Kabar Baru", "summary", "Akun rekaan"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(302);
    }

    /** Makes the public receipt a post to every follower, as publishing will: one waiting delivery for each server. */
    private static void spread(Installation house) throws Exception {
        try (var owner = house.owner();
                var statement = owner.createStatement()) {
            statement.execute("""
                    insert into channel.ap_delivery as d
                        (tenant_id, note_id, activity, inbox_hash, account_id, sealed, state, next_attempt_at,
                            patience_from, changed_at)
                    select u.tenant_id, o.id, 'Create', u.inbox_hash, u.account_id, u.sealed, 'waiting', now(), now(), now()
                    from channel.ap_delivery u
                    join channel.ap_object o on o.tenant_id = u.tenant_id and o.audience <> 'DIRECT'
                    where u.activity = 'Update'
                    """);
        }
    }

    /** Starts it again. The leases of the dead are run out at once, so that the test need not wait for minutes. */
    private static void again(Installation house) throws Exception {
        try (var owner = house.owner();
                var statement = owner.createStatement()) {
            statement.execute("update channel.delivery set next_attempt_at = now() where state <> 'done'");
            statement.execute("update channel.ap_delivery set next_attempt_at = now()"
                    + " where state in ('waiting', 'sending', 'retry')");
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
