// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Corrects and withdraws what was answered, each on a page of its own: neither happens by one press too many. */
@Controller
class AnswerChangesController {
    private static final String CORRECT = "/desk/percakapan/{id}/pesan/{message}/ubah";
    private static final String WITHDRAW = "/desk/percakapan/{id}/pesan/{message}/tarik";

    private final Conversations conversations;
    private final Say say;

    AnswerChangesController(Conversations conversations, Say say) {
        this.conversations = conversations;
        this.say = say;
    }

    /** @param wordings how many earlier ones there were when the page was drawn */
    record ChangePage(
            String title,
            String lead,
            String action,
            String back,
            String network,
            String text,
            int wordings,
            FormErrors errors) {}

    @GetMapping(CORRECT)
    ModelAndView correct(Actor actor, @PathVariable String id, @PathVariable String message) {
        return page("correct", found(actor, id, message), null, FormErrors.none());
    }

    @PostMapping(CORRECT)
    ModelAndView correct(
            Actor actor,
            @PathVariable String id,
            @PathVariable String message,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "0") int wordings,
            RedirectAttributes after) {
        var found = found(actor, id, message);
        try {
            conversations.correct(
                    actor, found.conversation(), found.message().id(), ConversationController.plain(text), wordings);
        } catch (RefusalException e) {
            var refusal = e.refusal();
            if (refusal.kind() != Refusal.Kind.INVALID && refusal.kind() != Refusal.Kind.CONFLICT) {
                throw e;
            }
            var errors = FormErrors.none()
                    .add("text", refusal.code(), refusal.arguments().toArray());
            var page = page("correct", found, text, errors);
            page.setStatus(
                    refusal.kind() == Refusal.Kind.CONFLICT ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        after.addFlashAttribute("done", say.it("desk.done.corrected"));
        return back(found);
    }

    @GetMapping(WITHDRAW)
    ModelAndView withdraw(Actor actor, @PathVariable String id, @PathVariable String message) {
        return page("withdraw", found(actor, id, message), null, FormErrors.none());
    }

    @PostMapping(WITHDRAW)
    ModelAndView withdraw(
            Actor actor, @PathVariable String id, @PathVariable String message, RedirectAttributes after) {
        var found = found(actor, id, message);
        conversations.withdraw(actor, found.conversation(), found.message().id());
        after.addFlashAttribute("done", say.it("desk.done.withdrawn"));
        return back(found);
    }

    private record Found(ConversationId conversation, ConversationView view, MessageView message) {}

    /** What cannot be changed, or no longer, leads back to where that is to be seen. */
    private Found found(Actor actor, String id, String message) {
        Access.works(actor);
        var conversation = Access.conversation(id);
        var view = conversations
                .accessible(actor, conversation)
                .orElseThrow(() -> Refusal.notFound().asException());
        var found = conversations
                .message(actor, conversation, Access.parsed(message, MessageId::parse))
                .filter(each -> each.direction() == MessageView.Direction.OUT && !each.automatic())
                .orElseThrow(() -> Refusal.notFound().asException());
        return new Found(conversation, view, found);
    }

    private ModelAndView page(String what, Found found, @Nullable String typed, FormErrors errors) {
        var message = found.message();
        var text = message.text();
        if (!(what.equals("correct") ? message.correctable() : message.withdrawable()) && !errors.any()) {
            return back(found);
        }
        var network = say.it("desk.network." + found.view().row().network().code());
        return new ModelAndView("desk/" + what)
                .addObject(
                        "page",
                        new ChangePage(
                                say.it("desk.change." + what),
                                say.it("desk.change." + what + "-lead", network),
                                address(found) + "/pesan/" + message.id()
                                        + (what.equals("correct") ? "/ubah" : "/tarik"),
                                address(found),
                                network,
                                typed != null ? typed : text == null ? "" : text,
                                message.earlier().size(),
                                errors));
    }

    private static String address(Found found) {
        return "/desk/percakapan/" + found.conversation();
    }

    private static ModelAndView back(Found found) {
        return new ModelAndView("redirect:" + address(found));
    }
}
