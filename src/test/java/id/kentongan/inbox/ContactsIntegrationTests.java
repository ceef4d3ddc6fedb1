// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.form;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Person.Because;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Officers say that contacts are one person, and take it back; nothing of any of them moves. */
@WithDatabase
class ContactsIntegrationTests {
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
    Contacts contacts;

    @Autowired
    ReadingLog readings;

    @Autowired
    Trail trail;

    @Autowired
    JdbcClient jdbc;

    private TestTenant tenant;
    private Actor system;
    private Actor rina;
    private Actor everybody;
    private AccountId account;
    private String prefix;

    @BeforeEach
    void aRegencyWithAnAccount() {
        tenant = tenants.found();
        system = tenant.system();
        rina = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        everybody = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
        prefix = Ids.next() + "/";
    }

    // ---- joining and splitting ----------------------------------------------------------------------------------

    @Test
    void joinedContactsAreOnePersonWhoseConversationsAreSeenTogether() {
        var budi = hear("budi", 0, "Jalan rusak");
        var wati = sends("Lampu mati", Map.of());
        assertThat(contacts.of(rina, budi).orElseThrow().identities()).hasSize(1);
        assertThat(contacts.conversations(rina, budi, null, 10).items()).isEmpty();

        join(budi, wati);
        for (var each : List.of(budi, wati)) {
            var seen = contacts.of(rina, each).orElseThrow();
            assertThat(seen.contact()).isEqualTo(owner(each));
            assertThat(seen.identities())
                    .extracting(Person.Identity::name)
                    .containsExactlyInAnyOrder("@budi@warga.example", "Wati (rekaan)");
            assertThat(seen.identities().getFirst().contact())
                    .as("the one whose conversation it is comes first")
                    .isEqualTo(owner(each));
        }
        assertThat(contacts.conversations(rina, budi, null, 10).items())
                .extracting(ConversationRow::id)
                .containsExactly(wati);
        assertThat(verbs(owner(budi))).containsExactly("inbox.contacts-joined");
        assertThat(verbs(owner(wati))).containsExactly("inbox.contacts-joined");
    }

    @Test
    void splittingLeavesNothingOfTheJoiningBehind() {
        var all = List.of(hear("budi", 0, "Jalan rusak"), hear("made", 1, "Air mati"), hear("wati", 2, "Lampu mati"));
        conversations.reply(rina, all.getFirst(), "private", "Di mana, Pak?", "form-1", null);
        var before = everything();
        var counts = conversations.counts(rina);
        var first = join(all.getFirst(), all.get(1));
        var second = join(all.get(1), all.get(2));
        assertThat(everything()).as("joining moves nothing").isEqualTo(before);
        assertThat(conversations.counts(rina)).isEqualTo(counts);

        contacts.split(rina, first);
        assertThat(people(all))
                .containsExactlyInAnyOrder(Set.of(owner(all.getFirst())), Set.of(owner(all.get(1)), owner(all.get(2))));
        contacts.split(rina, first);
        contacts.split(rina, second);
        assertThat(people(all)).hasSize(3);
        assertThat(everything()).isEqualTo(before);
        assertThat(verbs(owner(all.getFirst()))).containsExactly("inbox.contacts-joined", "inbox.contacts-split");
        assertThat(contacts.of(rina, all.get(1)).orElseThrow().joinings())
                .as("who did it stands there")
                .hasSize(2)
                .allSatisfy(each -> {
                    assertThat(each.by().value()).isEqualTo(rina.id());
                    assertThat(each.splitBy()).isNotNull();
                });
    }

    @Test
    void whoIsTakenOutLeavesTheOthersOnePerson() {
        var all = new ArrayList<ConversationId>();
        for (var n = 0; n < 4; n++) {
            all.add(hear("orang" + n, n, "Pesan " + n));
        }
        join(all.get(0), all.get(1));
        join(all.get(0), all.get(2));
        join(all.get(0), all.get(3));
        contacts.takeOut(rina, owner(all.getFirst()));
        assertThat(people(all))
                .containsExactlyInAnyOrder(
                        Set.of(owner(all.get(0))), Set.of(owner(all.get(1)), owner(all.get(2)), owner(all.get(3))));
        contacts.takeOut(rina, owner(all.getFirst()));
        join(all.get(2), all.get(0));
        assertThat(people(all)).as("undone").hasSize(1);
    }

