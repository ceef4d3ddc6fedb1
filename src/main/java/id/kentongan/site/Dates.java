// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.context.i18n.LocaleContextHolder;

/**
 * Dates and times as people read them, in the tenant's zone and the reader's language. In templates
 * {@code @dates}. The methods that take a zone and a locale serve texts written outside a request: receipts,
 * mail, posts.
 */
public class Dates {
    private static final Map<String, String> ZONES = Map.of(
            "Asia/Jakarta", "WIB",
            "Asia/Pontianak", "WIB",
            "Asia/Makassar", "WITA",
            "Asia/Ujung_Pandang", "WITA",
            "Asia/Jayapura", "WIT");

    private final Clock clock;
    private final Supplier<ZoneId> zone;

    /** @param zone the zone of the tenant whose page is being drawn */
    public Dates(Clock clock, Supplier<ZoneId> zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /** "Kamis, 3 Desember 2026". */
    public String day(LocalDate day) {
        return day(day, locale());
    }

    public String day(Instant instant) {
        return day(instant.atZone(zone.get()).toLocalDate());
    }

    public String day(LocalDate day, Locale locale) {
        return pattern("EEEE, d MMMM yyyy", locale, day);
    }

    /** "3 Des 2026", for tables. */
    public String shortDay(LocalDate day) {
        return pattern("d MMM yyyy", locale(), day);
    }

    /** "3 Des", for the labels of a chart. */
    public String dayOfYear(LocalDate day) {
        return pattern("d MMM", locale(), day);
    }

    /** "27 Oktober–23 November 2026". */
    public String period(LocalDate from, LocalDate to) {
        var locale = locale();
        var first =
                from.getYear() == to.getYear() ? pattern("d MMMM", locale, from) : pattern("d MMMM yyyy", locale, from);
        return first + "–" + pattern("d MMMM yyyy", locale, to);
    }

    /** "27 Okt–2 Nov", for the labels of a chart. */
    public String shortPeriod(LocalDate from, LocalDate to) {
        return (from.getMonth() == to.getMonth() ? String.valueOf(from.getDayOfMonth()) : dayOfYear(from)) + "–"
                + dayOfYear(to);
    }

    /** "Kamis, 3 Desember 2026 pukul 14.05 WIB". */
    public String full(Instant instant) {
        return full(instant, zone.get(), locale());
    }

    public String full(Instant instant, ZoneId zone, Locale locale) {
        var local = instant.atZone(zone);
        return day(local.toLocalDate(), locale) + time(instant, zone, locale);
    }

    /** "hari ini pukul 14.05 WIB", "kemarin pukul 08.10 WIB", else as {@link #full}. */
    public String near(Instant instant) {
        var locale = locale();
        var day = instant.atZone(zone.get()).toLocalDate();
        var today = today();
        var time = time(instant, zone.get(), locale);
        if (day.equals(today)) {
            return (english(locale) ? "today" : "hari ini") + time;
        }
        if (day.equals(today.minusDays(1))) {
            return (english(locale) ? "yesterday" : "kemarin") + time;
        }
        return day(day, locale) + time;
    }

    /** How long ago, for lists: "4 mnt", "1 jam", "kemarin", "3 Des". */
    public String ago(Instant instant) {
        var locale = locale();
        var passed = Duration.between(instant, clock.instant());
        if (passed.toMinutes() < 1) {
            return english(locale) ? "now" : "baru";
        }
        if (passed.toMinutes() < 60) {
            return passed.toMinutes() + (english(locale) ? " min" : " mnt");
        }
        var day = instant.atZone(zone.get()).toLocalDate();
        if (day.equals(today())) {
            return passed.toHours() + (english(locale) ? " h" : " jam");
        }
        if (day.equals(today().minusDays(1))) {
            return english(locale) ? "yesterday" : "kemarin";
        }
        return day.getYear() == today().getYear() ? dayOfYear(day) : shortDay(day);
    }

    /** "2 hari kerja", "1 working day". */
    public String workingDays(int days) {
        return workingDays(days, locale());
    }

    public String workingDays(int days, Locale locale) {
        if (english(locale)) {
            return days + (days == 1 ? " working day" : " working days");
        }
        return days + " hari kerja";
    }

    /** A span for a summary: "18 menit", "3 jam", "2 hari". */
    public String span(Duration span) {
        var locale = locale();
        if (span.toMinutes() < 60) {
            var minutes = Math.max(1, span.toMinutes());
            return minutes + (english(locale) ? (minutes == 1 ? " minute" : " minutes") : " menit");
        }
        if (span.toHours() < 24) {
            var hours = span.toHours();
            return hours + (english(locale) ? (hours == 1 ? " hour" : " hours") : " jam");
        }
        var days = Math.round(span.toHours() / 24.0);
        return days + (english(locale) ? (days == 1 ? " day" : " days") : " hari");
    }

    /** For the datetime attribute of a time element. */
    public String machine(Instant instant) {
        return instant.atZone(zone.get()).toOffsetDateTime().toString();
    }

    public LocalDate today() {
        return clock.instant().atZone(zone.get()).toLocalDate();
    }

    /** WIB, WITA or WIT; elsewhere the zone's own short name. */
    public static String zoneName(ZoneId zone) {
        var known = ZONES.get(zone.getId());
        return known != null ? known : zone.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    }

    private static String time(Instant instant, ZoneId zone, Locale locale) {
        var local = instant.atZone(zone);
        return english(locale)
                ? " at " + local.format(DateTimeFormatter.ofPattern("HH:mm", Locale.UK)) + " " + zoneName(zone)
                : " pukul " + local.format(DateTimeFormatter.ofPattern("HH.mm", Locale.ROOT)) + " " + zoneName(zone);
    }

    private static String pattern(String pattern, Locale locale, LocalDate day) {
        return day.format(
                DateTimeFormatter.ofPattern(pattern, english(locale) ? Locale.UK : Locale.forLanguageTag("id-ID")));
    }

    private static boolean english(Locale locale) {
        return locale.getLanguage().equals("en");
    }

    private static Locale locale() {
        return Languages.nearest(LocaleContextHolder.getLocale());
    }
}
