// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseOpened;
import id.kentongan.casework.CaseReopened;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.BatchPlans;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.MessageContent;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.inbox.MessagesReceived.Received;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.ObjectMapper;

/**
 * Turns what was received into cases: the first rule that fits decides; a form's own words about itself come before
 * the rules. A message in a conversation that has a case is added to it, and opens it again when it was answered.
 */
@Component
class OpeningCases {
    private static final Logger log = LoggerFactory.getLogger(OpeningCases.class);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Conversations conversations;
    private final Contacts contacts;
    private final RoutingRules routingRules;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final CaseSteps steps;
    private final Receipts receipts;
    private final Tenants tenants;
    private final Closings closings;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate apart;
    private final Map<TenantId, ReentrantLock> turns = new ConcurrentHashMap<>();

    OpeningCases(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Conversations conversations,
            Contacts contacts,
            RoutingRules routingRules,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            CaseSteps steps,
            Receipts receipts,
            Tenants tenants,
            Closings closings,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            ApplicationEventPublisher events,
            PlatformTransactionManager manager) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.conversations = conversations;
        this.contacts = contacts;
        this.routingRules = routingRules;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.steps = steps;
        this.receipts = receipts;
        this.tenants = tenants;
        this.closings = closings;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.events = events;
        this.apart = new TransactionTemplate(manager);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /**
     * A durable listener like every other, but for its transaction, which begins only when it is this batch's turn: an
     * annotation would begin it before, and many batches waiting for the one lock would hold all connections.
     */
    @Async
    @TransactionalEventListener
    void on(MessagesReceived event) {
        var turn = turns.computeIfAbsent(event.tenant(), tenant -> new ReentrantLock(true));
        turn.lock();
        try {
            open(event);
        } finally {
            turn.unlock();
        }
    }

