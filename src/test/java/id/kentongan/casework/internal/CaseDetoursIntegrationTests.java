// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static id.kentongan.casework.internal.CaseworkHouse.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Role;
import id.kentongan.policy.SourcedLists;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataIntegrityViolationException;

/** Put off, given back, not ours, archived: who may, what follows, what the citizen hears. */
@WithDatabase
class CaseDetoursIntegrationTests {
    @Autowired
    ApplicationContext context;

    @Autowired
    SourcedLists lists;

    CaseworkHouse house;
    LocalDate today;

    @BeforeEach
    void aRegency() {
        house = new CaseworkHouse(context);
        today = LocalDate.now(house.tenant.tenant().zone());
    }

    private CaseView complaint() {
        return house.reported("wati", Audience.PUBLIC, "jalan rusak di depan pasar");
    }

    private ComingBack comingBackOn(LocalDate day) {
        return new ComingBack(
                house.transactions,
                house.jdbc,
                context.getBean(CaseBook.class),
                context.getBean(CaseDetours.class),
                context.getBean(Tenants.class),
                Clock.fixed(
                        day.atTime(8, 0).atZone(house.tenant.tenant().zone()).toInstant(), ZoneOffset.UTC));
    }

    @Test
    void whatIsPutOffIsToldToTheCitizenAndComesBackByItselfOnItsDay() {
        var found = complaint();
        var until = today.plusDays(9);
        house.cases.postpone(house.officer, found.id(), "Menunggu hasil uji aspal", until, found.version());
        var postponed = house.now(found);
        assertThat(postponed.state()).isEqualTo(CaseState.POSTPONED);
        assertThat(postponed.postponedUntil()).isEqualTo(until);
        assertThat(house.answers(found))
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .contains(found.publicNumber(), "Menunggu hasil uji aspal.", "" + until.getYear()));
        assertThat(postponed.timeline()).last().satisfies(line -> {
            assertThat(line.what()).isEqualTo("postponed");
            assertThat(line.day()).isEqualTo(until);
            assertThat(line.text()).isEqualTo("Menunggu hasil uji aspal");
        });
        // To put off is no follow-up: nobody has followed up yet.
        assertThat(house.clock(found, ClockKind.FIRST_FOLLOW_UP).metAt()).isNull();

