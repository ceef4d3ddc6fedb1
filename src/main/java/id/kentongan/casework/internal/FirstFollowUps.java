// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ReplySent;
import id.kentongan.kernel.Actor;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * An officer who writes to the citizen in the conversation has followed up, also when that is not yet the answer. A
 * receipt is no follow-up. Hearing the same reply twice changes nothing.
 */
@Component
class FirstFollowUps {
    private final ActorTransactions transactions;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Trail trail;
    private final Clock clock;

    FirstFollowUps(
            ActorTransactions transactions,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.trail = trail;
        this.clock = clock;
    }

    @ApplicationModuleListener
    void on(ReplySent event) {
        if (event.automatic()) {
            return;
        }
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(
                actor,
                () -> book.ofConversation(event.conversation())
                        .flatMap(found -> book.locked(found.id()))
                        .filter(row -> row.state() == CaseState.RECEIVED || row.state() == CaseState.FORWARDED)
                        .ifPresent(row -> {
                            var now = clock.instant();
                            if (!clocks.meet(row.id(), now, ClockKind.FIRST_FOLLOW_UP)) {
                                return;
                            }
                            timeline.add(
                                    actor,
                                    List.of(new CaseTimeline.Line(
                                            row.id(),
                                            now,
                                            "noted",
                                            null,
                                            null,
                                            null,
                                            null,
                                            false,
                                            event.message().value())));
                            trail.record(
                                    actor,
                                    TrailEntry.of(
                                            "casework.followed-up",
                                            "case",
                                            row.id().value(),
                                            Map.of("message", event.message().toString())));
                            book.change(actor, row, CaseBook.Change.of(row));
                        }));
    }
}
