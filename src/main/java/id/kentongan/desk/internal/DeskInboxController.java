// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.desk.internal.InboxLists.InboxList;
import id.kentongan.desk.internal.OpenConversations.Open;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Htmx;
import id.kentongan.site.Numbers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The inbox: the boxes, the list, and beside it a conversation. */
@Controller
class DeskInboxController {
    private final InboxLists lists;
    private final DeskPeople people;
    private final KeptCounts counts;
    private final DeskMenu menu;
    private final Numbers numbers;
    private final Say say;

    DeskInboxController(
            InboxLists lists, DeskPeople people, KeptCounts counts, DeskMenu menu, Numbers numbers, Say say) {
        this.lists = lists;
        this.people = people;
        this.counts = counts;
        this.menu = menu;
        this.numbers = numbers;
        this.say = say;
    }

    /**
     * @param open the conversation beside the list, or null
     * @param empty what to say where the box holds nothing, or null
     * @param counts numbers of the rail by address, for a page that refreshes itself
     */
    record InboxPage(
            String title,
            InboxList list,
            @Nullable Open open,
            @Nullable Empty empty,
            Map<String, String> counts,
            String stream) {}

    record Empty(
            String title,
            String text,
            @Nullable String action,
            @Nullable String href) {}

    static InboxQuery query(HttpServletRequest request) {
        return InboxQuery.of(
                request.getParameter("kotak"),
                request.getParameter("kanal"),
                request.getParameter("dinas"),
                request.getParameter("jenis"));
    }

    @GetMapping("/desk")
    ModelAndView inbox(
            Actor actor,
            @RequestParam(required = false) @Nullable String sesudah,
            @RequestParam(defaultValue = "0") int jumlah,
            HttpServletRequest request) {
        if (!actor.hasAny(Access.READS)) {
            return new ModelAndView(actor.hasAny(Access.SUMMARY) ? "redirect:/desk/ringkasan" : "redirect:/desk/atur");
        }
        var page = page(actor, people.of(actor), query(request), sesudah, jumlah, null);
        var view = switch (Htmx.asks(request) ? Objects.requireNonNullElse(request.getHeader("HX-Target"), "") : "") {
            case "conversations" -> "desk/list :: conversations";
            case "more" -> "desk/list :: rows";
            default -> "desk/inbox";
        };
        return new ModelAndView(view)
                .addObject("page", page)
                .addObject("list", page.list())
                .addObject("fixed", true);
    }

    InboxPage page(
            Actor actor, People people, InboxQuery query, @Nullable String after, int wanted, @Nullable Open open) {
        var list =
                lists.list(actor, people, query, after, wanted, open == null ? null : ConversationId.parse(open.id()));
        var empty = list.rows().isEmpty() && after == null && open == null ? empty(actor, query) : null;
        var title = open == null ? say.it("desk.inbox.title") : say.it("desk.inbox.title-open", open.title());
        return new InboxPage(
                title,
                list,
                open,
                empty,
                menu.counts(actor).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, each -> numbers.counted(each.getValue()))),
                "/desk/alir" + (open == null ? "" : "?percakapan=" + open.id()));
    }

    /** An empty box teaches the next step: what still waits elsewhere. */
    private Empty empty(Actor actor, InboxQuery query) {
        if (query.narrowed()) {
            return new Empty(
                    say.it("desk.empty.narrowed"),
                    say.it("desk.empty.narrowed-text"),
                    say.it("desk.empty.narrowed-action"),
                    "/desk" + InboxQuery.of(query.kotak(), null, null, null).suffix());
        }
        var box = query.box();
        var code = box.name().toLowerCase(java.util.Locale.ROOT);
        var known = counts.of(actor);
        var open = known.getOrDefault(Box.OPEN, 0);
        var nobodys = known.getOrDefault(Box.NOBODYS, 0);
        if (box != Box.OPEN && box != Box.ALL && box != Box.NOBODYS && nobodys > 0) {
            return new Empty(
                    say.it("desk.empty." + code),
                    say.it("desk.empty.next", numbers.counted(open), numbers.counted(nobodys)),
                    say.it("desk.empty.next-action"),
                    "/desk?kotak=tanpa-tuan");
        }
        if (box != Box.OPEN && open > 0) {
            return new Empty(
                    say.it("desk.empty." + code),
                    say.it("desk.empty.rest", numbers.counted(open)),
                    say.it("desk.empty.rest-action"),
                    "/desk");
        }
        return new Empty(
                say.it("desk.empty." + code),
                say.it("desk.empty.first"),
                say.it("desk.empty.first-action"),
                "/desk/bantuan");
    }
}
