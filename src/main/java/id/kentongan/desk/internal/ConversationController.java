// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.desk.internal.OpenConversations.Before;
import id.kentongan.desk.internal.Replies.Written;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Draft;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import id.kentongan.site.Htmx;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A conversation: reading, answering, noting, handing over, finishing. */
@Controller
class ConversationController {
    private static final String PATH = "/desk/percakapan/{id}";
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** The checkbox that says which case this answers. */
    private static final String ANSWERS = "answers";

    /** What the inbox says of pictures stands at their fields. */
    private static final Set<String> PICTURE_REFUSALS = Set.of(
            "inbox.too-many-pictures",
            "inbox.no-pictures-here",
            "inbox.picture-without-words",
            "desk.reply.note-no-pictures");

    private final Conversations conversations;
    private final Cases cases;
    private final OpenConversations opened;
    private final ReplyPictures pictures;
    private final DeskInboxController inbox;
    private final DeskPeople people;
    private final Readings readings;
    private final LiveStream live;
    private final Say say;

    ConversationController(
            Conversations conversations,
            Cases cases,
            OpenConversations opened,
            ReplyPictures pictures,
            DeskInboxController inbox,
            DeskPeople people,
            Readings readings,
            LiveStream live,
            Say say) {
        this.conversations = conversations;
        this.cases = cases;
        this.opened = opened;
        this.pictures = pictures;
        this.inbox = inbox;
        this.people = people;
        this.readings = readings;
        this.live = live;
        this.say = say;
    }

    @GetMapping(PATH)
    ModelAndView show(
            Actor actor,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long lama,
            @RequestParam(required = false) @Nullable Long versi,
            @RequestParam(required = false) @Nullable String terakhir,
            @RequestParam(required = false) @Nullable String sebelum,
            HttpServletRequest request) {
        Access.reads(actor);
        var conversation = Access.conversation(id);
        if (sebelum != null) {
            Access.uuid(sebelum);
        }
        var target = Htmx.asks(request) ? Objects.requireNonNullElse(request.getHeader("HX-Target"), "") : "";
        if (target.equals("writing")) {
            return new ModelAndView("desk/reply :: writing")
                    .addObject("writing", opened.writing(actor, people.of(actor), conversation))
                    .addObject(
                            "address",
                            "/desk/percakapan/" + conversation
                                    + DeskInboxController.query(request).suffix());
        }
        var before = new Before(lama == null ? null : Instant.ofEpochMilli(lama), versi, terakhir, sebelum);
        return page(actor, conversation, target, before, Written.nothing(), request);
    }

    private ModelAndView page(
            Actor actor, ConversationId id, String target, Before before, Written written, HttpServletRequest request) {
        var known = people.of(actor);
        var query = DeskInboxController.query(request);
        var open = opened.open(actor, known, id, query, before, written);
        var view = switch (target) {
            case "open" -> "desk/open :: piece";
            case "messages" -> "desk/messages :: messages";
            case "panel" -> "desk/panel :: panel";
            default -> "desk/inbox";
        };
        var model = new ModelAndView(view).addObject("open", open).addObject("fixed", true);
        if (view.equals("desk/inbox") || view.equals("desk/open :: piece")) {
            var page = inbox.page(actor, known, query, null, 0, open);
            model.addObject("page", page).addObject("list", page.list());
        }
        return model;
    }

