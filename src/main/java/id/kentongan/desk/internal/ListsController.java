// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.LocalizedText;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.policy.DeadlineRule.Confidence;
import id.kentongan.policy.ListEntry;
import id.kentongan.policy.SourcedLists;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Lists with sources: reasons to choose, clocks that run on, who is told. Entries begin and end on a day. */
@Controller
class ListsController {
    private static final String PATH = "/desk/atur/daftar";
    private static final int LONGEST = 300;
    private static final List<String> CLOCKS = List.of("verify", "first-follow-up", "finish");
    private static final List<String> TOLD =
            List.of("coordinator", "liaison", "supervisor", "parent-liaison", "head", "parent-head");
    /** What programs know the entries of a list by; of a list without codes here people make up their own. */
    private static final Map<String, List<String>> CODES = codes();

    private final SourcedLists lists;
    private final Dates dates;
    private final Say say;

    ListsController(SourcedLists lists, Dates dates, Say say) {
        this.lists = lists;
        this.dates = dates;
        this.say = say;
    }

    private static Map<String, List<String>> codes() {
        var codes = new LinkedHashMap<String, List<String>>();
        codes.put("case.archive-reason", List.of());
        codes.put("case.postponed-runs-on", CLOCKS);
        codes.put("case.reopened-restarts", CLOCKS);
        codes.put("case.remind", TOLD);
        codes.put("case.escalate-1", TOLD);
        codes.put("case.escalate-2", TOLD);
        codes.put("case.escalate-3", TOLD);
        return codes;
    }

    record ListsPage(List<OneList> lists, List<Choice> confidences, EntryForm form, FormErrors errors) {}

    /** @param codes to choose from, or none where a title makes an entry of its own */
    record OneList(String code, String name, String text, List<Entry> entries, List<Choice> codes) {}

    /** @param ends how it is ended, or null once it is */
    record Entry(
            String id,
            String title,
            String source,
            @Nullable String url,
            String validity,
            String confidence,
            boolean holds,
            @Nullable String ends) {}

    record EntryForm(
            @Nullable String list,
            @Nullable String code,
            @Nullable String title,
            @Nullable String english,
            @Nullable String source,
            @Nullable String confidence,
            @Nullable String from) {}

    @GetMapping(PATH)
    ModelAndView show(Actor actor) {
        Access.administers(actor);
        return page(actor, blank(), FormErrors.none());
    }

    private EntryForm blank() {
        return new EntryForm(
                "", "", "", "", "", Confidence.PUBLISHED.name(), dates.today().toString());
    }

    private ModelAndView page(Actor actor, EntryForm form, FormErrors errors) {
        var all = lists.all(actor);
        return new ModelAndView("desk/lists")
                .addObject(
                        "page",
                        new ListsPage(
                                CODES.keySet().stream()
                                        .map(list -> list(
                                                list,
                                                all.stream()
                                                        .filter(each ->
                                                                each.list().equals(list))
                                                        .toList()))
                                        .toList(),
                                Arrays.stream(Confidence.values())
                                        .map(each -> new Choice(
                                                each.name(),
                                                say.it("desk.deadlines.confidence."
                                                        + each.name().toLowerCase(Locale.ROOT))))
                                        .toList(),
                                form,
                                errors));
    }

    private OneList list(String list, List<ListEntry> entries) {
        var today = dates.today();
        var key = "desk.lists." + list.substring(list.indexOf('.') + 1);
        return new OneList(
                list,
                say.it(key),
                say.it(key + ".text"),
                entries.stream().map(each -> entry(each, today)).toList(),
                CODES.getOrDefault(list, List.of()).stream()
                        .map(code -> new Choice(code, say.it("desk.lists.code." + code)))
                        .toList());
    }

    private Entry entry(ListEntry each, LocalDate today) {
        var until = each.effectiveTo();
        var url = each.sourceUrl();
        return new Entry(
                each.id().toString(),
                each.title().in(LocaleContextHolder.getLocale()),
                each.source(),
                url != null && url.startsWith("https://") ? url : null,
                until == null
                        ? say.it("desk.rules.since", dates.shortDay(each.effectiveFrom()))
                        : say.it("desk.rules.between", dates.shortDay(each.effectiveFrom()), dates.shortDay(until)),
                say.it("desk.deadlines.confidence." + each.confidence().name().toLowerCase(Locale.ROOT)),
                each.holds(today),
                until == null ? PATH + "/" + each.id() + "/akhiri" : null);
    }

