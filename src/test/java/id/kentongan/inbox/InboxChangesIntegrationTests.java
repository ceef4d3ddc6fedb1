// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static id.kentongan.inbox.InboxTesting.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.kernel.OfficerId;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is changed, deleted or erased after it was said. */
@WithDatabase
class InboxChangesIntegrationTests extends AbstractInboxIntegrationTests {
    @Test
    void aDeletionDestroysWordsWordingsFilesAndSearchAndLeavesHashAndTime() {
        take(received(
                account,
                new Item.Said(
                        prefix + "m",
                        MORNING,
                        person("budi"),
                        Audience.PUBLIC,
                        null,
                        "Rahasiaku tentang pungutan",
                        null,
                        "id",
                        null,
                        true,
                        List.of(new Attachment(
                                null, "image/jpeg", "foto", "bukan foto".getBytes(StandardCharsets.UTF_8))),
                        Map.of())));
        take(received(
                account,
                new Item.Edited(
                        prefix + "e",
                        MORNING.plusSeconds(60),
                        person("budi").key(),
                        prefix + "m",
                        "Pungutan liar",
                        null,
                        List.of(),
                        null)));
        var row = only(rina);
        var before = conversations.messages(rina, row.id(), null, 10).items().getFirst();
        assertThat(before.earlier()).containsExactly("Rahasiaku tentang pungutan");
        assertThat(conversations.file(rina, row.id(), before.id(), 0)).isPresent();
        assertThat(conversations.search(rina, "pungutan", null, 10).items()).hasSize(1);

        take(received(
                account,
                new Item.Deleted(
                        prefix + "d", MORNING.plusSeconds(90), person("budi").key(), prefix + "m")));
        var after = conversations.messages(rina, row.id(), null, 10).items().getFirst();
        assertThat(after.text()).isNull();
        assertThat(after.earlier()).isEmpty();
        assertThat(after.files()).isEmpty();
        assertThat(after.deletedAt()).isEqualTo(MORNING.plusSeconds(90));
        assertThat(after.at()).isEqualTo(MORNING);
        assertThat(only(rina).preview()).isEmpty();
        assertThat(conversations.file(rina, row.id(), before.id(), 0)).isEmpty();
        assertThat(conversations.search(rina, "pungutan", null, 10).items()).isEmpty();
        assertThat(transactions.<Integer>read(
                        system,
                        () -> jdbc.sql("""
                                        select count(*)::int
                                        from inbox.message m
                                        left join inbox.message_version v
                                            on v.tenant_id = m.tenant_id and v.message_id = m.id
                                        where m.id = ? and m.commitment is not null
                                        and m.body_key is null and m.body_sealed is null
                                        and m.details_sealed is null and v.message_id is null
                                        """)
                                .param(after.id().value())
                                .query(Integer.class)
                                .single()))
                .isEqualTo(1);
    }