    @Test
    void whatIsJoinedTwiceIsJoinedOnce() {
        var budi = hear("budi", 0, "Jalan rusak");
        var made = hear("made", 1, "Air mati");
        var wati = sends("Lampu mati", Map.of());
        var joining = join(budi, made);
        assertThat(join(budi, made)).isEqualTo(joining);
        assertThat(join(made, budi)).isEqualTo(joining);
        join(made, wati);
        assertThat(contacts.join(rina, owner(budi), owner(wati)))
                .as("one by another: nothing to add")
                .isEmpty();
        assertThat(count("contact_joining")).isEqualTo(2);
        assertThat(verbs(owner(budi))).hasSize(1);
        refused(() -> contacts.join(rina, owner(budi), owner(budi)), Refusal.Kind.INVALID);
    }

    @Test
    void manyWhoJoinTheSameAtOnceMakeNoRingAndLoseNothing() throws Exception {
        var all = new ArrayList<ConversationId>();
        for (var n = 0; n < 4; n++) {
            all.add(hear("orang" + n, n, "Pesan " + n));
        }
        var work = new ArrayList<Callable<Optional<JoiningId>>>();
        for (var one = 0; one < 4; one++) {
            for (var other = 0; other < 4; other++) {
                var a = owner(all.get(one));
                var b = owner(all.get(other));
                if (one != other) {
                    work.add(() -> contacts.join(rina, a, b));
                }
            }
        }
        atOnce(work);
        assertThat(count("contact_joining")).as("a tree").isEqualTo(3);
        assertThat(people(all)).hasSize(1);
        // And while some split, others join: whatever comes last, each stands once.
        var standing = contacts.of(rina, all.getFirst()).orElseThrow().joinings();
        var mixed = new ArrayList<Callable<Optional<JoiningId>>>();
        for (var each : standing) {
            mixed.add(() -> {
                contacts.split(rina, each.id());
                return Optional.empty();
            });
            mixed.add(() -> contacts.join(rina, each.one(), each.other()));
            mixed.add(() -> contacts.join(rina, each.other(), each.one()));
        }
        atOnce(mixed);
        for (var each : standing) {
            contacts.join(rina, each.one(), each.other());
        }
        assertThat(people(all)).hasSize(1);
        assertThat(countWhere("contact_joining", "split_at is null")).isEqualTo(3);
    }

    @Test
    void fortyAreAPersonAndMoreAreTwo() {
        var first = hear("orang0", 0, "Pesan 0");
        for (var n = 1; n < 40; n++) {
            join(first, hear("orang" + n, n, "Pesan " + n));
        }
        var another = hear("orang40", 40, "Pesan 40");
        refused(() -> contacts.join(rina, owner(first), owner(another)), Refusal.Kind.INVALID);
    }

    @Test
    void whoWritesAgainAfterAJoiningIsWhereTheyWere() {
        var budi = direct("budi", 0, "Halo");
        var made = direct("made", 1, "Selamat pagi");
        join(budi, made);
        assertThat(direct("budi", 2, "Masih di sini")).isEqualTo(budi);
        assertThat(direct("made", 3, "Saya juga")).isEqualTo(made);
        assertThat(list(Box.UNANSWERED)).hasSize(2);
        conversations.reply(rina, budi, "private", "Ada yang bisa kami bantu?", "form-1", null);
        assertThat(list(Box.UNANSWERED)).extracting(ConversationRow::id).containsExactly(made);
        assertThat(texts(made)).as("an answer goes where it is written").containsExactly("Selamat pagi", "Saya juga");
    }

    // ---- evidence -----------------------------------------------------------------------------------------------

