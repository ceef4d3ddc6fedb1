// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Trail;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule.Confidence;
import id.kentongan.policy.DeadlineRule.Unit;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class RulesIntegrationTests {
    @Autowired
    Rules rules;

    @Autowired
    Invitations invitations;

    @Autowired
    TestTenants tenants;

    @Autowired
    Trail trail;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    TestTenant tenant;
    Actor administrator;

    @BeforeEach
    void aRegencyWithTheShippedRules() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
    }

    @Test
    void aNewRegencyStartsWithSourcedRulesAndDecreedHolidays() {
        var finish = rules.deadline(administrator, "complaint-supervised.finish", LocalDate.of(2026, 11, 24))
                .orElseThrow();
        assertThat(finish.amount()).isEqualTo(60);
        assertThat(finish.unit()).isEqualTo(Unit.WORKING_DAYS);
        assertThat(rules.deadlines(administrator))
                .isNotEmpty()
                .allMatch(rule -> !rule.source().isBlank());
        assertThat(rules.holidays(administrator, 2025)).hasSize(28);
        assertThat(rules.holidays(administrator, 2026)).hasSize(25);
        assertThat(rules.holidays(administrator, 2027))
                .hasSize(26)
                .allMatch(day -> day.source().startsWith("SKB Tiga Menteri Nomor "));
    }

    @Test
    void howLongAnInvitationHoldsIsTheTenantsOwnRule() {
        var before = Instant.now();
        var shipped = invitations.invite(
                administrator,
                new NewOfficer("Sri Lestari", "sri@uji.example", tenant.office(), Set.of(Role.HEAD), false));
        assertThat(shipped.until())
                .isBetween(before.plus(Duration.ofHours(72)), Instant.now().plus(Duration.ofHours(72)));
        rules.change(
                administrator,
                new DeadlineRule(
                        Ids.next(),
                        "officer.invitation",
                        24,
                        Unit.HOURS,
                        "Keputusan kepala dinas",
                        null,
                        rules.calendar(administrator).dayOf(Instant.now()),
                        null,
                        DeadlineRule.Confidence.PRACTICE));
        var shorter = invitations.invite(
                administrator,
                new NewOfficer("Joko Santoso", "joko@uji.example", tenant.office(), Set.of(Role.HEAD), false));
        assertThat(shorter.until()).isBefore(Instant.now().plus(Duration.ofHours(25)));
    }

    @Test
    void installingTheDefaultsAgainChangesNothing() {
        rules.installDefaults(tenant.system());
        assertThat(rules.calendarVersion(administrator)).isEqualTo(1);
    }

    @Test
    void aChangedRuleHoldsFromItsDayAndTheOldOneUntilTheDayBefore() {
        rules.change(administrator, rule("complaint.finish", 10, LocalDate.of(2027, 1, 1)));
        assertThat(rules.deadline(administrator, "complaint.finish", LocalDate.of(2026, 12, 31)))
                .hasValueSatisfying(rule -> {
                    assertThat(rule.amount()).isEqualTo(14);
                    assertThat(rule.effectiveTo()).isEqualTo("2026-12-31");
                });
        assertThat(rules.deadline(administrator, "complaint.finish", LocalDate.of(2027, 1, 1)))
                .hasValueSatisfying(rule -> assertThat(rule.amount()).isEqualTo(10));
        assertThat(trail.latest(tenant.system(), null, 50).items())
                .anyMatch(line -> line.entry().verb().equals("policy.deadline-changed"));
    }

    @Test
    void aRuleIsNeverSlippedInBeforeALaterOne() {
        rules.change(administrator, rule("complaint.finish", 10, LocalDate.of(2027, 1, 1)));
        assertThatThrownBy(() -> rules.change(administrator, rule("complaint.finish", 7, LocalDate.of(2026, 6, 1))))
                .isInstanceOf(RefusalException.class)
                .hasMessage("policy.rule-exists");
    }

    @Test
    void theDatabaseItselfRefusesTwoRulesOnOneDay() {
        assertThatThrownBy(() -> transactions.run(
                        tenant.system(),
                        () -> jdbc.sql("""
                                insert into policy.deadline_rule
                                    (tenant_id, id, key, amount, unit, source, effective_from, confidence, changed_at)
                                values (?, ?, 'complaint.finish', 1, 'DAYS', 'uji', '2026-05-05', 'PRACTICE', now())
                                """)
                                .params(tenant.id().value(), Ids.next())
                                .update()))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void ofManyAdministratorsWhoChangeOneRuleAtOnceOneSucceeds() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(number -> () -> {
                        try {
                            rules.change(administrator, rule("complaint.finish", 20, LocalDate.of(2027, 3, 1)));
                            return true;
                        } catch (RefusalException | DataIntegrityViolationException slower) {
                            return false;
                        }
                    })
                    .toList());
            var succeeded = 0;
            for (var outcome : outcomes) {
                succeeded += outcome.get() ? 1 : 0;
            }
            assertThat(succeeded).isEqualTo(1);
        }
        assertThat(rules.deadlines(administrator))
                .filteredOn(rule -> rule.key().equals("complaint.finish"))
                .hasSize(2);
    }

    @Test
    void aHolidayAddedInMidYearIsHeardAtOnceAndCanBeTakenBack() {
        var monday = LocalDate.of(2026, 11, 30);
        var start = Instant.parse("2026-11-27T05:00:00Z");
        var rule = rules.deadline(administrator, "complaint.verify", LocalDate.of(2026, 11, 27))
                .orElseThrow();
        assertThat(rules.dueOn(administrator, rule, start)).isEqualTo("2026-12-02");
        rules.addHoliday(administrator, monday, Holiday.Kind.LOCAL, "Pemilihan kepala desa", "Keputusan Bupati 1/2026");
        assertThat(rules.calendarVersion(administrator)).isEqualTo(2);
        assertThat(rules.dueOn(administrator, rule, start)).isEqualTo("2026-12-03");
        assertThatThrownBy(() -> rules.addHoliday(administrator, monday, Holiday.Kind.LOCAL, "Lagi", "Lagi"))
                .isInstanceOf(RefusalException.class)
                .hasMessage("policy.holiday-exists");
        rules.withdrawHoliday(administrator, monday, "ditunda");
        assertThat(rules.dueOn(administrator, rule, start)).isEqualTo("2026-12-02");
        assertThat(rules.calendarVersion(administrator)).isEqualTo(3);
    }

    @Test
    void whatATransactionTakesBackIsNeverRemembered() {
        var holiday = LocalDate.of(2026, 12, 2);
        assertThatThrownBy(() -> transactions.run(administrator, () -> {
                    rules.addHoliday(administrator, holiday, Holiday.Kind.LOCAL, "Rekaan", "Rekaan");
                    assertThat(rules.calendar(administrator).isWorkingDay(holiday))
                            .isFalse();
                    throw new IllegalStateException("taken back");
                }))
                .hasMessage("taken back");
        assertThat(rules.calendar(administrator).isWorkingDay(holiday)).isTrue();
    }

    @Test
    void daysAndHoursRunOnOverWeekends() {
        var friday = Instant.parse("2026-11-27T05:00:00Z");
        assertThat(rules.due(administrator, rule("x.days", 3, Unit.DAYS), friday))
                .isEqualTo(Instant.parse("2026-11-30T17:00:00Z"));
        assertThat(rules.due(administrator, rule("x.hours", 72, Unit.HOURS), friday))
                .isEqualTo(Instant.parse("2026-11-30T05:00:00Z"));
    }

    @Test
    void nobodyButAnAdministratorChangesRulesAndAnotherRegencyKeepsItsOwn() {
        var officer = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        assertThatThrownBy(() -> rules.change(officer, rule("complaint.finish", 1, LocalDate.of(2027, 1, 1))))
                .isInstanceOf(RefusalException.class);
        assertThatThrownBy(() ->
                        rules.addHoliday(officer, LocalDate.of(2027, 1, 4), Holiday.Kind.LOCAL, "Rekaan", "Rekaan"))
                .isInstanceOf(RefusalException.class);
        var other = tenants.found();
        rules.installDefaults(other.system());
        rules.change(administrator, rule("complaint.finish", 10, LocalDate.of(2027, 1, 1)));
        assertThat(rules.deadline(other.system(), "complaint.finish", LocalDate.of(2027, 1, 1)))
                .hasValueSatisfying(rule -> assertThat(rule.amount()).isEqualTo(14));
    }

    private static DeadlineRule rule(String key, int amount, LocalDate from) {
        return new DeadlineRule(
                Ids.next(), key, amount, Unit.WORKING_DAYS, "Uji coba", null, from, null, Confidence.PRACTICE);
    }

    private static DeadlineRule rule(String key, int amount, Unit unit) {
        return new DeadlineRule(
                Ids.next(), key, amount, unit, "Uji coba", null, LocalDate.of(2026, 1, 1), null, Confidence.PRACTICE);
    }
}