    private void open(MessagesReceived event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            BatchPlans.keep(jdbc);
            book.oneAtATime(actor);
            try {
                unmoved(actor, event.messages());
            } catch (RuntimeException e) {
                if (e instanceof TransientDataAccessException
                        || event.messages().size() == 1) {
                    throw e;
                }
                eachByItself(actor, event.messages());
            }
        });
    }

    /** A conversation that a late message joined to another meanwhile is read anew, where its messages are now. */
    private void unmoved(Actor actor, List<Received> messages) {
        for (var tries = 0; ; tries++) {
            try {
                apart.executeWithoutResult(status -> handle(actor, messages));
                return;
            } catch (Moved e) {
                if (tries == 3) {
                    throw e;
                }
            }
        }
    }

    private void keep(Actor actor, Collection<ConversationId> conversations) {
        if (!conversations.isEmpty()
                && this.conversations.keep(actor, conversations).size() < conversations.size()) {
            throw new Moved();
        }
    }

    private static final class Moved extends ConcurrencyFailureException {
        private static final long serialVersionUID = 1L;

        Moved() {
            super("a conversation was joined to another");
        }
    }

    /** One message that cannot be handled keeps nobody else's without a case: it alone is tried again later. */
    private void eachByItself(Actor actor, List<Received> messages) {
        for (var message : messages) {
            try {
                apart.executeWithoutResult(status -> handle(actor, List.of(message)));
            } catch (TransientDataAccessException e) {
                throw e;
            } catch (RuntimeException e) {
                log.warn(
                        "Message {} could not be handled ({}); it is tried again by itself",
                        message.message(),
                        e.getClass().getSimpleName());
                events.publishEvent(new MessagesReceived(actor.tenant(), List.of(message)));
            }
        }
    }

    private void handle(Actor actor, List<Received> messages) {
        var answerable = messages.stream()
                .filter(Received::addressed)
                .filter(each -> !each.automated())
                .collect(Collectors.toMap(Received::message, each -> each, (a, b) -> a, LinkedHashMap::new));
        if (answerable.isEmpty()) {
            return;
        }
        var contents = conversations.contents(actor, answerable.keySet());
        var told = book.told(
                contents.stream().map(content -> content.message().value()).toList());
        // Locked: an officer may be forwarding, answering or closing one of them, and must not be undone.
        var existing = book.lockedOfConversations(
                contents.stream().map(MessageContent::conversation).distinct().toList());
        var now = clock.instant();
        var today = now.atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
        var routing = new Routing(routingRules.all(actor), today);
        var fresh = new LinkedHashMap<ConversationId, CaseBook.NewCase>();
        var first = new LinkedHashMap<ConversationId, MessageContent>();
        var added = new ArrayList<Added>();
        var more = new ArrayList<MessageContent>();
        for (var content : contents) {
            if (told.contains(content.message().value())) {
                continue;
            }
            if (fresh.containsKey(content.conversation())) {
                more.add(content);
                continue;
            }
            var row = existing.get(content.conversation());
            if (row != null && !over(actor, row, now)) {
                if (byReporter(actor, row, content)) {
                    added.add(new Added(row, content));
                    if (again(row, content)) {
                        existing.put(content.conversation(), reopened(actor, row));
                    }
                }
                continue;
            }
            var rule = routing.fitting(
                    content.text(), content.network(), content.hints().get("district"));
            var kind = kindOf(content, rule.orElse(null));
            if (kind == null) {
                continue;
            }
            fresh.put(content.conversation(), wanted(content, kind, rule.orElse(null), row, now));
            first.put(content.conversation(), content);
        }
        tell(actor, added);
        var wanted = new ArrayList<>(fresh.values());
        keep(actor, fresh.keySet());
        var opened = book.open(actor, wanted);
        var due = new ArrayList<Receipts.Due>();
        for (var i = 0; i < opened.size(); i++) {
            var content = first.get(wanted.get(i).conversation());
            if (content != null) {
                due.add(new Receipts.Due(opened.get(i), content, wanted.get(i).secret()));
            }
            events.publishEvent(new CaseOpened(actor.tenant(), opened.get(i).id()));
            existing.put(wanted.get(i).conversation(), opened.get(i));
        }
        tell(
                actor,
                more.stream()
                        .filter(content -> existing.containsKey(content.conversation()))
                        .map(content ->
                                new Added(Objects.requireNonNull(existing.get(content.conversation())), content))
                        .filter(each -> byReporter(actor, each.row(), each.content()))
                        .toList());
        receipts.send(actor, due);
    }

    /**
     * What the form says comes before the rules. A form that fits nothing is an information request, since its
     * tracking page is the only place where the citizen can find an answer; other messages stay in their conversation.
     */
    private static @Nullable CaseKind kindOf(MessageContent content, @Nullable RoutingRule rule) {
        var said = content.hints().get("kind");
        for (var kind : CaseKind.values()) {
            if (kind.code().equals(said)) {
                return kind;
            }
        }
        if (rule != null && rule.kind() != null) {
            return rule.kind();
        }
        return content.network() == Network.WEB ? CaseKind.INFORMATION_REQUEST : null;
    }

    /**
     * Others may join a public thread: only the reporter adds to a case. By form, the secret link has shown who it is.
     * Whom officers have joined to the reporter is the reporter in what everybody may read anyhow: were they wrong, the
     * tracking page shows nobody another's private words.
     */
    private boolean byReporter(Actor actor, CaseBook.Row row, MessageContent content) {
        var reporter = row.reporter();
        // By form into a conversation of another network: by whose link says the tracking page.
        if (content.network() == Network.WEB
                || reporter != null
                        && reporter.toString().equals(content.hints().get("reporter"))) {
            return true;
        }
        if (reporter == null) {
            return row.key().equals(content.contactKey());
        }
        return reporter.equals(content.contact())
                || (content.audience() == Audience.PUBLIC || content.audience() == Audience.UNLISTED)
                        && contacts.person(actor, reporter).contains(content.contact());
    }

    /** A case closed for longer than it may be reopened is over: what is written then is a new matter. */
    private boolean over(Actor actor, CaseBook.Row row, Instant now) {
        var closedAt = row.closedAt();
        if (row.state() != CaseState.CLOSED || closedAt == null) {
            return false;
        }
        return !closings.mayReopen(actor, closedAt, now);
    }

    /** @param before the conversation's case that is over, or null: what it hid stays hidden */
    private CaseBook.NewCase wanted(
            MessageContent content,
            CaseKind kind,
            @Nullable RoutingRule rule,
            CaseBook.@Nullable Row before,
            Instant now) {
        var hints = content.hints();
        var identity = hints.getOrDefault("identity", "open");
        var place = hints.entrySet().stream()
                .filter(entry ->
                        List.of("district", "village", "landmark", "lat", "lon").contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new CaseBook.NewCase(
                content.conversation(),
                kind,
                rule == null ? null : rule.category(),
                rule == null ? null : rule.agency(),
                identity.equals("anonymous") || (before != null && before.anonymous()),
                identity.equals("confidential")
                        || kind == CaseKind.WHISTLE_BLOWING
                        || (before != null && before.confidential()),
                content.contactKey(),
                content.contact(),
                title(content.text()),
                place.isEmpty() ? null : json.writeValueAsString(place),
                hints.get("district"),
                rule == null ? null : rule.id(),
                content.message().value(),
                now,
                hints.getOrDefault("secret", CaseBook.newSecret()));
    }

    /** The first sentence, cut at a word, without the handles it was addressed to. */
    static String title(String text) {
        var plain = text.replaceAll("(^|\\s)@[\\w.@-]+", " ")
                .replaceAll("\\s+", " ")
                .strip();
        var end = plain.indexOf(". ");
        var sentence = end > 15 ? plain.substring(0, end) : plain;
        if (sentence.length() <= 90) {
            return sentence;
        }
        var cut = sentence.lastIndexOf(' ', 88);
        return sentence.substring(0, cut > 40 ? cut : 88) + "…";
    }

    /** Words of the reporter that belong to a case which is there. */
    private record Added(CaseBook.Row row, MessageContent content) {
        boolean answered() {
            return row.state() == CaseState.ANSWERED || row.state() == CaseState.CLOSED;
        }
    }

    private static boolean again(CaseBook.Row row, MessageContent content) {
        return new Added(row, content).answered() && !Thanks.only(content.text());
    }

    private void tell(Actor actor, List<Added> added) {
        if (added.isEmpty()) {
            return;
        }
        timeline.add(
                actor,
                added.stream()
                        .map(each -> new CaseTimeline.Line(
                                each.row().id(),
                                each.content().at(),
                                "added",
                                null,
                                null,
                                null,
                                null,
                                true,
                                each.content().message().value()))
                        .toList());
        trail.recordAll(
                actor,
                added.stream()
                        .map(each -> TrailEntry.of(
                                "casework.added",
                                "case",
                                each.row().id().value(),
                                Map.of("message", each.content().message().toString())))
                        .toList());
        // Who works on such a case has not seen these words: what they send now is a conflict.
        book.heard(added.stream()
                .filter(each -> !each.answered())
                .map(each -> each.row().id())
                .distinct()
                .toList());
    }

    private CaseBook.Row reopened(Actor actor, CaseBook.Row row) {
        var now = clock.instant();
        clocks.restart(actor, row, now);
        timeline.add(
                actor, List.of(new CaseTimeline.Line(row.id(), now, "reopened", null, null, row.agency(), null, true)));
        events.publishEvent(new CaseReopened(actor.tenant(), row.id()));
        trail.record(actor, TrailEntry.of("casework.reopened", "case", row.id().value()));
        conversations.announce(actor, book.conversationsOf(row.id()), "reopened");
        var opened = book.change(actor, row, book.reopening(actor, row));
        steps.tell(actor, row.id(), What.REOPENED, Set.of("liaison", "coordinator"));
        return opened;
    }
}
