// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import java.util.List;
import java.util.Set;

/**
 * Whether a message after an answer only says that all is well: it is kept and stands in the inbox, but its case is not
 * opened again for it. It must say thanks, praise or that something is done, and nothing by which people ask, doubt or
 * complain; when in doubt the case is opened, since an unneeded step costs an officer less than silence costs a citizen.
 */
final class Thanks {
    private static final int LONGEST = 240;

    /** Thanks, praise, or that it is done: Indonesian as people write it, Javanese, Sundanese, Balinese, English. */
    private static final Set<String> WELL = Set.of(
            "terimakasih",
            "makasih",
            "makasi",
            "trims",
            "trimakasih",
            "tks",
            "thx",
            "thanks",
            "suwun",
            "nuwun",
            "nuhun",
            "suksma",
            "alhamdulillah",
            "syukurlah",
            "mantap",
            "mantab",
            "hebat",
            "jempol",
            "sip",
            "keren",
            "beres",
            "selesai",
            "rampung",
            "tuntas",
            "lancar",
            "bagus",
            "great",
            "done",
            "fixed");

    private static final Set<List<String>> WELL_TOGETHER =
            Set.of(List.of("terima", "kasih"), List.of("trima", "kasih"), List.of("thank", "you"));

    private static final Set<String> DOUBT = Set.of(
            "belum",
            "blm",
            "masih",
            "msh",
            "kok",
            "kapan",
            "kenapa",
            "mengapa",
            "bagaimana",
            "gimana",
            "mana",
            "mohon",
            "tolong",
            "harap",
            "minta",
            "tapi",
            "tetapi",
            "tp",
            "namun",
            "padahal",
            "malah",
            "cuma",
            "hanya",
            "sebelah",
            "bukan",
            "jangan",
            "kalau",
            "kalo",
            "rusak",
            "mati",
            "padam",
            "bocor",
            "mampet",
            "tersumbat",
            "macet",
            "banjir",
            "bau",
            "menumpuk",
            "numpuk",
            "berlubang",
            "hilang",
            "gagal",
            "salah",
            "kecewa",
            "bohong",
            "percuma",
            "dijanjikan",
            "janji",
            "janjinya",
            "menunggu",
            "nunggu",
            "berbulan",
            "lapor",
            "laporan",
            "dereng",
            "durung",
            "acan",
            "not",
            "still",
            "but",
            "again",
            "yet",
            "when",
            "why",
            "broken",
            "please",
            "no");

    private static final Set<String> NOT = Set.of("tidak", "tdk", "tak", "nggak", "ngga", "gak", "ga", "ndak", "ora");

    /** After a "not" these complain of nothing: not even a week, not left alone, never mind. */
    private static final Set<String> NOT_BUT_WELL =
            Set.of("sampai", "dibiarkan", "apa", "masalah", "lama", "menyangka");

    private Thanks() {}

    static boolean only(String text) {
        if (text.length() > LONGEST || text.contains("?")) {
            return false;
        }
        var words =
                List.of(Routing.plain(text.replaceAll("(^|\\s)@[\\w.@-]+", " ")).split(" "));
        var well = false;
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            var next = i + 1 < words.size() ? words.get(i + 1) : "";
            if (DOUBT.contains(word) || (NOT.contains(word) && !NOT_BUT_WELL.contains(next))) {
                return false;
            }
            well |= WELL.contains(word) || WELL_TOGETHER.contains(List.of(word, next));
        }
        return well;
    }
}
