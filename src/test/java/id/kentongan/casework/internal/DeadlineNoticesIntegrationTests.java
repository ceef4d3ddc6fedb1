// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseEscalated;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseNotices;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseReminded;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Who is told before a deadline and after it: each once, whatever happens to the platform and its clock. */
@WithDatabase
class DeadlineNoticesIntegrationTests {
    @Autowired
    ApplicationContext context;

    @Autowired
    CaseNotices notices;

    CaseworkHouse house;
    Actor head;
    Actor parentLiaison;
    Actor parentHead;
    Actor subLiaison;
    List<Object> events;

    @BeforeEach
    void aBranchBelowTheWorksAgency() {
        house = new CaseworkHouse(context);
        var branch = context.getBean(Agencies.class)
                .save(
                        house.tenant.system(),
                        new Agency(
                                AgencyId.next(),
                                house.tenant.works(),
                                "upt",
                                "UPT Jalan",
                                "UPT Jalan",
                                "jalan desa",
                                true));
        house.routes("jembatan", CaseKind.COMPLAINT, branch.id());
        subLiaison = house.tenants.officer(house.tenant, branch.id(), false, Role.LIAISON_OFFICER);
        head = house.tenants.officer(house.tenant, branch.id(), false, Role.HEAD);
        parentLiaison = house.liaison;
        parentHead = house.tenants.officer(house.tenant, house.tenant.works(), false, Role.HEAD);
        events = new CopyOnWriteArrayList<>();
    }

    private CaseView complaint() {
        var found = house.reported("wati", Audience.DIRECT, "jembatan goyang");
        house.cases.verify(house.officer, found.id(), CaseKind.COMPLAINT, found.version());
        return house.now(found);
    }

    private DeadlineNotices at(Instant moment) {
        return new DeadlineNotices(
                house.transactions,
                house.jdbc,
                context.getBean(CaseBook.class),
                context.getBean(CaseTimeline.class),
                context.getBean(NoticeBoard.class),
                context.getBean(Conversations.class),
                context.getBean(Rules.class),
                context.getBean(SourcedLists.class),
                context.getBean(Tenants.class),
                context.getBean(Trail.class),
                Clock.fixed(moment, ZoneOffset.UTC),
                events::add);
    }

    private void run(Instant moment) {
        at(moment).run(house.tenant.system());
    }

    private Instant morning(LocalDate day) {
        return day.atTime(8, 0).atZone(house.tenant.tenant().zone()).toInstant();
    }

    private LocalDate workingDay(LocalDate day, int after) {
        return house.rules.calendar(house.officer).plusWorkingDays(day, after);
    }

    private LocalDate lastWorkingDayBefore(LocalDate day) {
        var before = day.minusDays(1);
        while (!house.rules.calendar(house.officer).isWorkingDay(before)) {
            before = before.minusDays(1);
        }
        return before;
    }

    private List<CaseNotices.Notice> told(Actor officer) {
        return notices.of(officer, null, 100).items();
    }

    @Test
    void whoWorksOnItIsRemindedOnceAWorkingDayBeforeAndNobodyElse() {
        var found = complaint();
        var due = house.clock(found, ClockKind.FIRST_FOLLOW_UP).dueOn();
        var before = lastWorkingDayBefore(due);
        run(morning(before.minusDays(1)));
        var early = told(subLiaison).size();
        for (var moment : List.of(morning(before), morning(before).plusSeconds(60), morning(before.minusDays(3)))) {
            run(moment);
        }
        assertThat(early).isZero();
        assertThat(told(subLiaison)).singleElement().satisfies(each -> {
            assertThat(each.what()).isEqualTo(What.REMINDED);
            assertThat(each.number()).isEqualTo(found.publicNumber());
            assertThat(each.clock()).isEqualTo(ClockKind.FIRST_FOLLOW_UP);
            assertThat(each.day()).isEqualTo(due);
            assertThat(each.mayOpen()).isTrue();
        });
        for (var other : List.of(house.officer, parentLiaison, head, parentHead)) {
            assertThat(told(other)).isEmpty();
        }
        assertThat(events)
                .filteredOn(CaseReminded.class::isInstance)
                .singleElement()
                .satisfies(each -> assertThat(((CaseReminded) each).officers()).containsExactly(subLiaison.officer()));
        assertThat(house.trail(found)).containsOnlyOnce("casework.reminded");
        assertThat(house.events(found)).containsOnlyOnce("reminded");
    }

