// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.kernel.Refusal;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the inbox is shown, as its address says it: {@code ?kotak=milik&kanal=web}. Empty means any, and
 * a missing {@code kotak} everything open.
 */
record InboxQuery(String kotak, String kanal, String dinas, String jenis) {
    static final Map<Box, String> CODES = Map.of(
            Box.OPEN, "",
            Box.MINE, "milik",
            Box.NOBODYS, "tanpa-tuan",
            Box.UNANSWERED, "belum-dijawab",
            Box.UNREAD, "belum-dibaca",
            Box.OVERDUE, "terlambat",
            Box.DONE, "selesai",
            Box.ALL, "semua");

    static InboxQuery of(
            @Nullable String kotak, @Nullable String kanal, @Nullable String dinas, @Nullable String jenis) {
        return new InboxQuery(plain(kotak), plain(kanal), plain(dinas), plain(jenis));
    }

    private static String plain(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    Box box() {
        return CODES.entrySet().stream()
                .filter(each -> each.getValue().equals(kotak))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    ConversationFilter filter() {
        var kind = jenis.isEmpty() ? null : Access.parsed(jenis, CaseKind::of).code();
        return new ConversationFilter(
                box(),
                kanal.isEmpty() ? null : Access.parsed(kanal, Network::of),
                Access.agency(dinas),
                kind,
                ConversationFilter.Order.URGENT);
    }

    boolean narrowed() {
        return !kanal.isEmpty() || !dinas.isEmpty() || !jenis.isEmpty();
    }

    /** "?kotak=milik", or nothing; more pairs may follow. */
    String suffix(String... more) {
        var pairs = new StringJoiner("&", "?", "").setEmptyValue("");
        add(pairs, "kotak", kotak);
        add(pairs, "kanal", kanal);
        add(pairs, "dinas", dinas);
        add(pairs, "jenis", jenis);
        for (int i = 0; i + 1 < more.length; i += 2) {
            add(pairs, more[i], more[i + 1]);
        }
        return pairs.toString();
    }

    private static void add(StringJoiner pairs, String name, String value) {
        if (!value.isEmpty()) {
            pairs.add(name + "=" + java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
