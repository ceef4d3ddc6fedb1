// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseAnswered;
import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseForwarded;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseOpened;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseReopened;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.Cases;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final CaseSteps steps;
    private final Telling telling;
    private final Closings closings;
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
            CaseSteps steps,
            Telling telling,
            Closings closings,
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
        this.steps = steps;
        this.telling = telling;
        this.closings = closings;
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
            var row = steps.open(actor, id, version);
            if (row.state() == CaseState.POSTPONED) {
                throw Refusal.conflict("casework.postponed").asException();
            }
            if (kind != row.kind()) {
                clocks.rekind(actor, row, kind);
            }
            clocks.meet(id, clock.instant(), ClockKind.VERIFY);
            steps.line(actor, row, "verified", null, null, null, true);
            steps.record(actor, id, "casework.verified", Map.of("kind", kind.code()));
            // The rules have chosen an agency already: what is verified is with it.
            var agency = row.agency();
            var forwarded = row.state() == CaseState.RECEIVED && agency != null;
            if (forwarded && agency != null) {
                timeline.add(
                        actor,
                        List.of(new CaseTimeline.Line(id, clock.instant(), "handed", null, null, agency, null, true)));
                events.publishEvent(new CaseForwarded(actor.tenant(), id, null, agency));
            }
            var verified = CaseBook.Change.of(row).kind(kind);
            // By the machine, because a case that turns out to be confidential leaves the officer's own reach.
            steps.changeByMachine(actor, row, forwarded ? verified.in(CaseState.FORWARDED) : verified);
            if (forwarded) {
                steps.announce(actor, id, "forwarded");
            }
        });
    }

    void forward(Actor actor, CaseId id, AgencyId to, String note, long version) {
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            CaseAccess.leads(actor, row);
            if (agencies.find(actor, to).filter(Agency::active).isEmpty()) {
                throw Refusal.invalid("casework.no-such-agency").asException();
            }
            if (!CaseAccess.mayCoordinate(actor) && !actor.agencies().includes(to)) {
                throw Refusal.invalid("casework.forward-own-only").asException();
            }
            var now = clock.instant();
            if (row.state() == CaseState.POSTPONED) {
                clocks.release(actor, id, now);
            }
            if (row.state() == CaseState.ANSWERED) {
                // Somebody waits again, so a clock runs again.
                clocks.restart(actor, row, now);
            }
            clocks.meet(id, now, ClockKind.VERIFY);
            steps.line(actor, row, "forwarded", row.agency(), to, note, false);
            timeline.add(actor, List.of(new CaseTimeline.Line(id, now, "handed", null, null, to, null, true)));
            steps.record(actor, id, "casework.forwarded", Map.of("to", to.toString()));
            events.publishEvent(new CaseForwarded(actor.tenant(), id, row.agency(), to));
            // Last, because the case then leaves the forwarding agency's own reach.
            steps.changeByMachine(
                    actor, row, CaseBook.Change.of(row).in(CaseState.FORWARDED).with(to));
            steps.announce(actor, id, "forwarded");
        });
    }

    void answer(Actor actor, CaseId id, Cases.Answer answer) {
        transactions.run(actor, () -> {
            CaseAccess.worksHere(actor);
            var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
            CaseAccess.leads(actor, row);
            if (answer.text().isBlank()) {
                throw Refusal.invalid("casework.empty-answer").asException();
            }
            if (row.version() != answer.version()) {
                if (alreadyAnswered(actor, id, answer.idempotencyKey())) {
                    return;
                }
                throw Refusal.conflict("casework.moved-on").asException();
            }
            if (row.state() == CaseState.CLOSED) {
                throw Refusal.conflict("casework.already-closed").asException();
            }
            var now = clock.instant();
            var announced = closings.announcement(actor, now, telling.language(actor, row));
            var said = telling.officially(
                    actor,
                    row,
                    new Telling.Official(
                            answer.text(),
                            answer.target(),
                            announced.orElse(null),
                            answer.seenVersion(),
                            answer.pictures(),
                            answer.idempotencyKey()));
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
                            answer.text().strip(),
                            true,
                            said == null ? null : said.value())));
            book.change(actor, row, CaseBook.Change.of(row).answering());
            steps.record(actor, id, "casework.answered", Map.of("key", answer.idempotencyKey()));
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

    void close(Actor actor, CaseId id, String reason, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = steps.locked(actor, id, version);
            if (row.state() == CaseState.CLOSED) {
                return;
            }
            clocks.meet(id, clock.instant(), ClockKind.values());
            steps.line(actor, row, "closed", null, null, reason, true);
            var closed = book.change(actor, row, CaseBook.Change.of(row).ending(CaseOutcome.SETTLED, null));
            steps.record(actor, id, "casework.closed", Map.of());
            closings.tell(actor, closed, reason);
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
            steps.line(actor, row, "reopened", null, row.agency(), reason, true);
            var opened = steps.changeByMachine(actor, row, book.reopening(actor, row));
            steps.announce(actor, id, "reopened");
            steps.record(actor, id, "casework.reopened", Map.of());
            tellReopened(actor, opened);
            steps.tell(actor, id, What.REOPENED, Set.of("liaison", "coordinator"));
            events.publishEvent(new CaseReopened(actor.tenant(), id));
        });
    }

    /** Whoever waits learns that somebody looks into it again; they did not ask for it themselves. */
    private void tellReopened(Actor actor, CaseBook.Row opened) {
        telling.newestOfReporter(actor, opened).ifPresent(about -> {
            var locale = Telling.language(about);
            var due = clocks.nearestOfAnswer(opened.id());
            var who = telling.who(actor, locale, opened.agency());
            var text = due.isEmpty()
                    ? telling.text(locale, "casework.told.reopened", opened.number(), who)
                    : telling.text(
                            locale, "casework.told.reopened-by", opened.number(), who, Telling.day(locale, due.get()));
            telling.automatically(
                    actor,
                    opened,
                    about,
                    new Telling.Automatic(about.audience(), text),
                    "reopened:" + opened.id() + ":" + opened.version());
        });
    }
}
