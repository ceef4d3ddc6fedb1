// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static id.kentongan.casework.internal.CaseworkHouse.await;
import static id.kentongan.casework.internal.CaseworkHouse.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.ClockKind;
import id.kentongan.casework.Ratings;
import id.kentongan.channel.Audience;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.DeadlineRule.Confidence;
import id.kentongan.policy.DeadlineRule.Unit;
import id.kentongan.policy.SourcedLists;
import id.kentongan.testing.WithDatabase;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataIntegrityViolationException;

/** How cases end: announced, by themselves, rated, and opened again. */
@WithDatabase
class ClosingIntegrationTests {
    @Autowired
    ApplicationContext context;

    @Autowired
    AutomaticClosing closing;

    @Autowired
    Ratings ratings;

    CaseworkHouse house;
    LocalDate today;

    @BeforeEach
    void aRegency() {
        house = new CaseworkHouse(context);
        today = LocalDate.now(house.tenant.tenant().zone());
    }

    private CaseView answered(String who, Audience audience) {
        var found = house.reported(who, audience, "jalan rusak di depan rumah " + who);
        house.cases.answer(house.officer, found.id(), "Sudah diperbaiki.", "k-" + found.id(), found.version());
        return house.now(found);
    }

    private CaseView closed(String who) {
        var found = answered(who, Audience.DIRECT);
        house.cases.close(house.officer, found.id(), "Jalan sudah baik", found.version());
        return house.now(found);
    }

    private void ago(CaseView view, String column, String interval) {
        house.asSystem(
                "update casework.case set " + column + " = " + column + " - ?::interval where id = ?",
                interval,
                view.id().value());
    }

