// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.form;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static id.kentongan.inbox.InboxTesting.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Subject;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationFilter.Order;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Threads, who sees what of them, and the lists they stand in. */
@WithDatabase
class InboxIntegrationTests extends AbstractInboxIntegrationTests {
    @Test
    void privateWordsOfOnePersonAreOneConversationAndEachPublicBranchIsOne() {
        hear("d1", "budi", Audience.DIRECT, null, 0, "Halo");
        hear("d2", "budi", Audience.DIRECT, null, 1, "Ada orang?");
        hear("p1", "budi", Audience.PUBLIC, null, 2, "Lampu mati");
        hear("p2", "wati", Audience.PUBLIC, "p1", 3, "Di sini juga");
        hear("p3", "budi", Audience.PUBLIC, null, 4, "Air mati");
        assertThat(list(rina, Box.OPEN).items())
                .extracting(ConversationRow::preview)
                .containsExactlyInAnyOrder("Ada orang?", "Di sini juga", "Air mati");
    }

    @Test
    void whatIsNotAddressedToUsOpensNothingAndMakesNobodyWait() {
        take(context("x", null, "Sesama warga bicara"));
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
        hear("p", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var row = only(rina);
        conversations.finish(rina, row.id());
        take(context("y", "p", "Betul itu"));
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
        assertThat(conversations.messages(rina, row.id(), null, 10).items())
                .extracting(MessageView::text)
                .containsExactly("Jalan rusak", "Betul itu");
    }

    @Test
    void whatContinuesAThreadAndCameBeforeItIsTakenInWhenTheThreadComes() {
        take(context("z", "y", "Di RT kami juga"));
        take(context("y", "p", "Betul itu"));
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
        hear("p", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        assertThat(only(rina).contactName()).isEqualTo("@budi@warga.example");
        assertThat(texts(only(rina).id())).containsExactlyInAnyOrder("Jalan rusak", "Di RT kami juga", "Betul itu");
    }

    @Test
    void whatStandsAboveTwoThatAskUsIsContextOfBothAndJoinsOrOwnsNeither() {
        hear("a", "budi", Audience.PUBLIC, "x", 1, "Tolong lihat ini");
        take(context("x", null, "Lampu padam di pasar"));
        hear("b", "wati", Audience.PUBLIC, "x", 2, "Kapan diperbaiki");
        assertThat(list(rina, Box.OPEN).items())
                .extracting(ConversationRow::contactName)
                .containsExactlyInAnyOrder("@budi@warga.example", "@wati@warga.example");
        for (var row : list(rina, Box.OPEN).items()) {
            assertThat(texts(row.id())).hasSize(2).contains("Lampu padam di pasar");
        }
        take(received(
                account, new Item.Deleted(prefix + "dx", MORNING, person("made").key(), prefix + "x")));
        for (var row : list(rina, Box.OPEN).items()) {
            assertThat(texts(row.id()))
                    .as("a deletion reaches each copy")
                    .hasSize(2)
                    .containsNull();
        }
    }

    @Test
    void anEditThatAddressesUsBringsInWhatWasNotForUs() {
        take(context("x", null, "Lampu padam"));
        take(edited("x", "Lampu padam, @kabar tolong", null));
        assertThat(only(rina).contactName()).isEqualTo("@made@warga.example");
        assertThat(only(rina).waitingSince()).isEqualTo(MORNING.plusSeconds(300));
        assertThat(conversations.messages(rina, only(rina).id(), null, 10).items())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.text()).isEqualTo("Lampu padam, @kabar tolong");
                    assertThat(message.earlier()).hasSize(1);
                });
    }

    @Test
    void anEditThatAddressesUsNeverTakesAConversationFromWhomItBelongsTo() {
        take(context("x", null, "Lampu padam"));
        hear("a", "budi", Audience.PUBLIC, "x", 1, "Tolong lihat ini");
        hear("b", "wati", Audience.PUBLIC, "x", 2, "Kapan diperbaiki");
        take(edited("x", "Lampu padam, @kabar tolong", null));
        assertThat(list(rina, Box.OPEN).items())
                .extracting(ConversationRow::contactName)
                .containsExactlyInAnyOrder("@budi@warga.example", "@wati@warga.example", "@made@warga.example");
        // Below what was said to us it speaks where it stands.
        take(context("y", "a", "Betul itu"));
        var budis = list(rina, Box.OPEN).items().stream()
                .filter(row -> row.contactName().equals("@budi@warga.example"))
                .findFirst()
                .orElseThrow();
        conversations.finish(rina, budis.id());
        take(edited("y", "Betul itu @kabar", "a"));
        assertThat(list(rina, Box.OPEN).items()).hasSize(3);
        assertThat(texts(budis.id())).contains("Betul itu @kabar");
    }

    @Test
    void whatWaitsMakesNobodyAContactAndGoesWithItsDeletionItsAuthorOrItsTime() {
        take(context("x", null, "Kata orang"), context("y", null, "Kata lain"));
        assertThat(waitingMessages()).isEqualTo(2);
        assertThat(transactions.<Integer>read(
                        system,
                        () -> jdbc.sql("select count(*)::int from inbox.contact")
                                .query(Integer.class)
                                .single()))
                .isZero();
        var raw = raw("y");
        take(received(
                account, new Item.Deleted(prefix + "dx", MORNING, person("made").key(), prefix + "x")));
        assertThat(waitingMessages()).isEqualTo(1);
        take(context("x", null, "Kata orang"));
        assertThat(waitingMessages()).as("its deletion came first").isEqualTo(1);
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plusSeconds(600),
                        person("made").key())));
        assertThat(waitingMessages()).isZero();
        assertThat(rawBody(raw)).isEmpty();
    }

    @Test
    void aNewMessageOpensAFinishedConversationAgain() {
        hear("p", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        conversations.finish(rina, only(rina).id());
        assertThat(list(rina, Box.OPEN).items()).isEmpty();
        hear("q", "budi", Audience.PUBLIC, "p", 1, "Masih rusak");
        assertThat(only(rina).waitingSince()).isEqualTo(MORNING.plus(Duration.ofMinutes(1)));
    }

    @Test
    void whatWasSaidBeforeAReadingAndArrivesAfterItIsUnread() {
        hear("p", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        assertThat(only(rina).unread()).isTrue();
        conversations.markRead(rina, only(rina).id());
        assertThat(only(rina).unread()).isFalse();
        hear("q", "budi", Audience.PUBLIC, "p", 1, "Sudah sejak pagi");
        assertThat(only(rina).unread()).isTrue();
    }

    @Test
    void eachFormIsAConversationAndAnAdditionLandsInItsOwn() {
        var web = accounts.web(system).id();
        take(form(web, prefix + "f1", "Sampah menumpuk", Map.of()));
        take(form(web, prefix + "f2", "Jembatan retak", Map.of()));
        var first = list(rina, Box.OPEN).items().stream()
                .filter(row -> row.preview().equals("Sampah menumpuk"))
                .findFirst()
                .orElseThrow();
        take(form(web, prefix + "f3", "Sudah tiga minggu", Map.of("conversation", "" + first.id())));
        assertThat(conversations.messages(rina, first.id(), null, 10).items())
                .filteredOn(message -> message.direction() == MessageView.Direction.IN)
                .extracting(MessageView::text)
                .containsExactly("Sampah menumpuk", "Sudah tiga minggu");
        // A made-up conversation, or another tenant's, is none: the words open their own.
        take(form(web, prefix + "f4", "Asal-asalan", Map.of("conversation", "' or 1=1")));
        take(form(web, prefix + "f5", "Tebakan", Map.of("conversation", "" + Ids.next())));
        assertThat(list(rina, Box.OPEN).items()).hasSize(4);
    }

    @Test
    void theSameMessageByTwoAccountsIsDeletedInBoth() {
        var other =
                accounts.add(system, Network.ACTIVITYPUB, "dinas", "Dinas", "").id();
        var words = said(prefix + "m", person("budi"), Audience.PUBLIC, null, MORNING, "Untuk dua akun");
        take(received(account, words), received(other, words));
        assertThat(list(rina, Box.OPEN).items()).hasSize(2);
        take(received(
                other, new Item.Deleted(prefix + "d", MORNING, person("budi").key(), prefix + "m")));
        for (var row : list(rina, Box.OPEN).items()) {
            assertThat(row.preview()).isEmpty();
        }
    }

    @Test
    void aTimeInTheFutureIsNotBelieved() {
        take(received(
                account,
                said(
                        prefix + "m",
                        person("budi"),
                        Audience.PUBLIC,
                        null,
                        Instant.now().plus(Duration.ofDays(400)),
                        "Dari masa depan")));
        assertThat(only(rina).lastAt()).isBefore(Instant.now().plusSeconds(5));
    }

    @Test
    void aBatchIsTakenInTogetherWithOneTrailEntryForEachMessage() {
        var batch = new ArrayList<ReceivedItem>();
        for (var n = 0; n < 50; n++) {
            batch.add(received(
                    account,
                    said(
                            prefix + n,
                            person("orang" + n),
                            Audience.PUBLIC,
                            null,
                            MORNING.plusSeconds(n),
                            "Pesan " + n)));
        }
        take(batch.toArray(ReceivedItem[]::new));
        var rows =
                conversations.list(rina, new ConversationFilter(Box.OPEN, null, null, null, Order.NEWEST), null, 100);
        assertThat(rows.items()).hasSize(50);
        var message = conversations
                .messages(rina, rows.items().getFirst().id(), null, 10)
                .items()
                .getFirst();
        assertThat(trail.about(system, new Subject("message", message.id().value())))
                .extracting(line -> line.entry().verb())
                .containsExactly("inbox.received");
    }

    @Test
    void anotherTenantSeesNothingByListSearchOrId() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var elsewhere = tenants.found();
        var stranger = tenants.officer(elsewhere, elsewhere.office(), true, Role.SUPERVISOR);
        nothingOf(stranger, id);
    }

    @Test
    void anotherAgencySeesNothingByListSearchOrIdAndTheRightOneSeesItsOwn() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        mark(id, tenant.works(), false, false);
        var works = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var registry = tenants.officer(tenant, tenant.registry(), false, Role.LIAISON_OFFICER);
        nothingOf(registry, id);
        assertThat(list(works, Box.OPEN).items())
                .extracting(ConversationRow::id)
                .containsExactly(id);
        assertThat(conversations.search(works, "jalan", null, 10).items()).hasSize(1);
        assertThat(conversations.accessible(works, id)).isPresent();
    }

    @Test
    void theDatabaseHidesWhoIsOnlyInConversationsOfOthers() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        mark(only(rina).id(), tenant.works(), false, false);
        hear("n", "wati", Audience.PUBLIC, null, 1, "Sekolah bocor");
        hear("o", "made", Audience.PUBLIC, "m", 2, "Di sini juga");
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var head = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        for (var table : List.of("contact", "contact_identity")) {
            assertThat(rows(liaison, table))
                    .as(table + ": who asked, and who spoke there")
                    .isEqualTo(2);
            assertThat(rows(head, table)).isEqualTo(3);
            assertThat(rows(system, table)).isEqualTo(3);
        }
        assertThat(only(liaison).contactName()).isEqualTo("@budi@warga.example");
        var wati = list(rina, Box.OPEN).items().stream()
                .filter(row -> row.preview().equals("Sekolah bocor"))
                .findFirst()
                .orElseThrow();
        mark(wati.id(), tenant.works(), true, false);
        assertThat(rows(liaison, "contact"))
                .as("the circle's stays the circle's")
                .isEqualTo(2);
    }

    @Test
    void aConfidentialConversationIsForTheCircleOnly() {
        hear("m", "budi", Audience.DIRECT, null, 0, "Jalan suap");
        var id = only(rina).id();
        mark(id, tenant.works(), true, false);
        var circle = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        nothingOf(rina, id);
        nothingOf(tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER), id);
        assertThat(conversations.accessible(circle, id)).isPresent();
        assertThat(conversations.search(circle, "jalan", null, 10).items()).hasSize(1);
    }

    @Test
    void administratorsHeadsAndCitizensReadNoWords() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        nothingOf(tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR), id);
        nothingOf(tenants.officer(tenant, tenant.works(), false, Role.HEAD), id);
        nothingOf(Actor.citizen(tenant.id(), UUID.randomUUID()), id);
    }

    @Test
    void anAnonymousReporterIsHiddenFromTheAgencyAndNotFoundByHandle() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        assertThat(conversations.search(rina, "@budi@warga.example", null, 10).items())
                .hasSize(1);
        mark(id, tenant.works(), false, true);
        var works = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThat(only(works).contactName()).isEmpty();
        var shown = conversations.messages(works, id, null, 10).items().getFirst();
        assertThat(shown.authorName()).isEmpty();
        assertThat(shown.url()).isNull();
        assertThat(conversations.search(works, "@budi@warga.example", null, 10).items())
                .isEmpty();
        assertThat(only(rina).contactName()).isEqualTo("@budi@warga.example");
    }

    @Test
    void anAuditorReadsWordsOnlyAfterStatingWhyAndChangesNothing() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        var auditor = tenants.officer(tenant, tenant.office(), false, Role.AUDITOR);
        assertThat(only(auditor).preview()).isEmpty();
        assertThat(conversations.messages(auditor, id, null, 10).items()).isEmpty();
        readings.stateReason(auditor, new Subject("conversation", id.value()), "Pemeriksaan triwulan");
        assertThat(conversations.messages(auditor, id, null, 10).items())
                .extracting(MessageView::text)
                .containsExactly("Jalan rusak");
        assertThatThrownBy(() -> conversations.finish(auditor, id)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.note(auditor, id, "x")).isInstanceOf(RefusalException.class);
    }

    @Test
    void aLiaisonHandsOverWhatThenIsOutOfTheirReach() {
        hear("m", "budi", Audience.PUBLIC, null, 0, "Jalan rusak");
        var id = only(rina).id();
        mark(id, tenant.works(), false, false);
        var works = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        transactions.run(works, () -> conversations.mark(works, List.of(markOf(id, tenant.registry(), false, false))));
        assertThat(conversations.accessible(works, id)).isEmpty();
        assertThat(conversations.accessible(
                        tenants.officer(tenant, tenant.registry(), false, Role.LIAISON_OFFICER), id))
                .isPresent();
    }

    @Test
    void theMostUrgentComesFirstAndPagesMissNothing() {
        for (var n = 0; n < 7; n++) {
            hear("m" + n, "budi", Audience.PUBLIC, null, n, "Pesan " + n);
        }
        var all = list(rina, Box.OPEN).items();
        assertThat(all)
                .extracting(ConversationRow::preview)
                .startsWith("Pesan 0", "Pesan 1")
                .endsWith("Pesan 6");
        var due = all.get(4).id();
        transactions.run(
                system,
                () -> conversations.mark(
                        system,
                        List.of(new CaseMark(
                                due,
                                Ids.next(),
                                "KTG-2026-000001",
                                "complaint",
                                "new",
                                tenant.works(),
                                false,
                                false,
                                MORNING.minus(Duration.ofDays(3))))));
        for (var order : Order.values()) {
            var filter = new ConversationFilter(Box.OPEN, null, null, null, order);
            var seen = new ArrayList<ConversationId>();
            String after = null;
            do {
                var page = conversations.list(rina, filter, after, 3);
                page.items().forEach(row -> seen.add(row.id()));
                after = page.next();
            } while (after != null);
            assertThat(seen).hasSize(7).doesNotHaveDuplicates();
        }
        assertThat(list(rina, Box.OPEN).items().getFirst().id()).isEqualTo(due);
        assertThat(list(rina, Box.OVERDUE).items())
                .extracting(ConversationRow::id)
                .containsExactly(due);
        assertThat(conversations.counts(rina)).containsEntry(Box.OPEN, 7).containsEntry(Box.OVERDUE, 1);
        assertThat(conversations.search(rina, "ktg-2026-000001", null, 5).items())
                .extracting(ConversationRow::id)
                .containsExactly(due);
    }

    @Test
    void aMadeUpPlaceInAListIsAnsweredPlainly() {
        var filter = ConversationFilter.of(Box.OPEN);
        for (var after : List.of("x", "|", "2026|y", "a|" + Ids.next(), "' or true --|" + Ids.next())) {
            assertThatThrownBy(() -> conversations.list(rina, filter, after, 5)).isInstanceOf(RefusalException.class);
            assertThatThrownBy(() -> conversations.search(rina, "jalan", after, 5))
                    .isInstanceOf(RefusalException.class);
        }
    }

    @Test
    void searchFindsFormsOfAWordNewestFirstAndEachConversationOnce() {
        for (var n = 0; n < 6; n++) {
            hear(
                    "m" + n,
                    "budi",
                    Audience.PUBLIC,
                    null,
                    n,
                    n % 2 == 0 ? "Tolong perbaiki jembatan" : "Perbaikan lambat");
            hear("r" + n, "budi", Audience.PUBLIC, "m" + n, n, "Kapan diperbaiki?");
        }
        var seen = new ArrayList<ConversationId>();
        String after = null;
        do {
            var page = conversations.search(rina, "memperbaiki", after, 2);
            page.items().forEach(row -> seen.add(row.id()));
            after = page.next();
        } while (after != null);
        assertThat(seen).hasSize(6).doesNotHaveDuplicates();
        assertThat(conversations
                        .search(rina, "memperbaiki jembatannya", null, 10)
                        .items())
                .hasSize(3);
        assertThat(conversations.search(rina, "' | ) ( & !:*", null, 10).items())
                .isEmpty();
    }

    @Test
    void messagesPageByArrivalAndStandInTheOrderTheyWereSaid() {
        hear("a", "budi", Audience.PUBLIC, null, 50, "kelima puluh");
        hear("b", "budi", Audience.PUBLIC, "a", 10, "kesepuluh");
        hear("c", "budi", Audience.PUBLIC, "a", 30, "ketiga puluh");
        hear("d", "budi", Audience.PUBLIC, "a", 20, "kedua puluh");
        var id = only(rina).id();
        var newest = conversations.messages(rina, id, null, 2);
        assertThat(newest.items()).extracting(MessageView::text).containsExactly("kedua puluh", "ketiga puluh");
        var older = conversations.messages(rina, id, newest.next(), 2);
        assertThat(older.items()).extracting(MessageView::text).containsExactly("kesepuluh", "kelima puluh");
        assertThat(older.next()).isNull();
    }
}
