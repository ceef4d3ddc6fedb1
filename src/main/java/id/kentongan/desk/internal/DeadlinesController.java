// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailLine;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.DeadlineRule.Confidence;
import id.kentongan.policy.DeadlineRule.Unit;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Deadlines and days off: dated rules with their sources, replaced from a day on and never overwritten. */
@Controller
class DeadlinesController {
    private static final String PATH = "/desk/atur/tenggat";
    private static final int LONGEST = 500;
    private static final int SHOWN_CHANGES = 10;

    private final Rules rules;
    private final Trail trail;
    private final Dates dates;
    private final Say say;

    DeadlinesController(Rules rules, Trail trail, Dates dates, Say say) {
        this.rules = rules;
        this.trail = trail;
        this.dates = dates;
        this.say = say;
    }

    record DeadlinesPage(
            List<RuleLine> rules,
            int year,
            int before,
            int after,
            List<HolidayLine> holidays,
            int version,
            List<Change> changes,
            HolidayForm form,
            List<Choice> kinds,
            FormErrors errors) {}

    /** @param history other rules of the same key, older and coming */
    record RuleLine(String href, String name, Dated current, List<Dated> history) {}

    record Dated(String amount, String source, @Nullable String url, String validity, String confidence) {}

    record HolidayLine(String day, String iso, String title, String kind, String source, boolean past) {}

    /** What a change of the calendar moved. @param moved number, from and to of each case */
    record Change(String what, String when, List<String> moved) {}

    record HolidayForm(
            @Nullable String day,
            @Nullable String kind,
            @Nullable String title,
            @Nullable String source) {}

    record RulePage(
            String key,
            String name,
            Dated current,
            RuleForm form,
            List<Choice> units,
            List<Choice> confidences,
            FormErrors errors) {}

    record RuleForm(
            @Nullable String amount,
            @Nullable String unit,
            @Nullable String source,
            @Nullable String sourceUrl,
            @Nullable String confidence,
            @Nullable String from) {}

    @GetMapping(PATH)
    ModelAndView show(Actor actor, @RequestParam(required = false) @Nullable Integer tahun) {
        Access.oversees(actor);
        return page(actor, tahun, new HolidayForm("", "LOCAL", "", ""), FormErrors.none());
    }

    private ModelAndView page(Actor actor, @Nullable Integer wanted, HolidayForm form, FormErrors errors) {
        var today = dates.today();
        var year = wanted == null || wanted < 2000 || wanted > 2200 ? today.getYear() : wanted;
        var byKey = new LinkedHashMap<String, List<DeadlineRule>>();
        rules.deadlines(actor)
                .forEach(each -> byKey.computeIfAbsent(each.key(), key -> new java.util.ArrayList<>())
                        .add(each));
        return new ModelAndView("desk/deadlines")
                .addObject(
                        "page",
                        new DeadlinesPage(
                                byKey.entrySet().stream()
                                        .map(each -> line(each.getKey(), each.getValue(), today))
                                        .toList(),
                                year,
                                year - 1,
                                year + 1,
                                rules.holidays(actor, year).stream()
                                        .map(each -> holiday(each, today))
                                        .toList(),
                                rules.calendarVersion(actor),
                                changes(actor),
                                form,
                                Arrays.stream(Holiday.Kind.values())
                                        .map(each -> new Choice(each.name(), kind(each)))
                                        .toList(),
                                errors));
    }

    private RuleLine line(String key, List<DeadlineRule> all, LocalDate today) {
        var current =
                all.stream().filter(each -> holds(each, today)).findFirst().orElse(all.getLast());
        return new RuleLine(
                PATH + "/aturan/" + key,
                name(key),
                dated(current),
                all.stream()
                        .filter(each -> !each.equals(current))
                        .sorted(Comparator.comparing(DeadlineRule::effectiveFrom)
                                .reversed())
                        .map(this::dated)
                        .toList());
    }

    private static boolean holds(DeadlineRule rule, LocalDate day) {
        var last = rule.effectiveTo();
        return !rule.effectiveFrom().isAfter(day) && (last == null || !last.isBefore(day));
    }

