// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOverdue;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.ClockKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.inbox.MessagesDestroyed;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.inbox.Person;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.ObjectMapper;

/** What messages of a network do to cases. Citizens' servers stand at a closed loopback port: nothing leaves. */
@WithDatabase
class CaseworkIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    ItemReceiver receiver;

    @Autowired
    Conversations conversations;

    @Autowired
    Contacts contacts;

    @Autowired
    Cases cases;

    @Autowired
    RoutingRules routing;

    @Autowired
    Rules rules;

    @Autowired
    Trail trail;

    @Autowired
    AutomaticClosing closing;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    CaseBook book;

    @Autowired
    Vault vault;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ObjectMapper json;

    @Autowired
    ConfigurableApplicationContext context;

    TestTenant tenant;
    AccountId account;
    Actor officer;

    @BeforeEach
    void aRegencyOnTheFediverse() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Uji coba")
                .id();
        officer = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        routing.save(
                tenant.system(),
                new RoutingRule(
                        Ids.next(),
                        1,
                        "Jalan rusak",
                        List.of("jalan rusak", "jalan amblas"),
                        null,
                        null,
                        CaseKind.COMPLAINT,
                        "Jalan",
                        tenant.works(),
                        "Uji coba",
                        LocalDate.of(2020, 1, 1),
                        null));
    }

    @Test
    void aTitleMadeOfWordsThatAreDeletedWhileTheCaseOpensIsForgottenToo() throws Exception {
        var message = Ids.next();
        var read = new CountDownLatch(1);
        var system = tenant.system();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // The opening has read the words under its lock; the deletion is committed before the case is.
            var opening = threads.submit(() -> transactions.write(system, () -> {
                jdbc.sql("select pg_advisory_xact_lock(hashtextextended('casework:' || ?, 0))")
                        .param(tenant.id().toString())
                        .query((row, n) -> 1)
                        .list();
                read.countDown();
                sleep(Duration.ofSeconds(2));
                return book.open(
                                system,
                                List.of(new CaseBook.NewCase(
                                        ConversationId.next(),
                                        CaseKind.COMPLAINT,
                                        null,
                                        tenant.works(),
                                        false,
                                        false,
                                        vault.newKeys(system, 1).getFirst(),
                                        ContactId.next(),
                                        "Kata yang dihapus",
                                        null,
                                        null,
                                        null,
                                        message,
                                        Instant.now(),
                                        CaseBook.newSecret())))
                        .getFirst()
                        .id();
            }));
            read.await();
            transactions.run(
                    system,
                    () -> events.publishEvent(new MessagesDestroyed(
                            tenant.id(), List.of(new MessageId(message)), List.of(ConversationId.next()))));
            var id = opening.get();
            eventually(() -> transactions.read(
                    system,
                    () -> jdbc.sql("select title_sealed is null from casework.case where id = ?")
                            .param(id.value())
                            .query(Boolean.class)
                            .single()));
            assertThat(trail.about(system, new Subject("case", id.value())))
                    .extracting(line -> line.entry().verb())
                    .contains("casework.title-forgotten");
        }
    }

    private static void eventually(Supplier<Boolean> condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.get()) {
            assertThat(System.nanoTime()).as("within fifteen seconds").isLessThan(deadline);
            sleep(Duration.ofMillis(50));
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPublicMentionIsReceiptedInPublicAndGivenItsLinkInPrivateOnce() {
        says("wati", Audience.PUBLIC, null, "@kabar jalan rusak di depan pasar");
        var found = onlyCase();
        var sent = automatic(found);
        assertThat(sent).hasSize(2);
        assertThat(sent)
                .filteredOn(message -> message.audience() == Audience.PUBLIC)
                .singleElement()
                .satisfies(message -> assertThat(message.text())
                        .contains(found.publicNumber(), "Dinas PUPR", "(5 hari kerja)")
                        .doesNotContain("/lacak/r/"));
        assertThat(sent)
                .filteredOn(message -> message.audience() == Audience.DIRECT)
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains("/lacak/r/"));

        heardAgain(found);
        assertThat(automatic(found)).hasSize(2);
        assertThat(onlyCase().timeline()).hasSameSizeAs(found.timeline());
    }

    @Test
    void aClockThatRanOutIsToldOnceAndToTheDesksOfThoseConcerned() {
        says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        var first = found.clocks().stream()
                .min(Comparator.comparing(id.kentongan.casework.Clock::dueAt))
                .orElseThrow();
        var told = new CopyOnWriteArrayList<CaseOverdue>();
        var shown = new CopyOnWriteArrayList<ConversationChanged>();
        ApplicationListener<PayloadApplicationEvent<?>> desk = event -> {
            if (event.getPayload() instanceof ConversationChanged changed
                    && changed.what().equals("overdue")) {
                shown.add(changed);
            }
        };
        context.addApplicationListener(desk);
        try {
            overdue(first.dueAt().minusSeconds(1), told).tell();
            assertThat(told).filteredOn(each -> each.id().equals(found.id())).isEmpty();
            for (var i = 0; i < 3; i++) {
                overdue(first.dueAt().plusSeconds(i), told).tell();
            }
            var due = found.clocks().stream()
                    .filter(each -> !each.dueAt().isAfter(first.dueAt().plusSeconds(2)))
                    .toList();
            assertThat(told)
                    .filteredOn(each -> each.id().equals(found.id()))
                    .extracting(CaseOverdue::clock)
                    .containsExactlyInAnyOrderElementsOf(
                            due.stream().map(id.kentongan.casework.Clock::kind).toList());
            var all = Duration.ofDays(400);
            overdue(first.dueAt().plus(all), told).tell();
            overdue(first.dueAt().plus(all), told).tell();
            assertThat(told)
                    .filteredOn(each -> each.id().equals(found.id()))
                    .extracting(CaseOverdue::clock)
                    .containsExactlyInAnyOrderElementsOf(found.clocks().stream()
                            .map(id.kentongan.casework.Clock::kind)
                            .toList());
            assertThat(shown)
                    .filteredOn(each -> found.conversations().contains(each.conversation()))
                    .hasSizeBetween(2, found.clocks().size());
        } finally {
            context.removeApplicationListener(desk);
        }
        assertThat(trail.about(tenant.system(), new Subject("case", found.id().value())))
                .filteredOn(each -> each.entry().verb().equals("casework.overdue"))
                .hasSameSizeAs(found.clocks());
    }

    @Test
    void whatWasAnsweredInTimeNeverBecomesOverdue() {
        says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "intime", found.version());
        var told = new CopyOnWriteArrayList<CaseOverdue>();
        overdue(Instant.now().plus(Duration.ofDays(400)), told).tell();
        assertThat(told).filteredOn(each -> each.id().equals(found.id())).isEmpty();
    }

    private OverdueClocks overdue(Instant now, List<CaseOverdue> told) {
        return new OverdueClocks(
                transactions,
                jdbc,
                book,
                conversations,
                trail,
                Clock.fixed(now, ZoneOffset.UTC),
                event -> told.add((CaseOverdue) event));
    }

    @Test
    void aPrivateMessageIsReceiptedInPrivateOnly() {
        says("sri", Audience.DIRECT, null, "@kabar jalan amblas");
        assertThat(automatic(onlyCase())).singleElement().satisfies(message -> {
            assertThat(message.audience()).isEqualTo(Audience.DIRECT);
            assertThat(message.text()).contains("/lacak/r/");
        });
    }

    @Test
    void aMachineOpensNothingAndAQuestionStaysInItsConversation() {
        say(item("robot", Audience.PUBLIC, null, "jalan rusak", true, Map.of()));
        says("wati", Audience.PUBLIC, null, "Kapan kantor buka?");
        says("last", Audience.PUBLIC, null, "jalan rusak");
        assertThat(onlyCase().timeline()).hasSize(1);
    }

    @Test
    void onlyTheReporterAddsToTheCaseAndAnAnswerToAReceiptIsNotReceipted() {
        var first = says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        says("budi", Audience.PUBLIC, first, "Saya juga melihatnya");
        says("wati", Audience.PUBLIC, first, "Sudah seminggu begini");
        var added = await(() -> cases.accessible(officer, found.id())
                .filter(each ->
                        each.timeline().stream().anyMatch(line -> line.what().equals("added"))));
        assertThat(added.timeline())
                .filteredOn(line -> line.what().equals("added"))
                .hasSize(1);
        assertThat(automatic(found)).hasSize(2);
        assertThat(cases.list(officer, CaseFilter.open(), null, 10).items()).hasSize(1);
    }

    @Test
    void whatTheReporterOfACaseFromANetworkAddsByTheLinkReopensItAndIsTheirsAlone() {
        says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        var secret = secretOf(found);
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", found.version());
        await(() -> cases.accessible(officer, found.id()).filter(each -> each.state() == CaseState.ANSWERED));
        cases.add(tenant.id(), secret, "Rusak lagi sejak kemarin", List.of(), key());
        await(() -> cases.accessible(officer, found.id()).filter(each -> each.state() == CaseState.FORWARDED));
        assertThat(cases.bySecret(tenant.id(), secret).orElseThrow().messages())
                .extracting(MessageView::text)
                .contains("jalan rusak", "Rusak lagi sejak kemarin");
        var person = contacts.of(officer, found.conversations().getFirst()).orElseThrow();
        assertThat(person.suggestions())
                .singleElement()
                .satisfies(each -> assertThat(each.because()).isEqualTo(Person.Because.SECRET_LINK));
    }

    @Test
    void whomOfficersJoinedToTheReporterAddsToTheCaseInPublicUntilTheyAreSplit() {
        var first = says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        says("bu.wati", Audience.DIRECT, null, "Selamat pagi");
        var other = await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .filter(each -> each.preview().equals("Selamat pagi"))
                .findFirst());
        var joining = contacts.join(
                        officer,
                        conversations
                                .owner(officer, found.conversations().getFirst())
                                .orElseThrow(),
                        conversations.owner(officer, other.id()).orElseThrow())
                .orElseThrow();
        says("bu.wati", Audience.FOLLOWERS, first, "Ini rahasia kita");
        says("bu.wati", Audience.PUBLIC, first, "Sudah seminggu begini");
        await(() -> Optional.of(added(found)).filter(all -> all.size() == 1));
        assertThat(cases.bySecret(tenant.id(), secretOf(found)).orElseThrow().messages())
                .as("the link shows of whom officers joined what everybody may read, and no more")
                .extracting(MessageView::text)
                .contains("Sudah seminggu begini")
                .doesNotContain("Selamat pagi", "Ini rahasia kita");
        assertThat(cases.list(officer, CaseFilter.open(), null, 10).items()).hasSize(1);
        assertThat(cases.ofReporters(
                        officer,
                        contacts.person(
                                tenant.system(),
                                conversations.owner(officer, other.id()).orElseThrow()),
                        10))
                .extracting(CaseRow::id)
                .containsExactly(found.id());
        contacts.split(officer, joining);
        says("bu.wati", Audience.PUBLIC, first, "Terpisah lagi");
        says("wati", Audience.PUBLIC, first, "Dan saya masih di sini");
        await(() -> Optional.of(added(found)).filter(all -> all.size() == 2));
    }

    private List<TimelineLine> added(CaseView found) {
        return cases.accessible(officer, found.id()).orElseThrow().timeline().stream()
                .filter(line -> line.what().equals("added"))
                .toList();
    }

    @Test
    void anonymousCasesDoNotTellTheAgencyWhoseTheyAre() {
        says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        var reporter =
                conversations.owner(officer, found.conversations().getFirst()).orElseThrow();
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThat(cases.ofReporters(liaison, List.of(reporter), 10)).hasSize(1);
        asSystem("update casework.case set anonymous = true where id = ?", found.id());
        assertThat(cases.ofReporters(liaison, List.of(reporter), 10)).isEmpty();
        assertThat(cases.ofReporters(officer, List.of(reporter), 10)).hasSize(1);
        var stranger = tenants.officer(tenant, tenant.registry(), false, Role.LIAISON_OFFICER);
        asSystem("update casework.case set anonymous = false where id = ?", found.id());
        assertThat(cases.ofReporters(stranger, List.of(reporter), 10)).isEmpty();
    }

    @Test
    void thanksLeaveAnAnsweredCaseAnsweredAndANewProblemReopensIt() {
        var first = says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", found.version());
        says("wati", Audience.DIRECT, first, "Terima kasih banyak, Pak!");
        await(() -> cases.accessible(officer, found.id())
                .filter(each ->
                        each.timeline().stream().anyMatch(line -> line.what().equals("added"))));
        assertThat(onlyCase().state()).isEqualTo(CaseState.ANSWERED);
        says("wati", Audience.DIRECT, first, "Rusak lagi setelah hujan");
        var again =
                await(() -> cases.accessible(officer, found.id()).filter(each -> each.state() == CaseState.FORWARDED));
        assertThat(again.clocks())
                .filteredOn(clock -> clock.kind() == ClockKind.FINISH)
                .allMatch(clock -> clock.metAt() == null);
        assertThat(again.clocks())
                .filteredOn(clock -> clock.kind() == ClockKind.VERIFY)
                .allMatch(clock -> clock.metAt() != null);
    }

    @Test
    void aMessageLongAfterTheClosingIsANewMatter() {
        var first = says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        cases.close(officer, found.id(), "Selesai", found.version());
        asSystem("update casework.case set closed_at = closed_at - interval '40 days' where id = ?", found.id());
        says("wati", Audience.DIRECT, first, "jalan rusak di tempat lain");
        await(() -> Optional.of(cases.list(officer, CaseFilter.open(), null, 10).items())
                .filter(rows -> rows.size() == 1 && !rows.getFirst().id().equals(found.id())));
        assertThat(cases.accessible(officer, found.id()).orElseThrow().state()).isEqualTo(CaseState.CLOSED);
    }

    @Test
    void anOfficersWordInTheConversationIsTheFirstFollowUpButNotTheAnswer() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        conversations.reply(officer, found.conversations().getFirst(), "private", "Kami periksa hari ini.", "r1", null);
        var followed = await(() ->
                cases.accessible(officer, found.id()).filter(each -> metAt(each, ClockKind.FIRST_FOLLOW_UP) != null));
        assertThat(metAt(followed, ClockKind.FINISH)).isNull();
        assertThat(followed.state()).isEqualTo(CaseState.RECEIVED);
        assertThat(followed.timeline()).anyMatch(line -> line.what().equals("noted"));
    }

    @Test
    void verifyingHandsTheCaseToTheAgencyTheRulesChoseAndKeepsWhatWasMet() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        cases.verify(officer, found.id(), CaseKind.COMPLAINT_SUPERVISED, found.version());
        var verified = cases.accessible(officer, found.id()).orElseThrow();
        assertThat(verified.state()).isEqualTo(CaseState.FORWARDED);
        assertThat(verified.kind()).isEqualTo(CaseKind.COMPLAINT_SUPERVISED);
        assertThat(metAt(verified, ClockKind.VERIFY)).isNotNull();
        assertThat(verified.clocks())
                .filteredOn(clock -> clock.kind() == ClockKind.FINISH)
                .allMatch(clock -> clock.amount() == 60);
    }

    @Test
    void aHolidayAddedInMidYearMovesWhatIsOpenAndLeavesWhatIsClosed() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var open = onlyCase();
        says("sri", Audience.DIRECT, null, "jalan amblas");
        var closed = await(() -> cases.list(officer, CaseFilter.open(), null, 10).items().stream()
                .filter(row -> !row.id().equals(open.id()))
                .findFirst()
                .flatMap(row -> cases.accessible(officer, row.id())));
        cases.close(officer, closed.id(), "Selesai", closed.version());
        var due = dueOn(open, ClockKind.FINISH);

        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        rules.addHoliday(administrator, due, Holiday.Kind.LOCAL, "Hari rekaan", "Keputusan Bupati 1");
        var moved = await(() -> cases.accessible(officer, open.id())
                .filter(each -> dueOn(each, ClockKind.FINISH).isAfter(due)));
        assertThat(dueOn(moved, ClockKind.FINISH))
                .isEqualTo(rules.calendar(officer).plusWorkingDays(due, 1));
        assertThat(dueOn(cases.accessible(officer, closed.id()).orElseThrow(), ClockKind.FINISH))
                .isEqualTo(due);
        assertThat(trail.about(tenant.system(), new Subject("case", open.id().value())))
                .anyMatch(line -> line.entry().verb().equals("casework.deadlines-moved"));
    }

    @Test
    void oneCaseThatCannotBeClosedKeepsNoOtherOpen() throws Exception {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var poison = onlyCase();
        says("sri", Audience.DIRECT, null, "jalan amblas");
        var good = await(() -> cases.list(officer, CaseFilter.open(), null, 10).items().stream()
                .filter(row -> !row.id().equals(poison.id()))
                .findFirst()
                .flatMap(row -> cases.accessible(officer, row.id())));
        for (var each : List.of(poison, good)) {
            cases.answer(officer, each.id(), "Sudah diperbaiki.", "k-" + each.id(), each.version());
        }
        asSystem("update casework.case set answered_at = answered_at - interval '31 days' where id = ?", poison.id());
        asSystem("update casework.case set answered_at = answered_at - interval '30 days' where id = ?", good.id());
        owner("""
                create function casework.break_it() returns trigger language plpgsql as $$
                begin
                    raise exception 'broken on purpose';
                end
                $$""");
        owner("create trigger break_it before update on casework.case for each row when (new.id = '%s') "
                        .formatted(poison.id())
                + "execute function casework.break_it()");
        try {
            closing.run();
        } finally {
            owner("drop trigger break_it on casework.case");
            owner("drop function casework.break_it()");
        }
        assertThat(cases.accessible(officer, good.id()).orElseThrow().state()).isEqualTo(CaseState.CLOSED);
        assertThat(cases.accessible(officer, poison.id()).orElseThrow().state()).isEqualTo(CaseState.ANSWERED);
        closing.run();
        assertThat(cases.accessible(officer, poison.id()).orElseThrow().state()).isEqualTo(CaseState.CLOSED);
    }

    private void owner(String statement) throws java.sql.SQLException {
        try (var connection = java.sql.DriverManager.getConnection(
                        roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void whatWasAnsweredClosesByItselfAfterTheDaysOfTheRule() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", found.version());
        closing.run();
        assertThat(onlyCase().state()).isEqualTo(CaseState.ANSWERED);
        asSystem("update casework.case set answered_at = answered_at - interval '30 days' where id = ?", found.id());
        closing.run();
        var closed = cases.accessible(officer, found.id()).orElseThrow();
        assertThat(closed.state()).isEqualTo(CaseState.CLOSED);
        assertThat(closed.timeline())
                .last()
                .satisfies(line -> assertThat(line.what()).isEqualTo("closed"));
    }

    @Test
    void ofTwoOfficersWhoActAtOnceOneIsToldThatTheCaseMovedOn() throws Exception {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = threads.invokeAll(List.<Callable<String>>of(
                    () -> attempt(
                            () -> cases.forward(officer, found.id(), tenant.registry(), "Mohon", found.version())),
                    () -> attempt(() -> cases.close(officer, found.id(), "Selesai", found.version()))));
            assertThat(List.of(outcomes.get(0).get(), outcomes.get(1).get()))
                    .containsExactlyInAnyOrder("done", "casework.moved-on");
        }
        assertThat(cases.accessible(officer, found.id()).orElseThrow().version())
                .isEqualTo(found.version() + 1);
    }

    @Test
    void numbersAreUniqueHoweverManyArriveAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(batch -> () -> {
                        say(IntStream.range(0, 5)
                                .mapToObj(each -> item(
                                        "warga" + batch + "x" + each,
                                        Audience.DIRECT,
                                        null,
                                        "jalan rusak nomor " + each,
                                        false,
                                        Map.of()))
                                .toArray(Item[]::new));
                        return true;
                    })
                    .toList());
        }
        var rows = await(() -> Optional.of(
                        cases.list(officer, CaseFilter.open(), null, 100).items())
                .filter(all -> all.size() == 40));
        assertThat(rows).extracting(row -> row.publicNumber()).doesNotHaveDuplicates();
    }

    @Test
    void aFormWithAnUnknownKindHoldsUpNobodyAndIsNeverLost() {
        var web = accounts.web(tenant.system()).id();
        var strange = new ReceivedItem(
                web,
                Network.WEB,
                DeliveryId.next(),
                item("form", Audience.DIRECT, null, "Apa syarat KTP?", false, Map.of("kind", "<script>")));
        transactions.run(
                tenant.system(),
                () -> receiver.receive(
                        tenant.system(),
                        List.of(strange, received(item("wati", Audience.DIRECT, null, "jalan rusak")))));
        var rows = await(() -> Optional.of(
                        cases.list(officer, CaseFilter.open(), null, 10).items())
                .filter(all -> all.size() == 2));
        assertThat(rows)
                .extracting(row -> row.kind())
                .containsExactlyInAnyOrder(CaseKind.COMPLAINT, CaseKind.INFORMATION_REQUEST);
    }

    @Test
    void aSendersWrongClockDoesNotMakeACaseLateOrEarly() {
        say(new Item.Said(
                key(),
                Instant.now().plus(Duration.ofDays(400)),
                author("wati", false),
                Audience.DIRECT,
                null,
                "jalan rusak",
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of()));
        assertThat(onlyCase().openedAt()).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void aMessageLongOnItsWayStartsItsClocksWhenItArrives() {
        var before = Instant.now().minusSeconds(1);
        say(new Item.Said(
                key(),
                Instant.now().minus(Duration.ofDays(20)),
                author("wati", false),
                Audience.DIRECT,
                null,
                "jalan rusak",
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of()));
        assertThat(onlyCase().openedAt()).isAfter(before);
    }

    @Test
    void receiptAndAnswerGoToWhoAskedAlsoInAThreadSomebodyElseBegan() {
        var first = says("wati", Audience.PUBLIC, null, "Selamat pagi");
        says("budi", Audience.PUBLIC, first, "jalan rusak");
        var found = onlyCase();
        assertThat(automatic(found))
                .hasSize(2)
                .allSatisfy(message -> assertThat(recipient(message)).isEqualTo("http://127.0.0.1:9/u/budi"));
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", found.version());
        assertThat(answers(found))
                .singleElement()
                .satisfies(message -> assertThat(recipient(message)).isEqualTo("http://127.0.0.1:9/u/budi"));
    }

    @Test
    void whoeverOpensACaseInSomebodyElsesThreadReadsByTheLinkWhatWasSaidInPublicOnly() {
        var first = says("wati", Audience.PUBLIC, null, "Selamat pagi");
        var thread = await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .findFirst());
        conversations.reply(officer, thread.id(), "private", "Alamat Ibu masih Gang Rahasia?", "r1", null);
        says("wati", Audience.DIRECT, first, "Ya, Gang Rahasia nomor 7");
        says("budi", Audience.PUBLIC, first, "jalan rusak");
        var found = onlyCase();
        var secret = secretOf(found);
        var shown = cases.bySecret(tenant.id(), secret).orElseThrow();
        assertThat(shown.messages()).extracting(MessageView::text).contains("Selamat pagi", "jalan rusak");
        assertThat(shown.messages())
                .allSatisfy(message -> assertThat(message.audience()).isEqualTo(Audience.PUBLIC));
        // Of the two in the thread, the one whose conversation it is reads no link of the other's case either.
        says("wati", Audience.PUBLIC, first, "Terima kasih");
        assertThat(cases.bySecret(tenant.id(), secret).orElseThrow().messages())
                .noneMatch(message -> String.valueOf(message.text()).contains("/lacak/r/"));
    }

    private String secretOf(CaseView view) {
        return automatic(view).stream()
                .map(message -> Pattern.compile("/lacak/r/([A-Za-z0-9_-]+)").matcher(String.valueOf(message.text())))
                .filter(Matcher::find)
                .map(link -> link.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoeverIsAloneReadsByTheLinkWhatWasAnsweredInPrivateToo() {
        says("sri", Audience.DIRECT, null, "jalan amblas");
        var found = onlyCase();
        conversations.reply(officer, found.conversations().getFirst(), "private", "Di jalan apa, Bu?", "r1", null);
        assertThat(cases.bySecret(tenant.id(), secretOf(found)).orElseThrow().messages())
                .extracting(MessageView::text)
                .contains("jalan amblas", "Di jalan apa, Bu?");
    }

    @Test
    void whereNobodysWordsAreLeftNobodyIsAnsweredAndNothingIsPosted() {
        var first = says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = onlyCase();
        say(new Item.Deleted(key(), Instant.now(), null, first));
        assertThatThrownBy(() ->
                        conversations.reply(officer, found.conversations().getFirst(), "public", "Sudah.", "r1", null))
                .isInstanceOf(RefusalException.class);
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", found.version());
        assertThat(answers(found)).isEmpty();
        assertThat(cases.accessible(officer, found.id()).orElseThrow().state()).isEqualTo(CaseState.ANSWERED);
    }

    @Test
    void aSecondCaseHidesWhatTheFirstOneHid() {
        say(item("wati", Audience.DIRECT, null, "jalan rusak", false, Map.of("identity", "confidential")));
        var found = onlyCase();
        cases.close(officer, found.id(), "Selesai", found.version());
        asSystem("update casework.case set closed_at = closed_at - interval '40 days' where id = ?", found.id());
        says("wati", Audience.DIRECT, null, "jalan rusak lagi");
        var second = await(() -> cases.list(officer, CaseFilter.open(), null, 10).items().stream()
                .filter(row -> !row.id().equals(found.id()))
                .findFirst());
        assertThat(second.confidential()).isTrue();
        var outside = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThat(conversations.accessible(outside, found.conversations().getFirst()))
                .isEmpty();
        assertThat(cases.byPublicNumber(tenant.system(), second.publicNumber())).isEmpty();
    }

    @Test
    void twoWhoOpenACaseAtOnceOpenOne() throws Exception {
        says("wati", Audience.DIRECT, null, "Kapan kantor buka?");
        var conversation =
                await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                        .findFirst());
        var colleague = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        try (var pool = java.util.concurrent.Executors.newFixedThreadPool(2)) {
            var both = pool.invokeAll(List.of(
                    () -> cases.open(officer, conversation.id(), CaseKind.INFORMATION_REQUEST, tenant.works()),
                    () -> cases.open(colleague, conversation.id(), CaseKind.COMPLAINT, tenant.works())));
            assertThat(both.get(0).get()).isEqualTo(both.get(1).get());
        }
        assertThat(automatic(onlyCase())).hasSize(1);
    }

    @Test
    void aMessageThatComesWhileAnOfficerForwardsDoesNotUndoIt() throws Exception {
        var first = says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        var held = new java.util.concurrent.CountDownLatch(1);
        var commit = new java.util.concurrent.CountDownLatch(1);
        var forwarding = Thread.ofVirtual()
                .start(() -> transactions.run(tenant.system(), () -> {
                    jdbc.sql("update casework.case set agency_id = ?, version = version + 1 where id = ?")
                            .params(tenant.office().value(), found.id().value())
                            .update();
                    held.countDown();
                    try {
                        commit.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
        held.await();
        says("wati", Audience.DIRECT, first, "Masih rusak");
        // The listener waits for the officer; without the lock it has read the old agency by now.
        Thread.sleep(1500);
        commit.countDown();
        forwarding.join();
        var after = await(() -> cases.accessible(officer, found.id())
                .filter(each ->
                        each.timeline().stream().anyMatch(line -> line.what().equals("added"))));
        assertThat(after.agency()).isEqualTo(tenant.office());
    }

    @Test
    void theCaseOfWhoLeftIsStillWorkedAndIsTheirsWhenTheyComeBack() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        say(new Item.Left(key(), Instant.now(), author("wati", false).key()));
        cases.forward(officer, found.id(), tenant.works(), "Mohon dicek", found.version());
        var forwarded = cases.accessible(officer, found.id()).orElseThrow();
        assertThat(forwarded.timeline())
                .filteredOn(line -> line.what().equals("forwarded"))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).isEqualTo("Mohon dicek"));
        cases.answer(officer, found.id(), "Sudah diperbaiki.", "k1", forwarded.version());
        say(new Item.Said(
                key(),
                Instant.now().plusSeconds(1),
                author("wati", false),
                Audience.DIRECT,
                null,
                "Rusak lagi setelah hujan",
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of()));
        await(() -> cases.accessible(officer, found.id()).filter(each -> each.state() == CaseState.FORWARDED));
    }

    @Test
    void aLiaisonOfficerAnswersOrGivesBackButDecidesNothingElse() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var theirs = cases.accessible(liaison, found.id()).orElseThrow();
        refused(() -> cases.verify(liaison, found.id(), CaseKind.ASPIRATION, theirs.version()));
        refused(() -> cases.close(liaison, found.id(), "", theirs.version()));
        refused(() -> cases.reopen(liaison, found.id(), ""));
        refused(() -> cases.open(liaison, theirs.conversations().getFirst(), CaseKind.COMPLAINT, null));
        assertThatThrownBy(() -> cases.forward(
                        liaison, found.id(), tenant.registry(), "Bukan kewenangan kami.", theirs.version()))
                .hasMessage("casework.forward-own-only");
        cases.giveBack(liaison, found.id(), "Bukan kewenangan kami.", theirs.version());
        assertThat(cases.accessible(liaison, found.id())).isEmpty();
        refused(() -> cases.answer(liaison, found.id(), "x", "k", theirs.version() + 1));

        var head = tenants.officer(tenant, tenant.works(), false, Role.HEAD);
        assertThat(cases.list(head, CaseFilter.open(), null, 10).items()).isEmpty();
        assertThat(cases.accessible(head, found.id())).isEmpty();
        var auditor = tenants.officer(tenant, tenant.office(), true, Role.AUDITOR);
        refused(() -> cases.close(auditor, found.id(), "", theirs.version() + 1));
    }

    @Test
    void aClosedCaseIsNeitherAnsweredForwardedNorVerifiedUntilItIsReopened() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        var found = onlyCase();
        cases.close(officer, found.id(), "Selesai", found.version());
        var version = found.version() + 1;
        for (Runnable verb : List.<Runnable>of(
                () -> cases.answer(officer, found.id(), "x", "k", version),
                () -> cases.forward(officer, found.id(), tenant.registry(), "", version),
                () -> cases.verify(officer, found.id(), CaseKind.COMPLAINT, version))) {
            assertThatThrownBy(verb::run).isInstanceOf(RefusalException.class).hasMessage("casework.already-closed");
        }
        cases.reopen(officer, found.id(), "Belum selesai");
        assertThat(onlyCase().state()).isEqualTo(CaseState.FORWARDED);
    }

    @Test
    void theNumbersOfWeeksAndAgenciesAgree() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        says("sri", Audience.DIRECT, null, "jalan amblas");
        await(() -> Optional.of(cases.list(officer, CaseFilter.open(), null, 10).items())
                .filter(all -> all.size() == 2));
        var one = cases.list(officer, CaseFilter.open(), null, 1).items().getFirst();
        var view = cases.accessible(officer, one.id()).orElseThrow();
        cases.answer(officer, one.id(), "Sudah.", "k", view.version());
        var today = LocalDate.now(tenant.tenant().zone());
        var shown = cases.performance(officer, today.minusDays(20), today);
        assertThat(shown.asked()).isEqualTo(2);
        assertThat(shown.answered()).isEqualTo(1);
        assertThat(shown.waiting()).isEqualTo(1);
        assertThat(shown.overdue()).isZero();
        assertThat(shown.closed()).isZero();
        assertThat(shown.agencies()).singleElement().satisfies(works -> {
            assertThat(works.agency()).isEqualTo(tenant.works());
            assertThat(works.asked()).isEqualTo(2);
            assertThat(works.medianFirstAnswer()).isNotNull();
        });
    }

    @Test
    void aCaseClosedWithoutAnAnswerIsItsOwnNumberAndNotAnswered() {
        says("wati", Audience.DIRECT, null, "jalan rusak");
        says("sri", Audience.DIRECT, null, "jalan amblas");
        var open = await(() -> Optional.of(
                        cases.list(officer, CaseFilter.open(), null, 10).items())
                .filter(all -> all.size() == 2));
        var answered = cases.accessible(officer, open.get(0).id()).orElseThrow();
        cases.answer(officer, answered.id(), "Sudah.", "k", answered.version());
        var closed = cases.accessible(officer, answered.id()).orElseThrow();
        cases.close(officer, closed.id(), "Selesai", closed.version());
        var silent = cases.accessible(officer, open.get(1).id()).orElseThrow();
        cases.close(officer, silent.id(), "Bukan wewenang kami", silent.version());
        var today = LocalDate.now(tenant.tenant().zone());
        var shown = cases.performance(officer, today.minusDays(20), today);
        assertThat(List.of(shown.asked(), shown.answered(), shown.closed(), shown.waiting(), shown.overdue()))
                .containsExactly(2, 1, 1, 0, 0);
        assertThat(shown.agencies()).singleElement().satisfies(works -> {
            assertThat(works.answered()).isEqualTo(1);
            assertThat(works.closed()).isEqualTo(1);
        });
    }

    // ---- what the tests say with --------------------------------------------------------------------------------

    private static String attempt(Runnable verb) {
        try {
            verb.run();
            return "done";
        } catch (RefusalException refused) {
            return refused.refusal().code();
        }
    }

    private static void refused(Runnable verb) {
        assertThatThrownBy(verb::run).isInstanceOf(RefusalException.class).hasMessage("site.not-found");
    }

    private CaseView onlyCase() {
        var row = await(() -> Optional.of(cases.list(officer, new CaseFilter(null, null, null, false, false), null, 10)
                        .items())
                .filter(all -> all.size() == 1)
                .map(List::getFirst));
        return cases.accessible(officer, row.id()).orElseThrow();
    }

    private List<MessageView> automatic(CaseView view) {
        return conversations.messages(tenant.system(), view.conversations().getFirst(), null, 50).items().stream()
                .filter(message -> message.direction() == Direction.OUT && message.automatic())
                .toList();
    }

    private List<MessageView> answers(CaseView view) {
        return conversations.messages(tenant.system(), view.conversations().getFirst(), null, 50).items().stream()
                .filter(message -> message.direction() == Direction.OUT && !message.automatic())
                .toList();
    }

    private String recipient(MessageView message) {
        var sealed = transactions.<byte[]>read(
                tenant.system(),
                () -> jdbc.sql("select sealed from channel.outgoing where about = ?")
                        .param(message.id().value())
                        .query(byte[].class)
                        .single());
        return json.readTree(vault.openForTenant(tenant.system(), "channel.outgoing", sealed))
                .at("/recipient/key")
                .asString();
    }

    private static @Nullable Instant metAt(CaseView view, ClockKind kind) {
        return view.clocks().stream()
                .filter(clock -> clock.kind() == kind)
                .findFirst()
                .orElseThrow()
                .metAt();
    }

    private static LocalDate dueOn(CaseView view, ClockKind kind) {
        return view.clocks().stream()
                .filter(clock -> clock.kind() == kind)
                .findFirst()
                .orElseThrow()
                .dueOn();
    }

    private void asSystem(String sql, CaseId id) {
        transactions.run(tenant.system(), () -> jdbc.sql(sql).param(id.value()).update());
    }

    /** The event of the case's first message is heard a second time, and a third one after it tells when it was. */
    private void heardAgain(CaseView view) {
        ConversationId conversation = view.conversations().getFirst();
        var message = conversations.messages(tenant.system(), conversation, null, 50).items().stream()
                .filter(each -> each.direction() == Direction.IN)
                .findFirst()
                .orElseThrow();
        transactions.run(
                tenant.system(),
                () -> events.publishEvent(new MessagesReceived(
                        tenant.id(),
                        List.of(new MessagesReceived.Received(
                                new MessageId(message.id().value()),
                                conversation,
                                ContactId.next(),
                                true,
                                true,
                                false)))));
        says("later", Audience.DIRECT, null, "Kapan kantor buka?");
        await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .filter(row -> row.mark() == null)
                .findFirst());
        await(() -> jdbc.sql("select count(*) from machinery.event_publication where serialized_event like ?")
                .param("%" + message.id().value() + "%")
                .query(Integer.class)
                .optional()
                .filter(left -> left == 0));
    }

    private String says(String who, Audience audience, @Nullable String parent, String text) {
        var said = item(who, audience, parent, text);
        say(said);
        return said.remoteKey();
    }

    private void say(Item... items) {
        transactions.run(
                tenant.system(),
                () -> receiver.receive(
                        tenant.system(),
                        java.util.Arrays.stream(items).map(this::received).toList()));
    }

    private ReceivedItem received(Item item) {
        return new ReceivedItem(account, Network.ACTIVITYPUB, DeliveryId.next(), item);
    }

    private static Item item(String who, Audience audience, @Nullable String parent, String text) {
        return item(who, audience, parent, text, false, Map.of());
    }

    private static Item item(
            String who,
            Audience audience,
            @Nullable String parent,
            String text,
            boolean automated,
            Map<String, String> hints) {
        return new Item.Said(
                key(),
                Instant.now(),
                author(who, automated),
                audience,
                parent,
                text,
                null,
                "id",
                null,
                true,
                List.of(),
                hints);
    }

    private static Item.Author author(String who, boolean automated) {
        return new Item.Author(
                "http://127.0.0.1:9/u/" + who, "@" + who + "@127.0.0.1:9", who + " (rekaan)", null, automated);
    }

    private static String key() {
        return "http://127.0.0.1:9/n/" + UUID.randomUUID();
    }

    private static <T> T await(Supplier<Optional<T>> wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            var found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("Waited twenty seconds in vain");
    }
}