    @Test
    void afterTheDeadlineItIsToldStepByStepUpTheTreeOnceEach() {
        var found = complaint();
        var clock = house.clock(found, ClockKind.FIRST_FOLLOW_UP);
        house.asSystem(
                "delete from casework.clock where case_id = ? and kind = 'FINISH'",
                found.id().value());
        var due = clock.dueOn();
        run(clock.dueAt().minusSeconds(1));
        assertThat(events).noneMatch(CaseEscalated.class::isInstance);
        run(clock.dueAt());
        assertThat(steps(house.officer)).containsExactly(1);
        assertThat(steps(parentLiaison)).containsExactly(1);
        assertThat(steps(head)).isEmpty();
        run(morning(workingDay(due, 1)));
        assertThat(steps(head)).isEmpty();
        run(morning(workingDay(due, 2)));
        run(clock.dueAt());
        assertThat(steps(head)).containsExactly(2);
        assertThat(steps(parentHead)).isEmpty();
        run(morning(workingDay(due, 5)));
        run(morning(workingDay(due, 30)));
        assertThat(steps(parentHead)).containsExactly(3);
        assertThat(steps(house.officer)).containsExactly(1);
        assertThat(steps(subLiaison)).isEmpty();
        // A head reads numbers and no words: the notice names the case and leads nowhere.
        assertThat(told(head)).noneMatch(CaseNotices.Notice::mayOpen);
        assertThat(house.events(found)).containsSequence("escalated-1", "escalated-2", "escalated-3");
        assertThat(house.trail(found)).filteredOn("casework.escalated"::equals).hasSize(3);
        assertThat(events).filteredOn(CaseEscalated.class::isInstance).hasSize(3);
    }

    private List<Integer> steps(Actor officer) {
        return told(officer).stream()
                .filter(each -> each.what() == What.ESCALATED)
                .map(CaseNotices.Notice::step)
                .toList();
    }

