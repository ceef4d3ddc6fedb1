// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseNotices;
import id.kentongan.casework.CaseNotices.Notice;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Dates;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What an officer was told of cases: deadlines that near or passed, what came back, days that moved. */
@Controller
class NoticesController {
    static final String PATH = "/desk/pemberitahuan";
    private static final int STEP = 50;

    private final CaseNotices notices;
    private final Dates dates;
    private final Say say;

    NoticesController(CaseNotices notices, Dates dates, Say say) {
        this.notices = notices;
        this.dates = dates;
        this.say = say;
    }

    record NoticesPage(List<Line> rows, @Nullable String more, int unseen) {}

    /** @param href the case, or null where the reader does not reach it */
    record Line(String icon, String text, @Nullable String href, Instant at, boolean seen, boolean late) {}

    @GetMapping(PATH)
    String show(
            Actor actor,
            @RequestParam(required = false) @Nullable String sesudah,
            @RequestHeader(name = "HX-Target", required = false) @Nullable String target,
            Model model) {
        Access.only(actor, Access.TOLD);
        var found = notices.of(actor, sesudah, STEP);
        var next = found.next();
        model.addAttribute(
                "page",
                new NoticesPage(
                        found.items().stream().map(this::line).toList(),
                        next == null ? null : PATH + "?sesudah=" + next,
                        notices.unseen(actor)));
        return "more".equals(target) ? "desk/notices :: rows" : "desk/notices";
    }

    /** The newest that were not seen yet, for the page of one's work. */
    List<Line> newest(Actor actor, int most) {
        return notices.of(actor, null, STEP).items().stream()
                .filter(each -> !each.seen())
                .limit(most)
                .map(this::line)
                .toList();
    }

    private Line line(Notice each) {
        var number = each.number() == null ? "" : each.number();
        var day = each.day();
        var when = day == null ? "" : dates.day(day);
        var clock = each.clock();
        var what = clock == null
                ? ""
                : say.it("desk.notices.clock."
                        + clock.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return switch (each.what()) {
            case REMINDED -> line(each, "bell", say.it("desk.notices.reminded", number, what, when), false);
            case ESCALATED ->
                line(each, "clock-late", say.it("desk.notices.escalated", number, what, when, each.step()), true);
            case RETURNED -> line(each, "arrow-left", say.it("desk.notices.returned", number), false);
            case REOPENED -> line(each, "folder", say.it("desk.notices.reopened", number), false);
            case RESUMED -> line(each, "arrow-right", say.it("desk.notices.resumed", number), false);
            case SUPPORT -> line(each, "people", say.it("desk.notices.support", number), false);
            case CONTRIBUTED -> line(each, "people", say.it("desk.notices.contributed", number), false);
            case TASK -> line(each, "check-circle", say.it("desk.notices.task", number), false);
            case TASK_DUE -> line(each, "bell", say.it("desk.notices.task-due", number, when), false);
            case TASK_DONE -> line(each, "check", say.it("desk.notices.task-done", number), false);
            case DEADLINES_MOVED -> line(each, "calendar", say.it("desk.notices.moved", each.amount(), when), false);
        };
    }

    private static Line line(Notice each, String icon, String text, boolean late) {
        var id = each.id();
        return new Line(
                icon,
                text,
                id == null || !each.mayOpen() ? null : "/desk/kasus/" + id,
                each.at(),
                each.seen(),
                late && !each.seen());
    }

    @PostMapping(PATH)
    String seen(Actor actor, RedirectAttributes after) {
        Access.only(actor, Access.TOLD);
        notices.seen(actor);
        after.addFlashAttribute("done", say.it("desk.notices.done"));
        return "redirect:" + PATH;
    }
}
