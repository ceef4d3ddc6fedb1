// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.PublicCase;
import id.kentongan.casework.TimelineLine;
import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import id.kentongan.site.Dates;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.ReloadableResourceBundleMessageSource;

/** Where a case stands, in one sentence a citizen can act on. */
class TrackedTests {
    private static final Instant NOW = Instant.parse("2026-11-24T07:05:00Z");
    private static final Locale INDONESIAN = Locale.of("id");
    private static final AgencyId WORKS = AgencyId.next();
    private final Dates dates = new Dates(Clock.fixed(NOW, ZoneId.of("UTC")), () -> ZoneId.of("Asia/Jakarta"));
    private final ReloadableResourceBundleMessageSource messages = new ReloadableResourceBundleMessageSource();

    @BeforeEach
    void indonesian() {
        LocaleContextHolder.setLocale(INDONESIAN);
        messages.setBasename("classpath:messages/portal");
        messages.setDefaultEncoding("UTF-8");
        messages.setFallbackToSystemLocale(false);
    }

    @AfterEach
    void forget() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void whoWillAnswerAndByWhen() {
        var tracked = tracked(CaseState.FORWARDED, LocalDate.of(2026, 11, 26), false);
        assertThat(tracked.sentence()).isEqualTo("Dinas PUPR akan menjawab paling lambat Kamis, 26 November 2026.");
        assertThat(tracked.tone()).isEqualTo("waiting");
        assertThat(tracked.timeline().getFirst().state()).isEqualTo("next");
        assertThat(tracked.timeline().getFirst().when()).isEqualTo("paling lambat Kamis, 26 November 2026");
    }

    @Test
    void whatIsLateSaysSoAndAsksPardon() {
        var tracked = tracked(CaseState.FORWARDED, LocalDate.of(2026, 11, 20), true);
        assertThat(tracked.sentence()).contains("seharusnya menjawab").contains("Kami mohon maaf");
        assertThat(tracked.tone()).isEqualTo("late");
        assertThat(tracked.timeline().getFirst().when()).startsWith("seharusnya");
    }

    @Test
    void whatIsAnsweredIsNotLateAnyMore() {
        var tracked = tracked(CaseState.ANSWERED, LocalDate.of(2026, 11, 20), true);
        assertThat(tracked.sentence()).isEqualTo("Dinas PUPR sudah menjawab laporan ini.");
        assertThat(tracked.tone()).isEqualTo("done");
        assertThat(tracked.timeline()).noneMatch(item -> item.state().equals("next"));
    }

    @Test
    void theNewestStandsFirstAndWhatHasNoWordsIsLeftOut() {
        var tracked = tracked(CaseState.CLOSED, null, false);
        assertThat(tracked.timeline().stream().map(Tracked.Item::what))
                .containsExactly("Diteruskan ke Dinas PUPR", "Laporan diterima");
        assertThat(tracked.timeline().getFirst().state()).isEqualTo("now");
        assertThat(tracked.sentence()).isEqualTo("Laporan ini sudah ditutup.");
    }

    @Test
    void withoutAnAgencyItIsTheOfficers() {
        var found = new PublicCase(
                "KTG-2026-000001",
                CaseKind.ASPIRATION,
                CaseState.RECEIVED,
                null,
                NOW,
                null,
                null,
                LocalDate.of(2026, 11, 27),
                false,
                LocalDate.of(2026, 11, 27),
                false,
                List.of());
        assertThat(Tracked.of(found, List.of(), messages, dates, INDONESIAN).sentence())
                .isEqualTo("Petugas memeriksa laporan ini paling lambat Jumat, 27 November 2026.");
    }

    private String sentence(
            CaseState state, @Nullable String agency, boolean overdue, @Nullable LocalDate promised, boolean late) {
        var found = new PublicCase(
                "KTG-2026-000001",
                CaseKind.COMPLAINT,
                state,
                agency,
                NOW,
                null,
                null,
                LocalDate.of(2026, 11, 24),
                overdue,
                promised,
                late,
                List.of());
        return Tracked.of(found, List.of(), messages, dates, INDONESIAN).sentence();
    }