    @Test
    void whoWasAwayForWeeksTellsEveryStepOnceAndTwoNodesTellItOnceTogether() throws Exception {
        var found = complaint();
        var late = morning(workingDay(house.clock(found, ClockKind.FINISH).dueOn(), 30));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : threads.invokeAll(List.<Callable<Boolean>>of(
                    () -> {
                        run(late);
                        return true;
                    },
                    () -> {
                        run(late);
                        return true;
                    }))) {
                each.get();
            }
        }
        run(late);
        // Two clocks run, the first follow-up's and the last one's.
        assertThat(steps(head)).containsExactly(2, 2);
        assertThat(steps(parentHead)).containsExactly(3, 3);
        assertThat(house.trail(found)).filteredOn("casework.escalated"::equals).hasSize(6);
    }

    @Test
    void aConfidentialCaseIsToldInItsCircleOnly() {
        house.routes("pungli", CaseKind.WHISTLE_BLOWING, house.tenant.works());
        var found = house.reported("wati", Audience.DIRECT, "pungli di loket");
        var outside = house.tenants.officer(house.tenant, house.tenant.office(), false, Role.SUPERVISOR);
        run(morning(workingDay(house.clock(found, ClockKind.FINISH).dueOn(), 20)));
        assertThat(told(house.officer)).isNotEmpty();
        assertThat(told(outside)).isEmpty();
        assertThat(told(house.liaison)).isEmpty();
        assertThat(told(parentHead)).isEmpty();
    }

    @Test
    void nobodyIsToldOfWhatWasDoneInTimeOrStandsStill() {
        var found = complaint();
        house.cases.answer(house.officer, found.id(), "Sudah.", "k", found.version());
        run(morning(workingDay(house.clock(found, ClockKind.FINISH).dueOn(), 20)));
        assertThat(told(subLiaison)).isEmpty();
        assertThat(told(house.officer)).isEmpty();

        var lists = context.getBean(SourcedLists.class);
        var today = LocalDate.now(house.tenant.tenant().zone());
        lists.all(house.tenant.system()).stream()
                .filter(each -> each.list().equals("case.postponed-runs-on"))
                .forEach(each -> lists.end(house.tenant.system(), each.id(), today.minusDays(1)));
        var other = house.reported("sri", Audience.DIRECT, "jembatan patah");
        house.cases.postpone(house.officer, other.id(), "Menunggu data", today.plusDays(20), other.version());
        run(morning(workingDay(today, 60)));
        assertThat(told(house.officer)).isEmpty();
    }

    @Test
    void whatCameBackIsToldToThoseItCameBackTo() {
        var found = complaint();
        house.cases.giveBack(subLiaison, found.id(), "Jalan provinsi", found.version());
        assertThat(told(house.officer)).singleElement().satisfies(each -> {
            assertThat(each.what()).isEqualTo(What.RETURNED);
            assertThat(each.id()).isEqualTo(found.id());
        });
        assertThat(told(subLiaison)).isEmpty();
        var other = house.reported("sri", Audience.DIRECT, "jembatan patah");
        house.cases.close(house.officer, other.id(), "Selesai", other.version());
        house.cases.add(
                house.tenant.id(), house.secret(other, "/lacak/r/"), "Patah lagi", List.of(), "form:" + Ids.next());
        CaseworkHouse.await(() -> Optional.of(told(subLiaison))
                .filter(all -> all.stream()
                        .anyMatch(each ->
                                each.what() == What.REOPENED && other.id().equals(each.id()))));
    }

    @Test
    void everybodyReadsTheirOwnNoticesAndNobodyElses() {
        var found = complaint();
        run(morning(workingDay(house.clock(found, ClockKind.FINISH).dueOn(), 20)));
        assertThat(notices.unseen(head)).isEqualTo(2);
        notices.seen(parentHead);
        assertThat(notices.unseen(parentHead)).isZero();
        assertThat(notices.unseen(head)).isEqualTo(2);
        assertThat(house.transactions.<Integer>read(
                        head,
                        () -> house.jdbc
                                .sql("select count(*) from casework.notice where officer_id <> ?")
                                .param(head.id())
                                .query(Integer.class)
                                .single()))
                .isZero();
        // Kept as long as the rule says.
        house.asSystem("update casework.notice set at = at - interval '100 days'");
        run(Instant.now());
        assertThat(told(head)).isEmpty();
    }

    // ---- a day off in mid-year

    @Test
    void thousandsOfDeadlinesMoveWithAnEntryEachAndEachOfficerIsToldOnce() {
        var size = 3000;
        var system = house.tenant.system();
        var book = context.getBean(CaseBook.class);
        var key = context.getBean(Vault.class);
        var opened = house.transactions.write(system, () -> {
            var keys = key.newKeys(system, 1).getFirst();
            return book.open(
                    system,
                    IntStream.range(0, size)
                            .mapToObj(each -> new CaseBook.NewCase(
                                    ConversationId.next(),
                                    CaseKind.COMPLAINT,
                                    null,
                                    house.tenant.works(),
                                    false,
                                    false,
                                    keys,
                                    ContactId.next(),
                                    "Jalan rusak",
                                    null,
                                    null,
                                    null,
                                    null,
                                    Instant.now(),
                                    CaseBook.newSecret()))
                            .toList());
        });
        var closed = opened.getLast();
        house.asSystem(
                "update casework.case set state = 'CLOSED', outcome = 'SETTLED', closed_at = now() where id = ?",
                closed.id().value());
        var open = house.cases.accessible(house.officer, opened.getFirst().id()).orElseThrow();
        var due = house.clock(open, ClockKind.FINISH).dueOn();
        var administrator = house.tenants.officer(house.tenant, house.tenant.office(), false, Role.ADMINISTRATOR);
        house.rules.addHoliday(administrator, due, Holiday.Kind.LOCAL, "Hari rekaan", "Keputusan Bupati 1");
        CaseworkHouse.await(
                () -> Optional.of(house.clock(open, ClockKind.FINISH).dueOn()).filter(day -> day.isAfter(due)));
        CaseworkHouse.await(() -> Optional.of(told(house.liaison)).filter(all -> !all.isEmpty()));
        assertThat(told(house.liaison)).singleElement().satisfies(each -> {
            assertThat(each.what()).isEqualTo(What.DEADLINES_MOVED);
            assertThat(each.day()).isEqualTo(due);
        });
        assertThat(count("select count(distinct case_id) from casework.clock where due_on = ?", workingDay(due, 1)))
                .isEqualTo(size - 1);
        assertThat(count("select count(*) from archive.entry where verb = 'casework.deadlines-moved'"))
                .isEqualTo(size - 1);
        assertThat(count(
                        "select count(*) from casework.clock where case_id = ? and due_on = ?",
                        closed.id().value(),
                        due))
                .isEqualTo(1);
    }

    @Test
    void aMovedNearestDeadlineHasItsEntryInTheTrailAndTheReporterSeesIt() {
        var found = complaint();
        var due = house.clock(found, ClockKind.FIRST_FOLLOW_UP).dueOn();
        var administrator = house.tenants.officer(house.tenant, house.tenant.office(), false, Role.ADMINISTRATOR);
        house.rules.addHoliday(administrator, due, Holiday.Kind.LOCAL, "Hari rekaan", "Keputusan Bupati 1");
        CaseworkHouse.await(
                () -> Optional.of(house.trail(found)).filter(all -> all.contains("casework.deadlines-moved")));
        assertThat(house.trail.about(
                        house.tenant.system(), new Subject("case", found.id().value())))
                .filteredOn(line -> line.entry().verb().equals("casework.deadlines-moved"))
                .singleElement()
                .satisfies(line -> assertThat(line.entry().facts()).containsEntry("day", due.toString()));
        var shown = house.cases
                .bySecret(house.tenant.id(), house.secret(found, "/lacak/r/"))
                .orElseThrow()
                .shown();
        assertThat(shown.timeline())
                .filteredOn(line -> line.what().equals("deadline-moved"))
                .singleElement()
                .satisfies(line -> assertThat(line.day()).isEqualTo(workingDay(due, 1)));
    }

    private long count(String sql, Object... parameters) {
        return house.transactions.read(
                house.tenant.system(),
                () -> house.jdbc.sql(sql).params(parameters).query(Long.class).single());
    }
}