    @PostMapping(PATH + "/jawab")
    ModelAndView answer(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String draf,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(name = ANSWERS, defaultValue = "") String matter,
            @RequestParam(name = "case-version", defaultValue = "-1") long caseVersion,
            @RequestParam(name = ReplyPictures.PICTURE, required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        var once = isId(key) ? key : Ids.next().toString();
        var window = window(once, draf);
        var read = pictures.read(files, request);
        if (read.errors().any()) {
            var written = new Written(text, target, once, draf, read.errors(), null, read.words(), !matter.isEmpty());
            return again(actor, conversation, window, written, request);
        }
        try {
            if (target.equals(Replies.NOTE)) {
                if (!read.pictures().isEmpty()) {
                    throw Refusal.invalid("desk.reply.note-no-pictures").asException();
                }
                if (!matter.isEmpty()) {
                    throw Refusal.invalid("desk.reply.note-no-answer").asException();
                }
                conversations.note(actor, conversation, text);
                after.addFlashAttribute("done", say.it("desk.done.note"));
            } else {
                Replies.refuseUnfilled(text);
                var sent = once + ":" + actor.id();
                if (matter.isEmpty()) {
                    conversations.reply(actor, conversation, target, plain(text), sent, version, null, read.pictures());
                    after.addFlashAttribute("done", sent(actor, conversation));
                } else {
                    var answered = besides(actor, conversation, matter);
                    cases.answer(
                            actor,
                            answered.id(),
                            new Cases.Answer(plain(text), sent, caseVersion, target, version, read.pictures()));
                    after.addFlashAttribute("done", say.it("desk.done.reply-answers", answered.publicNumber()));
                }
            }
            conversations.discardDraft(actor, conversation, window);
            return back(conversation, request);
        } catch (RefusalException e) {
            var written = refused(target, text, once, draf, read, !matter.isEmpty(), e.refusal());
            return again(actor, conversation, window, written, request);
        }
    }

    /** The case the page showed beside the conversation; another one stands there only when it moved on. */
    private CaseView besides(Actor actor, ConversationId conversation, String matter) {
        return cases.ofConversation(actor, conversation)
                .filter(each -> each.id().toString().equals(matter))
                .orElseThrow(() -> Refusal.conflict("casework.moved-on").asException());
    }

    /** What was sent; and that the case still waits, since nobody said that this answers it. */
    private String sent(Actor actor, ConversationId conversation) {
        return cases.ofConversation(actor, conversation)
                .filter(OpenConversations::waits)
                .map(each -> say.it("desk.done.reply-besides", each.publicNumber()))
                .orElseGet(() -> say.it("desk.done.reply"));
    }

    private Written refused(
            String target,
            String text,
            String key,
            String draf,
            ReplyPictures.Read read,
            boolean answersCase,
            Refusal refusal) {
        var field = refusal.code().equals("desk.reply.note-no-answer")
                ? ANSWERS
                : PICTURE_REFUSALS.contains(refusal.code()) ? ReplyPictures.PICTURE + "-1" : "text";
        var again = FormErrors.none();
        if (!read.pictures().isEmpty() && !field.startsWith(ReplyPictures.PICTURE)) {
            again.add(ReplyPictures.PICTURE + "-1", "desk.reply.pictures-again");
        }
        return switch (refusal.kind()) {
            case CONFLICT ->
                new Written(
                        text,
                        target,
                        key,
                        draf,
                        again,
                        say.it(refusal.code(), refusal.arguments().toArray()),
                        read.words(),
                        answersCase);
            case INVALID, LIMITED ->
                new Written(
                        text,
                        target,
                        key,
                        draf,
                        again.add(field, refusal.code(), refusal.arguments().toArray()),
                        null,
                        read.words(),
                        answersCase);
            case NOT_FOUND, UNAVAILABLE -> throw refusal.asException();
        };
    }

    /** The form again with every word still in it. */
    private ModelAndView again(
            Actor actor, ConversationId id, Draft.Window window, Written written, HttpServletRequest request) {
        // What is typed is worth more than the state it was typed in.
        conversations.saveDraft(actor, id, window, Objects.requireNonNullElse(written.text(), ""));
        var page = page(actor, id, "", Before.nothing(), written, request);
        page.setStatus(written.conflict() != null ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    @PostMapping(PATH + "/draf")
    ModelAndView draft(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String draf,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        var others = conversations.saveDraft(actor, conversation, window(key, draf), plain(text));
        conversations.present(actor, conversation, !text.isBlank());
        live.tell(actor.tenant(), conversation, LiveStream.PRESENCE);
        if (Htmx.asks(request)) {
            return new ModelAndView("desk/reply :: kept")
                    .addObject("saved", !text.isBlank())
                    .addObject("others", opened.others(others))
                    .addObject("path", "/desk/percakapan/" + conversation)
                    .addObject("suffix", DeskInboxController.query(request).suffix());
        }
        after.addFlashAttribute("done", say.it("desk.done.draft"));
        return back(conversation, request);
    }

    /**
     * Puts what the officer has written in another window into the box; what stood in the box is kept beside it in its
     * turn.
     */
    @PostMapping(PATH + "/draf/pakai/{other}")
    ModelAndView use(
            Actor actor,
            @PathVariable String id,
            @PathVariable String other,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String draf,
            HttpServletRequest request) {
        var chosen = Access.uuid(other);
        var conversation = kept(actor, id, text, key, draf);
        conversations.useDraft(actor, conversation, chosen);
        return back(conversation, request);
    }

    /** Ends a draft of another window, as it was shown. @param other its version */
    @PostMapping(PATH + "/draf/hapus/{other}")
    ModelAndView discard(
            Actor actor,
            @PathVariable String id,
            @PathVariable String other,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String draf,
            HttpServletRequest request) {
        var chosen = Access.uuid(other);
        var conversation = kept(actor, id, text, key, draf);
        conversations.discardDraft(actor, conversation, new Draft.Window(Ids.next(), chosen));
        return back(conversation, request);
    }

    /** What stands in the box is kept before another draft is dealt with. */
    private ConversationId kept(Actor actor, String id, String text, String key, String draf) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        conversations.saveDraft(actor, conversation, window(key, draf), plain(text));
        return conversation;
    }

    private static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** @param draf version of the draft that stood in it */
    private static Draft.Window window(String key, String draf) {
        return new Draft.Window(
                isId(key) ? UUID.fromString(key) : Ids.next(), isId(draf) ? UUID.fromString(draf) : null);
    }

    /** Adds a canned answer to what is written, for browsers without a script. */
    @PostMapping(PATH + "/siap/{canned}")
    ModelAndView canned(
            Actor actor,
            @PathVariable String id,
            @PathVariable String canned,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String draf,
            HttpServletRequest request) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        var known = people.of(actor);
        conversations.saveDraft(
                actor, conversation, window(key, draf), opened.canned(actor, known, conversation, canned, plain(text)));
        return back(conversation, request);
    }

    /** @param officer an officer's id, {@code saya} for oneself, or empty for nobody */
    @PostMapping(PATH + "/serahkan")
    ModelAndView assign(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String officer,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        var known = people.of(actor);
        var to = officer.equals("saya") ? actor.officer() : Access.officer(officer);
        var isColleague = to != null
                && known.holders().stream().anyMatch(each -> each.value().equals(to.toString()));
        if (to != null && !isColleague && !known.isMe(to)) {
            throw Refusal.notFound().asException();
        }
        conversations.assign(actor, conversation, to);
        after.addFlashAttribute(
                "done",
                to == null
                        ? say.it("desk.done.nobody")
                        : known.isMe(to) ? say.it("desk.done.taken") : say.it("desk.done.assigned", known.name(to)));
        return back(conversation, request);
    }

    @PostMapping(PATH + "/selesai")
    ModelAndView finish(
            Actor actor,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        try {
            conversations.finish(actor, conversation, version);
        } catch (RefusalException e) {
            if (e.refusal().kind() != Refusal.Kind.CONFLICT) {
                throw e;
            }
            after.addFlashAttribute("done", say.it(e.refusal().code()));
            return back(conversation, request);
        }
        after.addFlashAttribute("done", say.it("desk.done.finished"));
        return back(conversation, request);
    }

    @PostMapping(PATH + "/buka")
    ModelAndView reopen(Actor actor, @PathVariable String id, HttpServletRequest request, RedirectAttributes after) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        conversations.reopen(actor, conversation);
        after.addFlashAttribute("done", say.it("desk.done.reopened"));
        return back(conversation, request);
    }

