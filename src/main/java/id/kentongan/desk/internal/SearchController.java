// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.desk.internal.InboxLists.Row;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import id.kentongan.policy.Rules;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Search over messages, handles and case numbers. */
@Controller
class SearchController {
    private static final int STEP = 30;
    private static final int LONGEST = 200;

    private final Conversations conversations;
    private final InboxLists lists;
    private final DeskPeople people;
    private final Rules rules;

    SearchController(Conversations conversations, InboxLists lists, DeskPeople people, Rules rules) {
        this.conversations = conversations;
        this.lists = lists;
        this.people = people;
        this.rules = rules;
    }

    record SearchPage(
            String words, List<Row> rows, @Nullable String more) {}

    @GetMapping("/desk/cari")
    String search(
            Actor actor,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable String sesudah,
            Model model) {
        Access.reads(actor);
        if (sesudah != null) {
            Access.uuid(sesudah);
        }
        var words = q.strip().substring(0, Math.min(LONGEST, q.strip().length()));
        var found = words.isEmpty() ? Page.<ConversationRow>empty() : conversations.search(actor, words, sesudah, STEP);
        var known = people.of(actor);
        var calendar = rules.calendar(actor);
        var anywhere = InboxQuery.of(null, null, null, null);
        var next = found.next();
        model.addAttribute(
                "page",
                new SearchPage(
                        words,
                        found.items().stream()
                                .map(each -> lists.row(known, each, calendar, anywhere, null))
                                .toList(),
                        next == null
                                ? null
                                : "/desk/cari?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8) + "&sesudah="
                                        + next));
        return "desk/search";
    }
}
