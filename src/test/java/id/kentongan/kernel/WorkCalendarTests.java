// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.testing.RandomRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors follow from the joint decrees on holidays (SKB Tiga Menteri) of 2025 to 2027. */
class WorkCalendarTests {
    private static final ZoneId WIB = ZoneId.of("Asia/Jakarta");
    private static final ZoneId WITA = ZoneId.of("Asia/Makassar");
    private static final ZoneId WIT = ZoneId.of("Asia/Jayapura");
    private static final WorkCalendar DECREED = new WorkCalendar(WIB, decreedDaysOff());

    @ParameterizedTest
    @CsvSource({
        "2025-03-26, 2025-04-09, 2025-04-11, 2025-04-21, 2025-04-25, 2025-07-10",
        "2025-08-15, 2025-08-21, 2025-08-25, 2025-09-01, 2025-09-08, 2025-11-11",
        "2025-12-23, 2025-12-30, 2026-01-02, 2026-01-09, 2026-01-15, 2026-04-01",
        "2026-03-13, 2026-03-25, 2026-03-27, 2026-04-06, 2026-04-10, 2026-06-24",
        "2026-03-17, 2026-03-27, 2026-03-31, 2026-04-08, 2026-04-14, 2026-06-26",
        "2026-05-13, 2026-05-20, 2026-05-22, 2026-06-03, 2026-06-09, 2026-08-13",
        "2026-12-22, 2026-12-29, 2026-12-31, 2027-01-11, 2027-01-15, 2027-04-02",
        "2027-03-05, 2027-03-18, 2027-03-22, 2027-03-31, 2027-04-06, 2027-06-17",
    })
    void deadlinesFallOnTheDecreedWorkingDays(
            LocalDate start, LocalDate three, LocalDate five, LocalDate ten, LocalDate fourteen, LocalDate sixty) {
        assertThat(DECREED.plusWorkingDays(start, 3)).isEqualTo(three);
        assertThat(DECREED.plusWorkingDays(start, 5)).isEqualTo(five);
        assertThat(DECREED.plusWorkingDays(start, 10)).isEqualTo(ten);
        assertThat(DECREED.plusWorkingDays(start, 14)).isEqualTo(fourteen);
        assertThat(DECREED.plusWorkingDays(start, 60)).isEqualTo(sixty);
    }

    @ParameterizedTest
    @CsvSource({"2025, 237", "2026, 240", "2027, 242"})
    void aYearHasTheWorkingDaysThatTheDecreesLeave(int year, int days) {
        assertThat(DECREED.workingDaysBetween(LocalDate.of(year - 1, 12, 31), LocalDate.of(year, 12, 31)))
                .isEqualTo(days);
    }

    @Test
    void aDayAddedInMidYearMovesADeadlineAcrossIt() {
        var before = new HashSet<>(DECREED.daysOff());
        before.remove(LocalDate.of(2025, 8, 18));
        assertThat(new WorkCalendar(WIB, before).plusWorkingDays(LocalDate.of(2025, 8, 15), 3))
                .isEqualTo("2025-08-20");
        assertThat(DECREED.plusWorkingDays(LocalDate.of(2025, 8, 15), 3)).isEqualTo("2025-08-21");
    }

    @Test
    void aLocalDayEndsEarlierTheFurtherEastTheRegencyLies() {
        var day = LocalDate.of(2026, 11, 26);
        assertThat(new WorkCalendar(WIB, Set.of()).endOf(day)).isEqualTo(Instant.parse("2026-11-26T17:00:00Z"));
        assertThat(new WorkCalendar(WITA, Set.of()).endOf(day)).isEqualTo(Instant.parse("2026-11-26T16:00:00Z"));
        assertThat(new WorkCalendar(WIT, Set.of()).endOf(day)).isEqualTo(Instant.parse("2026-11-26T15:00:00Z"));
    }

    @Test
    void aMessageLateInTheEveningBelongsToTheLocalDayItWasSentOn() {
        var evening = Instant.parse("2026-11-26T16:30:00Z");
        assertThat(new WorkCalendar(WIB, Set.of()).dayOf(evening)).isEqualTo("2026-11-26");
        assertThat(new WorkCalendar(WITA, Set.of()).dayOf(evening)).isEqualTo("2026-11-27");
        assertThat(new WorkCalendar(WIT, Set.of()).dayOf(evening)).isEqualTo("2026-11-27");
    }

    @Test
    void workingDaysAreNeverCountedBackwards() {
        assertThatThrownBy(() -> DECREED.plusWorkingDays(LocalDate.of(2026, 1, 5), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("random")
    void countingToADeadlineGivesBackTheNumberItWasMadeWith() {
        RandomRuns.of("calendar: counting to a deadline and back", 300, 300_000, random -> {
            var start = day(random);
            var count = random.nextInt(121);
            assertThat(DECREED.workingDaysBetween(start, DECREED.plusWorkingDays(start, count)))
                    .isEqualTo(count);
        });
    }

    @Test
    @Tag("random")
    void aDeadlineIsAWorkingDayAndNeverBeforeItsStart() {
        RandomRuns.of("calendar: a deadline is a working day after its start", 300, 300_000, random -> {
            var start = day(random);
            var due = DECREED.plusWorkingDays(start, 1 + random.nextInt(120));
            assertThat(due).isAfter(start);
            assertThat(DECREED.isWorkingDay(due)).isTrue();
        });
    }

    @Test
    @Tag("random")
    void twoStepsLeadWhereOneLongOneDoes() {
        RandomRuns.of("calendar: two steps lead where one does", 300, 300_000, random -> {
            var start = day(random);
            var first = random.nextInt(61);
            var second = random.nextInt(61);
            assertThat(DECREED.plusWorkingDays(DECREED.plusWorkingDays(start, first), second))
                    .isEqualTo(DECREED.plusWorkingDays(start, first + second));
        });
    }

    @Test
    @Tag("random")
    void anotherDayOffNeverBringsADeadlineForward() {
        RandomRuns.of("calendar: another day off brings no deadline forward", 300, 100_000, random -> {
            var start = day(random);
            var count = random.nextInt(121);
            var more = new HashSet<>(DECREED.daysOff());
            more.add(day(random));
            assertThat(new WorkCalendar(WIB, more).plusWorkingDays(start, count))
                    .isAfterOrEqualTo(DECREED.plusWorkingDays(start, count));
        });
    }

    @Test
    @Tag("random")
    void theLastMomentOfADayStillBelongsToIt() {
        RandomRuns.of("calendar: the last moment of a day belongs to it", 200, 300_000, random -> {
            var day = day(random);
            var calendar = new WorkCalendar(List.of(WIB, WITA, WIT).get(random.nextInt(3)), Set.of());
            assertThat(calendar.dayOf(calendar.endOf(day).minusNanos(1))).isEqualTo(day);
            assertThat(calendar.dayOf(calendar.endOf(day))).isEqualTo(day.plusDays(1));
        });
    }

    /** Within the years whose decrees are known. */
    private static LocalDate day(Random random) {
        var first = LocalDate.of(2025, 1, 1);
        return first.plusDays(random.nextInt((int) ChronoUnit.DAYS.between(first, LocalDate.of(2027, 7, 1))));
    }

    private static Set<LocalDate> decreedDaysOff() {
        try (var file = WorkCalendarTests.class.getResourceAsStream("/policy/holidays.csv")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> LocalDate.parse(line.substring(0, 10)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
