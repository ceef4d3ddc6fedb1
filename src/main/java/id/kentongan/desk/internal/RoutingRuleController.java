// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.desk.internal.RoutingWords.Choices;
import id.kentongan.desk.internal.RoutingWords.Result;
import id.kentongan.desk.internal.RoutingWords.TryForm;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One routing rule, tried out before it is saved. */
@Controller
class RoutingRuleController {
    private static final String PATH = RoutingController.PATH;
    private static final String NEW = "baru";
    /** Which field a refusal of the module below belongs to. */
    private static final Map<String, String> FIELDS = Map.of(
            "casework.no-such-agency", "agency",
            "casework.no-such-district", "district",
            "casework.rule-word", "words",
            "casework.rule-ends-before", "until");

    private final RoutingRules rules;
    private final RoutingWords words;
    private final DeskPeople people;
    private final Dates dates;
    private final Say say;

    RoutingRuleController(RoutingRules rules, RoutingWords words, DeskPeople people, Dates dates, Say say) {
        this.rules = rules;
        this.words = words;
        this.people = people;
        this.dates = dates;
        this.say = say;
    }

    record RulePage(
            String title,
            String action,
            RuleForm form,
            FormErrors errors,
            Choices choices,
            TryForm sample,
            @Nullable Result result,
            @Nullable String closed) {}

    @GetMapping(PATH + "/" + NEW)
    ModelAndView add(Actor actor) {
        Access.administers(actor);
        var form = RuleForm.empty(dates.today());
        return form(actor, null, form, FormErrors.none(), TryForm.EMPTY, null);
    }

    @GetMapping(PATH + "/{id}")
    ModelAndView edit(Actor actor, @PathVariable String id) {
        Access.administers(actor);
        var rule = RoutingController.rule(rules, actor, id);
        return form(actor, rule, RuleForm.of(rule), FormErrors.none(), TryForm.EMPTY, null);
    }

    private ModelAndView form(
            Actor actor,
            @Nullable RoutingRule rule,
            RuleForm form,
            FormErrors errors,
            TryForm sample,
            @Nullable Result result) {
        var known = people.of(actor);
        var closed = rule == null || rule.agency() == null || known.isOpen(rule.agency())
                ? null
                : say.it("desk.rules.agency-closed-advice");
        return new ModelAndView("desk/rule")
                .addObject(
                        "page",
                        new RulePage(
                                rule == null ? say.it("desk.rules.new") : rule.title(),
                                PATH + "/" + (rule == null ? NEW : rule.id()),
                                form,
                                errors,
                                words.choices(actor, known),
                                sample,
                                result,
                                closed));
    }

    @PostMapping({PATH + "/" + NEW, PATH + "/" + NEW + "/coba"})
    ModelAndView create(
            Actor actor,
            @ModelAttribute RuleForm form,
            @ModelAttribute TryForm sample,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.administers(actor);
        return save(actor, null, form, sample, request.getRequestURI().endsWith("/coba"), after);
    }

    @PostMapping({PATH + "/{id}", PATH + "/{id}/coba"})
    ModelAndView change(
            Actor actor,
            @PathVariable String id,
            @ModelAttribute RuleForm form,
            @ModelAttribute TryForm sample,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.administers(actor);
        return save(
                actor,
                RoutingController.rule(rules, actor, id),
                form,
                sample,
                request.getRequestURI().endsWith("/coba"),
                after);
    }

    private ModelAndView save(
            Actor actor,
            @Nullable RoutingRule before,
            RuleForm form,
            TryForm sample,
            boolean trying,
            RedirectAttributes after) {
        var errors = FormErrors.none();
        var rule = form.read(before, () -> last(actor), errors);
        if (rule != null && trying) {
            return form(actor, before, form, errors, sample, words.result(actor, sample, rule));
        }
        if (rule != null) {
            try {
                rules.save(actor, rule);
                after.addFlashAttribute("done", say.it("desk.rules.done.saved", rule.title()));
                return RoutingController.back();
            } catch (RefusalException e) {
                if (e.refusal().kind() != Refusal.Kind.INVALID) {
                    throw e;
                }
                errors.add(
                        FIELDS.getOrDefault(e.refusal().code(), "title"),
                        e.refusal().code(),
                        e.refusal().arguments().toArray());
            }
        }
        var page = form(actor, before, form, errors, sample, null);
        page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    private int last(Actor actor) {
        return rules.all(actor).stream().mapToInt(RoutingRule::order).max().orElse(0) + 10;
    }
}
