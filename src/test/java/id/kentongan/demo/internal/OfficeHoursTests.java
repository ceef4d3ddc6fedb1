// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.kernel.WorkCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OfficeHoursTests {
    private static final ZoneId WIB = ZoneId.of("Asia/Jakarta");
    private final OfficeHours office =
            new OfficeHours(new WorkCalendar(WIB, Set.of(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25))));

    @Test
    void workGoesOnTheNextMorningAndNotAtTheWeekend() {
        // A Friday at half past three, an hour of work: half of it on Monday.
        assertThat(office.after(at("2026-11-20T15:30"), Duration.ofHours(1))).isEqualTo(at("2026-11-23T08:00"));
        assertThat(office.after(at("2026-11-21T23:00"), Duration.ofMinutes(10))).isEqualTo(at("2026-11-23T07:40"));
        assertThat(office.after(at("2026-11-23T09:00"), Duration.ofMinutes(45))).isEqualTo(at("2026-11-23T09:45"));
    }

    @Test
    void nobodyWorksOnHolidaysAndCollectiveLeave() {
        assertThat(office.after(at("2026-12-23T15:59"), Duration.ofMinutes(2))).isEqualTo(at("2026-12-28T07:31"));
        assertThat(office.open(at("2026-12-24T10:00"))).isFalse();
        assertThat(office.open(at("2026-12-28T10:00"))).isTrue();
        assertThat(office.open(at("2026-12-28T16:00"))).isFalse();
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(WIB).toInstant();
    }
}
