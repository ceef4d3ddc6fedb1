// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What somebody wrote anew, apart from what their program repeats below it: the message they answer, and their
 * signature. Nothing is thrown away, and words are never all folded away.
 */
final class QuotedWords {
    /** "Pada Sen, 30 Nov 2026 pukul 10.12 Wati <wati@…> menulis:", on one line or two. */
    private static final Pattern INTRODUCTION = Pattern.compile(
            "^(?:pada|on|le|am|el|op|il|em)\\b.{3,300}"
                    + "(?:menulis|wrote|a écrit|schrieb|escribió|schreef|ha scritto|escreveu)\\s*:\\s*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private static final Pattern FORWARDED = Pattern.compile(
            "^[-_ ]{2,}\\s*(?:original message|pesan asli|forwarded message|pesan terusan|pesan diteruskan"
                    + "|ursprüngliche nachricht|message d'origine|begin forwarded message)\\b.*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern RULE = Pattern.compile("^\\s*_{10,}\\s*$");
    private static final Pattern FROM =
            Pattern.compile("^\\*?(?:from|dari|von|de)\\s*:\\*?\\s.+", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENT = Pattern.compile(
            "^\\*?(?:sent|date|dikirim|tanggal|terkirim|gesendet|to|kepada|untuk|subject|subjek|perihal|cc)\\s*:.*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SIGNATURE = Pattern.compile("^--\\s?$");
    private static final Pattern DEVICE = Pattern.compile(
            "^(?:sent from|dikirim dari|terkirim dari|get outlook for|dapatkan outlook untuk|diposting dari)\\b.{2,80}$",
            Pattern.CASE_INSENSITIVE);

    private QuotedWords() {}

    /** @param words what is new @param folded what only repeats or signs, or empty */
    record Split(String words, String folded) {}

    static Split of(String text) {
        var lines = text.lines().toList();
        var end = endOfNew(lines);
        var kept = new ArrayList<>(lines.subList(0, end));
        var folded = new ArrayList<>(lines.subList(end, lines.size()));
        signature(kept, folded);
        quotedAbove(kept, folded);
        var words = String.join("\n", kept).strip();
        // Somebody who only forwards says something by it: then all of it stands.
        return words.isEmpty()
                ? new Split(text.strip(), "")
                : new Split(words, String.join("\n", folded).strip());
    }

    /** Where the message that is answered begins, when nothing new comes after it. */
    private static int endOfNew(List<String> lines) {
        for (var n = 0; n < lines.size(); n++) {
            if (introduces(lines, n) && restIsOld(lines, n)) {
                return n;
            }
            if (FORWARDED.matcher(lines.get(n).strip()).matches() || isHeaderBlock(lines, n)) {
                return n;
            }
        }
        var at = lines.size();
        while (at > 0 && (isQuoted(lines.get(at - 1)) || lines.get(at - 1).isBlank())) {
            at--;
        }
        return lines.subList(at, lines.size()).stream().anyMatch(QuotedWords::isQuoted) ? at : lines.size();
    }

    private static boolean isQuoted(String line) {
        return line.startsWith(">");
    }

    private static boolean introduces(List<String> lines, int at) {
        var line = lines.get(at).strip();
        for (var more = 0; more < 3 && at + more < lines.size(); more++) {
            var next = more == 0 ? line : line + " " + lines.get(at + more).strip();
            if (INTRODUCTION.matcher(next).matches()) {
                return true;
            }
            line = next;
        }
        return false;
    }

    /** What follows the introduction is quoted, or is not marked at all; words between quotes are answers. */
    private static boolean restIsOld(List<String> lines, int at) {
        var quoted = false;
        for (var line : lines.subList(at, lines.size())) {
            if (isQuoted(line)) {
                quoted = true;
            } else if (quoted && !line.isBlank() && !SIGNATURE.matcher(line).matches()) {
                return afterSignature(lines, at);
            }
        }
        return true;
    }

    /** Below the quoted text stands nothing but a signature. */
    private static boolean afterSignature(List<String> lines, int at) {
        var signed = false;
        var quoted = false;
        for (var line : lines.subList(at, lines.size())) {
            signed |= SIGNATURE.matcher(line).matches();
            quoted |= isQuoted(line);
            if (quoted && !signed && !isQuoted(line) && !line.isBlank()) {
                return false;
            }
        }
        return true;
    }

    /** "Dari: … Dikirim: … Kepada: …", as Outlook puts before what it answers, with or without a rule above. */
    private static boolean isHeaderBlock(List<String> lines, int at) {
        var first = at;
        if (RULE.matcher(lines.get(first)).matches()) {
            first++;
        }
        while (first < lines.size() && lines.get(first).isBlank()) {
            first++;
        }
        if (first >= lines.size() || !FROM.matcher(lines.get(first).strip()).matches()) {
            return false;
        }
        var more = lines.subList(first + 1, Math.min(lines.size(), first + 8)).stream()
                .filter(line -> SENT.matcher(line.strip()).matches())
                .count();
        return more >= 2;
    }

    private static void signature(List<String> kept, List<String> folded) {
        for (var n = kept.size() - 1; n >= 0; n--) {
            var line = kept.get(n);
            if (SIGNATURE.matcher(line).matches() && kept.size() - n <= 15) {
                fold(kept, folded, n);
                return;
            }
        }
        var last = kept.size() - 1;
        while (last >= 0 && kept.get(last).isBlank()) {
            last--;
        }
        if (last > 0 && DEVICE.matcher(kept.get(last).strip()).matches()) {
            fold(kept, folded, last);
        }
    }

    private static void fold(List<String> kept, List<String> folded, int from) {
        var tail = kept.subList(from, kept.size());
        folded.addAll(0, tail);
        tail.clear();
    }

    /** Who answers below what they quote: the one quotation above goes; answers between several need them. */
    private static void quotedAbove(List<String> kept, List<String> folded) {
        var end = 0;
        while (end < kept.size() && (isQuoted(kept.get(end)) || kept.get(end).isBlank() || introduces(kept, end))) {
            end++;
        }
        if (end > 0
                && end < kept.size()
                && kept.subList(end, kept.size()).stream().noneMatch(QuotedWords::isQuoted)) {
            var head = kept.subList(0, end);
            folded.addAll(head);
            head.clear();
        }
    }
}