    @Test
    void theSameNumberOrAddressInTwoFormsIsSuggestedHoweverItIsWrittenAndNamesNever() {
        var one = sends("Jalan rusak", Map.of("contact", "0812-3456-7841"));
        var same = sends("Lampu mati", Map.of("contact", "+62 812 3456 7841"));
        var mail = sends("Air mati", Map.of("contact", "Wati@Warga.example"));
        var sameMail = sends("Sampah", Map.of("contact", "wati@warga.example"));
        var nothing = sends("Halte roboh", Map.of());
        assertThat(suggested(one)).containsExactlyEntriesOf(Map.of(owner(same), Because.PHONE));
        assertThat(suggested(mail)).containsExactlyEntriesOf(Map.of(owner(sameMail), Because.MAIL));
        assertThat(suggested(nothing))
                .as("all of them are called the same, which is nothing")
                .isEmpty();
        assertThat(people(List.of(one, same, mail, sameMail, nothing)))
                .as("nobody is joined unasked")
                .hasSize(5);

        join(one, same);
        assertThat(suggested(one)).isEmpty();
        assertThat(contacts.of(rina, one).orElseThrow().joinings())
                .extracting(Person.Joining::because)
                .containsExactly(Because.PHONE);
        contacts.keepApart(rina, owner(mail), owner(sameMail));
        assertThat(suggested(mail)).isEmpty();
        assertThat(suggested(sameMail)).isEmpty();
        join(mail, sameMail);
        contacts.takeOut(rina, owner(sameMail));
        assertThat(suggested(mail))
                .as("whom an officer took out is not suggested again")
                .isEmpty();
    }

    @Test
    void aFormByTheSecretLinkOfSomebodysCaseIsSuggestedToThem() {
        var budi = hear("budi", 0, "Jalan rusak");
        addsByLink(budi, owner(budi), "Sudah dua bulan");
        var by = suggested(budi);
        assertThat(by.values()).containsExactly(Because.SECRET_LINK);
        var other = by.keySet().iterator().next();
        contacts.join(rina, owner(budi), other);
        assertThat(contacts.of(rina, budi).orElseThrow().identities())
                .extracting(Person.Identity::newest)
                .as("they have no conversation of their own")
                .containsExactly(budi, null);
        assertThat(suggested(budi)).isEmpty();
    }

    @Test
    void aSuggestionGoesWithTheFormItComesFrom() {
        var one = sends("Jalan rusak", Map.of("contact", "081234567841"));
        sends("lain", "Lampu mati", Map.of("contact", "081234567841"));
        assertThat(suggested(one)).hasSize(1);
        take(received(account, new Item.Deleted(prefix + "d", MORNING.plusSeconds(900), null, prefix + "lain")));
        assertThat(suggested(one)).isEmpty();
        assertThat(count("contact_evidence")).isEqualTo(1);
    }

    // ---- borders ------------------------------------------------------------------------------------------------

    @Test
    void anotherAgencySeesOfAPersonOnlyWhatIsItsOwn() {
        var works = hear("budi", 0, "Jalan rusak");
        var registry = hear("budi.kedua", 1, "KTP belum jadi");
        var mine = sends("Drainase mampet", Map.of("contact", "081234567841"));
        mark(works, tenant.works(), false, false);
        mark(registry, tenant.registry(), false, false);
        mark(mine, tenant.works(), false, false);
        // The one between the two that the agency sees is one that it does not.
        join(works, registry);
        join(registry, mine);
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var seen = contacts.of(liaison, works).orElseThrow();
        assertThat(seen.identities()).extracting(Person.Identity::contact).containsExactly(owner(works), owner(mine));
        assertThat(seen.suggestions()).isEmpty();
        assertThat(seen.joinings()).isEmpty();
        assertThat(contacts.conversations(liaison, works, null, 10).items())
                .extracting(ConversationRow::id)
                .containsExactly(mine);
        assertThat(seen.reach()).extracting(Person.Reach::masked).containsExactly("0812…41");
        assertThat(contacts.of(liaison, registry)).isEmpty();
        assertThat(contacts.conversations(liaison, registry, null, 10).items()).isEmpty();
        assertThat(rows(liaison, "contact_joining")).isZero();
        assertThat(rows(liaison, "contact_evidence")).isZero();
        refused(() -> contacts.join(liaison, owner(works), owner(mine)), Refusal.Kind.NOT_FOUND);
        refused(() -> contacts.takeOut(liaison, owner(works)), Refusal.Kind.NOT_FOUND);
    }

