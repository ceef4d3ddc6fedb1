// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.PublicCase;
import id.kentongan.casework.TimelineLine;
import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import id.kentongan.site.Dates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/**
 * A case in a citizen's words: where it stands in one sentence, and what happened, newest first.
 *
 * @param stateKind how the state is drawn: waiting, late-label, good-label
 * @param tone of the frame around the sentence: waiting, late, done
 */
record Tracked(
        String number,
        String kind,
        String stateKind,
        String stateIcon,
        String state,
        String tone,
        String sentence,
        List<Item> timeline) {
    /** @param state past, now (the newest) or next (not yet happened, with {@code when} instead of {@code at}) */
    record Item(
            String what,
            @Nullable String text,
            @Nullable Instant at,
            @Nullable String when,
            String state) {}

    private static final Set<String> KNOWN = Set.of(
            "received",
            "verified",
            "handed",
            "forwarded",
            "answered",
            "added",
            "postponed",
            "resumed",
            "not-ours",
            "archived",
            "deadline-moved",
            "closed",
            "reopened");

    static Tracked of(PublicCase found, List<Agency> agencies, MessageSource messages, Dates dates, Locale locale) {
        var say = new Say(messages, locale);
        var names = agencies.stream().collect(Collectors.toMap(Agency::id, Agency::shortName, (a, b) -> a));
        var agency = found.agencyName() == null ? say.it("portal.track.officers") : found.agencyName();
        var due = found.dueOn();
        var open = found.state() == CaseState.RECEIVED || found.state() == CaseState.FORWARDED;
        // Late is what the receipt promised. That our own check takes longer is no agency's fault, and said as such.
        var late = found.answerOverdue() && open;
        var slow = found.overdue() && open && !late;
        var promised = found.answerDueOn();
        var outcome = found.outcome();
        var until = found.postponedUntil();
        var state = late
                ? "late"
                : outcome == CaseOutcome.NOT_OURS || outcome == CaseOutcome.ARCHIVED
                        ? outcome.code()
                        : code(found.state());
        var waits = open || found.state() == CaseState.POSTPONED;
        String sentence;
        if (late && promised != null) {
            sentence = say.it("portal.track.sentence.late", agency, dates.day(promised));
        } else if (slow && due != null) {
            sentence = promised == null
                    ? say.it("portal.track.sentence.slow", dates.day(due))
                    : say.it("portal.track.sentence.slow-promised", dates.day(due), agency, dates.day(promised));
        } else if (open && due != null) {
            // Before it is checked the agency is what the rules chose: still worth saying who will answer.
            var known = state.equals("received") && found.agencyName() != null ? "received-known" : state;
            sentence = say.it("portal.track.sentence." + known, agency, dates.day(due));
        } else if (open) {
            sentence = say.it("portal.track.sentence.open", agency);
        } else {
            sentence = say.it("portal.track.sentence." + state, agency, until == null ? "" : dates.day(until));
        }
        return new Tracked(
                found.publicNumber(),
                say.it("portal.kind." + found.kind().code()),
                late ? "late-label" : waits ? "waiting" : "good-label",
                late ? "clock-late" : waits ? "clock" : "check-circle",
                say.it("portal.track.state." + state, agency),
                late ? "late" : waits ? "waiting" : "done",
                beginning(sentence),
                timeline(found, agency, names, say, dates, open));
    }

    private static List<Item> timeline(
            PublicCase found, String agency, Map<AgencyId, String> names, Say say, Dates dates, boolean open) {
        var items = new ArrayList<Item>();
        var due = found.dueOn();
        if (open && due != null) {
            items.add(new Item(
                    say.it("portal.track.next." + code(found.state()), agency),
                    null,
                    null,
                    say.it(found.overdue() ? "portal.track.by-late" : "portal.track.by", dates.day(due)),
                    "next"));
        }
        var lines = found.timeline().stream()
                .filter(line -> KNOWN.contains(line.what()))
                .sorted(Comparator.comparing(TimelineLine::at).reversed())
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            Function<@Nullable AgencyId, String> name = id -> id == null ? agency : names.getOrDefault(id, agency);
            var day = line.day();
            items.add(new Item(
                    say.it("portal.timeline." + line.what(), name.apply(line.to()), day == null ? "" : dates.day(day)),
                    line.text(),
                    line.at(),
                    null,
                    i == 0 ? "now" : "past"));
        }
        return items;
    }

    /** A sentence may begin with "petugas kami", who stand in for the agency in the middle of others. */
    private static String beginning(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    private static String code(CaseState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private record Say(MessageSource messages, Locale locale) {
        String it(String key, Object... arguments) {
            return messages.getMessage(key, arguments, locale);
        }
    }
}
