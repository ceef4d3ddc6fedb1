// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.Cases;
import id.kentongan.desk.internal.CasePages.Written;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Cases: the list, one case, and what is done with it. */
@Controller
class CaseController {
    private static final String PATH = "/desk/kasus/{id}";
    private static final int STEP = 50;
    /** A list that asks for itself anew comes back as long as it was, up to this. */
    private static final int MOST = 400;

    private final Cases cases;
    private final CaseTeams teams;
    private final CasePages pages;
    private final CaseCards cards;
    private final DeskPeople people;
    private final Readings readings;
    private final Rules rules;
    private final Deadlines deadlines;
    private final Dates dates;
    private final Say say;

    CaseController(
            Cases cases,
            CaseTeams teams,
            CasePages pages,
            CaseCards cards,
            DeskPeople people,
            Readings readings,
            Rules rules,
            Deadlines deadlines,
            Dates dates,
            Say say) {
        this.cases = cases;
        this.teams = teams;
        this.pages = pages;
        this.cards = cards;
        this.people = people;
        this.readings = readings;
        this.rules = rules;
        this.deadlines = deadlines;
        this.dates = dates;
        this.say = say;
    }

    record CaseLine(
            String href,
            String number,
            String title,
            StateMark kind,
            StateMark state,
            @Nullable String agency,
            String opened,
            @Nullable StateMark due,
            boolean confidential,
            boolean anonymous) {}

    record CaseListPage(
            List<CaseLine> rows,
            @Nullable String more,
            String self,
            String state,
            String kind,
            String agency,
            boolean overdue,
            List<Choice> states,
            List<Choice> kinds,
            List<Choice> agencies) {}

    /** @param keadaan empty for everything open, a state, or {@code semua} */
    @GetMapping("/desk/kasus")
    ModelAndView list(
            Actor actor,
            @RequestParam(defaultValue = "") String keadaan,
            @RequestParam(defaultValue = "") String jenis,
            @RequestParam(defaultValue = "") String dinas,
            @RequestParam(defaultValue = "") String terlambat,
            @RequestParam(required = false) @Nullable String sesudah,
            @RequestParam(defaultValue = "0") int jumlah,
            @RequestHeader(name = "HX-Target", required = false) @Nullable String target) {
        Access.reads(actor);
        var overdue = !terlambat.isEmpty();
        var state = keadaan.isEmpty() || keadaan.equals("semua")
                ? null
                : Access.parsed(keadaan.toUpperCase(Locale.ROOT), CaseState::valueOf);
        var kind = jenis.isEmpty() ? null : Access.parsed(jenis, CaseKind::of);
        AgencyId agency = Access.agency(dinas);
        var found = cases.list(
                actor,
                new CaseFilter(state, kind, agency, keadaan.isEmpty(), overdue),
                sesudah,
                Math.max(STEP, Math.min(MOST, jumlah)));
        var known = people.of(actor);
        var calendar = rules.calendar(actor);
        var next = found.next();
        var page = new CaseListPage(
                found.items().stream().map(each -> line(each, known, calendar)).toList(),
                next == null ? null : address(keadaan, jenis, dinas, terlambat, next),
                address(keadaan, jenis, dinas, terlambat, null),
                keadaan,
                jenis,
                dinas,
                overdue,
                states(),
                kinds(),
                known.agencyChoices());
        var view = switch (Objects.requireNonNullElse(target, "")) {
            case "more" -> "desk/cases :: rows";
            case "cases" -> "desk/cases :: list";
            default -> "desk/cases";
        };
        return new ModelAndView(view).addObject("page", page);
    }

    CaseLine line(CaseRow each, People known, WorkCalendar calendar) {
        var dueAt = each.state() == CaseState.CLOSED ? null : each.dueAt();
        return new CaseLine(
                "/desk/kasus/" + each.id(),
                each.publicNumber(),
                each.title().isBlank() ? say.it("desk.case.no-title") : each.title(),
                cards.kind(each.kind()),
                cards.state(each.state(), known.agency(each.agency()), each.outcome(), each.postponedUntil()),
                known.agency(each.agency()),
                dates.near(each.openedAt()),
                dueAt == null ? null : deadlines.mark(calendar, dueAt),
                each.confidential(),
                each.anonymous());
    }