    @Test
    void whatIsConfidentialIsNeitherShownSuggestedNorJoinedOutsideTheCircle() {
        var open = sends("Jalan rusak", Map.of("contact", "081234567841"));
        var secret = sends("Pungutan di loket", Map.of("contact", "081234567841", "identity", "confidential"));
        var circle = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        assertThat(suggested(open)).isEmpty();
        var theirs = conversations.owner(circle, secret).orElseThrow();
        refused(() -> contacts.join(rina, owner(open), theirs), Refusal.Kind.NOT_FOUND);
        var joining = contacts.join(circle, owner(open), theirs).orElseThrow();
        assertThat(contacts.of(circle, open).orElseThrow().identities()).hasSize(2);
        var seen = contacts.of(rina, open).orElseThrow();
        assertThat(seen.identities()).hasSize(1);
        assertThat(seen.joinings()).isEmpty();
        assertThat(contacts.conversations(rina, open, null, 10).items()).isEmpty();
        refused(() -> contacts.split(rina, joining), Refusal.Kind.NOT_FOUND);
    }

    @Test
    void whoIsAnonymousIsNotFoundByTheAgencyThroughTheirOtherConversations() {
        var open = hear("budi", 0, "Jalan rusak");
        var hidden = sends("Jembatan retak", Map.of("contact", "081234567841", "identity", "anonymous"));
        mark(open, tenant.works(), false, false);
        mark(hidden, tenant.works(), false, true);
        join(open, hidden);
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var auditor = tenants.officer(tenant, tenant.office(), false, Role.AUDITOR);
        readings.stateReason(auditor, new Subject("conversation", open.value()), "Pemeriksaan triwulan");
        readings.stateReason(auditor, new Subject("conversation", hidden.value()), "Pemeriksaan triwulan");
        for (var who : List.of(liaison, auditor)) {
            assertThat(conversations.accessible(who, hidden)).isPresent();
            assertThat(contacts.of(who, hidden)).isEmpty();
            assertThat(contacts.reach(who, hidden)).isEmpty();
            assertThat(contacts.reach(who, hidden, messageOf(hidden))).isEmpty();
            assertThat(contacts.conversations(who, hidden, null, 10).items()).isEmpty();
            var seen = contacts.of(who, open).orElseThrow();
            assertThat(seen.identities()).hasSize(1);
            assertThat(seen.reach()).isEmpty();
            assertThat(contacts.conversations(who, open, null, 10).items()).isEmpty();
        }
        assertThat(contacts.of(rina, hidden).orElseThrow().identities()).hasSize(2);
    }

    @Test
    void idsOfAnotherTenantNameNothing() {
        var budi = hear("budi", 0, "Jalan rusak");
        var made = hear("made", 1, "Air mati");
        var joining = join(budi, made);
        var other = tenants.found();
        var foreigner = tenants.officer(other, other.office(), true, Role.SUPERVISOR);
        assertThat(contacts.of(foreigner, budi)).isEmpty();
        refused(() -> contacts.join(foreigner, owner(budi), owner(made)), Refusal.Kind.NOT_FOUND);
        refused(() -> contacts.keepApart(foreigner, owner(budi), owner(made)), Refusal.Kind.NOT_FOUND);
        refused(() -> contacts.takeOut(foreigner, owner(budi)), Refusal.Kind.NOT_FOUND);
        refused(() -> contacts.split(foreigner, joining), Refusal.Kind.NOT_FOUND);
        refused(() -> contacts.erase(other.system(), owner(budi)), Refusal.Kind.NOT_FOUND);
        assertThat(contacts.person(other.system(), owner(budi)))
                .as("nobody else is known there")
                .containsExactly(owner(budi));
        assertThat(contacts.of(rina, budi).orElseThrow().identities()).hasSize(2);
    }

