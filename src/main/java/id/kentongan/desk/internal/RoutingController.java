// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.casework.RoutingRules.Outcome;
import id.kentongan.casework.RoutingRules.Sample;
import id.kentongan.casework.RoutingRules.Step;
import id.kentongan.casework.RoutingRules.Trial;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Routing rules: which message becomes which case of which agency, tried out before it is saved. */
@Controller
class RoutingController {
    private static final String PATH = "/desk/atur/aturan-penerusan";
    private static final String NEW = "baru";
    private static final int LONGEST_TEXT = 4000;
    private static final int LONGEST_LINE = 200;
    private static final int MOST_WORDS = 200;

    private final RoutingRules rules;
    private final Regions regions;
    private final DeskPeople people;
    private final Dates dates;
    private final Say say;

    RoutingController(RoutingRules rules, Regions regions, DeskPeople people, Dates dates, Say say) {
        this.rules = rules;
        this.regions = regions;
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

    /** @param when what the rule asks for @param then what it does, in words */
    record RuleRow(
            String id,
            String href,
            int place,
            boolean first,
            boolean last,
            String title,
            List<String> when,
            String then,
            String source,
            String since,
            @Nullable StateMark state,
            boolean closed) {}

    record Choices(List<Choice> networks, List<Choice> districts, List<Choice> kinds, List<Choice> agencies) {}

    /** What the officer types to try the rules with. */
    record TryForm(
            @Nullable String text,
            @Nullable String sampleNetwork,
            @Nullable String sampleDistrict) {}

    /** @param sentence which rule decides and what follows, or that none does */
    record Result(boolean decided, String sentence, List<StepLine> steps) {}

    record StepLine(String title, StateMark mark, boolean draft) {}

    /**
     * A rule as typed.
     *
     * @param words one a line
     * @param from, until ISO days
     */
    record RuleForm(
            @Nullable String title,
            @Nullable String words,
            @Nullable String network,
            @Nullable String district,
            @Nullable String kind,
            @Nullable String category,
            @Nullable String agency,
            @Nullable String source,
            @Nullable String from,
            @Nullable String until) {
        String or(@Nullable String value) {
            return value == null ? "" : value;
        }
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

    // -- the list

    @GetMapping(PATH)
    ModelAndView list(Actor actor) {
        Access.administers(actor);
        return list(actor, new TryForm("", "", ""), null);
    }

    /** Tries the rules as they stand; what is typed is not kept. */
    @PostMapping(PATH + "/coba")
    ModelAndView attempt(Actor actor, @ModelAttribute TryForm sample) {
        Access.administers(actor);
        return list(actor, sample, result(actor, sample, null));
    }

    private ModelAndView list(Actor actor, TryForm sample, @Nullable Result result) {
        var known = people.of(actor);
        var names = names(actor);
        var today = dates.today();
        var held = new ArrayList<RoutingRule>();
        var off = new ArrayList<RoutingRule>();
        rules.all(actor).forEach(each -> (ended(each, today) ? off : held).add(each));
        var rows = new ArrayList<RuleRow>();
        for (var i = 0; i < held.size(); i++) {
            rows.add(row(known, names, held.get(i), i + 1, held.size()));
        }
        return new ModelAndView("desk/rules")
                .addObject(
                        "page",
                        new RulesPage(
                                rows,
                                off.stream()
                                        .map(each -> row(known, names, each, 0, 0))
                                        .toList(),
                                sample,
                                result,
                                choices(actor, known)));
    }

    private static boolean ended(RoutingRule rule, LocalDate today) {
        var last = rule.effectiveTo();
        return last != null && last.isBefore(today);
    }

    private Map<String, String> names(Actor actor) {
        var names = new LinkedHashMap<String, String>();
        regions.districts(actor).forEach(each -> names.put(each.code(), each.name()));
        return names;
    }

    private RuleRow row(People known, Map<String, String> names, RoutingRule rule, int place, int of) {
        var when = new ArrayList<String>();
        if (!rule.words().isEmpty()) {
            when.add(say.it("desk.rules.when-words", String.join(", ", rule.words())));
        }
        var network = rule.network();
        if (network != null) {
            when.add(say.it("desk.rules.when-network", say.it("desk.network." + network.code())));
        }
        var district = rule.district();
        if (district != null) {
            when.add(say.it("desk.rules.when-district", names.getOrDefault(district, district)));
        }
        if (when.isEmpty()) {
            when.add(say.it("desk.rules.when-always"));
        }
        var closed = rule.agency() != null && !known.isOpen(rule.agency());
        var until = rule.effectiveTo();
        var today = dates.today();
        return new RuleRow(
                rule.id().toString(),
                PATH + "/" + rule.id(),
                place,
                place == 1,
                place == of,
                rule.title(),
                when,
                then(known, rule),
                rule.source(),
                until == null
                        ? say.it("desk.rules.since", dates.shortDay(rule.effectiveFrom()))
                        : say.it("desk.rules.between", dates.shortDay(rule.effectiveFrom()), dates.shortDay(until)),
                closed
                        ? new StateMark("late", "warning", say.it("desk.rules.agency-closed"))
                        : rule.effectiveFrom().isAfter(today)
                                ? new StateMark("waiting", "clock", say.it("desk.rules.not-yet"))
                                : null,
                closed);
    }

    private String then(People known, RoutingRule rule) {
        var kind = rule.kind();
        var agency = known.agency(rule.agency());
        var category = rule.category();
        var what = kind == null ? say.it("desk.rules.then-nothing") : say.it("desk.kind." + kind.code());
        var to = agency == null
                ? say.it("desk.rules.then-nobody", what)
                : say.it("desk.rules.then-agency", what, agency);
        return category == null || category.isBlank() ? to : say.it("desk.rules.then-topic", to, category);
    }

    private Choices choices(Actor actor, People known) {
        return new Choices(
                Arrays.stream(Network.values())
                        .map(each -> new Choice(each.code(), say.it("desk.network." + each.code())))
                        .toList(),
                regions.districts(actor).stream()
                        .map(each -> new Choice(each.code(), each.name()))
                        .toList(),
                Arrays.stream(CaseKind.values())
                        .map(each -> new Choice(each.code(), say.it("desk.kind." + each.code())))
                        .toList(),
                known.agencyChoices());
    }

    // -- trying out

    private Result result(Actor actor, TryForm sample, @Nullable RoutingRule draft) {
        var text = sample.text() == null ? "" : sample.text();
        var network = network(sample.sampleNetwork());
        var trial = rules.attempt(
                actor,
                new Sample(
                        text.substring(0, Math.min(text.length(), LONGEST_TEXT)),
                        network == null ? Network.ACTIVITYPUB : network,
                        blank(sample.sampleDistrict())),
                draft);
        return new Result(trial.decided() != null, sentence(actor, trial), steps(actor, trial, draft));
    }

    private String sentence(Actor actor, Trial trial) {
        var decided = trial.decided();
        if (decided == null) {
            return say.it("desk.rules.none-decides");
        }
        var word = trial.steps().stream()
                .filter(each -> each.outcome() == Outcome.FITS)
                .map(Step::word)
                .findFirst()
                .orElse(null);
        var then = then(people.of(actor), decided);
        return word == null
                ? say.it("desk.rules.decides", decided.title(), then)
                : say.it("desk.rules.decides-word", decided.title(), word, then);
    }

    private List<StepLine> steps(Actor actor, Trial trial, @Nullable RoutingRule draft) {
        var names = names(actor);
        return trial.steps().stream()
                .filter(each -> each.outcome() != Outcome.ENDED)
                .map(each -> new StepLine(
                        each.rule().title(),
                        mark(each, names),
                        draft != null && each.rule().id().equals(draft.id())))
                .toList();
    }

    private StateMark mark(Step step, Map<String, String> names) {
        var rule = step.rule();
        var network = rule.network();
        var district = rule.district();
        return switch (step.outcome()) {
            case FITS -> {
                var word = step.word();
                yield new StateMark(
                        "good",
                        "check-circle",
                        word == null ? say.it("desk.rules.step.fits") : say.it("desk.rules.step.fits-word", word));
            }
            case OTHER_NETWORK ->
                new StateMark(
                        "quiet",
                        "close",
                        say.it(
                                "desk.rules.step.network",
                                network == null ? "" : say.it("desk.network." + network.code())));
            case OTHER_DISTRICT ->
                new StateMark(
                        "quiet",
                        "close",
                        say.it(
                                "desk.rules.step.district",
                                district == null ? "" : names.getOrDefault(district, district)));
            case NO_WORD -> new StateMark("quiet", "close", say.it("desk.rules.step.words"));
            case NOT_YET ->
                new StateMark("quiet", "clock", say.it("desk.rules.step.not-yet", dates.day(rule.effectiveFrom())));
            case ENDED -> new StateMark("quiet", "pause", say.it("desk.rules.step.ended"));
            case NOT_ASKED -> new StateMark("quiet", "arrow-right", say.it("desk.rules.step.not-asked"));
        };
    }

    // -- one rule

    @GetMapping(PATH + "/" + NEW)
    ModelAndView add(Actor actor) {
        Access.administers(actor);
        var form = new RuleForm("", "", "", "", "", "", "", "", dates.today().toString(), "");
        return form(actor, null, form, FormErrors.none(), new TryForm("", "", ""), null);
    }

    @GetMapping(PATH + "/{id}")
    ModelAndView edit(Actor actor, @PathVariable String id) {
        Access.administers(actor);
        var rule = rule(actor, id);
        return form(actor, rule, formOf(rule), FormErrors.none(), new TryForm("", "", ""), null);
    }

    private RoutingRule rule(Actor actor, String id) {
        var wanted = Access.uuid(id);
        return rules.all(actor).stream()
                .filter(each -> each.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private static RuleForm formOf(RoutingRule rule) {
        var network = rule.network();
        var kind = rule.kind();
        var agency = rule.agency();
        var until = rule.effectiveTo();
        return new RuleForm(
                rule.title(),
                String.join("\n", rule.words()),
                network == null ? "" : network.code(),
                rule.district(),
                kind == null ? "" : kind.code(),
                rule.category(),
                agency == null ? "" : agency.toString(),
                rule.source(),
                rule.effectiveFrom().toString(),
                until == null ? "" : until.toString());
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
                                choices(actor, known),
                                sample,
                                result,
                                closed));
    }

    @PostMapping({PATH + "/" + NEW, PATH + "/" + NEW + "/coba"})
    ModelAndView create(
            Actor actor,
            @ModelAttribute RuleForm form,
            @ModelAttribute TryForm sample,
            jakarta.servlet.http.HttpServletRequest request,
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
            jakarta.servlet.http.HttpServletRequest request,
            RedirectAttributes after) {
        Access.administers(actor);
        return save(
                actor, rule(actor, id), form, sample, request.getRequestURI().endsWith("/coba"), after);
    }

    private ModelAndView save(
            Actor actor,
            @Nullable RoutingRule before,
            RuleForm form,
            TryForm sample,
            boolean trying,
            RedirectAttributes after) {
        var errors = FormErrors.none();
        var rule = read(actor, before, form, errors);
        if (rule != null && trying) {
            return form(actor, before, form, errors, sample, result(actor, sample, rule));
        }
        if (rule != null) {
            try {
                rules.save(actor, rule);
                after.addFlashAttribute("done", say.it("desk.rules.done.saved", rule.title()));
                return back();
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

    /** Which field a refusal of the module below belongs to. */
    private static final Map<String, String> FIELDS = Map.of(
            "casework.no-such-agency", "agency",
            "casework.no-such-district", "district",
            "casework.rule-word", "words",
            "casework.rule-ends-before", "until");

    /** The rule as typed, or null with the errors said. */
    private @Nullable RoutingRule read(Actor actor, @Nullable RoutingRule before, RuleForm form, FormErrors errors) {
        var title = line(form.title());
        var source = line(form.source());
        if (title.isEmpty()) {
            errors.add("title", "desk.rules.no-title");
        }
        var words = Arrays.stream(form.or(form.words()).split("[\\r\\n,]+"))
                .map(RoutingController::line)
                .filter(each -> !each.isEmpty())
                .distinct()
                .limit(MOST_WORDS)
                .toList();
        if (source.isEmpty()) {
            errors.add("source", "desk.rules.no-source");
        }
        var from = day(form.from(), "from", errors);
        var until = form.or(form.until()).isBlank() ? null : day(form.until(), "until", errors);
        if (from == null && errors.of("from") == null) {
            errors.add("from", "desk.rules.no-day");
        }
        if (from != null && until != null && until.isBefore(from)) {
            errors.add("until", "casework.rule-ends-before");
        }
        if (errors.any() || from == null) {
            return null;
        }
        var order = before != null
                ? before.order()
                : rules.all(actor).stream().mapToInt(RoutingRule::order).max().orElse(0) + 10;
        return new RoutingRule(
                before == null ? Ids.next() : before.id(),
                order,
                title,
                words,
                network(form.network()),
                blank(form.district()),
                blank(form.kind()) == null ? null : Access.parsed(form.or(form.kind()), CaseKind::of),
                blank(line(form.category())),
                Access.agency(form.agency()),
                source,
                from,
                until);
    }

    private static @Nullable LocalDate day(@Nullable String text, String field, FormErrors errors) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeParseException e) {
            errors.add(field, "desk.rules.no-day");
            return null;
        }
    }

    private static String line(@Nullable String text) {
        var line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST_LINE));
    }

    private static @Nullable String blank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable Network network(@Nullable String code) {
        return code == null || code.isBlank() ? null : Access.parsed(code, Network::of);
    }

    // -- order, off and on

    private static final Set<String> STEPS = Set.of("naik", "turun", "matikan", "hidupkan");

    /** @param step {@code naik}, {@code turun}, {@code matikan} or {@code hidupkan} */
    @PostMapping(PATH + "/{id}/langkah/{step}")
    ModelAndView step(Actor actor, @PathVariable String id, @PathVariable String step, RedirectAttributes after) {
        Access.administers(actor);
        if (!STEPS.contains(step)) {
            throw Refusal.notFound().asException();
        }
        var rule = rule(actor, id);
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

    private static ModelAndView back() {
        return new ModelAndView("redirect:" + PATH);
    }
}
