// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.Rules;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Closes what was answered and not written to again for as long as the rule {@code case.auto-close} says. Without
 * such a rule nothing closes by itself.
 */
@Component
class AutomaticClosing {
    private static final int AT_ONCE = 200;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final Rules rules;
    private final Tenants tenants;
    private final Trail trail;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    AutomaticClosing(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            Rules rules,
            Tenants tenants,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.rules = rules;
        this.tenants = tenants;
        this.trail = trail;
        this.clock = clock;
        this.events = events;
    }

    @Bean
    static RecurringTask<Void> automaticClosingTask(AutomaticClosing closing) {
        return Tasks.recurring("casework-closing", FixedDelay.ofMinutes(10))
                .execute((instance, context) -> closing.run());
    }

    void run() {
        for (var tenant : tenants.all()) {
            while (closeSome(tenant) == AT_ONCE) {
                // As many again.
            }
        }
    }

    private int closeSome(Tenant tenant) {
        var actor = Actor.system(tenant.id(), "casework");
        var now = clock.instant();
        return transactions.write(actor, () -> {
            var rule = rules.deadline(
                    actor, "case.auto-close", now.atZone(tenant.zone()).toLocalDate());
            if (rule.isEmpty()) {
                return 0;
            }
            // No unit is shorter than the amount in hours or days: what was answered later cannot be due yet.
            var shortest = switch (rule.get().unit()) {
                case HOURS -> Duration.ofHours(rule.get().amount());
                case DAYS, WORKING_DAYS -> Duration.ofDays(rule.get().amount());
            };
            var due = answeredBefore(now.minus(shortest)).stream()
                    .filter(each -> !now.isBefore(rules.due(actor, rule.get(), each.at())))
                    .toList();
            for (var each : due) {
                book.locked(each.id())
                        .filter(row -> row.state() == CaseState.ANSWERED)
                        .ifPresent(row -> {
                            book.meet(row.id(), now, ClockKind.values());
                            book.timeline(
                                    actor,
                                    List.of(new CaseBook.Line(
                                            row.id(), now, "closed", actor.name(), null, null, null, true)));
                            book.change(actor, row, CaseState.CLOSED, row.kind(), row.agency(), false, true);
                            trail.record(
                                    actor,
                                    TrailEntry.of(
                                            "casework.closed",
                                            "case",
                                            row.id().value(),
                                            Map.of("rule", rule.get().id().toString())));
                            events.publishEvent(new CaseClosed(actor.tenant(), row.id()));
                        });
            }
            return due.size();
        });
    }

    private record Answered(CaseId id, Instant at) {}

    private List<Answered> answeredBefore(Instant moment) {
        return jdbc.sql("""
                        select id, answered_at
                        from casework.case
                        where state = 'ANSWERED' and answered_at <= ?
                        order by answered_at
                        limit ?
                        """)
                .params(Timestamp.from(moment), AT_ONCE)
                .query((row, n) -> new Answered(
                        new CaseId(row.getObject("id", UUID.class)),
                        row.getTimestamp("answered_at").toInstant()))
                .list();
    }
}