        comingBackOn(until.minusDays(1)).run();
        assertThat(house.now(found).state()).isEqualTo(CaseState.POSTPONED);
        comingBackOn(until).run();
        comingBackOn(until).run();
        // The clocks of the network's clock may go back: what came back stays.
        comingBackOn(until.minusDays(3)).run();
        assertThat(house.now(found).state()).isEqualTo(CaseState.RECEIVED);
        assertThat(house.events(found)).containsOnlyOnce("resumed");
        assertThat(house.trail(found)).containsOnlyOnce("casework.postponed").containsOnlyOnce("casework.resumed");
        assertThat(house.answers(found)).hasSize(1);
    }

    @Test
    void byTheShippedRuleEveryClockRunsOnWhileACaseIsPutOff() {
        var found = complaint();
        var due = house.clock(found, ClockKind.FINISH).dueAt();
        house.cases.postpone(house.officer, found.id(), "Menunggu data", today.plusDays(5), found.version());
        assertThat(house.now(found).clocks()).allMatch(clock -> clock.heldAt() == null);
        comingBackOn(today.plusDays(5)).run();
        assertThat(house.clock(found, ClockKind.FINISH).dueAt()).isEqualTo(due);
    }

    @Test
    void aClockThatTheRuleDoesNotNameStandsStillAndGoesOnWithItsDaysLeft() {
        lists.all(house.tenant.system()).stream()
                .filter(each -> each.list().equals("case.postponed-runs-on")
                        && each.code().equals("finish"))
                .forEach(each -> lists.end(house.tenant.system(), each.id(), today.minusDays(1)));
        var found = complaint();
        house.cases.forward(house.officer, found.id(), house.tenant.works(), "", found.version());
        var before = house.clock(found, ClockKind.FINISH);
        var until = today.plusDays(20);
        house.cases.postpone(
                house.officer,
                found.id(),
                "Menunggu data",
                until,
                house.now(found).version());
        assertThat(house.clock(found, ClockKind.FINISH).heldAt()).isNotNull();
        assertThat(house.clock(found, ClockKind.FIRST_FOLLOW_UP).heldAt()).isNull();
        // Whatever the calendar does meanwhile, fourteen working days are left.
        house.rules.addHoliday(
                house.tenants.officer(house.tenant, house.tenant.office(), false, Role.ADMINISTRATOR),
                before.dueOn(),
                id.kentongan.policy.Holiday.Kind.LOCAL,
                "Hari rekaan",
                "Keputusan rekaan");
        house.cases.resume(house.officer, found.id(), house.now(found).version());
        var after = house.clock(found, ClockKind.FINISH);
        assertThat(after.heldAt()).isNull();
        assertThat(after.dueOn()).isEqualTo(house.rules.calendar(house.officer).plusWorkingDays(today, 14));
        assertThat(house.now(found).state()).isEqualTo(CaseState.FORWARDED);
    }

    @Test
    void aCaseIsPutOffWithAReasonToADayThatComesAndNoFurtherThanTheRule() {
        var found = complaint();
        var version = found.version();
        assertThat(refusal(() -> house.cases.postpone(house.officer, found.id(), " ", today.plusDays(3), version)))
                .isEqualTo("casework.no-reason");
        assertThat(refusal(() -> house.cases.postpone(house.officer, found.id(), "x", today, version)))
                .isEqualTo("casework.postpone-past");
        assertThat(refusal(() -> house.cases.postpone(house.officer, found.id(), "x", today.plusDays(31), version)))
                .isEqualTo("casework.postpone-too-far");
        assertThat(refusal(() ->
                        house.cases.postpone(house.officer, found.id(), "x".repeat(1001), today.plusDays(3), version)))
                .isEqualTo("casework.reason-too-long");
        assertThat(refusal(() -> house.cases.postpone(house.liaison, found.id(), "x", today.plusDays(3), version)))
                .isEqualTo("site.not-found");
        assertThat(house.now(found).version()).isEqualTo(version);
        assertThat(house.answers(found)).isEmpty();
        house.cases.postpone(house.officer, found.id(), "x", today.plusDays(30), version);
        assertThat(refusal(() -> house.cases.verify(
                        house.officer,
                        found.id(),
                        CaseKind.COMPLAINT,
                        house.now(found).version())))
                .isEqualTo("casework.postponed");
        assertThat(refusal(() -> house.cases.postpone(
                        house.officer,
                        found.id(),
                        "x",
                        today.plusDays(4),
                        house.now(found).version())))
                .isEqualTo("casework.not-to-postpone");
    }

    @Test
    void anAgencyGivesBackWhatIsNotTheirsAndItsDeadlinesRunOn() {
        var found = complaint();
        house.cases.forward(house.officer, found.id(), house.tenant.works(), "Mohon dicek", found.version());
        var due = house.clock(found, ClockKind.FINISH).dueAt();
        var seen = house.cases.accessible(house.liaison, found.id()).orElseThrow();
        assertThat(refusal(() -> house.cases.giveBack(house.liaison, found.id(), "", seen.version())))
                .isEqualTo("casework.no-reason");
        var stranger = house.tenants.officer(house.tenant, house.tenant.registry(), false, Role.LIAISON_OFFICER);
        assertThat(refusal(() -> house.cases.giveBack(stranger, found.id(), "x", seen.version())))
                .isEqualTo("site.not-found");
        house.cases.giveBack(house.liaison, found.id(), "Jalan provinsi", seen.version());
        assertThat(house.cases.accessible(house.liaison, found.id())).isEmpty();
        var back = house.now(found);
        assertThat(back.state()).isEqualTo(CaseState.RECEIVED);
        assertThat(back.agency()).isNull();
        assertThat(back.timeline()).last().satisfies(line -> {
            assertThat(line.what()).isEqualTo("returned");
            assertThat(line.from()).isEqualTo(house.tenant.works());
            assertThat(line.text()).isEqualTo("Jalan provinsi");
            assertThat(line.toPublic()).isFalse();
        });
        assertThat(house.clock(found, ClockKind.FINISH).dueAt()).isEqualTo(due);
        assertThat(house.clock(found, ClockKind.VERIFY).metAt()).isNotNull();
        assertThat(house.answers(found)).isEmpty();
        assertThat(house.trail(found)).contains("casework.returned");
        // Given on to the right agency it goes its way.
        house.cases.forward(house.officer, found.id(), house.tenant.registry(), "", back.version());
        assertThat(house.now(found).state()).isEqualTo(CaseState.FORWARDED);
        assertThat(refusal(() -> house.cases.giveBack(
                        house.liaison, found.id(), "x", house.now(found).version())))
                .isEqualTo("site.not-found");
    }

    @Test
    void whatIsNotOursIsClosedAndTheCitizenIsToldWhomToAsk() {
        var found = complaint();
        assertThat(refusal(() -> house.cases.refer(house.officer, found.id(), " ", found.version())))
                .isEqualTo("casework.no-suggestion");
        assertThat(refusal(() -> house.cases.refer(house.liaison, found.id(), "PLN", found.version())))
                .isEqualTo("site.not-found");
        house.cases.refer(house.officer, found.id(), "Silakan bertanya ke Dinas PU Provinsi", found.version());
        var closed = house.now(found);
        assertThat(closed.state()).isEqualTo(CaseState.CLOSED);
        assertThat(closed.outcome()).isEqualTo(CaseOutcome.NOT_OURS);
        assertThat(closed.clocks()).allMatch(clock -> clock.metAt() != null);
        assertThat(house.told(found))
                .filteredOn(message -> !message.automatic())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.audience()).isEqualTo(Audience.PUBLIC);
                    assertThat(message.text())
                            .contains(found.publicNumber(), "Kab. Uji", "Silakan bertanya ke Dinas PU Provinsi.");
                });
        // What the officer said in closing follows nothing up.
        assertThat(house.events(found)).doesNotContain("noted");
        assertThat(house.trail(found)).contains("casework.not-ours");
        house.cases.reopen(house.officer, found.id(), "Ternyata wewenang kami");
        assertThat(house.now(found).outcome()).isNull();
        assertThat(house.now(found).state()).isEqualTo(CaseState.FORWARDED);
    }

    @Test
    void whatIsArchivedHasAReasonOfTheDatedListAndTheCitizenIsToldUnlessItIsNoReport() {
        var found = complaint();
        assertThat(refusal(() -> house.cases.archive(house.officer, found.id(), "", "", true, found.version())))
                .isEqualTo("casework.no-archive-reason");
        lists.all(house.tenant.system()).stream()
                .filter(each -> each.code().equals("wrong-form"))
                .forEach(each -> lists.end(house.tenant.system(), each.id(), today.minusDays(1)));
        assertThat(refusal(
                        () -> house.cases.archive(house.officer, found.id(), "wrong-form", "", true, found.version())))
                .isEqualTo("casework.no-archive-reason");
        house.cases.archive(house.officer, found.id(), "too-general", "Sebutkan nama jalannya", true, found.version());
        var archived = house.now(found);
        assertThat(archived.outcome()).isEqualTo(CaseOutcome.ARCHIVED);
        assertThat(archived.archiveReason()).isEqualTo("too-general");
        assertThat(house.answers(found))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("terlalu umum", "Sebutkan nama jalannya."));

        var spam = house.reported("bakul", Audience.DIRECT, "jalan rusak? beli aspal murah");
        house.cases.archive(house.officer, spam.id(), "not-a-report", "", false, spam.version());
        assertThat(house.answers(spam)).isEmpty();
        assertThat(house.trail(spam)).contains("casework.archived");
    }

    @Test
    void aConfidentialReportIsNeverReferredInPublic() {
        house.routes("pungli", CaseKind.WHISTLE_BLOWING, house.tenant.works());
        var found = house.reported("wati", Audience.PUBLIC, "pungli di loket");
        house.cases.refer(house.officer, found.id(), "Silakan ke Ombudsman", found.version());
        assertThat(house.told(found)).allMatch(message -> message.audience() == Audience.DIRECT);
    }

    @Test
    void thePublicSeesThatAReportIsPutOffAndNotWhy() {
        var found = complaint();
        house.cases.postpone(house.officer, found.id(), "Pemilik lahan sakit", today.plusDays(3), found.version());
        var shown = house.cases
                .byPublicNumber(house.tenant.system(), found.publicNumber())
                .orElseThrow();
        assertThat(shown.state()).isEqualTo(CaseState.POSTPONED);
        assertThat(shown.postponedUntil()).isEqualTo(today.plusDays(3));
        assertThat(shown.timeline()).allMatch(line -> line.text() == null);
    }

    @Test
    void theDatabaseItselfKnowsWhichStateFollowsWhich() {
        var found = complaint();
        var id = found.id().value();
        assertThatThrownBy(() -> house.asSystem("update casework.case set state = 'CLOSED' where id = ?", id))
                .isInstanceOf(DataIntegrityViolationException.class);
        house.cases.close(house.officer, found.id(), "Selesai", found.version());
        assertThatThrownBy(() ->
                        house.asSystem("update casework.case set state = 'ANSWERED', outcome = null where id = ?", id))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("case_step_check");
        assertThatThrownBy(() -> house.asSystem(
                        "update casework.case set state = 'POSTPONED', outcome = null, came_from = 'RECEIVED', "
                                + "postponed_until = current_date, resumes_as = 'RECEIVED' where id = ?",
                        id))
                .hasMessageContaining("case_step_check");
        assertThatThrownBy(() -> house.asSystem("update casework.case set outcome = 'ARCHIVED' where id = ?", id))
                .hasMessageContaining("case_archive_check");
    }

    @Test
    void ofTwoOfficersOfWhomOneAnswersAndOneClosesTheSlowerIsToldAndNothingIsSentTwice() throws Exception {
        for (var round = 0; round < 5; round++) {
            var found = house.reported("warga" + round, Audience.DIRECT, "jalan rusak nomor " + round);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var outcomes = threads.invokeAll(List.<Callable<String>>of(
                        () -> refusal(() -> house.cases.answer(
                                house.liaison, found.id(), "Sudah diperbaiki.", "k", found.version())),
                        () -> refusal(() -> house.cases.close(house.officer, found.id(), "Selesai", found.version()))));
                assertThat(List.of(outcomes.get(0).get(), outcomes.get(1).get()))
                        .containsExactlyInAnyOrder("done", "casework.moved-on");
            }
            var state = house.now(found).state();
            assertThat(house.answers(found)).hasSize(state == CaseState.ANSWERED ? 1 : 0);
        }
    }

    @Test
    void anAnsweredCaseThatIsForwardedIsWaitedForAgain() {
        var found = complaint();
        house.cases.answer(house.officer, found.id(), "Kami cek.", "k", found.version());
        house.cases.forward(
                house.officer,
                found.id(),
                house.tenant.works(),
                "",
                house.now(found).version());
        assertThat(house.clock(found, ClockKind.FINISH).metAt()).isNull();
    }
}
