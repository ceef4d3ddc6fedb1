// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.OfficerReadings;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.ReadingLog;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notes a reading within the transaction in which it happens where that one writes; otherwise once it has ended, since
 * most readings happen in a read-only one. Never beside it: a page that held one connection and waited for another
 * would, with enough like it, wait for ever.
 */
@Component
class HourlyReadingLog implements ReadingLog, OfficerReadings {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;

    HourlyReadingLog(ActorTransactions transactions, JdbcClient jdbc, Trail trail, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public boolean mayRead(Actor actor, Subject subject) {
        if (actor.kind() != Actor.Kind.OFFICER) {
            return true;
        }
        if (onlyAuditor(actor) && !reasonStated(actor, subject)) {
            return false;
        }
        note(actor, subject, null);
        return true;
    }

    @Override
    public void stateReason(Actor actor, Subject subject, String reason) {
        note(actor, subject, reason.strip());
    }

    @Override
    public boolean mayRead(Actor actor, OfficerId officer) {
        return mayRead(actor, subject(officer));
    }

    @Override
    public void stateReason(Actor actor, OfficerId officer, String reason) {
        stateReason(actor, subject(officer), reason);
    }

    private static Subject subject(OfficerId officer) {
        return new Subject("officer", officer.value());
    }

    private static boolean onlyAuditor(Actor actor) {
        return actor.roles().equals(Set.of(Role.AUDITOR));
    }

    @Override
    public boolean reasonStated(Actor actor, Subject subject) {
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select exists (
                            select 1
                            from privacy.reading
                            where actor = ? and subject_kind = ? and subject_id = ? and hour >= ? and reason is not null)
                        """)
                        .params(
                                actor.id(),
                                subject.kind(),
                                subject.id(),
                                Timestamp.from(clock.instant().minus(8, ChronoUnit.HOURS)))
                        .query(Boolean.class)
                        .single());
    }

    private void note(Actor actor, Subject subject, @Nullable String reason) {
        var now = clock.instant();
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            transactions.afterwards(() -> write(actor, subject, reason, now));
        } else {
            write(actor, subject, reason, now);
        }
    }

    /** As the system, because an auditor's own transactions change nothing. */
    private void write(Actor actor, Subject subject, @Nullable String reason, Instant now) {
        // A stated reason is a line of its own beside the hour's plain line: the milliseconds tell them apart.
        var hour = reason == null ? now.truncatedTo(ChronoUnit.HOURS) : now;
        transactions.run(Actor.system(actor.tenant(), "privacy"), () -> {
            var added = jdbc.sql("""
                            insert into privacy.reading
                                (tenant_id, actor, subject_kind, subject_id, hour, first_at, reason)
                            values (:tenant, :actor, :kind, :subject, :hour, :now, :reason)
                            on conflict do nothing
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("actor", actor.id())
                    .param("kind", subject.kind())
                    .param("subject", subject.id())
                    .param("hour", Timestamp.from(hour))
                    .param("now", Timestamp.from(now))
                    .param("reason", reason)
                    .update();
            if (added > 0 && reason != null) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "privacy.reason-stated",
                                subject.kind(),
                                subject.id(),
                                Map.of("length", "" + reason.length())));
            }
        });
    }
}
