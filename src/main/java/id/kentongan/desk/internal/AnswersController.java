// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Canned answers: their words, their variables, and how they will read in a case. */
@Controller
class AnswersController {
    private static final String PATH = "/desk/atur/jawaban";
    private static final String NEW = "baru";

    private final Conversations conversations;
    private final Dates dates;
    private final Say say;

    AnswersController(Conversations conversations, Dates dates, Say say) {
        this.conversations = conversations;
        this.dates = dates;
        this.say = say;
    }

    record AnswersPage(List<Line> answers) {}

    record Line(String href, String title, String preview) {}

    /** @param preview as it reads in the sample case, or null while something is wrong */
    record AnswerPage(
            String name,
            String action,
            boolean saved,
            String title,
            String text,
            List<Variable> variables,
            @Nullable String preview,
            FormErrors errors) {}

    record Variable(String name, String meaning, String sample) {}

    @GetMapping(PATH)
    ModelAndView list(Actor actor) {
        Access.settlesOrOversees(actor);
        return new ModelAndView("desk/answers")
                .addObject(
                        "page",
                        new AnswersPage(conversations.cannedAnswers(actor).stream()
                                .map(each -> new Line(PATH + "/" + each.id(), each.title(), filled(each.text())))
                                .toList()));
    }

    @GetMapping(PATH + "/" + NEW)
    ModelAndView add(Actor actor) {
        Access.settles(actor);
        return page(null, "", "", FormErrors.none());
    }

    @GetMapping(PATH + "/{id}")
    ModelAndView edit(Actor actor, @PathVariable String id) {
        Access.settles(actor);
        var answer = answer(actor, id);
        return page(answer, answer.title(), answer.text(), FormErrors.none());
    }

    private CannedAnswer answer(Actor actor, String id) {
        var wanted = Access.uuid(id);
        return conversations.cannedAnswers(actor).stream()
                .filter(each -> each.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private ModelAndView page(@Nullable CannedAnswer before, String title, String text, FormErrors errors) {
        return new ModelAndView("desk/answer")
                .addObject(
                        "page",
                        new AnswerPage(
                                before == null ? say.it("desk.answers.new") : before.title(),
                                PATH + "/" + (before == null ? NEW : before.id()),
                                before != null,
                                title,
                                text,
                                CannedAnswer.VARIABLES.stream()
                                        .map(each -> new Variable(
                                                "{" + each + "}",
                                                say.it("desk.answers.variable." + each),
                                                sample().getOrDefault(each, "")))
                                        .toList(),
                                text.isBlank() || errors.of("text") != null ? null : filled(text),
                                errors));
    }

    /** How it reads in a case that does not exist. */
    private String filled(String text) {
        var filled = text;
        for (var each : sample().entrySet()) {
            filled = filled.replace("{" + each.getKey() + "}", each.getValue());
        }
        return filled;
    }

    private Map<String, String> sample() {
        return Map.of(
                "nama", say.it("desk.answers.sample.nama"),
                "nomor", "KTG-2026-000123",
                "dinas", say.it("desk.answers.sample.dinas"),
                "batas", dates.day(dates.today().plusDays(7)));
    }

    @PostMapping(PATH + "/" + NEW)
    ModelAndView create(
            Actor actor,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String act,
            RedirectAttributes after) {
        Access.settles(actor);
        return save(actor, null, title, text, act, after);
    }

    /** @param act {@code lihat} shows how it reads, anything else saves */
    @PostMapping(PATH + "/{id}")
    ModelAndView change(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String act,
            RedirectAttributes after) {
        Access.settles(actor);
        return save(actor, answer(actor, id), title, text, act, after);
    }

    private ModelAndView save(
            Actor actor,
            @Nullable CannedAnswer before,
            String title,
            String text,
            String act,
            RedirectAttributes after) {
        var plain = ConversationController.plain(text).strip();
        var errors = FormErrors.none();
        if (title.isBlank() && !act.equals("lihat")) {
            errors.add("title", "desk.answers.no-title");
        }
        if (plain.isEmpty()) {
            errors.add("text", "desk.answers.no-text");
        }
        UUID id = before == null ? Ids.next() : before.id();
        var answer = new CannedAnswer(id, title.strip(), plain);
        if (!answer.unknownVariables().isEmpty()) {
            errors.add("text", "inbox.unknown-variable", String.join(", ", answer.unknownVariables()));
        }
        if (act.equals("lihat") || errors.any()) {
            var page = page(before, title, plain, errors);
            if (errors.any()) {
                page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            }
            return page;
        }
        try {
            conversations.saveCannedAnswer(actor, answer);
        } catch (RefusalException e) {
            if (e.refusal().kind() != Refusal.Kind.INVALID) {
                throw e;
            }
            errors.add("text", e.refusal().code(), e.refusal().arguments().toArray());
            var page = page(before, title, plain, errors);
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        after.addFlashAttribute("done", say.it("desk.answers.done.saved", answer.title()));
        return new ModelAndView("redirect:" + PATH);
    }

    @PostMapping(PATH + "/{id}/hapus")
    ModelAndView remove(Actor actor, @PathVariable String id, RedirectAttributes after) {
        Access.settles(actor);
        var answer = answer(actor, id);
        conversations.removeCannedAnswer(actor, answer.id());
        after.addFlashAttribute("done", say.it("desk.answers.done.removed", answer.title()));
        return new ModelAndView("redirect:" + PATH);
    }
}
