// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.form;
import static id.kentongan.inbox.InboxTesting.machine;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static id.kentongan.inbox.InboxTesting.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationFilter.Order;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class InboxIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    ItemReceiver receiver;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    Conversations conversations;

    @Autowired
    Outbox outbox;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Vault vault;

    @Autowired
    Trail trail;

    @Autowired
    ReadingLog readings;

    private TestTenant tenant;
    private Actor system;
    private Actor rina;
    private AccountId account;
    private String prefix;

    @BeforeEach
    void aRegencyWithAnAccount() {
        tenant = tenants.found();
        system = tenant.system();
        rina = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
        prefix = Ids.next() + "/";
    }

    // ---- threads ------------------------------------------------------------------------------------------------

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

    private int waitingMessages() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*)::int from inbox.waiting_message")
                        .query(Integer.class)
                        .single());
    }

    private List<@Nullable String> texts(ConversationId id) {
        return conversations.messages(rina, id, null, 20).items().stream()
                .<@Nullable String>map(MessageView::text)
                .toList();
    }

    /** Edited five minutes after the morning began, so that it mentions us. */
    private ReceivedItem edited(String key, String text, @Nullable String parent) {
        var at = MORNING.plusSeconds(300);
        return received(
                account,
                new Item.Edited(
                        prefix + key + "#edited",
                        at,
                        person("made").key(),
                        prefix + key,
                        text,
                        null,
                        List.of(),
                        said(
                                prefix + key,
                                person("made"),
                                Audience.PUBLIC,
                                parent == null ? null : prefix + parent,
                                MORNING.plusSeconds(30),
                                text)));
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

    // ---- deletion -----------------------------------------------------------------------------------------------

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

    /** As the first version sealed our words: under the citizen's key. */
    private void sealedAsBefore(ConversationId id, MessageId message, String text) {
        transactions.run(system, () -> {
            var key = new DataKeyId(jdbc.sql("select data_key_id from inbox.conversation where id = ?")
                    .param(id.value())
                    .query(UUID.class)
                    .single());
            var sealed = vault.sealContent(system, key, "inbox.message.body", text.getBytes(StandardCharsets.UTF_8));
            jdbc.sql("update inbox.message set data_key_id = ?, body_key = ?, body_sealed = ? where id = ?")
                    .params(key.value(), sealed.key(), sealed.sealed(), message.value())
                    .update();
        });
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

    /** A finished raw delivery that holds what was said under that key. */
    private UUID raw(String key) {
        return raw(key, null);
    }

    private UUID raw(String key, Item.@Nullable Author author) {
        var id = Ids.next();
        transactions.run(system, () -> {
            jdbc.sql("""
                            insert into channel.delivery
                                (tenant_id, id, account_id, network, received_at, state, next_attempt_at, sealed)
                            values (?, ?, ?, 'activitypub', now(), 'done', now(), ?)
                            """)
                    .params(tenant.id().value(), id, account.value(), new byte[] {1})
                    .update();
            jdbc.sql("""
                            insert into channel.delivery_words (tenant_id, delivery_id, key_hash, author_hash)
                            values (:tenant, :id, :key, :author)
                            """)
                    .param("tenant", tenant.id().value())
                    .param("id", id)
                    .param("key", vault.keyedHash(system, "channel.seen", prefix + key))
                    .param(
                            "author",
                            author == null
                                    ? null
                                    : vault.keyedHash(system, "channel.delivery_words.author", author.key()),
                            Types.BINARY)
                    .update();
        });
        return id;
    }

    private byte[] rawBody(UUID id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select sealed from channel.delivery where id = ?")
                        .param(id)
                        .query(byte[].class)
                        .single());
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

    private static Attachment picture(String content) {
        return new Attachment(null, "image/jpeg", null, content.getBytes(StandardCharsets.UTF_8));
    }

    private Item.Said pictured(String key, String text, Attachment... pictures) {
        var plain = said(prefix + key, person("budi"), Audience.PUBLIC, null, MORNING, text);
        return new Item.Said(
                plain.remoteKey(),
                plain.at(),
                plain.author(),
                plain.audience(),
                null,
                text,
                null,
                "id",
                null,
                true,
                List.of(pictures),
                Map.of());
    }

    private void edit(int minute, Item.Said now) {
        var at = MORNING.plus(Duration.ofMinutes(minute));
        take(received(
                account,
                new Item.Edited(
                        now.remoteKey() + "#" + minute,
                        at,
                        now.author().key(),
                        now.remoteKey(),
                        now.text(),
                        null,
                        now.attachments(),
                        now)));
    }

    private List<String> files(ConversationId id) {
        var message = conversations.messages(rina, id, null, 10).items().getFirst();
        return java.util.stream.IntStream.range(0, message.files().size())
                .mapToObj(n -> new String(
                        conversations
                                .file(rina, id, message.id(), n)
                                .orElseThrow()
                                .bytes(),
                        StandardCharsets.UTF_8))
                .toList();
    }

    private int waitingWordings() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*)::int from inbox.pending_change where sealed is not null")
                        .query(Integer.class)
                        .single());
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

    private void lock(UUID id) {
        jdbc.sql("select 1 from inbox.conversation where id = ? for update")
                .param(id)
                .query((row, n) -> 1)
                .list();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- who sees what ------------------------------------------------------------------------------------------

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

    private int rows(Actor actor, String table) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select count(*)::int from inbox." + table)
                        .query(Integer.class)
                        .single());
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

    // ---- lists --------------------------------------------------------------------------------------------------

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

    // ---- answering ----------------------------------------------------------------------------------------------

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

    // ---- helpers ------------------------------------------------------------------------------------------------

    private static Draft.Window window() {
        return new Draft.Window(Ids.next(), null);
    }

    /** A window that is drawn now, with the newest draft in it. */
    private Draft.Window next(Actor actor, ConversationId id) {
        var drafts = conversations.accessible(actor, id).orElseThrow().drafts();
        return new Draft.Window(Ids.next(), drafts.getFirst().version());
    }

    private List<String> drafts(Actor actor, ConversationId id) {
        return conversations.accessible(actor, id).orElseThrow().drafts().stream()
                .map(Draft::text)
                .toList();
    }

    private MessageId heard(ConversationId id) {
        return conversations.messages(system, id, null, 50).items().stream()
                .filter(message -> message.direction() == MessageView.Direction.IN)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private void nothingOf(Actor actor, ConversationId id) {
        assertThat(list(actor, Box.ALL).items()).isEmpty();
        assertThat(conversations.search(actor, "jalan", null, 10).items()).isEmpty();
        assertThat(conversations.counts(actor).values()).allMatch(count -> count == 0);
        assertThat(conversations.accessible(actor, id)).isEmpty();
        assertThat(conversations.file(actor, id, MessageId.next(), 0)).isEmpty();
        assertThatThrownBy(() -> conversations.messages(actor, id, null, 10)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.finish(actor, id)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.assign(actor, id, null)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.note(actor, id, "x")).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.saveDraft(actor, id, window(), "x"))
                .isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.reply(actor, id, "public", "x", "k", null))
                .isInstanceOf(RefusalException.class);
        // The tables themselves answer nothing either.
        for (var table : List.of("conversation", "message", "message_search", "message_version", "message_file")) {
            var key = table.equals("conversation") ? "id" : "tenant_id";
            var value = table.equals("conversation") ? id.value() : tenant.id().value();
            if (actor.kind() == Actor.Kind.OFFICER && !actor.agencies().all()
                    || !actor.tenant().equals(tenant.id())
                    || !actor.circle() && confidential(id)) {
                assertThat(transactions.<Integer>read(
                                actor,
                                () -> jdbc.sql("select count(*)::int from inbox." + table + " where " + key + " = ?")
                                        .param(value)
                                        .query(Integer.class)
                                        .single()))
                        .as(table)
                        .isZero();
            }
        }
    }

    private boolean confidential(ConversationId id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select coalesce(bool_or(confidential), false) from inbox.conversation where id = ?")
                        .param(id.value())
                        .query(Boolean.class)
                        .single());
    }

    private void hear(String key, String who, Audience audience, @Nullable String parent, int minute, String text) {
        take(received(
                account,
                said(
                        prefix + key,
                        person(who),
                        audience,
                        parent == null ? null : prefix + parent,
                        MORNING.plus(Duration.ofMinutes(minute)),
                        text)));
    }

    private ReceivedItem context(String key, @Nullable String parent, String text) {
        return received(
                account,
                new Item.Said(
                        prefix + key,
                        MORNING.plusSeconds(30),
                        person("made"),
                        Audience.PUBLIC,
                        parent == null ? null : prefix + parent,
                        text,
                        null,
                        "id",
                        null,
                        false,
                        List.of(),
                        Map.of()));
    }

    private void take(ReceivedItem... items) {
        transactions.run(system, () -> receiver.receive(system, List.of(items)));
    }

    private void mark(ConversationId id, AgencyId agency, boolean confidential, boolean anonymous) {
        transactions.run(
                system, () -> conversations.mark(system, List.of(markOf(id, agency, confidential, anonymous))));
    }

    private static CaseMark markOf(ConversationId id, AgencyId agency, boolean confidential, boolean anonymous) {
        return new CaseMark(
                id, Ids.next(), "KTG-2026-000007", "complaint", "new", agency, confidential, anonymous, null);
    }

    /** The network's key of what we said, known before it is sent. */
    private String ours(MessageId message) {
        var outgoing = transactions.<UUID>read(
                system,
                () -> jdbc.sql("select outgoing_id from inbox.message where id = ?")
                        .param(message.value())
                        .query(UUID.class)
                        .single());
        return outbox.keyOf(system, account, new OutgoingId(outgoing)).orElseThrow();
    }

    private Page<ConversationRow> list(Actor actor, Box box) {
        return conversations.list(actor, ConversationFilter.of(box), null, 100);
    }

    private ConversationRow only(Actor actor) {
        return only(actor, Box.OPEN);
    }

    private ConversationRow only(Actor actor, Box box) {
        assertThat(list(actor, box).items()).hasSize(1);
        return list(actor, box).items().getFirst();
    }
}
