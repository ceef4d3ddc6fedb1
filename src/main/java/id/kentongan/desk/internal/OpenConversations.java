// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.desk.internal.CaseCards.CaseCard;
import id.kentongan.desk.internal.PersonCards.PersonCard;
import id.kentongan.desk.internal.Replies.Answering;
import id.kentongan.desk.internal.Replies.Reply;
import id.kentongan.desk.internal.Replies.Written;
import id.kentongan.desk.internal.Threads.Entry;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Draft;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** One conversation with its case beside it, as the reader may see it. */
@Component
class OpenConversations {
    private static final int EARLIER = 100;

    private final Conversations conversations;
    private final Cases cases;
    private final Rules rules;
    private final InboxLists lists;
    private final Threads threads;
    private final Replies replies;
    private final CaseCards cards;
    private final PersonCards persons;
    private final Readings readings;
    private final Dates dates;
    private final Clock clock;
    private final Say say;

    OpenConversations(
            Conversations conversations,
            Cases cases,
            Rules rules,
            InboxLists lists,
            Threads threads,
            Replies replies,
            CaseCards cards,
            PersonCards persons,
            Readings readings,
            Dates dates,
            Clock clock,
            Say say) {
        this.conversations = conversations;
        this.cases = cases;
        this.rules = rules;
        this.lists = lists;
        this.threads = threads;
        this.replies = replies;
        this.cards = cards;
        this.persons = persons;
        this.readings = readings;
        this.dates = dates;
        this.clock = clock;
        this.say = say;
    }

    /**
     * @param path {@code /desk/percakapan/<id>}
     * @param suffix the list's query, kept on every way out
     * @param where network and audience in words
     * @param account which of our accounts was written to
     * @param needsReason whether an auditor has yet to say why they read this
     * @param earlier address of what was said before, or null
     * @param refresh address of the thread with what was on the screen, so that only newer things count as new
     * @param answered who answered since the page was opened, in words, or null
     */
    record Open(
            String id,
            String path,
            String suffix,
            String title,
            String icon,
            String where,
            String account,
            boolean confidential,
            boolean done,
            boolean mayWork,
            boolean mayOpenCase,
            @Nullable String holder,
            boolean mine,
            List<Choice> holders,
            boolean needsReason,
            List<Entry> entries,
            @Nullable String earlier,
            String refresh,
            long version,
            @Nullable String answered,
            Reply reply,
            @Nullable CaseCard card,
            @Nullable PersonCard person,
            List<Choice> kinds,
            List<Choice> agencies) {}

    /**
     * What was on the reader's screen before.
     *
     * @param lastRead boundary of the new, or null to ask the inbox
     * @param version the version the reply box was drawn with
     * @param newest the newest message then
     */
    record Before(
            @Nullable Instant lastRead,
            @Nullable Long version,
            @Nullable String newest,
            @Nullable String earlierThan) {
        static Before nothing() {
            return new Before(null, null, null, null);
        }
    }

    Open open(Actor actor, People people, ConversationId id, InboxQuery query, Before before, Written written) {
        var view = conversations
                .accessible(actor, id)
                .orElseThrow(() -> Refusal.notFound().asException());
        var lastRead = before.lastRead() != null
                ? before.lastRead()
                : conversations.lastRead(actor, id).orElse(null);
        if (!actor.readOnly() && before.earlierThan() == null) {
            conversations.markRead(actor, id);
        }
        var calendar = rules.calendar(actor);
        var row = view.row();
        var contact = lists.who(row);
        var page = before.earlierThan() == null
                ? view.messages()
                : conversations.messages(actor, id, before.earlierThan(), EARLIER);
        var newest = page.items().isEmpty() ? "" : page.items().getLast().id().toString();
        var answered = answered(actor, people, view.messages(), before);
        var version = answered != null && before.version() != null ? before.version() : view.version();
        var found = cases.ofConversation(actor, id).orElse(null);
        var card = found == null ? null : cards.card(actor, people, found, calendar);
        // Of one that was joined to another, the other.
        var path = "/desk/percakapan/" + row.id();
        var mark = row.mark();
        var assignee = row.assignee();
        return new Open(
                id.toString(),
                path,
                query.suffix(),
                contact,
                InboxLists.icon(row.network()),
                say.it("desk.thread.where", lists.network(row.network()), threads.audience(row.audience())),
                view.account().handle(),
                mark != null && mark.confidential(),
                row.done(),
                Access.mayWork(actor),
                Access.mayCoordinate(actor),
                assignee == null ? null : people.name(assignee),
                people.isMe(assignee),
                people.holders(),
                !readings.mayRead(actor, "conversation", id.value()),
                threads.entries(people, id, page.items(), contact, row.audience(), calendar, lastRead),
                page.next() == null ? null : path + query.suffix("sebelum", page.next()),
                path
                        + query.suffix(
                                "lama",
                                String.valueOf((lastRead == null ? clock.instant() : lastRead).toEpochMilli()),
                                "versi",
                                String.valueOf(version),
                                "terakhir",
                                Objects.requireNonNullElse(before.newest(), newest)),
                version,
                answered,
                replies.reply(actor, people, view, found, contact, written, version, answering(found, card, written)),
                card,
                persons.of(actor, id).orElse(null),
                lists.kinds(),
                people.agencyChoices());
    }

    private static @Nullable Answering answering(@Nullable CaseView found, @Nullable CaseCard card, Written written) {
        return found == null || card == null || !card.mayAct() || !waits(found)
                ? null
                : new Answering(
                        card.id(), card.number(), card.version(), card.places().own(), written.answersCase());
    }

    /** For an answer, whoever has it and whether or not it was put off. */
    static boolean waits(CaseView found) {
        return found.leads() && found.state() != CaseState.ANSWERED && found.state() != CaseState.CLOSED;
    }

    /** A colleague's answer that came after the page was drawn: the reader must see it before answering too. */
    private @Nullable String answered(Actor actor, People people, Page<MessageView> messages, Before before) {
        var newest = before.newest();
        if (newest == null) {
            return null;
        }
        return messages.items().stream()
                .filter(each -> each.direction() == Direction.OUT && !each.automatic())
                .filter(each ->
                        each.officer() != null && !each.officer().value().equals(actor.id()))
                .filter(each -> each.id().toString().compareTo(newest) > 0)
                .reduce((first, second) -> second)
                .map(each -> say.it("desk.thread.answered", people.name(each.officer()), dates.near(each.at())))
                .orElse(null);
    }

    /** The text a canned answer adds, with its variables filled in. */
    String canned(Actor actor, People people, ConversationId id, String canned, String written) {
        var view = conversations
                .accessible(actor, id)
                .orElseThrow(() -> Refusal.notFound().asException());
        var found = cases.ofConversation(actor, id).orElse(null);
        var reply = replies.reply(
                actor, people, view, found, lists.who(view.row()), Written.nothing(), view.version(), null);
        var text = java.util.stream.Stream.concat(reply.canned().stream(), reply.moreCanned().stream())
                .filter(each -> each.id().equals(canned))
                .map(Replies.Canned::text)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
        return written.isBlank() ? text : written.strip() + "\n\n" + text;
    }

    List<Replies.Other> others(List<Draft> drafts) {
        return replies.others(drafts);
    }

    @Nullable
    String writing(Actor actor, People people, ConversationId id) {
        return conversations
                .accessible(actor, id)
                .map(view -> replies.writing(people, view))
                .orElseThrow(() -> Refusal.notFound().asException());
    }
}