    /** "Aduan: verifikasi"; keys of other modules stand as they are. */
    private String name(String key) {
        var dot = key.indexOf('.');
        var what = say.find("desk.deadlines.what." + key.substring(dot + 1));
        var whose = Stream.of("desk.kind." + key.substring(0, dot), "desk.deadlines.of." + key.substring(0, dot))
                .flatMap(each -> say.find(each).stream())
                .findFirst();
        return what.isEmpty() || whose.isEmpty() ? key : say.it("desk.deadlines.name", whose.get(), what.get());
    }

    private Dated dated(DeadlineRule rule) {
        var until = rule.effectiveTo();
        var url = rule.sourceUrl();
        return new Dated(
                say.it("desk.deadlines.amount." + rule.unit().name().toLowerCase(Locale.ROOT), rule.amount()),
                rule.source(),
                url != null && (url.startsWith("https://") || url.startsWith("http://")) ? url : null,
                until == null
                        ? say.it("desk.rules.since", dates.shortDay(rule.effectiveFrom()))
                        : say.it("desk.rules.between", dates.shortDay(rule.effectiveFrom()), dates.shortDay(until)),
                say.it("desk.deadlines.confidence." + rule.confidence().name().toLowerCase(Locale.ROOT)));
    }

    private HolidayLine holiday(Holiday each, LocalDate today) {
        return new HolidayLine(
                dates.day(each.day()),
                each.day().toString(),
                each.title(),
                kind(each.kind()),
                each.source(),
                each.day().isBefore(today));
    }

    private String kind(Holiday.Kind kind) {
        return say.it("desk.deadlines.holiday." + kind.name().toLowerCase(Locale.ROOT));
    }

    /** Newest first. */
    private List<Change> changes(Actor actor) {
        var all = trail.about(actor, new Subject("calendar", actor.tenant().value()));
        return all.reversed().stream().limit(SHOWN_CHANGES).map(this::change).toList();
    }

    private Change change(TrailLine line) {
        var facts = line.entry().facts();
        var moved = facts.getOrDefault("moved", "");
        return new Change(
                say.it(
                        "desk.deadlines.moved",
                        Integer.parseInt(facts.getOrDefault("cases", "0")),
                        dates.shortDay(LocalDate.parse(facts.getOrDefault("day", "1970-01-01")))),
                dates.near(line.at()),
                moved.isEmpty()
                        ? List.of()
                        : Arrays.stream(moved.split(";")).map(this::movedCase).toList());
    }

    private String movedCase(String fact) {
        var parts = fact.strip().split(" ");
        return parts.length == 3
                ? say.it(
                        "desk.deadlines.moved-case",
                        parts[0],
                        dates.shortDay(LocalDate.parse(parts[1])),
                        dates.shortDay(LocalDate.parse(parts[2])))
                : fact;
    }

    // -- days off

    @PostMapping(PATH + "/libur")
    ModelAndView addHoliday(Actor actor, @ModelAttribute HolidayForm form, RedirectAttributes after) {
        Access.administers(actor);
        var errors = FormErrors.none();
        var day = day(form.day(), "day", errors);
        var title = line(form.title());
        var source = line(form.source());
        if (title.isEmpty()) {
            errors.add("title", "desk.deadlines.no-title");
        }
        if (source.isEmpty()) {
            errors.add("source", "desk.deadlines.no-source");
        }
        if (day != null && !errors.any()) {
            try {
                var kind = form.kind() == null ? "" : form.kind();
                rules.addHoliday(actor, day, Access.parsed(kind, Holiday.Kind::valueOf), title, source);
                after.addFlashAttribute("done", say.it("desk.deadlines.done.added", dates.day(day), title));
                return new ModelAndView("redirect:" + PATH + "?tahun=" + day.getYear());
            } catch (RefusalException e) {
                say(e, "day", errors);
            }
        }
        return wrong(page(actor, day == null ? null : day.getYear(), form, errors));
    }

    @PostMapping(PATH + "/libur/{day}/cabut")
    ModelAndView withdraw(
            Actor actor,
            @PathVariable String day,
            @RequestParam(defaultValue = "") String reason,
            RedirectAttributes after) {
        Access.administers(actor);
        var off = Access.parsed(day, DeadlinesController::iso);
        if (line(reason).isEmpty()) {
            var errors = FormErrors.none().add("reason-" + off, "desk.deadlines.no-reason");
            return wrong(page(actor, off.getYear(), new HolidayForm("", "LOCAL", "", ""), errors));
        }
        rules.withdrawHoliday(actor, off, line(reason));
        after.addFlashAttribute("done", say.it("desk.deadlines.done.withdrawn", dates.day(off)));
        return new ModelAndView("redirect:" + PATH + "?tahun=" + off.getYear());
    }