    @Test
    void whoErasesTheirAccountIsForgottenAndMaySpeakAgain() {
        hear("a", "budi", Audience.DIRECT, null, 0, "Kata pertama");
        hear("b", "budi", Audience.PUBLIC, null, 1, "Kata kedua");
        hear("c", "wati", Audience.PUBLIC, "b", 2, "Kata orang lain");
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plus(Duration.ofMinutes(5)),
                        person("budi").key())));
        var texts = new ArrayList<@Nullable String>();
        for (var row : list(rina, Box.OPEN).items()) {
            assertThat(row.contactName()).isEmpty();
            conversations.messages(rina, row.id(), null, 10).items().forEach(each -> texts.add(each.text()));
        }
        assertThat(texts).containsExactlyInAnyOrder(null, null, "Kata orang lain");
        // Said before, delivered late: not kept. Said after: a new beginning.
        hear("d", "budi", Audience.DIRECT, null, 4, "Kata yang terlambat");
        hear("e", "budi", Audience.DIRECT, null, 9, "Kata yang baru");
        var direct = list(rina, Box.OPEN).items().stream()
                .filter(row -> row.audience() == Audience.DIRECT)
                .findFirst()
                .orElseThrow();
        assertThat(direct.contactName()).isEqualTo("@budi@warga.example");
        assertThat(conversations.messages(rina, direct.id(), null, 10).items())
                .extracting(MessageView::text)
                .containsExactly(null, null, "Kata yang baru");
    }

    @Test
    void whoLeftBeforeAnythingOfTheirsWasHereIsNotKeptByWhatComesLate() {
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plus(Duration.ofMinutes(5)),
                        person("budi").key())));
        hear("d", "budi", Audience.DIRECT, null, 4, "Kata yang terlambat");
        assertThat(only(rina).contactName()).isEmpty();
        assertThat(texts(only(rina).id())).containsOnlyNulls();
        assertThat(transactions.<Integer>read(
                        system,
                        () -> jdbc.sql("select count(*)::int from inbox.contact_identity where sealed <> ''")
                                .query(Integer.class)
                                .single()))
                .isZero();
        take(context("x", null, "Kata orang"));
        hear("e", "budi", Audience.DIRECT, null, 9, "Kata yang baru");
        assertThat(only(rina).contactName()).isEqualTo("@budi@warga.example");
        assertThat(texts(only(rina).id())).contains("Kata yang baru");
    }

    @Test
    void whatWeAnsweredAndNotedStaysOnRecordWhenThePersonErasesTheirAccount() {
        hear("a", "budi", Audience.PUBLIC, null, 0, "Kata warga");
        var id = only(rina).id();
        var answer = conversations.reply(rina, id, "public", "Jawaban pemerintah.", "form-1", null);
        conversations.note(rina, id, "Catatan dapur");
        var old = conversations.note(rina, id, "Catatan lama");
        sealedAsBefore(id, old, "Catatan lama");
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plus(Duration.ofMinutes(5)),
                        person("budi").key())));
        assertThat(conversations.messages(rina, id, null, 10).items())
                .extracting(MessageView::direction, MessageView::text)
                .containsExactlyInAnyOrder(
                        tuple(MessageView.Direction.IN, null),
                        tuple(MessageView.Direction.OUT, "Jawaban pemerintah."),
                        tuple(MessageView.Direction.NOTE, "Catatan dapur"),
                        tuple(MessageView.Direction.NOTE, "Catatan lama"));
        assertThat(conversations.search(rina, "jawaban", null, 5).items()).hasSize(1);
        assertThat(conversations.search(rina, "dapur", null, 5).items()).hasSize(1);
        assertThat(conversations.search(rina, "warga", null, 5).items()).isEmpty();
        // What was sent stands there, but no longer to whom.
        var outgoing = transactions.<String>read(
                system,
                () -> jdbc.sql("select sealed from channel.outgoing where about = ?")
                        .param(answer.value())
                        .query((row, n) -> new String(
                                vault.openForTenant(system, "channel.outgoing", row.getBytes(1)),
                                StandardCharsets.UTF_8))
                        .single());
        assertThat(outgoing).contains("Jawaban pemerintah.").doesNotContain("budi");
    }

    @Test
    void secretLinksStandNowhereAmongTheWordsForSearching() {
        hear("a", "budi", Audience.PUBLIC, null, 0, "Lihat https://kabar.example/lacak/r/rahasiabudi di jalan rusak");
        var id = only(rina).id();
        conversations.replyAutomatically(
                system, id, heard(id), Audience.DIRECT, "Diterima. Tautan: rahasiaotomatis", "receipt");
        conversations.reply(rina, id, "private", "Buka kabar.example/lacak/r/rahasiarina ya", "form-1", null);
        for (var word : List.of("rusak", "buka")) {
            assertThat(conversations.search(rina, word, null, 5).items())
                    .as(word)
                    .hasSize(1);
        }
        for (var word : List.of("lacak", "rahasiabudi", "rahasiaotomatis", "rahasiarina")) {
            assertThat(conversations.search(rina, word, null, 5).items())
                    .as(word)
                    .isEmpty();
        }
    }

    @Test
    void aDeletionReachesTheRawDeliveryOfWhatWasKeptAndOfWhatNeverWas() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Kata yang dihapus");
        hear("n", "budi", Audience.PUBLIC, null, 1, "Kata yang tetap");
        var kept = raw("m");
        var neverKept = raw("x");
        var other = raw("n");
        take(received(
                account, new Item.Deleted(prefix + "d1", MORNING, person("budi").key(), prefix + "m")));
        take(received(
                account, new Item.Deleted(prefix + "d2", MORNING, person("budi").key(), prefix + "x")));
        assertThat(rawBody(kept)).isEmpty();
        assertThat(rawBody(neverKept)).isEmpty();
        assertThat(rawBody(other)).isNotEmpty();
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plus(Duration.ofMinutes(5)),
                        person("budi").key())));
        assertThat(rawBody(other)).isEmpty();
    }

    @Test
    void aDeletionTakesTheWordingsThatWaitForTheirMessageAndNoneIsKeptAfterIt() {
        take(received(
                account,
                new Item.Edited(
                        prefix + "e",
                        MORNING.plusSeconds(60),
                        person("budi").key(),
                        prefix + "m",
                        "Kata ubahan",
                        null,
                        List.of(),
                        null)));
        assertThat(waitingWordings()).isEqualTo(1);
        take(received(
                account,
                new Item.Deleted(
                        prefix + "d", MORNING.plusSeconds(60), person("budi").key(), prefix + "m")));
        assertThat(waitingWordings()).isZero();
        take(received(
                account,
                new Item.Edited(
                        prefix + "f",
                        MORNING.plusSeconds(90),
                        person("budi").key(),
                        prefix + "m",
                        "Kata lagi",
                        null,
                        List.of(),
                        null)));
        assertThat(waitingWordings()).isZero();
        hear("m", "budi", Audience.PUBLIC, null, 0, "Kata pertama");
        assertThat(conversations.messages(rina, only(rina).id(), null, 10).items())
                .extracting(MessageView::text)
                .containsOnlyNulls();
    }

    @Test
    void nobodyChangesOrTakesBackWhatAnotherSaidEvenBeforeItComes() {
        var stranger = person("usil");
        var waits = raw("m", person("budi"));
        var forged = new ReceivedItem[] {
            received(account, new Item.Deleted(prefix + "d", MORNING, stranger.key(), prefix + "m")),
            received(
                    account,
                    new Item.Edited(
                            prefix + "e",
                            MORNING,
                            stranger.key(),
                            prefix + "m",
                            "Kata palsu",
                            null,
                            List.of(),
                            said(prefix + "m", stranger, Audience.PUBLIC, null, MORNING, "Kata palsu")))
        };
        take(forged[0]);
        assertThat(rawBody(waits)).as("the raw copy of somebody else's words").isNotEmpty();
        hear("m", "budi", Audience.PUBLIC, null, 0, "Kata Budi");
        take(forged);
        var row = only(rina);
        var message = conversations.messages(rina, row.id(), null, 10).items().getFirst();
        assertThat(message.text()).isEqualTo("Kata Budi");
        assertThat(message.earlier()).isEmpty();
        assertThat(message.deletedAt()).isNull();
        assertThat(rawBody(waits)).isNotEmpty();
        // What one waits for does not stand in the other's way.
        take(received(account, new Item.Deleted(prefix + "n/d", MORNING, stranger.key(), prefix + "n")));
        take(received(
                account,
                new Item.Edited(
                        prefix + "n/e",
                        MORNING.plusSeconds(60),
                        person("budi").key(),
                        prefix + "n",
                        "Kata Budi yang baru",
                        null,
                        List.of(),
                        null)));
        hear("n", "budi", Audience.DIRECT, null, 5, "Kata Budi yang lama");
        assertThat(list(rina, Box.OPEN).items())
                .flatExtracting(each -> texts(each.id()))
                .containsExactlyInAnyOrder("Kata Budi", "Kata Budi yang baru");
        take(received(
                account,
                new Item.Deleted(prefix + "m/d", MORNING, person("budi").key(), prefix + "m")));
        assertThat(texts(row.id())).containsOnlyNulls();
        assertThat(rawBody(waits)).isEmpty();
    }

    @Test
    void aStrangersDeletionTakesNothingFromWhatWaitsAndLetsItStillComeIn() {
        take(context("x", null, "Kata Made"));
        take(received(
                account, new Item.Deleted(prefix + "dx", MORNING, person("usil").key(), prefix + "x")));
        take(received(
                account, new Item.Deleted(prefix + "dy", MORNING, person("usil").key(), prefix + "y")));
        assertThat(waitingMessages()).isEqualTo(1);
        take(context("y", null, "Kata Made lagi"));
        assertThat(waitingMessages()).isEqualTo(2);
        // Nor does whoever says that another's words are theirs, and meant for us.
        var stranger = person("usil");
        take(received(
                account,
                new Item.Edited(
                        prefix + "ex",
                        MORNING.plusSeconds(60),
                        stranger.key(),
                        prefix + "x",
                        "Kata palsu",
                        null,
                        List.of(),
                        said(prefix + "x", stranger, Audience.PUBLIC, null, MORNING, "Kata palsu"))));
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
        hear("b", "wati", Audience.PUBLIC, "x", 1, "Kapan diperbaiki");
        assertThat(texts(only(rina).id())).containsExactlyInAnyOrder("Kata Made", "Kapan diperbaiki");
    }

    @Test
    void anEditShowsThePicturesThatItHasAndLosesNoneThatCouldNotBeFetched() {
        take(received(account, pictured("m", "Lihat", picture("satu"))));
        var id = only(rina).id();
        assertThat(files(id)).containsExactly("satu");
        edit(1, pictured("m", "Lihat ini", picture("dua"), picture("tiga")));
        assertThat(files(id)).containsExactly("dua", "tiga");
        edit(2, pictured("m", "Lihat itu", new Attachment("https://warga.example/x.jpg", "image/jpeg", null, null)));
        assertThat(files(id)).containsExactly("dua", "tiga");
        edit(3, pictured("m", "Tanpa gambar"));
        assertThat(files(id)).isEmpty();
    }

    @Test
    void intakeAndWhoeverElseChangesManyConversationsNeverWaitInACircle() throws Exception {
        hear("a", "budi", Audience.DIRECT, null, 0, "Pertama");
        hear("b", "wati", Audience.DIRECT, null, 1, "Kedua");
        var ids = list(rina, Box.OPEN).items().stream()
                .map(row -> row.id().value())
                .sorted()
                .toList();
        var both = new ReceivedItem[] {
            received(
                    account,
                    said(prefix + "d", person("wati"), Audience.DIRECT, null, MORNING.plusSeconds(90), "Empat")),
            received(
                    account, said(prefix + "c", person("budi"), Audience.DIRECT, null, MORNING.plusSeconds(80), "Tiga"))
        };
        var held = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var other = threads.submit(() -> transactions.run(system, () -> {
                lock(ids.getFirst());
                held.countDown();
                sleep(Duration.ofSeconds(1));
                lock(ids.getLast());
            }));
            held.await();
            take(both);
            other.get();
        }
        assertThat(list(rina, Box.OPEN).items())
                .extracting(ConversationRow::preview)
                .containsExactlyInAnyOrder("Tiga", "Empat");
    }

    @Test
    void anAnswerToWhatMayHaveBeenSentFindsItsThread() {
        hear("a", "budi", Audience.PUBLIC, null, 0, "Lampu mati");
        var answer = conversations.reply(rina, only(rina).id(), "public", "Sudah kami catat.", "kunci", null);
        // Nobody has said yet that it was sent.
        take(received(
                account,
                said(
                        prefix + "b",
                        person("budi"),
                        Audience.PUBLIC,
                        ours(answer),
                        MORNING.plusSeconds(60),
                        "Terima kasih")));
        assertThat(texts(only(rina).id())).contains("Terima kasih");
    }

    @Test
    void whatIsWrittenIntoAConversationWhileItIsJoinedToAnotherIsFoundThere() throws Exception {
        hear("c", "made", Audience.PUBLIC, "b", 3, "Yang ketiga");
        hear("a", "budi", Audience.PUBLIC, null, 1, "Yang pertama");
        // The older one stays.
        var vanishing = list(rina, Box.OPEN).items().stream()
                .map(ConversationRow::id)
                .max(java.util.Comparator.comparing(ConversationId::value))
                .orElseThrow();
        var joining = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var intake = threads.submit(() -> transactions.run(system, () -> {
                receiver.receive(
                        system,
                        List.of(received(
                                account,
                                said(
                                        prefix + "b",
                                        person("wati"),
                                        Audience.PUBLIC,
                                        prefix + "a",
                                        MORNING.plusSeconds(120),
                                        "Yang kedua"))));
                joining.countDown();
                sleep(Duration.ofSeconds(1));
            }));
            joining.await();
            var note = threads.submit(() -> conversations.note(rina, vanishing, "Catatan di saat itu"));
            var draft =
                    threads.submit(() -> conversations.saveDraft(rina, vanishing, window(), "Rancangan di saat itu"));
            var assigned = threads.submit(() -> conversations.assign(rina, vanishing, new OfficerId(rina.id())));
            intake.get();
            note.get();
            draft.get();
            assigned.get();
        }
        var row = only(rina);
        assertThat(row.id()).isNotEqualTo(vanishing);
        assertThat(texts(row.id()))
                .containsExactlyInAnyOrder("Yang pertama", "Yang kedua", "Yang ketiga", "Catatan di saat itu");
        var view = conversations.accessible(rina, vanishing).orElseThrow();
        assertThat(view.row().id()).as("its old address leads there").isEqualTo(row.id());
        assertThat(view.drafts()).extracting(Draft::text).containsExactly("Rancangan di saat itu");
        assertThat(view.row().assignee()).isEqualTo(new OfficerId(rina.id()));
    }

    @Test
    void aConversationOnWhichACaseIsBeingOpenedIsNotJoinedAwayMeanwhile() throws Exception {
        hear("c", "made", Audience.PUBLIC, "b", 3, "Yang ketiga");
        hear("a", "budi", Audience.PUBLIC, null, 1, "Yang pertama");
        var later = list(rina, Box.OPEN).items().stream()
                .map(ConversationRow::id)
                .max(java.util.Comparator.comparing(ConversationId::value))
                .orElseThrow();
        var opening = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var officer = threads.submit(() -> transactions.run(system, () -> {
                assertThat(conversations.keep(system, List.of(later))).containsExactly(later);
                opening.countDown();
                sleep(Duration.ofSeconds(1));
                conversations.mark(system, List.of(markOf(later, tenant.works(), false, false)));
            }));
            opening.await();
            hear("b", "wati", Audience.PUBLIC, "a", 2, "Yang kedua");
            officer.get();
        }
        assertThat(only(rina).id()).as("the one with the case stays").isEqualTo(later);
        assertThat(texts(later)).containsExactlyInAnyOrder("Yang pertama", "Yang kedua", "Yang ketiga");
    }
}
