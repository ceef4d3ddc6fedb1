// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.Cases;
import id.kentongan.desk.internal.CaseController.CaseLine;
import id.kentongan.desk.internal.InboxLists.Row;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.Rules;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;

/** My work: what I hold, overdue first, and what waits for my agency. */
@Controller
class WorkController {
    private static final int SHOWN = 50;
    private static final int NOTICES = 5;
    /** No deadline sorts after every deadline. */
    private static final Comparator<@Nullable Instant> BY_DEADLINE = Comparator.nullsLast(Comparator.naturalOrder());

    private final Conversations conversations;
    private final Cases cases;
    private final InboxLists lists;
    private final CaseController caseLines;
    private final DeskPeople people;
    private final NoticesController notices;
    private final CaseTeams teams;
    private final CasePages pages;
    private final Rules rules;
    private final Deadlines deadlines;

    WorkController(
            Conversations conversations,
            Cases cases,
            InboxLists lists,
            CaseController caseLines,
            DeskPeople people,
            NoticesController notices,
            CaseTeams teams,
            CasePages pages,
            Rules rules,
            Deadlines deadlines) {
        this.conversations = conversations;
        this.cases = cases;
        this.lists = lists;
        this.caseLines = caseLines;
        this.people = people;
        this.notices = notices;
        this.teams = teams;
        this.pages = pages;
        this.rules = rules;
        this.deadlines = deadlines;
    }

    /**
     * @param late conversations and cases among these that are overdue
     * @param agency name of my agency, or null
     */
    record WorkPage(
            int late,
            List<Row> held,
            @Nullable String agency,
            List<CaseLine> waiting,
            String waitingHref,
            boolean moreWaiting,
            List<NoticesController.Line> told,
            List<CasePages.TaskLine> tasks) {}

    @GetMapping("/desk/pekerjaan")
    String work(
            Actor actor,
            @RequestHeader(name = "HX-Target", required = false) @Nullable String target,
            org.springframework.ui.Model model) {
        Access.works(actor);
        var known = people.of(actor);
        var calendar = rules.calendar(actor);
        var query = InboxQuery.of("milik", null, null, null);
        var held = conversations.list(actor, ConversationFilter.of(Box.MINE), null, SHOWN).items().stream()
                .sorted(Comparator.comparing(WorkController::due, BY_DEADLINE))
                .toList();
        var agency = known.myAgency();
        var late = cases.list(actor, new CaseFilter(null, null, agency, true, true), null, SHOWN);
        var open = cases.list(actor, new CaseFilter(null, null, agency, true, false), null, SHOWN);
        var waiting = Stream.concat(late.items().stream(), open.items().stream())
                .distinct()
                .sorted(Comparator.comparing(CaseRow::dueAt, BY_DEADLINE))
                .limit(SHOWN)
                .toList();
        model.addAttribute(
                "page",
                new WorkPage(
                        (int) held.stream()
                                        .map(WorkController::due)
                                        .filter(each -> each != null && deadlines.late(each))
                                        .count()
                                + (int) waiting.stream()
                                        .filter(CaseRow::overdue)
                                        .count(),
                        held.stream()
                                .map(each -> lists.row(known, each, calendar, query, null))
                                .toList(),
                        known.agency(agency),
                        waiting.stream()
                                .map(each -> caseLines.line(each, known, calendar))
                                .toList(),
                        "/desk/kasus" + (agency == null ? "" : "?dinas=" + agency),
                        open.next() != null,
                        notices.newest(actor, NOTICES),
                        teams.mine(actor).stream()
                                .map(each -> pages.task(known, each))
                                .toList()));
        return "work".equals(target) ? "desk/work :: work" : "desk/work";
    }

    private static @Nullable Instant due(ConversationRow each) {
        var mark = each.mark();
        return mark == null ? null : mark.dueAt();
    }
}
