// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.machine;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static id.kentongan.inbox.InboxTesting.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import id.kentongan.channel.Audience;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.WithDatabase;
import org.junit.jupiter.api.Test;

/** Answers, notes and drafts of officers. */
@WithDatabase
class InboxAnswersIntegrationTests extends AbstractInboxIntegrationTests {
    @Test
    void aReplyPostedTwiceAnswersOnceAndWhatTheCitizenAddsInBetweenIsAConflict() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var seen = conversations.accessible(rina, id).orElseThrow().version();
        // A colleague's note and assignment are no new words of the citizen.
        conversations.note(rina, id, "Catatan");
        conversations.assign(rina, id, rina.officer());
        var first = conversations.reply(rina, id, "public", "Kami cek.", "form-1", seen);
        assertThat(conversations.reply(rina, id, "public", "Kami cek.", "form-1", seen))
                .isEqualTo(first);
        assertThat(only(rina, Box.OPEN).waitingSince()).isNull();
        hear("n", "budi", Audience.PUBLIC, "m", 1, "Segera ya");
        assertThatThrownBy(() -> conversations.reply(rina, id, "public", "Baik.", "form-2", seen))
                .isInstanceOf(RefusalException.class);
        assertThat(conversations.messages(rina, id, null, 10).items().stream()
                        .filter(each -> each.direction() == MessageView.Direction.OUT))
                .hasSize(1);
    }

    @Test
    void aPrivateAnswerToOurAnswerStaysInTheConversationAndIsAnsweredInPrivate() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        assertThat(conversations
                        .accessible(rina, id)
                        .orElseThrow()
                        .replyTargets()
                        .getFirst()
                        .code())
                .isEqualTo("public");
        var sent = conversations.reply(rina, id, "private", "Tautan rahasia Anda.", "form-1", null);
        take(received(
                account,
                said(
                        prefix + "d",
                        person("budi"),
                        Audience.DIRECT,
                        ours(sent),
                        MORNING.plusSeconds(60),
                        "Alamat saya di sini")));
        assertThat(only(rina).id()).isEqualTo(id);
        assertThat(conversations
                        .accessible(rina, id)
                        .orElseThrow()
                        .replyTargets()
                        .getFirst()
                        .code())
                .isEqualTo("private");
    }

    @Test
    void aPrivateAnswerOfSomebodyElseNeverLandsWhereTheReporterReads() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var sent = conversations.reply(rina, id, "public", "Sedang kami periksa.", "form-1", null);
        take(received(
                account,
                said(
                        prefix + "d",
                        person("wati"),
                        Audience.DIRECT,
                        ours(sent),
                        MORNING.plusSeconds(60),
                        "Ini rahasia saya")));
        assertThat(conversations.messages(rina, id, null, 10).items())
                .extracting(MessageView::text)
                .containsExactly("Jalan rusak", "Sedang kami periksa.");
        assertThat(list(rina, Box.OPEN).items())
                .filteredOn(row -> !row.id().equals(id))
                .singleElement()
                .satisfies(row -> assertThat(
                                conversations.messages(rina, row.id(), null, 10).items())
                        .extracting(MessageView::text, MessageView::owners)
                        .containsExactly(tuple("Ini rahasia saya", true)));
    }

    @Test
    void anAutomaticReplyGoesOnceNeverToAMachineAndNeverWithoutEnd() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var about = heard(id);
        var receipt = conversations.replyAutomatically(system, id, about, Audience.PUBLIC, "Diterima.", "receipt");
        assertThat(receipt).isPresent();
        assertThat(conversations.replyAutomatically(system, id, about, Audience.PUBLIC, "Diterima.", "receipt"))
                .isEqualTo(receipt);
        var sent = 1;
        for (var n = 0; n < 40; n++) {
            sent += conversations
                    .replyAutomatically(system, id, about, Audience.PUBLIC, "Lagi.", "lagi" + n)
                    .map(each -> 1)
                    .orElse(0);
        }
        assertThat(sent).isLessThanOrEqualTo(20);
        take(received(account, said(prefix + "bot", machine("bot"), Audience.DIRECT, null, MORNING, "Halo")));
        var machines = list(rina, Box.OPEN).items().stream()
                .filter(row -> row.audience() == Audience.DIRECT)
                .findFirst()
                .orElseThrow();
        assertThat(conversations.replyAutomatically(
                        system, machines.id(), heard(machines.id()), Audience.DIRECT, "Halo.", "bot"))
                .isEmpty();
    }

    @Test
    void draftsAreKeptForEachOfficerAndGoneOnceSaid() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var dewi = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        var one = window();
        assertThat(conversations.saveDraft(rina, id, one, "Kami")).isEmpty();
        assertThat(conversations.saveDraft(rina, id, one, "Kami akan")).isEmpty();
        assertThat(drafts(rina, id)).containsExactly("Kami akan");
        assertThat(drafts(dewi, id)).isEmpty();
        // Another page goes on with it, and it is one draft still.
        var other = next(rina, id);
        assertThat(conversations.saveDraft(rina, id, other, "Kami akan cek")).isEmpty();
        assertThat(drafts(rina, id)).containsExactly("Kami akan cek");
        conversations.reply(rina, id, "public", "Kami akan cek.", "form-1", null);
        conversations.discardDraft(rina, id, other);
        assertThat(drafts(rina, id)).isEmpty();
        conversations.saveDraft(rina, id, other, "Lagi");
        conversations.saveDraft(rina, id, other, " ");
        assertThat(drafts(rina, id)).as("emptied").isEmpty();
    }

    @Test
    void twoWindowsOfOneOfficerWriteOverNeitherDraft() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        conversations.saveDraft(rina, id, window(), "Kami");
        var older = next(rina, id);
        var newer = next(rina, id);
        assertThat(conversations.saveDraft(rina, id, newer, "Kami akan cek besok"))
                .isEmpty();
        // The older one is told, and goes on in a draft of its own.
        assertThat(conversations.saveDraft(rina, id, older, "Kami sudah cek"))
                .extracting(Draft::text)
                .containsExactly("Kami akan cek besok");
        assertThat(conversations.saveDraft(rina, id, older, "Kami sudah cek tadi"))
                .extracting(Draft::text)
                .containsExactly("Kami akan cek besok");
        assertThat(conversations.saveDraft(rina, id, newer, "Kami akan cek besok pagi"))
                .extracting(Draft::text)
                .containsExactly("Kami sudah cek tadi");
        assertThat(drafts(rina, id)).containsExactly("Kami akan cek besok pagi", "Kami sudah cek tadi");
        // What is emptied, sent or discarded in the one takes nothing from the other.
        conversations.saveDraft(rina, id, older, "");
        assertThat(drafts(rina, id)).containsExactly("Kami akan cek besok pagi");
        conversations.saveDraft(rina, id, older, "Kami sudah cek tadi");
        conversations.useDraft(rina, id, newer.id());
        assertThat(drafts(rina, id)).containsExactly("Kami akan cek besok pagi", "Kami sudah cek tadi");
        conversations.discardDraft(rina, id, older);
        var stale = next(rina, id);
        conversations.saveDraft(rina, id, newer, "Kami akan cek lusa");
        conversations.discardDraft(rina, id, stale);
        assertThat(drafts(rina, id)).as("written since that page was drawn").containsExactly("Kami akan cek lusa");
        // The same words need no second place, and another officer's are nobody else's business.
        assertThat(conversations.saveDraft(rina, id, window(), "Kami akan cek lusa"))
                .hasSize(1);
        assertThat(drafts(rina, id)).hasSize(1);
        var dewi = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        conversations.useDraft(dewi, id, newer.id());
        conversations.discardDraft(dewi, id, new Draft.Window(newer.id(), null));
        assertThat(drafts(rina, id)).hasSize(1);
    }

    @Test
    void draftsOfTwoConversationsThatAreJoinedAreBothKept() {
        hear("a", "wati", Audience.PUBLIC, null, 0, "Yang pertama");
        hear("c", "made", Audience.PUBLIC, "b", 3, "Yang ketiga");
        var both = list(rina, Box.OPEN).items();
        assertThat(both).hasSize(2);
        var same = window();
        for (var each : both) {
            conversations.saveDraft(rina, each.id(), same, "Rancangan untuk " + each.preview());
        }
        hear("b", "wati", Audience.PUBLIC, "a", 2, "Yang kedua");
        var id = only(rina).id();
        assertThat(drafts(rina, id))
                .containsExactlyInAnyOrder("Rancangan untuk Yang pertama", "Rancangan untuk Yang ketiga");
    }

    @Test
    void whoAnswersWhatWasJoinedMeanwhileIsToldFirst() {
        hear("a", "wati", Audience.PUBLIC, null, 0, "Yang pertama");
        hear("c", "made", Audience.PUBLIC, "b", 3, "Yang ketiga");
        // The one that will be gone has changed more often than the other: its count says nothing there.
        var seen = new java.util.HashMap<ConversationId, Long>();
        for (var each : list(rina, Box.OPEN).items()) {
            for (var n = 0; n < 9; n++) {
                conversations.note(rina, each.id(), "Catatan " + n);
            }
            seen.put(
                    each.id(),
                    conversations.accessible(rina, each.id()).orElseThrow().version());
        }
        hear("b", "wati", Audience.PUBLIC, "a", 2, "Yang kedua");
        var id = only(rina).id();
        seen.remove(id);
        var gone = seen.keySet().iterator().next();
        var version = seen.get(gone) + 100;
        assertThatThrownBy(() -> conversations.reply(rina, gone, "public", "Untuk Made", "form-1", version))
                .isInstanceOf(RefusalException.class)
                .extracting(e -> ((RefusalException) e).refusal().code())
                .isEqualTo("inbox.moved-on");
        assertThatThrownBy(() -> conversations.finish(rina, gone, version))
                .isInstanceOf(RefusalException.class)
                .extracting(e -> ((RefusalException) e).refusal().code())
                .isEqualTo("inbox.not-seen");
        var now = conversations.accessible(rina, gone).orElseThrow();
        conversations.reply(rina, now.row().id(), "public", "Untuk semua", "form-1", now.version());
        assertThat(texts(id)).contains("Untuk semua").doesNotContain("Untuk Made");
    }

    @Test
    void aNoteThatIsTooLongIsRefusedWhole() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        conversations.note(rina, id, "é".repeat(Conversations.LONGEST_NOTE));
        assertThatThrownBy(() -> conversations.note(rina, id, "é".repeat(Conversations.LONGEST_NOTE + 1)))
                .isInstanceOf(RefusalException.class)
                .extracting(e -> ((RefusalException) e).refusal().code())
                .isEqualTo("inbox.note-too-long");
    }

    @Test
    void whatArrivedUnseenIsNotFinishedWithTheRest() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var seen = conversations.accessible(rina, id).orElseThrow().version();
        hear("n", "budi", Audience.PUBLIC, "m", 1, "Ada yang jatuh");
        assertThatThrownBy(() -> conversations.finish(rina, id, seen)).isInstanceOf(RefusalException.class);
        assertThat(only(rina).waitingSince()).isNotNull();
        conversations.finish(
                rina, id, conversations.accessible(rina, id).orElseThrow().version());
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
    }
}
