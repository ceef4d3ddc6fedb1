// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.CalendarChanged;
import java.util.Map;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * A day off that was added or withdrawn in mid-year moves the deadlines that are still open, with an entry in the
 * trail for each case; closed cases keep theirs.
 */
@Component
class MovedDeadlines {
    private final ActorTransactions transactions;
    private final CaseBook book;
    private final Trail trail;

    MovedDeadlines(ActorTransactions transactions, CaseBook book, Trail trail) {
        this.transactions = transactions;
        this.book = book;
        this.trail = trail;
    }

    @ApplicationModuleListener
    void on(CalendarChanged event) {
        var actor = Actor.system(event.tenant(), "casework");
        transactions.run(actor, () -> {
            for (var id : book.moveClocks(actor, event.day())) {
                book.locked(id).ifPresent(row -> {
                    var changed = book.change(actor, row, row.state(), row.kind(), row.agency(), false, false);
                    trail.record(
                            actor,
                            TrailEntry.of(
                                    "casework.deadlines-moved",
                                    "case",
                                    id.value(),
                                    Map.of(
                                            "calendar", Integer.toString(event.version()),
                                            "day", event.day().toString(),
                                            "from", String.valueOf(row.dueAt()),
                                            "to", String.valueOf(changed.dueAt()))));
                });
            }
        });
    }
}
