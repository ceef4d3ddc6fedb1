// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/** The list zone of the inbox, most urgent on top, continued by key. */
@Component
class InboxLists {
    static final int STEP = 40;
    /** A list that is refreshed shows again what was loaded, up to here. */
    private static final int MOST = 200;

    private static final Pattern KEY =
            Pattern.compile("(-?infinity|\\d{4}-\\d\\d-\\d\\d[T ][0-9:.]{5,15}(Z|[+-][0-9:]{2,6}))\\|[0-9a-fA-F-]{36}");

    private static final List<Box> BOXES =
            List.of(Box.OPEN, Box.UNANSWERED, Box.UNREAD, Box.MINE, Box.NOBODYS, Box.OVERDUE, Box.DONE, Box.ALL);

    private final Conversations conversations;
    private final KeptCounts counts;
    private final Rules rules;
    private final Deadlines deadlines;
    private final Dates dates;
    private final Numbers numbers;
    private final Say say;

    InboxLists(
            Conversations conversations,
            KeptCounts counts,
            Rules rules,
            Deadlines deadlines,
            Dates dates,
            Numbers numbers,
            Say say) {
        this.conversations = conversations;
        this.counts = counts;
        this.rules = rules;
        this.deadlines = deadlines;
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    /**
     * @param title "42 percakapan"
     * @param order how it is sorted, in words
     * @param unread unread conversations among those shown
     * @param more address of what follows, or null at the end
     * @param self address of this list, to ask for it anew
     */
    record InboxList(
            String title,
            String order,
            int unread,
            List<Row> rows,
            @Nullable String more,
            String self,
            InboxQuery query,
            List<Choice> boxes,
            List<Choice> networks,
            List<Choice> agencies,
            List<Choice> kinds) {}

    /**
     * @param holder name of who holds it, or empty
     * @param current whether it is open beside the list
     */
    record Row(
            String id,
            String href,
            String networkIcon,
            String network,
            String title,
            String who,
            String ago,
            String initials,
            String holder,
            boolean mine,
            boolean unread,
            boolean current,
            boolean confidential,
            StateMark due) {}

    InboxList list(
            Actor actor,
            People people,
            InboxQuery query,
            @Nullable String after,
            int wanted,
            @Nullable ConversationId open) {
        var box = query.box();
        var limit = Math.max(STEP, Math.min(MOST, wanted));
        var page = page(actor, query, after, limit);
        var calendar = rules.calendar(actor);
        var rows = page.items().stream()
                .map(each -> row(people, each, calendar, query, open))
                .toList();
        var next = page.next();
        return new InboxList(
                title(actor, query),
                say.it(box == Box.DONE ? "desk.list.newest" : "desk.list.urgent"),
                (int) rows.stream().filter(Row::unread).count(),
                rows,
                next == null ? null : "/desk" + query.suffix("sesudah", next),
                "/desk" + query.suffix(),
                query,
                BOXES.stream()
                        .filter(each -> each != Box.UNREAD || people.marksRead())
                        .map(each -> new Choice(
                                InboxQuery.CODES.getOrDefault(each, ""),
                                say.it("desk.state." + each.name().toLowerCase(java.util.Locale.ROOT))))
                        .toList(),
                Arrays.stream(Network.values())
                        .map(each -> new Choice(each.code(), network(each)))
                        .toList(),
                people.agencyChoices(),
                kinds());
    }

    /** A key that is not one of ours names nothing. */
    private Page<ConversationRow> page(Actor actor, InboxQuery query, @Nullable String after, int limit) {
        if (after != null && !KEY.matcher(after).matches()) {
            throw Refusal.notFound().asException();
        }
        try {
            return conversations.list(actor, query.filter(), after, limit);
        } catch (DataIntegrityViolationException notATime) {
            throw Refusal.notFound().asException();
        }
    }

    List<Choice> kinds() {
        return Arrays.stream(CaseKind.values())
                .map(each -> new Choice(each.code(), say.it("desk.kind." + each.code())))
                .toList();
    }

    private String title(Actor actor, InboxQuery query) {
        var count = query.narrowed() ? null : counts.of(actor).get(query.box());
        if (count == null) {
            return say.it("desk.list.title." + query.box().name().toLowerCase(java.util.Locale.ROOT));
        }
        return count > Conversations.MOST_COUNTED
                ? say.it("desk.list.count-more", numbers.whole(Conversations.MOST_COUNTED))
                : say.it("desk.list.count", count, numbers.whole(count));
    }

    Row row(
            People people,
            ConversationRow each,
            WorkCalendar calendar,
            InboxQuery query,
            @Nullable ConversationId open) {
        var mark = each.mark();
        var assignee = each.assignee();
        return new Row(
                each.id().toString(),
                "/desk/percakapan/" + each.id() + query.suffix(),
                icon(each.network()),
                network(each.network()),
                each.preview().isBlank() ? say.it("desk.row.no-words") : Threads.withoutSecrets(each.preview()),
                who(each),
                dates.ago(each.lastAt()),
                assignee == null ? "–" : people.initials(assignee),
                people.isMe(assignee) ? say.it("desk.row.me") : people.name(assignee),
                people.isMe(assignee),
                each.unread() && people.marksRead(),
                each.id().equals(open),
                mark != null && mark.confidential(),
                due(each, calendar));
    }

    String who(ConversationRow each) {
        var mark = each.mark();
        if (!each.contactName().isBlank()) {
            return each.contactName();
        }
        if (mark != null && mark.confidential()) {
            return say.it("desk.row.confidential");
        }
        if (mark != null && mark.anonymous()) {
            return say.it("desk.row.anonymous");
        }
        return say.it(each.network() == Network.WEB ? "desk.row.citizen" : "desk.row.hidden");
    }

    private StateMark due(ConversationRow each, WorkCalendar calendar) {
        var mark = each.mark();
        var dueAt = mark == null ? null : mark.dueAt();
        if (each.done()) {
            return new StateMark("quiet", "check-circle", say.it("desk.row.done"));
        }
        if (dueAt != null) {
            var words = deadlines.mark(calendar, dueAt);
            return words.kind().equals("quiet") && mark != null && mark.confidential()
                    ? new StateMark("label", "lock", say.it("desk.row.secret"))
                    : words;
        }
        return each.waitingSince() == null
                ? new StateMark("good", "check", say.it("desk.row.answered"))
                : new StateMark("quiet", "clock", say.it("desk.row.waiting"));
    }

    static String icon(Network network) {
        return switch (network) {
            case ACTIVITYPUB -> "fediverse";
            case EMAIL -> "mail";
            case WEB -> "form";
        };
    }

    String network(Network network) {
        return say.it("desk.network." + network.code());
    }
}
