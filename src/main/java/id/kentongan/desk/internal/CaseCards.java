// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.TimelineLine;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.SourcedLists;
import id.kentongan.site.Dates;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** A case as it stands beside its conversation and on its own page. */
@Component
class CaseCards {
    /** What the public page says of a forwarding; the desk shows the forwarding itself. */
    private static final Set<String> TWINS = Set.of("handed");

    private final CasePlaces places;
    private final Deadlines deadlines;
    private final SourcedLists lists;
    private final Dates dates;
    private final Say say;

    CaseCards(CasePlaces places, Deadlines deadlines, SourcedLists lists, Dates dates, Say say) {
        this.places = places;
        this.deadlines = deadlines;
        this.lists = lists;
        this.dates = dates;
        this.say = say;
    }

    /**
     * @param running the nearest clock, or null when none runs
     * @param agency who has it, or null
     * @param mayAct whether the reader may change it
     * @param open not closed
     * @param mayPostpone whether it may be put off; not ours and archived may be said of whatever may be closed
     * @param forwards where the reader may forward it; a liaison officer within the own agency only
     * @param earliest the first day it may be put off to
     * @param places where the reporter is told what the reader says of it
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
            boolean mayPostpone,
            boolean mayResume,
            boolean mayGiveBack,
            List<Choice> forwards,
            List<Choice> archiveReasons,
            String earliest,
            String primary,
            CasePlaces.Places places) {
        /** For the page: where the reason of what is done is told. */
        public List<CasePlaces.Place> told() {
            return places.told();
        }
    }

    /** One line of the timeline component, newest first. */
    record Item(
            String what,
            @Nullable String text,
            @Nullable Instant at,
            @Nullable String when,
            String state) {}

    CaseCard card(Actor actor, People people, CaseView found, WorkCalendar calendar) {
        // An agency that helps reads, notes and does its tasks; what is done with the case is the lead's.
        var mayAct = Access.mayWork(actor) && found.leads();
        var coordinates = Access.mayCoordinate(actor);
        var open = found.state() != CaseState.CLOSED;
        return new CaseCard(
                found.id().toString(),
                found.publicNumber(),
                found.title().isBlank() ? say.it("desk.case.no-title") : found.title(),
                kind(found.kind()),
                found.kind().code(),
                state(found.state(), people.agency(found.agency()), found.outcome(), found.postponedUntil()),
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
                coordinates && waits(found.state()),
                coordinates && found.state() == CaseState.POSTPONED,
                mayAct && !coordinates && found.agency() != null && waits(found.state()),
                forwards(actor, people, found, coordinates),
                coordinates && open ? archiveReasons(actor) : List.of(),
                dates.today().plusDays(1).toString(),
                coordinates ? "forward" : "answer",
                mayAct && open ? places.of(actor, found) : CasePlaces.Places.NONE);
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

    private static boolean waits(CaseState state) {
        return state == CaseState.RECEIVED || state == CaseState.FORWARDED;
    }

    private static List<Choice> forwards(Actor actor, People people, CaseView found, boolean coordinates) {
        var agency = found.agency();
        return people.agencyChoices().stream()
                .filter(each -> coordinates
                        || (actor.agencies().includes(AgencyId.parse(each.value()))
                                && (agency == null || !each.value().equals(agency.toString()))))
                .toList();
    }

    private List<Choice> archiveReasons(Actor actor) {
        return lists.on(actor, "case.archive-reason", dates.today()).stream()
                .map(each -> new Choice(each.code(), each.title().in(LocaleContextHolder.getLocale())))
                .toList();
    }

    /** Why a case was archived, also for a reason that is no longer on the list. */
    String archiveReason(Actor actor, String code) {
        return lists.all(actor).stream()
                .filter(each ->
                        each.list().equals("case.archive-reason") && each.code().equals(code))
                .reduce((first, second) -> second)
                .map(each -> each.title().in(LocaleContextHolder.getLocale()))
                .orElse(code);
    }

    StateMark state(
            CaseState state,
            @Nullable String agency,
            @Nullable CaseOutcome outcome,
            @Nullable LocalDate postponedUntil) {
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
            case POSTPONED ->
                new StateMark(
                        "waiting",
                        "pause",
                        postponedUntil == null
                                ? say.it("desk.case.state." + code)
                                : say.it("desk.case.state.postponed-until", dates.shortDay(postponedUntil)));
            case CLOSED -> closed(outcome);
        };
    }

    private StateMark closed(@Nullable CaseOutcome outcome) {
        return switch (outcome) {
            case null -> new StateMark("label", "check-circle", say.it("desk.case.state.closed"));
            case SETTLED, UNREACTED ->
                new StateMark("label", "check-circle", say.it("desk.case.outcome." + outcome.code()));
            case NOT_OURS -> new StateMark("label", "route", say.it("desk.case.outcome." + outcome.code()));
            case ARCHIVED -> new StateMark("label", "folder", say.it("desk.case.outcome." + outcome.code()));
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
        var from = people.agency(line.from());
        var day = line.day();
        var what = say.itOr(
                "desk.timeline." + line.what(),
                "desk.timeline.other",
                to == null ? "" : to,
                day == null ? "" : dates.day(day),
                from == null ? "" : from);
        var person = by == null || SYSTEM_PARTS.contains(by) ? null : by;
        return person == null ? what : say.it("desk.timeline.by", what, person);
    }

    /** Names under which the machine acts; a person reads "by rule" nowhere. */
    private static final Set<String> SYSTEM_PARTS =
            Set.of("casework", "inbox", "channel", "portal", "test", "demo", "citizen", "policy");
}