    /** Opens a case by hand. */
    @PostMapping(PATH + "/kasus")
    ModelAndView openCase(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String agency,
            HttpServletRequest request,
            RedirectAttributes after) {
        Access.coordinates(actor);
        var conversation = Access.conversation(id);
        cases.open(actor, conversation, Access.parsed(kind, CaseKind::of), Access.agency(agency));
        after.addFlashAttribute("done", say.it("desk.done.case-opened"));
        return back(conversation, request);
    }

    /** An auditor says why before the words are shown. */
    @PostMapping(PATH + "/alasan")
    ModelAndView reason(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            HttpServletRequest request) {
        Access.reads(actor);
        var conversation = Access.conversation(id);
        if (conversations.accessible(actor, conversation).isEmpty()) {
            throw Refusal.notFound().asException();
        }
        if (reason.strip().length() < Readings.SHORTEST_REASON) {
            var page = page(actor, conversation, "", Before.nothing(), Written.nothing(), request);
            page.addObject("errors", FormErrors.none().add("reason", "desk.reason.too-short"));
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        readings.stateForConversation(actor, conversation, reason);
        return back(conversation, request);
    }

    private static ModelAndView back(ConversationId id, HttpServletRequest request) {
        return new ModelAndView("redirect:/desk/percakapan/" + id
                + DeskInboxController.query(request).suffix());
    }

    /** Browsers send line ends of two characters, which networks count. */
    static String plain(String text) {
        return text.replace("\r\n", "\n");
    }
}