    private static String day(LocalDate day) {
        return DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.of("id")).format(day);
    }

    // ---- by itself

    @ParameterizedTest
    @EnumSource(Unit.class)
    void anAnswerSaysWhenItClosesAndItClosesThenByTheUnitOfTheRule(Unit unit) {
        house.rules.change(
                house.tenant.system(),
                new DeadlineRule(
                        Ids.next(),
                        "case.auto-close",
                        6,
                        unit,
                        "Uji",
                        null,
                        today.minusDays(40),
                        null,
                        Confidence.PRACTICE));
        var found = answered("wati", Audience.DIRECT);
        var rule = house.rules.deadline(house.officer, "case.auto-close", today).orElseThrow();
        var answeredAt = java.util.Objects.requireNonNull(found.answeredAt());
        var announced = house.rules.dueOn(house.officer, rule, answeredAt);
        assertThat(house.answers(found))
                .singleElement()
                .satisfies(
                        text -> assertThat(text).startsWith("Sudah diperbaiki.").contains(day(announced)));
        ago(found, "answered_at", unit == Unit.HOURS ? "5 hours" : "5 days");
        closing.run();
        assertThat(house.now(found).state()).isEqualTo(CaseState.ANSWERED);
        // Three weeks are over for every unit.
        ago(found, "answered_at", "21 days");
        closing.run();
        closing.run();
        var closed = house.now(found);
        assertThat(closed.state()).isEqualTo(CaseState.CLOSED);
        assertThat(closed.outcome()).isEqualTo(CaseOutcome.UNREACTED);
        assertThat(house.events(found)).containsOnlyOnce("closed");
        assertThat(house.told(found))
                .filteredOn(message -> String.valueOf(message.text()).contains("/nilai/"))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.audience()).isEqualTo(Audience.DIRECT);
                    assertThat(message.text()).contains("Tidak ada tanggapan");
                });
    }

    @Test
    void whatWasAnnouncedHoldsAlsoWhenTheRuleIsShortenedLater() {
        var found = answered("wati", Audience.DIRECT);
        ago(found, "answered_at", "3 days");
        house.rules.change(
                house.tenant.system(),
                new DeadlineRule(
                        Ids.next(),
                        "case.auto-close",
                        1,
                        Unit.DAYS,
                        "Uji",
                        null,
                        today.minusDays(1),
                        null,
                        Confidence.PRACTICE));
        closing.run();
        assertThat(house.now(found).state()).isEqualTo(CaseState.ANSWERED);
    }

    @Test
    void anAnswerThatFillsItsNetworkIsSentWholeAndTheAnnouncementApart() {
        var found = house.reported("wati", Audience.DIRECT, "jalan rusak di depan pasar");
        var most = house
                .conversations
                .accessible(house.officer, found.conversations().getFirst())
                .orElseThrow()
                .replyTargets()
                .getFirst()
                .answering()
                .text()
                .stream()
                .mapToInt(limit -> limit.most())
                .min()
                .orElseThrow();
        var text = "a".repeat(most - 5);
        house.cases.answer(house.officer, found.id(), text, "k", found.version());
        assertThat(house.answers(found)).containsExactly(text);
        assertThat(house.told(found))
                .filteredOn(message ->
                        message.automatic() && String.valueOf(message.text()).contains("laporan ini kami tutup"))
                .hasSize(1);
    }

    // ---- rated

    @Test
    void whoeverAskedInPublicRatesByALinkThatCameInPrivateAndOpensNothingElse() {
        var found = answered("wati", Audience.PUBLIC);
        house.cases.close(house.officer, found.id(), "Jalan sudah baik", found.version());
        var secret = house.secret(found, "/nilai/");
        assertThat(house.told(found))
                .filteredOn(message -> message.audience() == Audience.PUBLIC)
                .noneMatch(message -> String.valueOf(message.text()).contains("/nilai/"));
        assertThat(house.cases.bySecret(house.tenant.id(), secret)).isEmpty();
        assertThat(refusal(() -> house.cases.add(
                        house.tenant.id(), secret, "Halo", List.of(), Ids.next().toString())))
                .isEqualTo("site.not-found");
        ratings.rate(house.tenant.id(), secret, 4, "Cepat sekali, terima kasih");
        assertThat(ratings.of(house.officer, found.id())).singleElement().satisfies(each -> {
            assertThat(each.stars()).isEqualTo(4);
            assertThat(each.word()).isEqualTo("Cepat sekali, terima kasih");
        });
        assertThat(house.trail(found)).contains("casework.rated");
        assertThat(house.events(found)).containsOnlyOnce("rated");
    }

    @Test
    void aRatingIsGivenOnceAndChangedForASetTimeOnly() {
        var found = closed("wati");
        var secret = house.secret(found, "/lacak/r/");
        ratings.rate(house.tenant.id(), secret, 2, "Lama");
        ratings.rate(house.tenant.id(), secret, 2, "Lama");
        ratings.rate(house.tenant.id(), secret, 3, "");
        assertThat(ratings.of(house.officer, found.id())).singleElement().satisfies(each -> {
            assertThat(each.stars()).isEqualTo(3);
            assertThat(each.word()).isNull();
            assertThat(each.changedAt()).isNotNull();
        });
        assertThat(house.trail(found)).containsOnlyOnce("casework.rated").containsOnlyOnce("casework.rating-changed");
        house.asSystem(
                "update casework.rating set given_at = given_at - interval '9 days' where case_id = ?",
                found.id().value());
        assertThat(refusal(() -> ratings.rate(house.tenant.id(), secret, 5, "")))
                .isEqualTo("casework.rating-final");
        assertThat(ratings.bySecret(house.tenant.id(), secret).orElseThrow().open())
                .isFalse();
    }

    @Test
    void aRatingComesInItsTimeAndOneToFiveAndOfAClosedCaseOnly() {
        var open = answered("sri", Audience.DIRECT);
        var early = house.secret(open, "/lacak/r/");
        assertThat(refusal(() -> ratings.rate(house.tenant.id(), early, 5, ""))).isEqualTo("casework.not-closed");
        var found = closed("wati");
        var secret = house.secret(found, "/nilai/");
        for (var stars : List.of(-1, 0, 6)) {
            assertThat(refusal(() -> ratings.rate(house.tenant.id(), secret, stars, "")))
                    .isEqualTo("casework.no-stars");
        }
        assertThat(refusal(() -> ratings.rate(house.tenant.id(), secret, 5, "x".repeat(1001))))
                .isEqualTo("casework.reason-too-long");
        ago(found, "closed_at", "31 days");
        assertThat(refusal(() -> ratings.rate(house.tenant.id(), secret, 5, "")))
                .isEqualTo("casework.rating-over");
        assertThat(ratings.of(house.officer, found.id())).isEmpty();
        assertThatThrownBy(() -> house.asSystem(
                        "insert into casework.rating (tenant_id, case_id, closing, stars, given_at) values (?, ?, 1, 9, now())",
                        house.tenant.id().value(),
                        found.id().value()))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aGuessedLinkRatesNothingAndAnotherRegencysNeither() {
        var found = closed("wati");
        assertThat(ratings.bySecret(house.tenant.id(), CaseBook.newSecret())).isEmpty();
        assertThat(refusal(() -> ratings.rate(house.tenant.id(), CaseBook.newSecret(), 1, "")))
                .isEqualTo("site.not-found");
        var elsewhere = new CaseworkHouse(context);
        var secret = house.secret(found, "/nilai/");
        assertThat(ratings.bySecret(elsewhere.tenant.id(), secret)).isEmpty();
        assertThat(refusal(() -> ratings.rate(elsewhere.tenant.id(), secret, 1, "")))
                .isEqualTo("site.not-found");
    }

    @Test
    void whatACitizenSaysInRatingIsForThoseWhoSeeTheCase() {
        var found = closed("wati");
        ratings.rate(house.tenant.id(), house.secret(found, "/nilai/"), 1, "Petugasnya marah-marah");
        var stranger = house.tenants.officer(house.tenant, house.tenant.registry(), false, Role.LIAISON_OFFICER);
        assertThat(ratings.of(stranger, found.id())).isEmpty();
        assertThat(ratings.of(house.liaison, found.id())).hasSize(1);
        var auditor = house.tenants.officer(house.tenant, house.tenant.office(), true, Role.AUDITOR);
        assertThat(ratings.of(auditor, found.id())).allMatch(each -> each.word() == null);
    }

    @Test
    void theNumbersOfRatingsCarryHowManyWereClosed() {
        var first = closed("wati");
        closed("sri");
        closed("budi");
        answered("tono", Audience.DIRECT);
        ratings.rate(house.tenant.id(), house.secret(first, "/nilai/"), 4, "");
        assertThat(ratings.summary(house.officer, today.minusDays(7), today))
                .singleElement()
                .satisfies(works -> {
                    assertThat(works.agency()).isEqualTo(house.tenant.works());
                    assertThat(List.of(works.closed(), works.rated(), works.stars()))
                            .containsExactly(3, 1, 4);
                    assertThat(works.average()).isEqualTo(4.0);
                });
        var head = house.tenants.officer(house.tenant, house.tenant.registry(), false, Role.HEAD);
        assertThat(ratings.summary(head, today.minusDays(7), today)).isEmpty();
    }

    // ---- opened again

    @Test
    void theCitizensReopeningReachesTheAgencyThatHadItAndStartsTheClocksOfTheRule() {
        var lists = context.getBean(SourcedLists.class);
        lists.all(house.tenant.system()).stream()
                .filter(each -> each.list().equals("case.reopened-restarts")
                        && each.code().equals("first-follow-up"))
                .forEach(each -> lists.end(house.tenant.system(), each.id(), today.minusDays(1)));
        var found = closed("wati");
        var secret = house.secret(found, "/lacak/r/");
        assertThat(house.cases.bySecret(house.tenant.id(), secret).orElseThrow().mayReopen())
                .isTrue();
        house.cases.add(house.tenant.id(), secret, "Sudah amblas lagi", List.of(), "form:" + Ids.next());
        var again = await(() ->
                house.cases.accessible(house.liaison, found.id()).filter(each -> each.state() == CaseState.FORWARDED));
        assertThat(again.agency()).isEqualTo(house.tenant.works());
        assertThat(again.outcome()).isNull();
        assertThat(house.clock(found, ClockKind.FINISH).metAt()).isNull();
        assertThat(house.clock(found, ClockKind.FIRST_FOLLOW_UP).metAt()).isNotNull();
        // Rated again once it is closed again.
        ratings.bySecret(house.tenant.id(), secret)
                .ifPresent(each -> assertThat(each.open()).isFalse());
    }

    @Test
    void afterTheDaysOfTheRuleTheLinkOpensNothingAgain() {
        var found = closed("wati");
        var secret = house.secret(found, "/lacak/r/");
        ago(found, "closed_at", "31 days");
        assertThat(house.cases.bySecret(house.tenant.id(), secret).orElseThrow().mayReopen())
                .isFalse();
    }

    @Test
    void aCaseOfAnAgencyThatWasClosedMeanwhileIsOpenedWithTheCoordinators() {
        var agencies = context.getBean(Agencies.class);
        var gone = agencies.save(
                house.tenant.system(),
                new Agency(AgencyId.next(), null, "lama", "Dinas Lama", "Dinas Lama", "apa saja", true));
        house.routes("sumur", CaseKind.COMPLAINT, gone.id());
        var found = house.reported("wati", Audience.DIRECT, "sumur kering");
        house.cases.close(house.officer, found.id(), "Selesai", found.version());
        house.asSystem(
                "update casework.routing_rule set effective_to = '2020-01-02' where agency_id = ?",
                gone.id().value());
        agencies.save(
                house.tenant.system(),
                new Agency(gone.id(), null, "lama", "Dinas Lama", "Dinas Lama", "apa saja", false));
        house.cases.reopen(house.officer, found.id(), "Masih kering");
        var again = house.now(found);
        assertThat(again.state()).isEqualTo(CaseState.RECEIVED);
        assertThat(again.agency()).isNull();
    }

    @Test
    void whoeverWaitsIsToldWhenAnOfficerOpensTheirCaseAgain() {
        var found = closed("wati");
        house.cases.reopen(house.officer, found.id(), "Diperiksa lagi");
        assertThat(house.told(found))
                .filteredOn(message -> String.valueOf(message.text()).contains("kami buka kembali"))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains(found.publicNumber(), "Dinas PUPR"));
    }

    @Test
    void whoeverAskedByTheFormIsToldOfTheClosingOnTheTrackingPage() {
        var found = house.reportedByForm("Jalan rusak sekali", Map.of("kind", "complaint"));
        house.cases.close(house.officer, found.id(), "Selesai", found.version());
        assertThat(house.told(found))
                .filteredOn(message -> String.valueOf(message.text()).contains("kami tutup"))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).doesNotContain("/nilai/"));
    }
}
