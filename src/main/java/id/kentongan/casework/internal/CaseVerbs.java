// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseAnswered;
import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseForwarded;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOpened;
import id.kentongan.casework.CaseReopened;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What is done with a case: each verb stands on the timeline and in the trail, in its transaction. */
@Component
class CaseVerbs {
    private final ActorTransactions transactions;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Trail trail;
    private final Clock clock;
    private final Conversations conversations;
    private final Receipts receipts;
    private final Agencies agencies;
    private final ApplicationEventPublisher events;

    CaseVerbs(
            ActorTransactions transactions,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            Trail trail,
            Clock clock,
            Conversations conversations,
            Receipts receipts,
            Agencies agencies,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.trail = trail;
        this.clock = clock;
        this.conversations = conversations;
        this.receipts = receipts;
        this.agencies = agencies;
        this.events = events;
    }

    CaseId open(Actor actor, ConversationId asked, CaseKind kind, @Nullable AgencyId agency) {
        CaseAccess.coordinates(actor);
        return transactions.write(actor, () -> {
            book.oneAtATime(actor);
            var conversation = conversations
                    .accessible(actor, asked)
                    .orElseThrow(() -> Refusal.notFound().asException())
                    .row()
                    .id();
            if (conversations.keep(actor, List.of(conversation)).isEmpty()) {
                throw Refusal.conflict("inbox.moved-on").asException();
            }
            var existing = book.ofConversation(conversation);
            var before = existing.orElse(null);
            if (existing.isPresent() && existing.get().state() != CaseState.CLOSED) {
                return existing.get().id();
            }
            var system = Actor.system(actor.tenant(), "casework");
            return transactions.write(system, () -> {
                var first = firstMessage(system, conversation);
                var secret = CaseBook.newSecret();
                var opened = book.open(
                                actor,
                                List.of(new CaseBook.NewCase(
                                        conversation,
                                        kind,
                                        null,
                                        agency,
                                        before != null && before.anonymous(),
                                        kind == CaseKind.WHISTLE_BLOWING || (before != null && before.confidential()),
                                        first.contactKey(),
                                        first.contact(),
                                        OpeningCases.title(first.text()),
                                        null,
                                        null,
                                        null,
                                        first.message().value(),
                                        clock.instant(),
                                        secret)))
                        .getFirst();
                receipts.send(system, List.of(new Receipts.Due(opened, first, secret)));
                events.publishEvent(new CaseOpened(actor.tenant(), opened.id()));
                return opened.id();
            });
        });
    }

    private Conversations.MessageContent firstMessage(Actor system, ConversationId conversation) {
        var incoming = conversations.messages(system, conversation, null, 100).items().stream()
                .filter(message -> message.direction() == MessageView.Direction.IN && message.text() != null)
                .map(MessageView::id)
                .toList();
        return conversations.contents(system, incoming).stream()
                .findFirst()
                .orElseThrow(() -> Refusal.invalid("casework.nothing-to-open").asException());
    }

