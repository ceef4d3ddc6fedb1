// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.desk.internal.PersonCards.Left;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.JoiningId;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Htmx;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The person whose conversation it is: who they are elsewhere, how they are reached, and who says so. */
@Controller
class ContactController {
    private static final String PATH = "/desk/percakapan/{id}/kontak";

    private final Contacts contacts;
    private final Conversations conversations;
    private final ContactPages pages;
    private final DeskPeople people;
    private final Say say;

    ContactController(Contacts contacts, Conversations conversations, ContactPages pages, DeskPeople people, Say say) {
        this.contacts = contacts;
        this.conversations = conversations;
        this.pages = pages;
        this.people = people;
        this.say = say;
    }

    @GetMapping(PATH)
    ModelAndView show(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable String sesudah) {
        Access.reads(actor);
        return page(actor, Access.conversation(id), q, sesudah, Map.of());
    }

    private ModelAndView page(
            Actor actor, ConversationId id, String q, @Nullable String after, Map<String, Left> whole) {
        if (conversations.accessible(actor, id).isEmpty()) {
            throw Refusal.notFound().asException();
        }
        var search = q.strip();
        var asked = search.substring(0, Math.min(ContactPages.LONGEST_SEARCH, search.length()));
        return pages.page(actor, people.of(actor), id, asked, after, whole)
                .map(page -> new ModelAndView("desk/contact").addObject("page", page))
                // Where the name is hidden, or a reason is still to be stated, the conversation says so.
                .orElseGet(() -> new ModelAndView("redirect:/desk/percakapan/" + id));
    }

    /** The whole number or address, in its place; on a page of its own without a script. */
    @GetMapping(PATH + "/{message}")
    ModelAndView whole(Actor actor, @PathVariable String id, @PathVariable String message, HttpServletRequest request) {
        Access.reads(actor);
        var conversation = Access.conversation(id);
        var left = pages.whole(actor, conversation, Access.parsed(message, MessageId::parse))
                .orElseThrow(() -> Refusal.notFound().asException());
        return Htmx.asks(request)
                ? new ModelAndView("desk/person :: left").addObject("each", left)
                : page(actor, conversation, "", null, Map.of(left.id(), left));
    }

    private interface Verb {
        void on(ConversationId id);
    }

    /** Does it and shows the person; what is refused is said there. */
    private ModelAndView doing(Actor actor, String id, RedirectAttributes after, Verb verb) {
        Access.coordinates(actor);
        var conversation = Access.conversation(id);
        pages.owner(actor, conversation);
        try {
            verb.on(conversation);
        } catch (RefusalException e) {
            if (e.refusal().kind() == Refusal.Kind.NOT_FOUND || e.refusal().kind() == Refusal.Kind.UNAVAILABLE) {
                throw e;
            }
            after.addFlashAttribute(
                    "wrong", say.it(e.refusal().code(), e.refusal().arguments().toArray()));
        }
        return new ModelAndView("redirect:" + PersonCards.page(conversation));
    }

    /** @param contact who is the same person, or empty; @param percakapan else a conversation of theirs */
    @PostMapping(PATH + "/gabung")
    ModelAndView join(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String contact,
            @RequestParam(defaultValue = "") String percakapan,
            RedirectAttributes after) {
        return doing(actor, id, after, conversation -> {
            var other = contact.isEmpty()
                    ? pages.owner(actor, Access.conversation(percakapan))
                    : Access.parsed(contact, ContactId::parse);
            var joining = contacts.join(actor, pages.owner(actor, conversation), other);
            after.addFlashAttribute("done", say.it("desk.done.joined"));
            joining.ifPresent(each -> after.addFlashAttribute("undo", each.toString()));
        });
    }

    /** @param joining which joining ends, or empty; @param contact else who is taken out */
    @PostMapping(PATH + "/pisah")
    ModelAndView split(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String joining,
            @RequestParam(defaultValue = "") String contact,
            RedirectAttributes after) {
        return doing(actor, id, after, conversation -> {
            if (!joining.isEmpty()) {
                contacts.split(actor, Access.parsed(joining, JoiningId::parse));
            } else {
                var out = Access.parsed(contact, ContactId::parse);
                contacts.takeOut(actor, out);
                after.addFlashAttribute("again", out.toString());
            }
            after.addFlashAttribute("done", say.it("desk.done.split"));
        });
    }

    @PostMapping(PATH + "/beda")
    ModelAndView keepApart(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String contact,
            RedirectAttributes after) {
        return doing(actor, id, after, conversation -> {
            contacts.keepApart(actor, pages.owner(actor, conversation), Access.parsed(contact, ContactId::parse));
            after.addFlashAttribute("done", say.it("desk.done.apart"));
        });
    }
}