    @Test
    void headsAdministratorsAndCitizensLearnNobodysNumber() {
        var id = sends("Jalan rusak", Map.of("contact", "081234567841"));
        mark(id, tenant.works(), false, false);
        for (var who : List.of(
                tenants.officer(tenant, tenant.works(), false, Role.HEAD),
                tenants.officer(tenant, tenant.office(), true, Role.ADMINISTRATOR),
                Actor.citizen(tenant.id(), owner(id).value()))) {
            assertThat(contacts.of(who, id)).isEmpty();
            assertThat(contacts.reach(who, id)).isEmpty();
            assertThat(contacts.reach(who, id, messageOf(id))).isEmpty();
            refused(() -> contacts.takeOut(who, owner(id)), Refusal.Kind.NOT_FOUND);
            refused(() -> contacts.erase(who, owner(id)), Refusal.Kind.NOT_FOUND);
        }
    }

    // ---- numbers and addresses ----------------------------------------------------------------------------------

    @Test
    void aNumberIsShownMaskedAndTheWholeOfItIsReadOnRequestOnlyWhichIsRecorded() {
        var id = sends("Jalan rusak", Map.of("contact", "0812-3456-7841"));
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        mark(id, tenant.works(), false, false);
        for (var who : List.of(rina, liaison)) {
            assertThat(contacts.reach(who, id)).singleElement().satisfies(each -> {
                assertThat(each.masked()).isEqualTo("0812…41");
                assertThat(each.kind()).isEqualTo(Person.Reach.Kind.PHONE);
                assertThat(each.conversation()).isEqualTo(id);
            });
            assertThat(contacts.of(who, id).orElseThrow().reach())
                    .extracting(Person.Reach::masked)
                    .containsExactly("0812…41");
            assertThat(read(who, owner(id)))
                    .as("looking at it masked is no reading of it")
                    .isZero();
            assertThat(contacts.reach(who, id, MessageId.next())).isEmpty();
            assertThat(read(who, owner(id))).isZero();
            assertThat(contacts.reach(who, id, messageOf(id))).contains("0812-3456-7841");
            assertThat(read(who, owner(id))).isEqualTo(1);
        }
    }

    @Test
    void anAuditorReadsANumberWithAReasonStatedForTheConversationAndForTheContact() {
        var id = sends("Jalan rusak", Map.of("contact", "wati@warga.example"));
        var auditor = tenants.officer(tenant, tenant.office(), false, Role.AUDITOR);
        assertThat(contacts.of(auditor, id)).isEmpty();
        assertThat(contacts.reach(auditor, id, messageOf(id))).isEmpty();
        readings.stateReason(auditor, new Subject("conversation", id.value()), "Pemeriksaan triwulan");
        assertThat(contacts.reach(auditor, id)).extracting(Person.Reach::masked).containsExactly("w…@warga.example");
        assertThat(contacts.reach(auditor, id, messageOf(id))).isEmpty();
        readings.stateReason(auditor, new Subject("contact", owner(id).value()), "Pemeriksaan triwulan");
        assertThat(contacts.reach(auditor, id, messageOf(id))).contains("wati@warga.example");
        refused(() -> contacts.takeOut(auditor, owner(id)), Refusal.Kind.NOT_FOUND);
    }

    // ---- erasure ------------------------------------------------------------------------------------------------

