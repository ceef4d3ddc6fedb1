// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.Regions.District;
import id.kentongan.casework.Regions.Village;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Turns lines into what one person writes at one place: names filled in, in the careful, hurried or loud manner people
 * have. Says nothing twice while it can say it otherwise.
 */
final class Voice {
    private static final Locale INDONESIAN = Locale.of("id");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE, d MMMM", INDONESIAN);
    private static final Pattern SLOT = Pattern.compile("\\{([a-z]+)}");
    private static final int TRIES = 40;
    private static final List<String> LONG_AGO = List.of(
            "tiga hari",
            "empat hari",
            "lima hari",
            "seminggu",
            "sepuluh hari",
            "dua minggu",
            "tiga minggu",
            "sebulan",
            "hampir dua bulan");
    private static final List<String> LATELY = List.of(
            "kemarin",
            "tadi malam",
            "tadi pagi",
            "dua hari lalu",
            "hari Minggu",
            "Senin lalu",
            "awal pekan",
            "malam Jumat",
            "pekan lalu");
    private static final List<String> DONE = List.of("kemarin", "kemarin sore", "tadi pagi", "pagi ini", "hari ini");
    private static final List<String> GREETED = List.of(
            "Halo",
            "Min",
            "Permisi",
            "Punten",
            "Assalam",
            "Pak",
            "Nuwun",
            "Oke",
            "Ok",
            "Sip",
            "Siap",
            "Baik",
            "Maaf",
            "Mohon maaf",
            "Alhamdulillah",
            "Makasih",
            "Matur",
            "PINJAMAN",
            "Jual",
            "Info",
            "Cek",
            "Numpang",
            "Mau");
    private static final List<String> NUMBERS = List.of("dua", "tiga", "empat", "lima", "tujuh");
    private static final Map<String, List<String>> SHORT = shortened();

    private final Words words;
    private final Set<String> said = new HashSet<>();

    Voice(Words words) {
        this.words = words;
    }

    /** Where a person is, and what stands there: the same through all of their conversation. */
    record Place(District district, Village village, Map<String, String> names) {}

    Place place(Random dice, District district, Village village) {
        var names = new HashMap<String, String>();
        names.put("desa", village.name());
        names.put("kec", district.name());
        names.put("jalan", any(dice, words.subject("jalan-nama").texts()));
        names.put("rt", "RT %02d RW %02d".formatted(1 + dice.nextInt(9), 1 + dice.nextInt(6)));
        names.put("lama", any(dice, LONG_AGO));
        names.put("kapan", any(dice, LATELY));
        names.put("n", any(dice, NUMBERS));
        names.put("besok", dice.nextBoolean() ? "besok" : "lusa");
        names.put("pasar", "Pasar " + village.name());
        names.put("puskesmas", "Puskesmas " + district.name());
        names.put(
                "sekolah",
                dice.nextInt(3) == 0
                        ? "SMPN " + (1 + dice.nextInt(4)) + " " + district.name()
                        : "SDN " + (1 + dice.nextInt(3)) + " " + village.name());
        names.put("patokan", fill(any(dice, words.subject("patokan").texts()), names));
        return new Place(district, village, Map.copyOf(names));
    }

    /** A citizen's first words. @param asks whether something is to be done about it */
    String opening(Random dice, Words.Line line, Place place, boolean form, boolean asks) {
        return unlike(dice, own -> {
            var text = fill(line.text(), place.names());
            var plain = line.manner().isEmpty();
            if (plain && !greets(text) && own.nextInt(100) < (form ? 12 : 34)) {
                text = any(own, words.subject("sapaan").texts()) + " " + softened(text);
            }
            if (asks && own.nextInt(100) < 40 && !line.manner().contains("marah")) {
                text = text + " " + fill(any(own, words.subject("penutup").texts()), place.names());
            }
            return everyday(own, text, form ? 18 : 45);
        });
    }

