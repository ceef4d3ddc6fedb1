// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.database.StuckEvent;
import id.kentongan.database.StuckEvents;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Work behind the screens that keeps failing: what it is, since when, how often, and what to do about it. */
@Controller
class StuckEventsController {
    private static final String PATH = "/desk/atur/peristiwa";

    private final StuckEvents stuck;
    private final Dates dates;
    private final Numbers numbers;
    private final Say say;

    StuckEventsController(StuckEvents stuck, Dates dates, Numbers numbers, Say say) {
        this.stuck = stuck;
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    /** @param parked how many wait for a decision @param administers whether the reader may decide */
    record StuckEventsPage(List<Line> lines, int parked, boolean administers) {}

    /** @param code event and listener as the code calls them */
    record Line(String id, String what, String code, Instant since, String attempts, String error, StateMark state) {}

    @GetMapping(PATH)
    String show(Actor actor, Model model) {
        Access.oversees(actor);
        var all = stuck.all(actor);
        model.addAttribute(
                "page",
                new StuckEventsPage(
                        all.stream().map(this::line).toList(),
                        (int) all.stream().filter(each -> each.next() == null).count(),
                        actor.has(Role.ADMINISTRATOR)));
        return "desk/stuck-events";
    }

    @PostMapping(PATH + "/{id}/ulang")
    String tryAgain(Actor actor, @PathVariable String id, RedirectAttributes after) {
        Access.administers(actor);
        stuck.tryAgain(actor, Access.uuid(id));
        after.addFlashAttribute("done", say.it("desk.events.done.again"));
        return "redirect:" + PATH;
    }

    @PostMapping(PATH + "/{id}/sisihkan")
    String setAside(Actor actor, @PathVariable String id, RedirectAttributes after) {
        Access.administers(actor);
        stuck.setAside(actor, Access.uuid(id));
        after.addFlashAttribute("done", say.it("desk.events.done.aside"));
        return "redirect:" + PATH;
    }

    private Line line(StuckEvent each) {
        var next = each.next();
        return new Line(
                each.id().toString(),
                say.itOr("desk.events.name." + kebab(each.listener()), "desk.events.name.other"),
                each.event() + " → " + each.listener(),
                each.since(),
                numbers.whole(each.attempts()),
                each.error().isEmpty() ? say.it("desk.events.error.unknown") : each.error(),
                next == null
                        ? new StateMark("late", "pause", say.it("desk.events.parked"))
                        : new StateMark("waiting", "clock", say.it("desk.events.waiting", dates.near(next))));
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