    @Test
    void whenOnlyOurOwnCheckIsLateNoAgencyIsCalledLate() {
        var promised = LocalDate.of(2026, 11, 26);
        assertThat(sentence(CaseState.RECEIVED, "Dinas PUPR", true, promised, false))
                .isEqualTo(
                        "Pemeriksaan laporan ini terlambat; seharusnya selesai paling lambat Selasa, 24 November 2026."
                                + " Kami mohon maaf. Batas waktu jawaban tetap Kamis, 26 November 2026.");
        assertThat(sentence(CaseState.RECEIVED, null, true, null, false))
                .isEqualTo(
                        "Pemeriksaan laporan ini terlambat; seharusnya selesai paling lambat Selasa, 24 November 2026."
                                + " Kami mohon maaf.");
    }

    @Test
    void whatWasPromisedIsLateOnItsOwnDayAndNotOnTheDayOfTheCheck() {
        assertThat(sentence(CaseState.RECEIVED, "Dinas PUPR", true, LocalDate.of(2026, 11, 26), true))
                .startsWith("Dinas PUPR seharusnya menjawab paling lambat Kamis, 26 November 2026.");
    }

    @Test
    void theOfficersBeginASentenceInCapitalsAndStandSmallInsideOne() {
        var open = ofNoAgency(CaseState.FORWARDED, null, false);
        assertThat(open.sentence()).isEqualTo("Laporan ini sedang ditangani petugas kami.");
        assertThat(ofNoAgency(CaseState.ANSWERED, null, false).sentence())
                .isEqualTo("Petugas kami sudah menjawab laporan ini.");
        assertThat(ofNoAgency(CaseState.FORWARDED, LocalDate.of(2026, 11, 20), true)
                        .sentence())
                .isEqualTo("Petugas kami seharusnya menjawab paling lambat Jumat, 20 November 2026."
                        + " Kami mohon maaf atas keterlambatan ini.");
    }

    @Test
    void whatIsPutOffNamesItsDayAndWhatIsNotOursSaysSo() {
        var postponed = new PublicCase(
                "KTG-2026-000001",
                CaseKind.COMPLAINT,
                CaseState.POSTPONED,
                "Dinas PUPR",
                NOW,
                null,
                LocalDate.of(2026, 12, 3),
                LocalDate.of(2026, 11, 27),
                false,
                LocalDate.of(2026, 11, 27),
                false,
                List.of());
        var shown = Tracked.of(postponed, List.of(), messages, dates, INDONESIAN);
        assertThat(shown.sentence())
                .isEqualTo("Laporan ini ditunda sampai Kamis, 3 Desember 2026, lalu kami lanjutkan.");
        assertThat(shown.tone()).isEqualTo("waiting");
        var notOurs = new PublicCase(
                "KTG-2026-000001",
                CaseKind.COMPLAINT,
                CaseState.CLOSED,
                null,
                NOW,
                CaseOutcome.NOT_OURS,
                null,
                null,
                false,
                null,
                false,
                List.of());
        assertThat(Tracked.of(notOurs, List.of(), messages, dates, INDONESIAN).state())
                .isEqualTo("Bukan wewenang kami");
    }

    private Tracked ofNoAgency(CaseState state, @Nullable LocalDate due, boolean overdue) {
        var found = new PublicCase(
                "KTG-2026-000001",
                CaseKind.INFORMATION_REQUEST,
                state,
                null,
                NOW,
                null,
                null,
                due,
                overdue,
                due,
                overdue,
                List.of());
        return Tracked.of(found, List.of(), messages, dates, INDONESIAN);
    }

    private Tracked tracked(CaseState state, @Nullable LocalDate due, boolean overdue) {
        var lines = List.of(
                new TimelineLine(NOW.minusSeconds(9_000), "received", null, null, null, null, true),
                new TimelineLine(NOW.minusSeconds(7_000), "handed", null, null, WORKS, null, true),
                new TimelineLine(NOW.minusSeconds(5_000), "something-new", null, null, null, null, true));
        var found = new PublicCase(
                "KTG-2026-000001",
                CaseKind.COMPLAINT,
                state,
                "Dinas PUPR",
                NOW.minusSeconds(9_000),
                state == CaseState.CLOSED ? CaseOutcome.SETTLED : null,
                null,
                due,
                overdue,
                due,
                overdue,
                lines);
        var agency = new Agency(WORKS, null, "dpupr", "Dinas Pekerjaan Umum", "Dinas PUPR", "jalan", true);
        return Objects.requireNonNull(Tracked.of(found, List.of(agency), messages, dates, INDONESIAN));
    }
}
