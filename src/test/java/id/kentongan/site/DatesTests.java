// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

class DatesTests {
    private static final Instant NOW = Instant.parse("2026-12-03T07:05:00Z");
    private final Dates dates = new Dates(Clock.fixed(NOW, ZoneId.of("UTC")), () -> ZoneId.of("Asia/Jakarta"));
    private final Numbers numbers = new Numbers();

    @BeforeEach
    void indonesian() {
        LocaleContextHolder.setLocale(Languages.INDONESIAN);
    }

    @AfterEach
    void forget() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void aMomentIsWrittenAsAnOfficerWouldWriteIt() {
        assertThat(dates.full(NOW)).isEqualTo("Kamis, 3 Desember 2026 pukul 14.05 WIB");
        assertThat(dates.near(NOW)).isEqualTo("hari ini pukul 14.05 WIB");
        assertThat(dates.near(NOW.minus(Duration.ofDays(1)))).isEqualTo("kemarin pukul 14.05 WIB");
        assertThat(dates.full(NOW, ZoneId.of("Asia/Jayapura"), Languages.INDONESIAN))
                .isEqualTo("Kamis, 3 Desember 2026 pukul 16.05 WIT");
        assertThat(dates.full(NOW, ZoneId.of("Asia/Makassar"), Languages.ENGLISH))
                .isEqualTo("Thursday, 3 December 2026 at 15:05 WITA");
    }

    @Test
    void timePassedIsShortInLists() {
        assertThat(dates.ago(NOW.minusSeconds(20))).isEqualTo("baru");
        assertThat(dates.ago(NOW.minus(Duration.ofMinutes(4)))).isEqualTo("4 mnt");
        assertThat(dates.ago(NOW.minus(Duration.ofHours(2)))).isEqualTo("2 jam");
        assertThat(dates.ago(NOW.minus(Duration.ofHours(20)))).isEqualTo("kemarin");
        assertThat(dates.ago(NOW.minus(Duration.ofDays(10)))).isEqualTo("23 Nov");
    }

    @Test
    void spansAndPeriodsAreInWords() {
        assertThat(dates.workingDays(2)).isEqualTo("2 hari kerja");
        assertThat(dates.span(Duration.ofMinutes(18))).isEqualTo("18 menit");
        assertThat(dates.period(LocalDate.of(2026, 10, 27), LocalDate.of(2026, 11, 23)))
                .isEqualTo("27 Oktober–23 November 2026");
        assertThat(dates.shortPeriod(LocalDate.of(2026, 11, 3), LocalDate.of(2026, 11, 9)))
                .isEqualTo("3–9 Nov");
    }

    @Test
    void numbersAreGroupedAsEachLanguageDoes() {
        assertThat(numbers.whole(1284)).isEqualTo("1.284");
        assertThat(numbers.percent(1137, 1284)).isEqualTo("88,6\u00A0%");
        assertThat(numbers.percent(0, 0)).isEqualTo("–");
        assertThat(numbers.bytes(2_100_000)).isEqualTo("2,1\u00A0MB");
        LocaleContextHolder.setLocale(Languages.ENGLISH);
        assertThat(numbers.whole(1284)).isEqualTo("1,284");
        assertThat(dates.workingDays(1)).isEqualTo("1 working day");
    }
}
