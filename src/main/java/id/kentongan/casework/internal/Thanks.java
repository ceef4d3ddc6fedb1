// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import java.util.Set;

/** Whether a message only says thanks: it is kept, but a case is not opened again for it. */
final class Thanks {
    private static final Set<String> SAID = Set.of(
            "terima",
            "kasih",
            "terimakasih",
            "makasih",
            "makasi",
            "trims",
            "trimakasih",
            "tks",
            "thx",
            "thanks",
            "thank",
            "you",
            "suwun",
            "matur",
            "nuwun",
            "hatur",
            "nuhun",
            "suksma");
    private static final Set<String> AROUND = Set.of(
            "banyak",
            "atas",
            "jawaban",
            "jawabannya",
            "info",
            "infonya",
            "bantuannya",
            "bantuan",
            "tanggapannya",
            "pak",
            "bu",
            "bapak",
            "ibu",
            "min",
            "admin",
            "kak",
            "mas",
            "mbak",
            "ya",
            "baik",
            "oke",
            "ok",
            "siap",
            "sangat",
            "sekali",
            "so",
            "much",
            "very",
            "for",
            "the",
            "answer",
            "your",
            "help",
            "dan",
            "and");

    private Thanks() {}

    static boolean only(String text) {
        var words = Routing.plain(text.replaceAll("(^|\\s)@[\\w.@-]+", " ")).split(" ");
        var thanked = false;
        for (var word : words) {
            if (SAID.contains(word)) {
                thanked = true;
            } else if (!AROUND.contains(word)) {
                return false;
            }
        }
        return thanked;
    }
}
