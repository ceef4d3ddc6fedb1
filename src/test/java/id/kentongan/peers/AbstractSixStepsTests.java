// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static id.kentongan.peers.Regency.await;
import static id.kentongan.peers.Regency.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import id.kentongan.channel.Audience;
import id.kentongan.inbox.MessageView;
import id.kentongan.peers.CitizensServer.Shown;
import id.kentongan.testing.WithDatabase;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** The six steps with a citizen's own server, whichever it is. */
@Tag("peers")
@WithDatabase
abstract class AbstractSixStepsTests {
    static final Pattern NUMBER = Pattern.compile("KTG-\\d{4}-\\d{6}");
    static final Pattern LINK = Pattern.compile("http://[^\\s\"<]+/lacak/r/[^\\s\"<]+");
    private static @Nullable Regency shared;

    @Autowired
    ApplicationContext context;

    @LocalServerPort
    int port;

    private Regency regency;

    abstract CitizensServer server();

    /** One for all: others know us by the address of this machine, of which there is one. */
    @BeforeEach
    void aRegencyTheOthersCanFind() {
        var known = shared;
        if (known == null || !known.base().endsWith(":" + port)) {
            known = new Regency(context, port);
            shared = known;
        }
        regency = known;
    }

    @Test
    void theSixStepsAsThoseWhoTakeThemSeeThem() {
        new SixStepsWalk(regency, server()).walk();
    }

    @Test
    void aMentionUnderAPostBecomesACaseWhoseAnswerAppearsInTheCitizensThread() {
        var post = regency.post("Perbaikan jalan dimulai pekan ini " + unique());
        var mark = unique();
        var said = server().say("sari", "Jalan rusak di depan SD " + mark, regency.actor(), post, false);

        // Step 2: within two seconds of arriving, in the inbox, once.
        var row = regency.conversation(mark);
        assertThat(row.audience()).isEqualTo(Audience.PUBLIC);

        // Step 3: a receipt where they wrote, and the secret link privately.
        var receipt = shown("sari", each -> !each.direct() && said.equals(each.parent()) && hasNumber(each));
        var number = found(NUMBER, receipt.text());
        var link = shown("sari", each -> each.direct() && each.text().contains(number) && hasLink(each));
        assertThat(LINK.matcher(receipt.text()).find())
                .as("no secret in public")
                .isFalse();

        // Step 4: forwarded with a covering note, answered by the agency's liaison officer.
        var opened = regency.cases.ofConversation(regency.officer, row.id()).orElseThrow();
        assertThat(opened.publicNumber()).isEqualTo(number);
        regency.cases.forward(regency.officer, opened.id(), regency.tenant.works(), "Mohon dicek.", opened.version());
        var theirs = regency.cases.accessible(regency.liaison, opened.id()).orElseThrow();
        var answer = "Ditambal besok pagi " + unique();
        regency.cases.answer(
                regency.liaison, opened.id(), answer, UUID.randomUUID().toString(), theirs.version());

        // Step 5: the answer stands under what the citizen wrote; what they add lands in the same case.
        var answered = shown("sari", each -> each.text().contains(answer));
        assertThat(answered.direct()).isFalse();
        assertThat(answered.parent()).isEqualTo(said);
        var more = unique();
        server().say("sari", "Terima kasih, lubang lain ada di gang " + more, regency.actor(), answered.id(), false);
        await(
                "the citizen's second message",
                () -> regency.messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains(more))
                        .findFirst());
        assertThat(regency.rows(mark)).hasSize(1);
        assertThat(regency.cases
                        .ofConversation(regency.officer, row.id())
                        .orElseThrow()
                        .id())
                .isEqualTo(opened.id());

        // The secret link opens the case for its reporter.
        var secret = found(LINK, link.text()).replaceFirst(".*/lacak/r/", "");
        assertThat(regency.cases.bySecret(regency.tenant.id(), secret)).isPresent();

        // Each of ours has its receipt: the peer's inbox took it.
        await(
                "receipts",
                () -> regency.messages(row).stream()
                                .filter(each -> each.direction() == MessageView.Direction.OUT)
                                .allMatch(each ->
                                        each.status() != null && each.status().remoteKey() != null)
                        ? Optional.of(true)
                        : Optional.empty());
        assertThat(server().seenBy("sari").stream()
                        .filter(each -> each.text().contains(number) && !each.direct())
                        .count())
                .as("one public receipt per case")
                .isEqualTo(1);
    }

    @Test
    void aPrivateMessageIsAnsweredPrivately() {
        var post = regency.post("Kirim laporan lewat pesan pribadi " + unique());
        var mark = unique();
        server().say("budi", "Ada lubang besar, mohon dirahasiakan " + mark, regency.actor(), post, true);
        var row = regency.conversation(mark);
        assertThat(row.audience()).isEqualTo(Audience.DIRECT);
        var receipt = shown("budi", each -> each.direct() && hasNumber(each) && hasLink(each));
        var opened = regency.cases.ofConversation(regency.officer, row.id()).orElseThrow();
        assertThat(receipt.text()).contains(opened.publicNumber());
        regency.cases.forward(regency.officer, opened.id(), regency.tenant.works(), "Mohon dicek.", opened.version());
        var theirs = regency.cases.accessible(regency.liaison, opened.id()).orElseThrow();
        var answer = "Petugas ke lokasi " + unique();
        regency.cases.answer(
                regency.liaison, opened.id(), answer, UUID.randomUUID().toString(), theirs.version());
        assertThat(shown("budi", each -> each.text().contains(answer)).direct()).isTrue();
        var more = unique();
        server().say("budi", "Baik " + more, regency.actor(), receipt.id(), true);
        await(
                "the second private message",
                () -> regency.messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains(more))
                        .findFirst());
        assertThat(regency.cases
                        .ofConversation(regency.officer, row.id())
                        .orElseThrow()
                        .id())
                .isEqualTo(opened.id());
    }

    @Test
    void anEditArrives() {
        var mark = unique();
        edited(mark);
    }

    @Test
    void aDeletionArrivesAndTheWordsAreGone() {
        assumeTrue(server().tellsOfDeletions(), "This server tells nobody but followers of a deletion");
        var mark = unique();
        var said = edited(mark);
        var row = regency.conversation(mark);
        server().delete("tuti", said);
        await(
                "the deletion",
                () -> regency.messages(row).stream()
                        .filter(each -> each.deletedAt() != null && each.text() == null)
                        .findFirst());
    }

    /** Something said and then said better; returns its id. */
    private String edited(String mark) {
        var post = regency.post("Pasar buka pukul enam " + unique());
        var said = server().say("tuti", "Lampu pasr mati " + mark, regency.actor(), post, false);
        var row = regency.conversation(mark);
        server().edit("tuti", said, "Lampu pasar mati " + mark);
        await(
                "the edit",
                () -> regency.messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains("Lampu pasar mati " + mark))
                        .findFirst());
        return said;
    }

    @Test
    void aFollowerIsAccepted() {
        server().follow("rini", regency.actor());
        await("the acceptance", () -> server().follows("rini", regency.actor()) ? Optional.of(true) : Optional.empty());
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    Regency regency() {
        return regency;
    }

    private Shown shown(String user, Predicate<Shown> wanted) {
        return await(
                "a message to " + user,
                () -> server().seenBy(user).stream().filter(wanted).findFirst());
    }

    static boolean hasNumber(Shown shown) {
        return NUMBER.matcher(shown.text()).find();
    }

    static boolean hasLink(Shown shown) {
        return LINK.matcher(shown.text()).find();
    }

    static String found(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group();
    }
}
