// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOpened;
import id.kentongan.casework.CaseReopened;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.MessageContent;
import id.kentongan.inbox.MessagesReceived;
import id.kentongan.inbox.MessagesReceived.Received;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.ObjectMapper;

/**
 * Turns what was received into cases: the first rule that fits decides; a form's own words about itself come before
 * the rules. A message in a conversation that has a case is added to it, and opens it again when it was answered.
 */
@Component
class OpeningCases {
    /** A network may deliver late, and its sender's clock may be wrong. */
    private static final Duration LONGEST_WAY = Duration.ofDays(60);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Conversations conversations;
    private final RoutingRules routingRules;
    private final CaseBook book;
    private final Receipts receipts;
    private final Tenants tenants;
    private final Rules rules;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private final Map<TenantId, ReentrantLock> turns = new ConcurrentHashMap<>();

    OpeningCases(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Conversations conversations,
            RoutingRules routingRules,
            CaseBook book,
            Receipts receipts,
            Tenants tenants,
            Rules rules,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.conversations = conversations;
        this.routingRules = routingRules;
        this.book = book;
        this.receipts = receipts;
        this.tenants = tenants;
        this.rules = rules;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.events = events;
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
            // Two batches at once, on two nodes, must not open two cases for one conversation.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('casework:' || ?, 0))")
                    .param(event.tenant().toString())
                    .query((row, n) -> 1)
                    .list();
            handle(actor, event.messages());
        });
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
        var existing = book.ofConversations(
                contents.stream().map(MessageContent::conversation).distinct().toList());
        var now = clock.instant();
        var today = now.atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
        var routing = new Routing(routingRules.all(actor), today);
        var fresh = new LinkedHashMap<ConversationId, CaseBook.NewCase>();
        var first = new LinkedHashMap<ConversationId, MessageContent>();
        var added = new ArrayList<Added>();
        for (var content : contents) {
            if (told.contains(content.message().value()) || fresh.containsKey(content.conversation())) {
                continue;
            }
            var row = existing.get(content.conversation());
            if (row != null && !over(actor, row, now)) {
                if (byReporter(row, content)) {
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
            fresh.put(content.conversation(), wanted(content, kind, rule.orElse(null), now));
            first.put(content.conversation(), content);
        }
        tell(actor, added);
        var wanted = new ArrayList<>(fresh.values());
        var opened = book.open(actor, wanted);
        var due = new ArrayList<Receipts.Due>();
        for (var i = 0; i < opened.size(); i++) {
            var content = first.get(wanted.get(i).conversation());
            if (content != null) {
                due.add(new Receipts.Due(opened.get(i), content, wanted.get(i).secret()));
            }
            events.publishEvent(new CaseOpened(actor.tenant(), opened.get(i).id()));
        }
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

    /** Others may join a public thread: only the reporter adds to a case. By form, the secret link has shown who it is. */
    private static boolean byReporter(CaseBook.Row row, MessageContent content) {
        return content.network() == Network.WEB || row.key().equals(content.contactKey());
    }

    /** A case closed for longer than it may be reopened is over: what is written then is a new matter. */
    private boolean over(Actor actor, CaseBook.Row row, Instant now) {
        var closedAt = row.closedAt();
        if (row.state() != CaseState.CLOSED || closedAt == null) {
            return false;
        }
        var day = closedAt.atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
        return rules.deadline(actor, "case.reopen", day)
                .map(rule -> !now.isBefore(rules.due(actor, rule, closedAt)))
                .orElse(false);
    }

    private CaseBook.NewCase wanted(MessageContent content, CaseKind kind, @Nullable RoutingRule rule, Instant now) {
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
                identity.equals("anonymous"),
                identity.equals("confidential") || kind == CaseKind.WHISTLE_BLOWING,
                content.contactKey(),
                title(content.text()),
                place.isEmpty() ? null : json.writeValueAsString(place),
                hints.get("district"),
                rule == null ? null : rule.id(),
                content.message().value(),
                openedAt(content.at(), now),
                hints.getOrDefault("secret", CaseBook.newSecret()));
    }

    /** When it was said, unless the sender's clock says something that cannot be: then when it came. */
    private static Instant openedAt(Instant said, Instant now) {
        return said.isAfter(now) || said.isBefore(now.minus(LONGEST_WAY)) ? now : said;
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
        book.timeline(
                actor,
                added.stream()
                        .map(each -> new CaseBook.Line(
                                each.row().id(),
                                each.content().at(),
                                "added",
                                null,
                                null,
                                null,
                                null,
                                true,
                                each.row().key(),
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
        book.restart(actor, row, now);
        book.timeline(
                actor,
                List.of(new CaseBook.Line(row.id(), now, "reopened", null, null, row.agency(), null, true, row.key())));
        events.publishEvent(new CaseReopened(actor.tenant(), row.id()));
        trail.record(actor, TrailEntry.of("casework.reopened", "case", row.id().value()));
        return book.change(
                actor,
                row,
                row.agency() == null ? CaseState.RECEIVED : CaseState.FORWARDED,
                row.kind(),
                row.agency(),
                false,
                false);
    }
}