    private List<Choice> states() {
        var states = new ArrayList<Choice>();
        states.add(new Choice("", say.it("desk.cases.open")));
        Arrays.stream(CaseState.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .forEach(each -> states.add(new Choice(each, say.it("desk.case.state." + each))));
        states.add(new Choice("semua", say.it("desk.cases.all")));
        return states;
    }

    private List<Choice> kinds() {
        return Arrays.stream(CaseKind.values())
                .map(each -> new Choice(each.code(), say.it("desk.kind." + each.code())))
                .toList();
    }

    private static String address(String state, String kind, String agency, String overdue, @Nullable String after) {
        var pairs = new StringJoiner("&", "/desk/kasus?", "").setEmptyValue("/desk/kasus");
        if (!state.isEmpty()) {
            pairs.add("keadaan=" + state);
        }
        if (!kind.isEmpty()) {
            pairs.add("jenis=" + kind);
        }
        if (!agency.isEmpty()) {
            pairs.add("dinas=" + agency);
        }
        if (!overdue.isEmpty()) {
            pairs.add("terlambat=ya");
        }
        if (after != null) {
            pairs.add("sesudah=" + after);
        }
        return pairs.toString();
    }

    @GetMapping(PATH)
    ModelAndView show(
            Actor actor,
            @PathVariable String id,
            @RequestHeader(name = "HX-Target", required = false) @Nullable String target,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String asks) {
        Access.reads(actor);
        var page = page(actor, Access.parsed(id, CaseId::parse), Written.nothing());
        if (asks != null && target != null) {
            page.setViewName(
                    switch (target) {
                        case "messages" -> "desk/case :: messages";
                        case "next" -> "desk/case :: next";
                        case "about" -> "desk/case :: about";
                        default -> "desk/case";
                    });
        }
        return page;
    }

    private ModelAndView page(Actor actor, CaseId id, Written written) {
        return new ModelAndView("desk/case")
                .addObject("page", pages.page(actor, people.of(actor), id, written))
                .addObject("fixed", true);
    }

    private interface Verb {
        void on(CaseId id);
    }

    /**
     * Does it and goes back; a refusal shows the case again with every word still there.
     *
     * @param back where to go afterwards, when the reader may still see it there
     */
    private ModelAndView doing(
            Actor actor,
            String id,
            @Nullable String back,
            Written written,
            String field,
            String done,
            RedirectAttributes after,
            Verb verb) {
        Access.works(actor);
        var which = Access.parsed(id, CaseId::parse);
        try {
            verb.on(which);
        } catch (RefusalException e) {
            return again(actor, which, written, field, e.refusal());
        }
        after.addFlashAttribute("done", say.it(done));
        // A case that was handed on may have left the reader's reach.
        var still = cases.accessible(actor, which).isPresent();
        return new ModelAndView("redirect:" + (still ? Access.back(back, "/desk/kasus/" + which) : "/desk/kasus"));
    }

    private ModelAndView again(Actor actor, CaseId id, Written written, String field, Refusal refusal) {
        if (refusal.kind() == Refusal.Kind.NOT_FOUND || refusal.kind() == Refusal.Kind.UNAVAILABLE) {
            throw refusal.asException();
        }
        var arguments = refusal.arguments().stream()
                .map(each -> each instanceof LocalDate day ? dates.day(day) : each)
                .toArray();
        var conflict = refusal.kind() == Refusal.Kind.CONFLICT;
        var page = page(
                actor,
                id,
                new Written(
                        written.text(),
                        written.key(),
                        written.note(),
                        written.fields(),
                        conflict ? FormErrors.none() : FormErrors.none().add(field, refusal.code(), arguments),
                        conflict ? say.it(refusal.code(), arguments) : null));
        page.setStatus(conflict ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    @PostMapping(PATH + "/verifikasi")
    ModelAndView verify(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        return doing(
                actor,
                id,
                back,
                Written.nothing(),
                "kind",
                "desk.done.verified",
                after,
                which -> cases.verify(actor, which, Access.parsed(kind, CaseKind::of), version));
    }

    @PostMapping(PATH + "/disposisi")
    ModelAndView forward(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String agency,
            @RequestParam(defaultValue = "") String note,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        var written = new Written("", "", note, Map.of(), FormErrors.none(), null);
        return doing(actor, id, back, written, "agency", "desk.done.forwarded", after, which -> {
            var to = Access.agency(agency);
            if (to == null) {
                throw Refusal.invalid("desk.forward.no-agency").asException();
            }
            cases.forward(actor, which, to, ConversationController.plain(note), version);
        });
    }

    @PostMapping(PATH + "/jawab")
    ModelAndView answer(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String key,
            @RequestParam long version,
            RedirectAttributes after) {
        var once = key.matches("[0-9a-fA-F-]{36}") ? key : Ids.next().toString();
        var written = new Written(
                text, once, "", target.isEmpty() ? Map.of() : Map.of("target", target), FormErrors.none(), null);
        var where = target.isEmpty() ? null : target;
        return doing(actor, id, null, written, "text", "desk.done.answered", after, which -> {
            Replies.refuseUnfilled(text);
            cases.answer(
                    actor,
                    which,
                    new Cases.Answer(ConversationController.plain(text), once, version, where, null, List.of()));
        });
    }

    @PostMapping(PATH + "/kembalikan")
    ModelAndView giveBack(
            Actor actor,
            @PathVariable String id,
            @RequestParam(name = "return-reason", defaultValue = "") String reason,
            @RequestParam long version,
            RedirectAttributes after) {
        var written = Written.of(Map.of("return-reason", reason));
        return doing(
                actor,
                id,
                null,
                written,
                "return-reason",
                "desk.done.returned",
                after,
                which -> cases.giveBack(actor, which, ConversationController.plain(reason), version));
    }

    @PostMapping(PATH + "/tunda")
    ModelAndView postpone(
            Actor actor,
            @PathVariable String id,
            @RequestParam(name = "postpone-reason", defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String until,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        var written = Written.of(Map.of("postpone-reason", reason, "until", until));
        var day = day(until);
        var field = reason.isBlank() ? "postpone-reason" : "until";
        return doing(actor, id, back, written, field, "desk.done.postponed", after, which -> {
            if (day == null && !reason.isBlank()) {
                throw Refusal.invalid("desk.rules.no-day").asException();
            }
            cases.postpone(
                    actor, which, ConversationController.plain(reason), day == null ? dates.today() : day, version);
        });
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @PostMapping(PATH + "/lanjutkan")
    ModelAndView resume(
            Actor actor,
            @PathVariable String id,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        return doing(
                actor,
                id,
                back,
                Written.nothing(),
                "version",
                "desk.done.resumed",
                after,
                which -> cases.resume(actor, which, version));
    }

    @PostMapping(PATH + "/bukan-wewenang")
    ModelAndView refer(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String suggestion,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        return doing(
                actor,
                id,
                back,
                Written.of(Map.of("suggestion", suggestion)),
                "suggestion",
                "desk.done.not-ours",
                after,
                which -> cases.refer(actor, which, ConversationController.plain(suggestion), version));
    }

    @PostMapping(PATH + "/arsipkan")
    ModelAndView archive(
            Actor actor,
            @PathVariable String id,
            @RequestParam(name = "archive-reason", defaultValue = "") String reason,
            @RequestParam(name = "archive-note", defaultValue = "") String note,
            @RequestParam(defaultValue = "") String tell,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        return doing(
                actor,
                id,
                back,
                Written.of(Map.of("archive-reason", reason, "archive-note", note, "tell", tell)),
                reason.isEmpty() ? "archive-reason" : "archive-note",
                tell.isEmpty() ? "desk.done.archived-silently" : "desk.done.archived",
                after,
                which -> cases.archive(
                        actor, which, reason, ConversationController.plain(note), !tell.isEmpty(), version));
    }

    @PostMapping(PATH + "/bantuan")
    ModelAndView support(
            Actor actor,
            @PathVariable String id,
            @RequestParam(name = "helper", defaultValue = "") String agency,
            @RequestParam(name = "helper-note", defaultValue = "") String note,
            @RequestParam long version,
            RedirectAttributes after) {
        var written = Written.of(Map.of("helper", agency, "helper-note", note));
        return doing(actor, id, null, written, "helper", "desk.done.support", after, which -> {
            var to = Access.agency(agency);
            if (to == null) {
                throw Refusal.invalid("desk.forward.no-agency").asException();
            }
            teams.support(actor, which, to, ConversationController.plain(note), version);
        });
    }

    @PostMapping(PATH + "/bantuan/{agency}/selesai")
    ModelAndView release(
            Actor actor,
            @PathVariable String id,
            @PathVariable String agency,
            @RequestParam long version,
            RedirectAttributes after) {
        var helper = Access.parsed(agency, AgencyId::parse);
        return doing(
                actor,
                id,
                null,
                Written.nothing(),
                "helper",
                "desk.done.support-ended",
                after,
                which -> teams.release(actor, which, helper, version));
    }

    @PostMapping(PATH + "/catatan")
    ModelAndView contribute(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String contribution,
            RedirectAttributes after) {
        return doing(
                actor,
                id,
                null,
                Written.of(Map.of("contribution", contribution)),
                "contribution",
                "desk.done.contributed",
                after,
                which -> teams.contribute(actor, which, ConversationController.plain(contribution)));
    }

    @PostMapping(PATH + "/tugas")
    ModelAndView give(
            Actor actor,
            @PathVariable String id,
            @RequestParam(name = "task-title", defaultValue = "") String title,
            @RequestParam(name = "task-for", defaultValue = "") String whom,
            @RequestParam(name = "task-due", defaultValue = "") String due,
            RedirectAttributes after) {
        var written = Written.of(Map.of("task-title", title, "task-for", whom, "task-due", due));
        var day = day(due);
        var field = !due.isBlank() && day == null ? "task-due" : whom.isBlank() ? "task-for" : "task-title";
        return doing(actor, id, null, written, field, "desk.done.task", after, which -> {
            if (!due.isBlank() && day == null) {
                throw Refusal.invalid("desk.rules.no-day").asException();
            }
            var parts = whom.split(":", 2);
            var agency = Access.agency(parts[0]);
            if (agency == null) {
                throw Refusal.invalid("desk.team.no-one").asException();
            }
            teams.give(
                    actor,
                    which,
                    ConversationController.plain(title),
                    agency,
                    parts.length == 2 ? Access.officer(parts[1]) : null,
                    day);
        });
    }

    @PostMapping(PATH + "/tugas/{task}")
    ModelAndView done(
            Actor actor,
            @PathVariable String id,
            @PathVariable String task,
            @RequestParam(defaultValue = "") String done,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        var which = Access.uuid(task);
        return doing(
                actor,
                id,
                back,
                Written.nothing(),
                "task-title",
                done.isEmpty() ? "desk.done.task-open" : "desk.done.task-done",
                after,
                matter -> teams.done(actor, which, !done.isEmpty()));
    }

    @PostMapping(PATH + "/tutup")
    ModelAndView close(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        var written = Written.of(Map.of("reason", reason));
        return doing(actor, id, back, written, "reason", "desk.done.closed", after, which -> {
            if (reason.isBlank()) {
                throw Refusal.invalid("desk.close.no-reason").asException();
            }
            cases.close(actor, which, ConversationController.plain(reason), version);
        });
    }

    @PostMapping(PATH + "/buka")
    ModelAndView reopen(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String back,
            RedirectAttributes after) {
        Access.coordinates(actor);
        return doing(
                actor,
                id,
                back,
                Written.nothing(),
                "reason",
                "desk.done.case-reopened",
                after,
                which -> cases.reopen(actor, which, ConversationController.plain(reason)));
    }

    @PostMapping(PATH + "/alasan")
    ModelAndView reason(Actor actor, @PathVariable String id, @RequestParam(defaultValue = "") String reason) {
        Access.reads(actor);
        var which = Access.parsed(id, CaseId::parse);
        var found = cases.accessible(actor, which)
                .orElseThrow(() -> Refusal.notFound().asException());
        if (reason.strip().length() < Readings.SHORTEST_REASON) {
            var page = page(actor, which, Written.nothing());
            page.addObject("errors", FormErrors.none().add("reason", "desk.reason.too-short"));
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        readings.stateForCase(actor, found, reason);
        return new ModelAndView("redirect:/desk/kasus/" + which);
    }
}