    void verify(Actor actor, CaseId id, CaseKind kind, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = openAndLocked(actor, id, version);
            if (kind != row.kind()) {
                clocks.rekind(actor, row, kind);
            }
            clocks.meet(id, clock.instant(), ClockKind.VERIFY);
            line(actor, row, "verified", null, null, null, true);
            record(actor, id, "verified", Map.of("kind", kind.code()));
            // The rules have chosen an agency already: what is verified is with it.
            var agency = row.agency();
            var forwarded = row.state() == CaseState.RECEIVED && agency != null;
            if (forwarded && agency != null) {
                timeline.add(
                        actor,
                        List.of(new CaseTimeline.Line(id, clock.instant(), "handed", null, null, agency, null, true)));
                events.publishEvent(new CaseForwarded(actor.tenant(), id, null, agency));
            }
            // By the machine, because a case that turns out to be confidential leaves the officer's own reach.
            transactions.write(
                    Actor.system(actor.tenant(), "casework"),
                    () -> book.change(
                            actor, row, forwarded ? CaseState.FORWARDED : row.state(), kind, agency, false, false));
            if (forwarded) {
                tell(actor, id, "forwarded");
            }
        });
    }

    void forward(Actor actor, CaseId id, AgencyId to, String note, long version) {
        transactions.run(actor, () -> {
            var row = openAndLocked(actor, id, version);
            if (agencies.find(actor, to).filter(Agency::active).isEmpty()) {
                throw Refusal.invalid("casework.no-such-agency").asException();
            }
            clocks.meet(id, clock.instant(), ClockKind.VERIFY);
            line(actor, row, "forwarded", row.agency(), to, note.isBlank() ? null : note.strip(), false);
            timeline.add(
                    actor, List.of(new CaseTimeline.Line(id, clock.instant(), "handed", null, null, to, null, true)));
            record(actor, id, "forwarded", Map.of("to", to.toString()));
            events.publishEvent(new CaseForwarded(actor.tenant(), id, row.agency(), to));
            // Last, because the case then leaves the forwarding agency's own reach.
            transactions.write(
                    Actor.system(actor.tenant(), "casework"),
                    () -> book.change(actor, row, CaseState.FORWARDED, row.kind(), to, false, false));
            tell(actor, id, "forwarded");
        });
    }

    void answer(Actor actor, CaseId id, String text, String idempotencyKey, long version) {
        transactions.run(actor, () -> {
            CaseAccess.worksHere(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            var links = book.conversationsOf(id);
            if (text.isBlank()) {
                throw Refusal.invalid("casework.empty-answer").asException();
            }
            if (row.version() != version) {
                if (alreadyAnswered(actor, id, idempotencyKey)) {
                    return;
                }
                throw Refusal.conflict("casework.moved-on").asException();
            }
            if (row.state() == CaseState.CLOSED) {
                throw Refusal.conflict("casework.already-closed").asException();
            }
            MessageId said = null;
            for (var conversation : links) {
                var view = conversations
                        .accessible(actor, conversation)
                        .orElseThrow(() -> Refusal.notFound().asException());
                var target = target(row, view);
                // Where nobody's words are left the tracking page alone has the answer.
                if (target.isPresent()) {
                    var sent = conversations.reply(
                            actor,
                            conversation,
                            target.get(),
                            text,
                            idempotencyKey + ":" + conversation,
                            null,
                            row.reporter());
                    said = said == null ? sent : said;
                }
            }
            var now = clock.instant();
            clocks.meet(id, now, ClockKind.VERIFY, ClockKind.FIRST_FOLLOW_UP, ClockKind.FINISH);
            timeline.add(
                    actor,
                    List.of(new CaseTimeline.Line(
                            row.id(),
                            now,
                            "answered",
                            actor.name(),
                            row.agency(),
                            null,
                            text.strip(),
                            true,
                            said == null ? null : said.value())));
            book.change(actor, row, CaseState.ANSWERED, row.kind(), row.agency(), true, false);
            record(actor, id, "answered", Map.of("key", idempotencyKey));
            if (row.agency() != null) {
                events.publishEvent(new CaseAnswered(actor.tenant(), id, row.agency()));
            }
        });
    }

    private boolean alreadyAnswered(Actor actor, CaseId id, String key) {
        return trail.about(actor, new Subject("case", id.value())).stream()
                .anyMatch(entry -> entry.entry().verb().equals("casework.answered")
                        && key.equals(entry.entry().facts().get("key")));
    }

    /** Where the newest question was asked, private in private; what is confidential is never answered in public. */
    private static Optional<String> target(CaseBook.Row row, ConversationView view) {
        return view.replyTargets().stream()
                .filter(target -> !row.confidential() || target.audience() == Audience.DIRECT)
                .map(ConversationView.ReplyTarget::code)
                .findFirst();
    }

    void close(Actor actor, CaseId id, String reason, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = locked(actor, id, version);
            if (row.state() == CaseState.CLOSED) {
                return;
            }
            clocks.meet(id, clock.instant(), ClockKind.values());
            line(actor, row, "closed", null, null, reason.isBlank() ? null : reason.strip(), true);
            book.change(actor, row, CaseState.CLOSED, row.kind(), row.agency(), false, true);
            record(actor, id, "closed", Map.of());
            events.publishEvent(new CaseClosed(actor.tenant(), id));
        });
    }

    void reopen(Actor actor, CaseId id, String reason) {
        transactions.run(actor, () -> {
            CaseAccess.coordinates(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            if (row.state() != CaseState.CLOSED && row.state() != CaseState.ANSWERED) {
                return;
            }
            clocks.restart(actor, row, clock.instant());
            line(actor, row, "reopened", null, row.agency(), reason.isBlank() ? null : reason.strip(), true);
            book.change(
                    actor,
                    row,
                    row.agency() == null ? CaseState.RECEIVED : CaseState.FORWARDED,
                    row.kind(),
                    row.agency(),
                    false,
                    false);
            tell(actor, id, "reopened");
            record(actor, id, "reopened", Map.of());
            events.publishEvent(new CaseReopened(actor.tenant(), id));
        });
    }

    private CaseBook.Row openAndLocked(Actor actor, CaseId id, long version) {
        var row = locked(actor, id, version);
        if (row.state() == CaseState.CLOSED) {
            throw Refusal.conflict("casework.already-closed").asException();
        }
        return row;
    }

    private CaseBook.Row locked(Actor actor, CaseId id, long version) {
        CaseAccess.worksHere(actor);
        var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
        if (row.version() != version) {
            throw Refusal.conflict("casework.moved-on").asException();
        }
        return row;
    }

    /** The desks, by the machine: the case may have left the officer's own reach. */
    private void tell(Actor actor, CaseId id, String what) {
        var system = Actor.system(actor.tenant(), "casework");
        transactions.run(system, () -> conversations.announce(system, book.conversationsOf(id), what));
    }

    private void record(Actor actor, CaseId id, String verb, Map<String, String> facts) {
        trail.record(actor, TrailEntry.of("casework." + verb, "case", id.value(), facts));
    }

    private void line(
            Actor actor,
            CaseBook.Row row,
            String what,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic) {
        timeline.add(
                actor,
                List.of(new CaseTimeline.Line(
                        row.id(), clock.instant(), what, actor.name(), from, to, text, toPublic)));
    }
}