    @PostMapping(PATH)
    ModelAndView add(Actor actor, @ModelAttribute EntryForm form, RedirectAttributes after) {
        Access.administers(actor);
        var list = form.list() == null ? "" : form.list();
        var known = CODES.get(list);
        if (known == null) {
            throw Refusal.notFound().asException();
        }
        var errors = FormErrors.none();
        var title = line(form.title());
        var english = line(form.english());
        String code;
        if (known.isEmpty()) {
            code = code(title);
            if (title.isEmpty()) {
                errors.add("title", "desk.lists.no-title");
            }
        } else {
            code = form.code() == null ? "" : form.code();
            if (!known.contains(code)) {
                errors.add("code", "desk.lists.no-code");
            } else {
                title = say.in(Locale.of("id"), "desk.lists.code." + code);
                english = say.in(Locale.ENGLISH, "desk.lists.code." + code);
            }
        }
        var source = line(form.source());
        if (source.isEmpty()) {
            errors.add("source", "desk.deadlines.no-source");
        }
        var from = day(form.from(), errors);
        if (from != null && from.isBefore(dates.today())) {
            errors.add("from", "desk.deadlines.past");
        }
        if (from != null && !errors.any()) {
            try {
                lists.add(
                        actor,
                        new ListEntry(
                                Ids.next(),
                                list,
                                code,
                                100,
                                english.isEmpty() ? LocalizedText.indonesian(title) : LocalizedText.of(title, english),
                                source,
                                null,
                                from,
                                null,
                                Access.parsed(
                                        form.confidence() == null ? "" : form.confidence(), Confidence::valueOf)));
                after.addFlashAttribute("done", say.it("desk.lists.done.added", title, dates.day(from)));
                return new ModelAndView("redirect:" + PATH);
            } catch (RefusalException e) {
                refused(e, known.isEmpty() ? "title" : "code", errors);
            }
        }
        return wrong(page(actor, form, errors));
    }

    @PostMapping(PATH + "/{id}/akhiri")
    ModelAndView end(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String last,
            RedirectAttributes after) {
        Access.administers(actor);
        UUID which = Access.uuid(id);
        var entry = lists.all(actor).stream()
                .filter(each -> each.id().equals(which))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
        var errors = FormErrors.none();
        LocalDate day = null;
        try {
            day = LocalDate.parse(last.strip());
        } catch (DateTimeParseException e) {
            errors.add("last-" + which, "desk.rules.no-day");
        }
        if (day != null && day.isBefore(dates.today().minusDays(1))) {
            errors.add("last-" + which, "desk.lists.ends-past");
        }
        if (day != null && !errors.any()) {
            try {
                lists.end(actor, which, day);
                after.addFlashAttribute(
                        "done",
                        say.it(
                                "desk.lists.done.ended",
                                entry.title().in(LocaleContextHolder.getLocale()),
                                dates.day(day)));
                return new ModelAndView("redirect:" + PATH);
            } catch (RefusalException e) {
                refused(e, "last-" + which, errors);
            }
        }
        return wrong(page(actor, blank(), errors));
    }

    private static void refused(RefusalException e, String field, FormErrors errors) {
        switch (e.refusal().kind()) {
            case NOT_FOUND, UNAVAILABLE -> throw e;
            case INVALID, CONFLICT, LIMITED ->
                errors.add(field, e.refusal().code(), e.refusal().arguments().toArray());
        }
    }

    private static ModelAndView wrong(ModelAndView page) {
        page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    private static @Nullable LocalDate day(@Nullable String text, FormErrors errors) {
        try {
            return LocalDate.parse(text == null ? "" : text.strip());
        } catch (DateTimeParseException e) {
            errors.add("from", "desk.rules.no-day");
            return null;
        }
    }

    /** "Perkara di pengadilan" is known as {@code perkara-di-pengadilan}. */
    private static String code(String title) {
        var plain = Normalizer.normalize(title.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[-0-9]+|-+$", "");
        return plain.isEmpty() ? "alasan" : plain.substring(0, Math.min(60, plain.length()));
    }

    private static String line(@Nullable String text) {
        var line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST));
    }
}
