// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseOverdue;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells, once per clock, that it ran out. One node of the cluster does it. */
@Configuration(proxyBeanMethods = false)
class OverdueClocks {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final Conversations conversations;
    private final Trail trail;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    OverdueClocks(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            Conversations conversations,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.conversations = conversations;
        this.trail = trail;
        this.clock = clock;
        this.events = events;
    }

    @Bean
    static RecurringTask<Void> overdueClocksTask(OverdueClocks clocks) {
        return Tasks.recurring("casework-overdue", FixedDelay.ofSeconds(60))
                .execute((instance, context) -> clocks.tell());
    }

    private record Late(CaseId id, ClockKind kind) {}

    void tell() {
        var now = clock.instant();
        var tenants = jdbc.sql("select casework.tenants_with_overdue(?)")
                .param(Timestamp.from(now))
                .query(UUID.class)
                .list();
        Pieces.untilInterrupted(tenants).forEach(tenant -> tell(Actor.system(new TenantId(tenant), "casework"), now));
    }

    /** The mark and what is told stand or fall together: a run that dies tells all of it the next time. */
    private void tell(Actor actor, Instant now) {
        transactions.run(actor, () -> {
            var late = jdbc.sql("""
                            update casework.clock
                            set overdue_told = true
                            where met_at is null and held_at is null and not overdue_told and due_at <= ?
                            returning case_id, kind
                            """)
                    .param(Timestamp.from(now))
                    .query((row, n) -> new Late(
                            new CaseId(row.getObject("case_id", UUID.class)), ClockKind.valueOf(row.getString("kind"))))
                    .list();
            late.forEach(each -> {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "casework.overdue",
                                "case",
                                each.id().value(),
                                Map.of("clock", each.kind().name())));
                events.publishEvent(new CaseOverdue(actor.tenant(), each.id(), each.kind()));
            });
            var touched = late.stream()
                    .map(Late::id)
                    .distinct()
                    .flatMap(id -> book.conversationsOf(id).stream())
                    .toList();
            conversations.announce(actor, touched, "overdue");
        });
    }
}