    /** What a citizen adds later. @param asks whether something is still to be done */
    String adding(Random dice, List<String> lines, Place place, boolean asks) {
        return unlike(dice, own -> {
            var text = fill(any(own, lines), place.names());
            if (!greets(text) && own.nextInt(100) < 28) {
                text = any(own, words.subject("sapaan").texts()) + " " + softened(text);
            }
            if (asks && own.nextInt(100) < 26) {
                text = text + " " + fill(any(own, words.subject("penutup").texts()), place.names());
            }
            return everyday(own, text, 40);
        });
    }

    /** What an officer writes: as it stands, with days counted from today. */
    String official(Random dice, List<String> lines, Place place, LocalDate day) {
        var names = new HashMap<>(place.names());
        names.put("besok", DAY.format(day));
        names.put("kapan", any(dice, DONE));
        return unlike(dice, own -> fill(any(own, lines), names));
    }

    private static boolean greets(String text) {
        return GREETED.stream().anyMatch(text::startsWith);
    }

    /** With dice of its own, so that how often it is tried changes nothing that comes later. */
    private String unlike(Random dice, Function<Random, String> say) {
        var own = new Random(dice.nextLong());
        var text = say.apply(own);
        for (var n = 0; n < TRIES && !said.add(text); n++) {
            text = say.apply(own);
        }
        return text;
    }

    static String fill(String line, Map<String, String> names) {
        return SLOT.matcher(line).replaceAll(slot -> {
            var value = names.get(slot.group(1));
            if (value == null) {
                throw new IllegalStateException("Nothing to fill in for " + slot.group() + " in: " + line);
            }
            return java.util.regex.Matcher.quoteReplacement(value);
        });
    }

    /** After a greeting a sentence goes on in small letters, unless it begins with a name. */
    private static String softened(String text) {
        var first = text.split("\\s", 2)[0];
        return first.equals(first.toUpperCase(Locale.ROOT)) || first.equals("Puskesmas")
                ? text
                : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /** As people type on a phone: shortened words, small letters, no full stop. */
    private static String everyday(Random dice, String text, int often) {
        var typed = text;
        if (dice.nextInt(100) < often) {
            for (var each : SHORT.entrySet()) {
                if (dice.nextInt(10) < 6) {
                    typed = typed.replaceAll("\\b" + each.getKey() + "\\b", any(dice, each.getValue()));
                }
            }
        }
        if (dice.nextInt(100) < often / 3) {
            typed = typed.toLowerCase(Locale.ROOT);
        }
        if (dice.nextInt(100) < often / 2 && typed.endsWith(".")) {
            typed = typed.substring(0, typed.length() - 1);
        }
        return typed;
    }

    private static Map<String, List<String>> shortened() {
        var all = new LinkedHashMap<String, List<String>>();
        all.put("yang", List.of("yg"));
        all.put("tidak", List.of("gak", "tdk", "nggak", "ga"));
        all.put("sudah", List.of("udah", "sdh", "udh"));
        all.put("belum", List.of("blm", "belom"));
        all.put("dengan", List.of("dgn"));
        all.put("karena", List.of("krn", "soalnya"));
        all.put("untuk", List.of("utk", "buat"));
        all.put("saja", List.of("aja"));
        all.put("juga", List.of("jg"));
        all.put("tapi", List.of("tp"));
        all.put("kalau", List.of("kalo", "klo"));
        all.put("sampai", List.of("sampe"));
        all.put("bagaimana", List.of("gimana"));
        all.put("Terima kasih", List.of("Makasih", "Trims", "Terima kasih"));
        all.put("terima kasih", List.of("makasih", "trims"));
        all.put("banyak", List.of("byk"));
        all.put("Mohon", List.of("Mhn", "Tolong"));
        return all;
    }

    private static <T> T any(Random dice, List<T> from) {
        return from.get(dice.nextInt(from.size()));
    }
}
