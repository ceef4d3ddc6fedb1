// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseState;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What every verb begins and ends with: the case as it was seen, a line on its timeline, an entry in the trail. */
@Component
class CaseSteps {
    private final ActorTransactions transactions;
    private final CaseBook book;
    private final CaseTimeline timeline;
    private final Trail trail;
    private final Clock clock;
    private final Conversations conversations;
    private final NoticeBoard board;

    CaseSteps(
            ActorTransactions transactions,
            CaseBook book,
            CaseTimeline timeline,
            Trail trail,
            Clock clock,
            Conversations conversations,
            NoticeBoard board) {
        this.transactions = transactions;
        this.book = book;
        this.timeline = timeline;
        this.trail = trail;
        this.clock = clock;
        this.conversations = conversations;
        this.board = board;
    }

    /** The case, held until the transaction ends, if nobody changed it since the actor looked. */
    CaseBook.Row locked(Actor actor, CaseId id, long version) {
        CaseAccess.worksHere(actor);
        var row = book.locked(id).orElseThrow(() -> Refusal.notFound().asException());
        if (row.version() != version) {
            throw Refusal.conflict("casework.moved-on").asException();
        }
        return row;
    }

    CaseBook.Row open(Actor actor, CaseId id, long version) {
        var row = locked(actor, id, version);
        if (row.state() == CaseState.CLOSED) {
            throw Refusal.conflict("casework.already-closed").asException();
        }
        return row;
    }

    /** By the machine, for what takes a case out of the officer's own reach. */
    CaseBook.Row changeByMachine(Actor actor, CaseBook.Row row, CaseBook.Change change) {
        return transactions.write(system(actor), () -> book.change(actor, row, change));
    }

    /** The desks, by the machine: the case may have left the officer's own reach. */
    void announce(Actor actor, CaseId id, String what) {
        var system = system(actor);
        transactions.run(system, () -> conversations.announce(system, book.conversationsOf(id), what));
    }

    /** At the desk, once for this state of the case. */
    void tell(Actor actor, CaseId id, What what, Set<String> whom) {
        var system = system(actor);
        transactions.run(
                system,
                () -> book.find(id)
                        .ifPresent(row -> board.put(
                                system,
                                row,
                                what,
                                Long.toString(row.version()),
                                board.staff(system).named(whom, row.agency(), row.confidential()))));
    }

    static Actor system(Actor actor) {
        return Actor.system(actor.tenant(), "casework");
    }

    /** @param verb whole, as the trail keeps it: {@code casework.forwarded} */
    void record(Actor actor, CaseId id, String verb, Map<String, String> facts) {
        if (!verb.startsWith("casework.")) {
            throw new IllegalArgumentException("Not a verb of this module: " + verb);
        }
        trail.record(actor, TrailEntry.of(verb, "case", id.value(), facts));
    }

    void line(
            Actor actor,
            CaseBook.Row row,
            String what,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic) {
        line(actor, row, what, from, to, text, toPublic, null);
    }

    void line(
            Actor actor,
            CaseBook.Row row,
            String what,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic,
            @Nullable LocalDate day) {
        timeline.add(
                actor,
                List.of(new CaseTimeline.Line(
                        row.id(),
                        clock.instant(),
                        what,
                        actor.name(),
                        from,
                        to,
                        text == null || text.isBlank() ? null : text.strip(),
                        toPublic,
                        null,
                        day)));
    }
}