    @Test
    void anErasureTakesEverythingOfEveryContactThatWasJoinedAndNothingOfOthers() {
        var budi = hear("budi", 0, "Jalan rusak");
        var made = hear("made", 1, "Air mati");
        var wati = sends("Lampu mati", Map.of("contact", "081234567841"));
        var other = sends("Sampah", Map.of("contact", "081234567841"));
        conversations.reply(rina, budi, "public", "Kami periksa.", "form-1", null);
        join(budi, made);
        join(made, wati);
        var owner = owner(made);
        refused(() -> contacts.erase(rina, owner), Refusal.Kind.NOT_FOUND);
        contacts.erase(system, owner);
        assertThat(texts(budi)).containsOnlyNulls();
        assertThat(conversations.messages(rina, budi, null, 20).items())
                .filteredOn(each -> each.direction() == MessageView.Direction.OUT)
                .extracting(MessageView::text)
                .as("what we said stays")
                .containsExactly("Kami periksa.");
        assertThat(texts(made)).containsOnlyNulls();
        assertThat(texts(wati)).containsOnlyNulls();
        assertThat(texts(other)).containsExactly("Sampah");
        for (var each : List.of(budi, made, wati)) {
            var seen = contacts.of(rina, each).orElseThrow();
            assertThat(seen.identities()).extracting(Person.Identity::name).containsExactly("");
            assertThat(seen.reach()).isEmpty();
            assertThat(seen.joinings())
                    .as("that they were one is not known either")
                    .isEmpty();
            assertThat(verbs(owner(each))).endsWith("inbox.contact-erased");
        }
        assertThat(suggested(other)).isEmpty();
        assertThat(conversations.search(rina, "lampu", null, 5).items()).isEmpty();
        assertThat(conversations.search(rina, "@budi@warga.example", null, 5).items())
                .isEmpty();
        contacts.erase(system, owner);
        // Whoever speaks again begins anew.
        hear("budi", 999_999, "Saya kembali");
        assertThat(list(Box.OPEN)).extracting(ConversationRow::contactName).contains("@budi@warga.example");
    }

    @Test
    void whoErasesOneAccountErasesWhatTheySaidThereAndNothingElse() {
        var budi = hear("budi", 0, "Jalan rusak");
        var made = hear("made", 1, "Air mati");
        join(budi, made);
        take(received(
                account,
                new Item.Left(
                        prefix + "left",
                        MORNING.plus(Duration.ofMinutes(5)),
                        person("budi").key())));
        assertThat(texts(budi)).containsOnlyNulls();
        assertThat(texts(made)).containsExactly("Air mati");
        assertThat(contacts.of(rina, made).orElseThrow().identities())
                .extracting(Person.Identity::name)
                .containsExactly("@made@warga.example", "");
    }

    // -------------------------------------------------------------------------------------------------------------

    private void atOnce(List<Callable<Optional<JoiningId>>> work) throws Exception {
        var together = new CyclicBarrier(work.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = work.stream()
                    .map(each -> threads.submit(() -> {
                        together.await();
                        return each.call();
                    }))
                    .toList();
            for (var each : running) {
                each.get();
            }
        }
    }

    private JoiningId join(ConversationId one, ConversationId other) {
        return contacts.join(rina, owner(one), owner(other)).orElseThrow();
    }

    private ContactId owner(ConversationId id) {
        return conversations.owner(system, id).orElseThrow();
    }

    private Set<Set<ContactId>> people(List<ConversationId> of) {
        return of.stream().map(each -> contacts.person(system, owner(each))).collect(Collectors.toSet());
    }

    private Map<ContactId, Because> suggested(ConversationId id) {
        var found = new java.util.LinkedHashMap<ContactId, Because>();
        contacts.of(rina, id)
                .orElseThrow()
                .suggestions()
                .forEach(each -> found.put(each.identity().contact(), each.because()));
        return found;
    }

    private List<String> verbs(ContactId contact) {
        return trail.about(system, new Subject("contact", contact.value())).stream()
                .map(each -> each.entry().verb())
                .toList();
    }

    /** What citizens said there. */
    private List<String> texts(ConversationId id) {
        return conversations.messages(rina, id, null, 20).items().stream()
                .filter(each -> each.direction() == MessageView.Direction.IN)
                .map(MessageView::text)
                .toList();
    }

