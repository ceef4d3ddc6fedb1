// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.Cases;
import id.kentongan.casework.Performance;
import id.kentongan.casework.PressingCase;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.PublishedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * What a head needs on a phone: how we answer, who falls behind, which cases cannot wait, and what we said in public.
 * Numbers and released text; no citizen's words and no names.
 */
@Controller
class HeadController {
    private static final String PATH = "/desk/ringkasan";
    private static final List<Integer> PERIODS = List.of(7, 28, 90);
    private static final int FEW = 3;
    private static final int STEP = 10;

    private final Cases cases;
    private final Conversations conversations;
    private final Rules rules;
    private final DeskPeople people;
    private final Deadlines deadlines;
    private final Dates dates;
    private final Numbers numbers;
    private final Clock clock;
    private final Say say;

    HeadController(
            Cases cases,
            Conversations conversations,
            Rules rules,
            DeskPeople people,
            Deadlines deadlines,
            Dates dates,
            Numbers numbers,
            Clock clock,
            Say say) {
        this.cases = cases;
        this.conversations = conversations;
        this.rules = rules;
        this.people = people;
        this.deadlines = deadlines;
        this.dates = dates;
        this.numbers = numbers;
        this.clock = clock;
        this.say = say;
    }

    /**
     * @param whose whose cases are counted, in words
     * @param behind the agencies with most overdue cases
     * @param more address of the answers before these, or null
     * @param first whether these are the newest answers
     */
    record HeadPage(
            Performance now,
            Performance before,
            int days,
            List<Choice> periods,
            String whose,
            List<AgencyLine> behind,
            List<PressingLine> pressing,
            List<AgencyLine> agencies,
            List<AnswerLine> answers,
            @Nullable String more,
            boolean first,
            String measuredAt) {}

    record AgencyLine(String name, int asked, int answered, int closed, int waiting, int overdue, String label) {}

    /** @param href the public page of the case */
    record PressingLine(String number, String href, String kind, String agency, String day, StateMark due) {}

    record AnswerLine(
            Instant at,
            String icon,
            String where,
            String text,
            boolean corrected,
            @Nullable String number) {}

    @GetMapping(PATH)
    String show(
            Actor actor,
            @RequestParam(defaultValue = "28") int hari,
            @RequestParam(required = false) @Nullable String sesudah,
            Model model) {
        Access.only(actor, Access.SUMMARY);
        var days = PERIODS.contains(hari) ? hari : 28;
        var today = dates.today();
        var now = cases.performance(actor, today.minusDays(days - 1L), today);
        var before = cases.performance(actor, today.minusDays(2L * days - 1), today.minusDays(days));
        var known = people.of(actor);
        var calendar = rules.calendar(actor);
        var lines = now.agencies().stream().map(each -> line(known, each)).toList();
        var said = conversations.published(actor, sesudah, STEP);
        model.addAttribute(
                "page",
                new HeadPage(
                        now,
                        before,
                        days,
                        PERIODS.stream()
                                .map(each -> new Choice(String.valueOf(each), say.it("desk.numbers.last", each)))
                                .toList(),
                        actor.agencies().all() ? say.it("desk.head.whose-all") : say.it("desk.head.whose-own"),
                        lines.stream()
                                .filter(each -> each.overdue() > 0)
                                .sorted(Comparator.comparingInt(AgencyLine::overdue)
                                        .thenComparingDouble(each -> (double) each.overdue() / each.asked())
                                        .reversed())
                                .limit(FEW)
                                .toList(),
                        cases.pressing(actor, FEW).stream()
                                .map(each -> pressing(known, calendar, each))
                                .toList(),
                        lines,
                        said.items().stream().map(this::answer).toList(),
                        said.next() == null ? null : PATH + "?hari=" + days + "&sesudah=" + said.next() + "#jawaban",
                        sesudah == null,
                        dates.near(clock.instant())));
        return "desk/head";
    }

    private AgencyLine line(People known, Performance.OfAgency each) {
        var found = known.agency(each.agency());
        var name = found == null ? say.it("desk.numbers.unknown-agency") : found;
        return new AgencyLine(
                name,
                each.asked(),
                each.answered(),
                each.closed(),
                each.waiting(),
                each.overdue(),
                say.it(
                        "desk.numbers.bar",
                        name,
                        numbers.whole(each.answered()),
                        numbers.whole(each.asked()),
                        numbers.whole(each.closed()),
                        numbers.whole(each.waiting()),
                        numbers.whole(each.overdue())));
    }

    private PressingLine pressing(People known, WorkCalendar calendar, PressingCase each) {
        var agency = each.agency() == null ? null : known.agency(each.agency());
        return new PressingLine(
                each.publicNumber(),
                "/lacak/" + each.publicNumber(),
                say.it("desk.kind." + each.kind().code()),
                agency == null ? say.it("desk.numbers.no-agency") : agency,
                dates.day(calendar.dayOf(each.dueAt().minusMillis(1))),
                deadlines.mark(calendar, each.dueAt()));
    }

    private AnswerLine answer(PublishedAnswer each) {
        return new AnswerLine(
                each.at(),
                InboxLists.icon(each.network()),
                say.it(
                        "desk.channels.named",
                        each.account(),
                        say.it("desk.network." + each.network().code())),
                each.text(),
                each.corrected(),
                each.caseNumber());
    }
}