    private static LocalDate iso(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    // -- deadline rules

    @GetMapping(PATH + "/aturan/{key}")
    ModelAndView rule(Actor actor, @PathVariable String key) {
        Access.administers(actor);
        var current = current(actor, key);
        return rule(
                current,
                new RuleForm(
                        Integer.toString(current.amount()),
                        current.unit().name(),
                        "",
                        "",
                        Confidence.PUBLISHED.name(),
                        dates.today().plusDays(1).toString()),
                FormErrors.none());
    }

    private DeadlineRule current(Actor actor, String key) {
        var all = rules.deadlines(actor).stream()
                .filter(each -> each.key().equals(key))
                .toList();
        return all.stream()
                .filter(each -> holds(each, dates.today()))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private ModelAndView rule(DeadlineRule current, RuleForm form, FormErrors errors) {
        return new ModelAndView("desk/deadline-rule")
                .addObject(
                        "page",
                        new RulePage(
                                current.key(),
                                name(current.key()),
                                dated(current),
                                form,
                                Arrays.stream(Unit.values())
                                        .map(each -> new Choice(
                                                each.name(),
                                                say.it("desk.deadlines.unit."
                                                        + each.name().toLowerCase(Locale.ROOT))))
                                        .toList(),
                                Arrays.stream(Confidence.values())
                                        .map(each -> new Choice(
                                                each.name(),
                                                say.it("desk.deadlines.confidence."
                                                        + each.name().toLowerCase(Locale.ROOT))))
                                        .toList(),
                                errors));
    }

    @PostMapping(PATH + "/aturan/{key}")
    ModelAndView change(
            Actor actor, @PathVariable String key, @ModelAttribute RuleForm form, RedirectAttributes after) {
        Access.administers(actor);
        var current = current(actor, key);
        var errors = FormErrors.none();
        var amount = form.amount() == null ? "" : form.amount().strip();
        if (!amount.matches("[0-9]{1,4}")) {
            errors.add("amount", "desk.deadlines.no-amount");
        }
        var source = line(form.source());
        if (source.isEmpty()) {
            errors.add("source", "desk.deadlines.no-source");
        }
        var url = line(form.sourceUrl());
        if (!url.isEmpty() && !url.matches("https?://\\S+")) {
            errors.add("sourceUrl", "desk.deadlines.no-url");
        }
        var from = day(form.from(), "from", errors);
        if (from != null && from.isBefore(dates.today())) {
            errors.add("from", "desk.deadlines.past");
        }
        if (from != null && !errors.any()) {
            try {
                rules.change(
                        actor,
                        new DeadlineRule(
                                Ids.next(),
                                current.key(),
                                Integer.parseInt(amount),
                                Access.parsed(form.unit() == null ? "" : form.unit(), Unit::valueOf),
                                source,
                                url.isEmpty() ? null : url,
                                from,
                                null,
                                Access.parsed(
                                        form.confidence() == null ? "" : form.confidence(), Confidence::valueOf)));
                after.addFlashAttribute(
                        "done", say.it("desk.deadlines.done.changed", name(current.key()), dates.day(from)));
                return new ModelAndView("redirect:" + PATH);
            } catch (RefusalException e) {
                say(e, e.refusal().code().equals("policy.rule-exists") ? "from" : "amount", errors);
            }
        }
        return wrong(rule(current, form, errors));
    }

    // -- how

    private static void say(RefusalException e, String field, FormErrors errors) {
        if (e.refusal().kind() == Refusal.Kind.NOT_FOUND || e.refusal().kind() == Refusal.Kind.UNAVAILABLE) {
            throw e;
        }
        errors.add(field, e.refusal().code(), e.refusal().arguments().toArray());
    }

    private static ModelAndView wrong(ModelAndView page) {
        page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    private static @Nullable LocalDate day(@Nullable String text, String field, FormErrors errors) {
        try {
            return LocalDate.parse(text == null ? "" : text.strip());
        } catch (DateTimeParseException e) {
            errors.add(field, "desk.rules.no-day");
            return null;
        }
    }

    private static String line(@Nullable String text) {
        var line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST));
    }
}
