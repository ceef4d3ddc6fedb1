// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRules;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The imaginary regency as a newcomer finds it: large enough, alive at office hours, and neither a disaster nor a dream. */
@WithDatabase
@TestPropertySource(properties = "kentongan.demo=true")
@DirtiesContext
class DemonstrationIntegrationTests {
    @Autowired
    DemonstrationTenant demonstration;

    @Autowired
    Tenants tenants;

    @Autowired
    Agencies agencies;

    @Autowired
    Officers officers;

    @Autowired
    Rules rules;

    @Autowired
    RoutingRules routing;

    @Autowired
    Regions regions;

    @Autowired
    Conversations conversations;

    @Autowired
    Cases cases;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    Actor system;
    OfficeHours office;

    @BeforeEach
    void theMonthIsTold() throws InterruptedException {
        assertThat(demonstration.isTold(Duration.ofMinutes(10))).isTrue();
        var tenant = tenants.all().getFirst();
        assertThat(tenant.demonstration()).isTrue();
        system = Actor.system(tenant.id(), "test");
        office = new OfficeHours(rules.calendar(system));
    }

    @Test
    void thereAreAgenciesOfficersInEveryRolePlacesAndRules() {
        assertThat(agencies.all(system)).hasSizeGreaterThanOrEqualTo(12);
        var roles = officers.all(system).stream()
                .flatMap(officer -> officer.roles().stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(roles).containsOnlyKeys(Role.values());
        assertThat(roles.get(Role.LIAISON_OFFICER)).isGreaterThanOrEqualTo(12);
        var districts = regions.districts(system);
        assertThat(districts).hasSizeGreaterThanOrEqualTo(8);
        var villages = districts.stream().flatMap(d -> d.villages().stream()).toList();
        assertThat(villages).hasSizeGreaterThanOrEqualTo(32);
        assertThat(villages.stream().map(Regions.Village::name)).doesNotHaveDuplicates();
        assertThat(villages.stream().map(v -> v.latitude() + "," + v.longitude()))
                .doesNotHaveDuplicates();
        assertThat(routing.all(system)).hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void aMonthOfMessagesAndCasesIsSpreadOverKindsAgenciesAndDistricts() {
        var incoming = count("select count(*) from inbox.message where direction = 'IN'");
        var all = everyCase();
        System.out.println("demonstration: " + incoming + " citizens' messages, " + all.size() + " cases");
        assertThat(incoming).isGreaterThanOrEqualTo(1_000);
        assertThat(all).hasSizeBetween(300, 900);
        var kinds = all.stream().collect(Collectors.groupingBy(CaseRow::kind, Collectors.counting()));
        System.out.println("demonstration: " + kinds);
        assertThat(kinds)
                .containsOnlyKeys(CaseKind.values())
                .allSatisfy((kind, n) -> assertThat(n).as(kind.code()).isGreaterThanOrEqualTo(5));
        var byAgency = all.stream()
                .filter(row -> row.agency() != null)
                .collect(Collectors.groupingBy(CaseRow::agency, Collectors.counting()));
        assertThat(byAgency).hasSizeGreaterThanOrEqualTo(12);
        assertThat(byAgency.values()).allSatisfy(n -> assertThat(n).isBetween(4L, all.size() / 3L));
        assertThat(count("select count(distinct district) from casework.case")).isGreaterThanOrEqualTo(8);
        assertThat(all.stream().filter(CaseRow::anonymous).count()).isBetween(5L, all.size() / 4L);
        assertThat(all.stream().filter(CaseRow::confidential).count()).isBetween(5L, all.size() / 6L);
    }

    @Test
    void mostIsAnsweredSomeLateSomeWaitsAndSomeIsOverdue() {
        var today = office.calendar().dayOf(clock.instant());
        var numbers = cases.performance(system, today.minusDays(28), today.minusDays(1));
        System.out.println("demonstration: asked " + numbers.asked() + ", answered " + numbers.answered() + ", waiting "
                + numbers.waiting() + ", overdue " + numbers.overdue());
        var asked = (double) numbers.asked();
        assertThat(numbers.answered() / asked).isBetween(0.70, 0.93);
        assertThat(numbers.waiting() / asked).isBetween(0.02, 0.20);
        assertThat(numbers.overdue() / asked).isBetween(0.02, 0.14);
        assertThat(numbers.weeks())
                .hasSize(4)
                .allSatisfy(week -> assertThat(week.asked() / asked).isBetween(0.14, 0.38));
        var late = Math.toIntExact(answers().stream()
                .filter(each -> office.calendar()
                                .workingDaysBetween(
                                        office.calendar().dayOf(each.opened()),
                                        office.calendar().dayOf(each.answered()))
                        > 5)
                .count());
        System.out.println("demonstration: " + late + " of " + answers().size() + " answers came late");
        assertThat((double) late / answers().size()).isBetween(0.02, 0.22);
    }

    @Test
    void officersAnswerInOfficeHoursAndCitizensWriteWheneverTheyWish() {
        var written = transactions.read(
                system, () -> jdbc.sql("""
                        select at from inbox.message where direction = 'OUT' and not automatic
                        """).query(Instant.class).list());
        assertThat(written)
                .hasSizeGreaterThan(300)
                .allSatisfy(at ->
                        assertThat(office.open(at)).as("an officer at " + at).isTrue());
        var asked = transactions.read(
                system,
                () -> jdbc.sql("select at from inbox.message where direction = 'IN'")
                        .query(Instant.class)
                        .list());
        var now = clock.instant();
        assertThat(asked).allSatisfy(at -> assertThat(at).isBetween(now.minus(Duration.ofDays(31)), now));
        var zone = office.calendar().zone();
        var atNight = asked.stream().filter(at -> at.atZone(zone).getHour() < 5).count();
        assertThat((double) atNight / asked.size()).isBetween(0.003, 0.10);
        var onDaysOff = asked.stream()
                .filter(at -> !office.calendar().isWorkingDay(at.atZone(zone).toLocalDate()))
                .count();
        assertThat((double) onDaysOff / asked.size()).isBetween(0.08, 0.30);
    }

    @Test
    void aReceiptComesWithinMinutesOfTheFirstWords() {
        var waited = transactions.read(
                system, () -> jdbc.sql("""
                        select extract(epoch from min(m.at) - min(c.opened_at))
                        from casework.case c
                        join casework.case_conversation l on l.tenant_id = c.tenant_id and l.case_id = c.id
                        join inbox.message m on m.tenant_id = l.tenant_id and m.conversation_id = l.conversation_id
                        where m.automatic
                        group by c.id
                        """).query(Double.class).list());
        assertThat(waited)
                .hasSizeGreaterThan(250)
                .allSatisfy(seconds -> assertThat(seconds).isBetween(0.0, 700.0));
    }

    @Test
    void nobodyRepeatsAnybodyByTheDozen() {
        var texts = everyWord();
        var counts = texts.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(counts.entrySet().stream()
                        .filter(each -> each.getValue() > 6)
                        .map(Map.Entry::getKey)
                        .toList())
                .isEmpty();
        assertThat((double) counts.size() / texts.size()).isGreaterThan(0.9);
        assertThat(texts)
                .allSatisfy(text -> assertThat(text).doesNotContain("{").doesNotContain("}"));
        assertThat(everyCase().stream().map(CaseRow::title).distinct().count())
                .isGreaterThan(everyCase().size() * 9L / 10);
        for (var manner : List.of(
                "(?i)nyuwun|pripun|dereng|banyu|dalan|mboten|wis",
                "(?i)punten|hatur nuhun|teu",
                "(?i)makasih|terima kasih|matur nuwun",
                "(?i)pinjaman cair|slot gacor|pengikut aktif",
                "!!|\\?!|\\?\\?")) {
            assertThat(texts.stream()
                            .filter(text -> java.util.regex.Pattern.compile(manner)
                                    .matcher(text)
                                    .find()))
                    .as(manner)
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void everyImaginaryPersonHasAnAddressNobodyCanHave() {
        for (var n = 0; n < 500; n++) {
            var handle = Sukamaju.handle(Sukamaju.person(new java.util.Random(n)), n);
            assertThat(handle).matches("@[a-z0-9_.]+@[a-z]+\\.example");
        }
        assertThat(Sukamaju.OFFICERS).allSatisfy(each -> assertThat(each.mail()).endsWith("@sukamaju.example"));
        assertThat(Sukamaju.COLLEAGUES)
                .allSatisfy(each -> assertThat(each.mail()).endsWith("@sukamaju.example"));
    }

    private record Answered(Instant opened, Instant answered) {}

    private List<Answered> answers() {
        return transactions.read(
                system,
                () -> jdbc.sql("select opened_at, first_answer_at from casework.case where first_answer_at is not null")
                        .query((row, n) -> new Answered(
                                row.getTimestamp(1).toInstant(),
                                row.getTimestamp(2).toInstant()))
                        .list());
    }

    private List<CaseRow> everyCase() {
        var all = new ArrayList<CaseRow>();
        String after = null;
        do {
            var page = cases.list(system, new CaseFilter(null, null, null, false, false), after, 200);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    private List<String> everyWord() {
        var ids = transactions.read(
                system,
                () -> jdbc.sql("select id from inbox.message where direction = 'IN'")
                        .query((row, n) -> new MessageId(row.getObject(1, UUID.class)))
                        .list());
        return conversations.contents(system, ids).stream()
                .map(Conversations.MessageContent::text)
                .toList();
    }

    private int count(String sql) {
        return transactions.read(
                system, () -> jdbc.sql(sql).query(Integer.class).single());
    }
}
