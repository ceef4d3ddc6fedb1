// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Indonesian words for searching: the exact form and a light stem of each, so that <i>perbaikan</i> finds
 * <i>memperbaiki</i> while <i>sekolah</i> never becomes <i>seko</i>. The shipped dictionary of PostgreSQL stems
 * too much, and a file of our own cannot be assumed on an external server; so both sides are prepared here.
 */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final int SHORTEST_STEM = 4;
    private static final int LONGEST = 60;

    /** Roots that end like a particle or begin like a prefix, and must stay whole. */
    private static final Set<String> PROTECTED = Set.of(
            "sekolah",
            "masalah",
            "jumlah",
            "wilayah",
            "sampah",
            "rumah",
            "langkah",
            "makalah",
            "kaidah",
            "sebelah",
            "kelurahan",
            "lurah",
            "tanah",
            "salah",
            "kalah",
            "olah",
            "celah",
            "belah",
            "ulah",
            "naskah",
            "nikah",
            "nafkah",
            "barkah",
            "berkah",
            "pengkah",
            "ampun",
            "kebun",
            "kalimat",
            "tahun",
            "maupun",
            "ataupun",
            "pupuk",
            "penuh",
            "bayar",
            "sungai",
            "pantai",
            "badai",
            "partai",
            "pegawai",
            "selesai",
            "nilai",
            "bagai",
            "kecamatan",
            "camat",
            "jembatan",
            "selokan",
            "lampu",
            "bantuan",
            "depan",
            "makan",
            "ikan",
            "bukan",
            "papan",
            "lapangan",
            "taman",
            "zaman",
            "teman",
            "iman",
            "aman",
            "hujan",
            "bulan",
            "jalan",
            "dengan",
            "ringan",
            "tangan",
            "beli",
            "beri",
            "desa",
            "dinas",
            "terminal",
            "tempat",
            "pasar",
            "penyakit",
            "kartu",
            "keluarga",
            "kepala",
            "petugas",
            "perda",
            "perumahan",
            "sendiri",
            "seperti",
            "sebab",
            "kakak",
            "anak");

    private static final Set<String> STOP = Set.of(
            "yang", "dan", "di", "ke", "dari", "ini", "itu", "untuk", "pada", "dengan", "atau", "juga", "ada", "saya",
            "kami", "kita", "anda", "min", "pak", "bu", "mohon", "tolong", "ya", "yg", "dgn", "utk", "nya", "the", "a",
            "of", "to", "is");

    private Words() {}

    /** The lexemes of a text for its search row. */
    static String[] lexemes(String text) {
        var found = new LinkedHashSet<String>();
        for (var word : split(text)) {
            if (!STOP.contains(word)) {
                found.add(word);
                found.add(stem(word));
            }
        }
        return found.toArray(String[]::new);
    }

    /** A query in which every word must be there, in its exact form or as its stem; empty when nothing is left. */
    static String query(String text) {
        var parts = new ArrayList<String>();
        for (var word : split(text)) {
            if (!STOP.contains(word)) {
                var stem = stem(word);
                parts.add(stem.equals(word) ? "'" + word + "'" : "('" + word + "' | '" + stem + "')");
            }
        }
        return String.join(" & ", parts);
    }

    static List<String> split(String text) {
        var plain = MARKS.matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                .replaceAll("");
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(plain);
        while (matcher.find()) {
            var word = matcher.group();
            if (word.length() > 1 && word.length() <= LONGEST) {
                words.add(word);
            }
        }
        return words;
    }

    /** Particles and possessives, then suffixes, then prefixes; stops at protected roots and at four letters. */
    static String stem(String word) {
        if (PROTECTED.contains(word) || word.length() <= SHORTEST_STEM || Character.isDigit(word.charAt(0))) {
            return word;
        }
        var rest = word;
        for (var ending : new String[] {"nya", "lah", "kah", "pun", "ku", "mu"}) {
            rest = without(rest, ending);
            if (PROTECTED.contains(rest)) {
                return rest;
            }
        }
        var stripped = prefix(rest);
        if (PROTECTED.contains(stripped)) {
            return stripped;
        }
        for (var ending : new String[] {"kan", "an", "i"}) {
            var shorter = without(stripped, ending);
            if (!shorter.equals(stripped)) {
                return shorter;
            }
        }
        return stripped;
    }

    private static String without(String word, String ending) {
        return word.endsWith(ending) && word.length() - ending.length() >= SHORTEST_STEM
                ? word.substring(0, word.length() - ending.length())
                : word;
    }

    private static String prefix(String word) {
        for (var start : new String[] {"memper", "diper", "member", "ber", "ter", "per", "di", "se", "ke"}) {
            if (word.startsWith(start) && word.length() - start.length() >= SHORTEST_STEM) {
                return word.substring(start.length());
            }
        }
        for (var start : new String[] {"meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "me", "pe"}) {
            if (word.startsWith(start) && word.length() - start.length() >= SHORTEST_STEM - 1) {
                return restored(start, word.substring(start.length()));
            }
        }
        return word;
    }

    /** The nasal swallowed the root's first letter before a vowel: memukul from pukul, menyapu from sapu. */
    private static String restored(String start, String rest) {
        if (rest.isEmpty() || "aiueo".indexOf(rest.charAt(0)) < 0) {
            return rest;
        }
        return switch (start) {
            case "meny", "peny" -> "s" + rest;
            case "mem", "pem" -> "p" + rest;
            case "men", "pen" -> "t" + rest;
            default -> rest;
        };
    }
}
