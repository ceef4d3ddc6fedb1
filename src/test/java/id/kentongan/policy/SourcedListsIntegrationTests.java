// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Trail;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.LocalizedText;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule.Confidence;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.LocalDate;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class SourcedListsIntegrationTests {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    @Autowired
    SourcedLists lists;

    @Autowired
    Rules rules;

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
    void aRegencyWithTheShippedLists() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
    }

    private ListEntry entry(String code, LocalDate from) {
        return new ListEntry(
                Ids.next(),
                "case.archive-reason",
                code,
                10,
                LocalizedText.indonesian("Alasan rekaan"),
                "Peraturan Bupati rekaan 1/2027",
                null,
                from,
                null,
                Confidence.PUBLISHED);
    }

    @Test
    void everyShippedEntryHasItsSourceInBothLanguages() {
        assertThat(lists.all(administrator))
                .isNotEmpty()
                .allMatch(each -> !each.source().isBlank())
                .allMatch(each -> !each.title().in(Locale.ENGLISH).isBlank());
        assertThat(lists.codes(administrator, "case.postponed-runs-on", DAY))
                .containsExactlyInAnyOrder("verify", "first-follow-up", "finish");
    }

    @Test
    void anEntryHoldsFromItsDayToItsLastAndIsInTheTrail() {
        var added = lists.add(administrator, entry("rekaan", LocalDate.of(2027, 1, 1)));
        assertThat(lists.codes(administrator, "case.archive-reason", LocalDate.of(2026, 12, 31)))
                .doesNotContain("rekaan");
        lists.end(administrator, added.id(), LocalDate.of(2027, 3, 31));
        assertThat(lists.codes(administrator, "case.archive-reason", LocalDate.of(2027, 3, 31)))
                .contains("rekaan");
        assertThat(lists.codes(administrator, "case.archive-reason", LocalDate.of(2027, 4, 1)))
                .doesNotContain("rekaan");
        assertThat(trail.latest(tenant.system(), null, 20).items())
                .extracting(line -> line.entry().verb())
                .contains("policy.entry-added", "policy.entry-ended");
    }

    @Test
    void theSameCodeNeverHoldsTwiceAndComesBackOnlyAfterItsEnd() {
        var added = lists.add(administrator, entry("rekaan", LocalDate.of(2027, 1, 1)));
        assertThatThrownBy(() -> lists.add(administrator, entry("rekaan", LocalDate.of(2027, 6, 1))))
                .isInstanceOf(RefusalException.class)
                .hasMessage("policy.entry-exists");
        lists.end(administrator, added.id(), LocalDate.of(2027, 3, 31));
        lists.add(administrator, entry("rekaan", LocalDate.of(2027, 6, 1)));
        assertThatThrownBy(() -> lists.end(administrator, added.id(), LocalDate.of(2026, 1, 1)))
                .hasMessage("policy.ends-before-it-starts");
    }

    @Test
    void onlyAnAdministratorChangesAListAndOnlyOfTheirOwnRegency() {
        var officer = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        assertThatThrownBy(() -> lists.add(officer, entry("rekaan", DAY))).hasMessage("site.not-found");
        var foreign = tenants.found();
        rules.installDefaults(foreign.system());
        var theirs = lists.all(foreign.system()).getFirst();
        assertThatThrownBy(() -> lists.end(administrator, theirs.id(), DAY)).hasMessage("site.not-found");
    }

    @Test
    void aRegencyOfAnEarlierReleaseGetsWhatItNeverHadAndNothingThatItEnded() {
        var ended = lists.on(administrator, "case.archive-reason", DAY).getFirst();
        lists.end(administrator, ended.id(), DAY);
        transactions.run(
                tenant.system(),
                // The application may not delete rules: an earlier release is played by other keys.
                () -> {
                    jdbc.sql("update policy.deadline_rule set key = 'old.remind' where key = 'case.remind'")
                            .update();
                    jdbc.sql("update policy.list_entry set list = 'old.remind' where list = 'case.remind'")
                            .update();
                });
        rules.installDefaults(tenant.system());
        rules.installDefaults(tenant.system());
        assertThat(rules.deadline(administrator, "case.remind", DAY)).isPresent();
        assertThat(lists.codes(administrator, "case.remind", DAY)).isNotEmpty();
        assertThat(lists.codes(administrator, "case.archive-reason", DAY.plusDays(1)))
                .doesNotContain(ended.code());
        assertThat(trail.latest(tenant.system(), null, 20).items())
                .filteredOn(line -> line.entry().verb().equals("policy.defaults-added"))
                .singleElement()
                .satisfies(line -> assertThat(line.entry().facts()).containsEntry("rules", "case.remind"));
        assertThat(rules.calendarVersion(administrator)).isEqualTo(1);
    }
}