    private MessageId messageOf(ConversationId id) {
        return conversations.messages(system, id, null, 20).items().getFirst().id();
    }

    private List<ConversationRow> list(Box box) {
        return conversations.list(rina, ConversationFilter.of(box), null, 100).items();
    }

    private int count(String table) {
        return countWhere(table, "true");
    }

    private int countWhere(String table, String condition) {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*)::int from inbox." + table + " where " + condition)
                        .query(Integer.class)
                        .single());
    }

    private int rows(Actor actor, String table) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select count(*)::int from inbox." + table)
                        .query(Integer.class)
                        .single());
    }

    /** How many hours in which the actor read that contact's number. */
    private int read(Actor actor, ContactId contact) {
        return transactions.read(
                system,
                () -> jdbc.sql(
                                "select count(*)::int from privacy.reading where actor = ? and subject_kind = 'contact' and subject_id = ?")
                        .params(actor.id(), contact.value())
                        .query(Integer.class)
                        .single());
    }

    /** Every row of what contacts have, to the byte. */
    private String everything() {
        return transactions.read(system, () -> jdbc.sql("""
                                select concat_ws(' ',
                                    (select md5(string_agg(t::text, '|' order by t.id)) from inbox.contact t),
                                    (select md5(string_agg(t::text, '|' order by t.key_hash)) from inbox.contact_identity t),
                                    (select md5(string_agg(t::text, '|' order by t.id)) from inbox.conversation t),
                                    (select md5(string_agg(t::text, '|' order by t.id)) from inbox.message t),
                                    (select md5(string_agg(t::text, '|' order by t.message_id)) from inbox.message_search t))
                                """).query(String.class).single());
    }

    private static void refused(Runnable verb, Refusal.Kind kind) {
        assertThatThrownBy(verb::run)
                .isInstanceOfSatisfying(
                        RefusalException.class,
                        e -> assertThat(e.refusal().kind()).isEqualTo(kind));
    }

    private ConversationId hear(String who, int minute, String text) {
        return hear(who, Audience.PUBLIC, minute, text);
    }

    private ConversationId direct(String who, int minute, String text) {
        return hear(who, Audience.DIRECT, minute, text);
    }

    private ConversationId hear(String who, Audience audience, int minute, String text) {
        var key = prefix + Ids.next();
        take(received(
                account,
                InboxTesting.said(key, person(who), audience, null, MORNING.plus(Duration.ofMinutes(minute)), text)));
        return found(text);
    }

    private ConversationId sends(String text, Map<String, String> hints) {
        return sends(Ids.next().toString(), text, hints);
    }

    private ConversationId sends(String key, String text, Map<String, String> hints) {
        take(form(account, prefix + key, text, hints));
        var id = found(text);
        // Each form opens a case, soon after: what a test marks it with comes after that.
        await(() -> rowOf(id).mark() != null);
        return id;
    }

    private void addsByLink(ConversationId to, ContactId reporter, String text) {
        take(form(
                account,
                prefix + Ids.next(),
                text,
                Map.of("conversation", to.toString(), "reporter", reporter.toString())));
    }

    private ConversationId found(String preview) {
        return all().stream()
                .filter(each -> each.preview().equals(preview))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private ConversationRow rowOf(ConversationId id) {
        return all().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    private List<ConversationRow> all() {
        return conversations
                .list(everybody, ConversationFilter.of(Box.ALL), null, 100)
                .items();
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited two minutes in vain").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private void take(ReceivedItem... items) {
        transactions.run(system, () -> receiver.receive(system, List.of(items)));
    }

    private void mark(ConversationId id, AgencyId agency, boolean confidential, boolean anonymous) {
        transactions.run(
                system,
                () -> conversations.mark(
                        system,
                        List.of(new CaseMark(
                                id,
                                Ids.next(),
                                "KTG-2026-" + Ids.next().toString().substring(30),
                                "complaint",
                                "RECEIVED",
                                agency,
                                confidential,
                                anonymous,
                                null))));
    }
}
