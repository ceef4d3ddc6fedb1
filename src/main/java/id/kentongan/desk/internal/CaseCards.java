// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.TimelineLine;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.WorkCalendar;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A case as it stands beside its conversation and on its own page. */
@Component
class CaseCards {
    /** What the public page says of a forwarding; the desk shows the forwarding itself. */
    private static final Set<String> TWINS = Set.of("handed");

    private final Deadlines deadlines;
    private final Say say;

    CaseCards(Deadlines deadlines, Say say) {
        this.deadlines = deadlines;
        this.say = say;
    }

    /**
     * @param running the nearest clock, or null when none runs
     * @param agency who has it, or null
     * @param mayAct whether the reader may change it
     * @param open not closed
     * @param primary the one filled button: forward for those who run the inbox, answer for the agency itself
     */
    record CaseCard(
            String id,
            String number,
            String title,
            StateMark kind,
            String kindCode,
            StateMark state,
            boolean confidential,
            boolean anonymous,
            Deadlines.@Nullable Running running,
            @Nullable String agency,
            String agencyId,
            List<Item> timeline,
            long version,
            boolean mayAct,
            boolean mayVerify,
            boolean open,
            boolean mayClose,
            boolean mayReopen,
            String primary) {}

    /** One line of the timeline component, newest first. */
    record Item(
            String what,
            @Nullable String text,
            @Nullable Instant at,
            @Nullable String when,
            String state) {}

    CaseCard card(Actor actor, People people, CaseView found, WorkCalendar calendar) {
        var mayAct = Access.mayWork(actor);
        var coordinates = Access.mayCoordinate(actor);
        var open = found.state() != CaseState.CLOSED;
        return new CaseCard(
                found.id().toString(),
                found.publicNumber(),
                found.title().isBlank() ? say.it("desk.case.no-title") : found.title(),
                kind(found.kind()),
                found.kind().code(),
                state(found.state(), people.agency(found.agency())),
                found.confidential(),
                found.anonymous(),
                deadlines.running(calendar, found).orElse(null),
                people.agency(found.agency()),
                found.agency() == null ? "" : found.agency().toString(),
                timeline(people, found.timeline()),
                found.version(),
                mayAct,
                coordinates && found.state() == CaseState.RECEIVED,
                open,
                coordinates && open,
                coordinates && (found.state() == CaseState.CLOSED || found.state() == CaseState.ANSWERED),
                coordinates ? "forward" : "answer");
    }

    StateMark kind(CaseKind kind) {
        var icon = switch (kind) {
            case COMPLAINT -> "report";
            case COMPLAINT_SUPERVISED -> "shield";
            case ASPIRATION -> "bulb";
            case INFORMATION_REQUEST -> "question";
            case WHISTLE_BLOWING -> "lock";
        };
        return new StateMark("label", icon, say.it("desk.kind." + kind.code()));
    }

    StateMark state(CaseState state, @Nullable String agency) {
        var code = state.name().toLowerCase(Locale.ROOT);
        return switch (state) {
            case RECEIVED -> new StateMark("waiting", "clock", say.it("desk.case.state." + code));
            case FORWARDED ->
                new StateMark(
                        "waiting",
                        "arrow-right",
                        agency == null
                                ? say.it("desk.case.state." + code)
                                : say.it("desk.case.state.forwarded-to", agency));
            case ANSWERED -> new StateMark("good-label", "check", say.it("desk.case.state." + code));
            case CLOSED -> new StateMark("label", "check-circle", say.it("desk.case.state." + code));
        };
    }

    private List<Item> timeline(People people, List<TimelineLine> lines) {
        var shown = lines.stream()
                .filter(line -> !TWINS.contains(line.what()))
                .sorted(Comparator.comparing(TimelineLine::at).reversed())
                .toList();
        return java.util.stream.IntStream.range(0, shown.size())
                .mapToObj(at -> {
                    var line = shown.get(at);
                    return new Item(sentence(people, line), line.text(), line.at(), null, at == 0 ? "now" : "past");
                })
                .toList();
    }

    /** "Diteruskan ke Dinas PUPR oleh Rina Setya". */
    String sentence(People people, TimelineLine line) {
        var to = people.agency(line.to());
        var by = line.by();
        var what = say.itOr("desk.timeline." + line.what(), "desk.timeline.other", to == null ? "" : to);
        var person = by == null || SYSTEM_PARTS.contains(by) ? null : by;
        return person == null ? what : say.it("desk.timeline.by", what, person);
    }

    /** Names under which the machine acts; a person reads "by rule" nowhere. */
    private static final Set<String> SYSTEM_PARTS =
            Set.of("casework", "inbox", "channel", "portal", "test", "demo", "citizen", "policy");
}
