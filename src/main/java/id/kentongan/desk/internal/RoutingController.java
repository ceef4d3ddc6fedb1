// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.desk.internal.RoutingWords.Choices;
import id.kentongan.desk.internal.RoutingWords.Result;
import id.kentongan.desk.internal.RoutingWords.RuleRow;
import id.kentongan.desk.internal.RoutingWords.TryForm;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Dates;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Routing rules in their order: which message becomes which case of which agency. */
@Controller
class RoutingController {
    static final String PATH = "/desk/atur/aturan-penerusan";
    private static final Set<String> STEPS = Set.of("naik", "turun", "matikan", "hidupkan");

    private final RoutingRules rules;
    private final RoutingWords words;
    private final DeskPeople people;
    private final Dates dates;
    private final Say say;

    RoutingController(RoutingRules rules, RoutingWords words, DeskPeople people, Dates dates, Say say) {
        this.rules = rules;
        this.words = words;
        this.people = people;
        this.dates = dates;
        this.say = say;
    }

    /** @param off rules that have ended */
    record RulesPage(
            List<RuleRow> rules,
            List<RuleRow> off,
            TryForm sample,
            @Nullable Result result,
            Choices choices) {}

    @GetMapping(PATH)
    ModelAndView list(Actor actor) {
        Access.oversees(actor);
        return list(actor, TryForm.EMPTY, null);
    }

    /** Tries the rules as they stand; what is typed is not kept. */
    @PostMapping(PATH + "/coba")
    ModelAndView attempt(Actor actor, @ModelAttribute TryForm sample) {
        Access.administers(actor);
        return list(actor, sample, words.result(actor, sample, null));
    }

    private ModelAndView list(Actor actor, TryForm sample, @Nullable Result result) {
        var known = people.of(actor);
        var names = words.names(actor);
        var today = dates.today();
        var held = new ArrayList<RoutingRule>();
        var off = new ArrayList<RoutingRule>();
        rules.all(actor).forEach(each -> (ended(each, today) ? off : held).add(each));
        var rows = new ArrayList<RuleRow>();
        for (var i = 0; i < held.size(); i++) {
            rows.add(words.row(known, names, held.get(i), i + 1, held.size()));
        }
        return new ModelAndView("desk/rules")
                .addObject(
                        "page",
                        new RulesPage(
                                rows,
                                off.stream()
                                        .map(each -> words.row(known, names, each, 0, 0))
                                        .toList(),
                                sample,
                                result,
                                words.choices(actor, known)));
    }

    private static boolean ended(RoutingRule rule, LocalDate today) {
        var last = rule.effectiveTo();
        return last != null && last.isBefore(today);
    }

    static RoutingRule rule(RoutingRules rules, Actor actor, String id) {
        var wanted = Access.uuid(id);
        return rules.all(actor).stream()
                .filter(each -> each.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    /** @param step {@code naik}, {@code turun}, {@code matikan} or {@code hidupkan} */
    @PostMapping(PATH + "/{id}/langkah/{step}")
    ModelAndView step(Actor actor, @PathVariable String id, @PathVariable String step, RedirectAttributes after) {
        Access.administers(actor);
        if (!STEPS.contains(step)) {
            throw Refusal.notFound().asException();
        }
        var rule = rule(rules, actor, id);
        try {
            act(actor, rule.id(), step);
            after.addFlashAttribute("done", say.it("desk.rules.done." + step, rule.title()));
        } catch (RefusalException e) {
            if (e.refusal().kind() != Refusal.Kind.INVALID) {
                throw e;
            }
            after.addFlashAttribute(
                    "refused",
                    say.it(e.refusal().code(), e.refusal().arguments().toArray()));
        }
        return back();
    }

    private void act(Actor actor, UUID rule, String step) {
        switch (step) {
            case "naik" -> rules.move(actor, rule, true);
            case "turun" -> rules.move(actor, rule, false);
            case "matikan" -> rules.end(actor, rule, dates.today().minusDays(1));
            case "hidupkan" -> rules.resume(actor, rule);
            default -> throw new IllegalStateException(step.toLowerCase(Locale.ROOT));
        }
    }

    static ModelAndView back() {
        return new ModelAndView("redirect:" + PATH);
    }
}
