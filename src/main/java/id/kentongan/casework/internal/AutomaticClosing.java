// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Closes what was answered and not written to again for as long as the rule {@code case.auto-close} of the day it was
 * answered says, which is what the answer announced. Without such a rule nothing closes by itself.
 */
@Component
class AutomaticClosing {
    private static final Logger log = LoggerFactory.getLogger(AutomaticClosing.class);
    private static final int AT_ONCE = 200;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Rules rules;
    private final Closings closings;
    private final Tenants tenants;
    private final Trail trail;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    AutomaticClosing(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            CaseClocks clocks,
            CaseTimeline timeline,
            Rules rules,
            Closings closings,
            Tenants tenants,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.clocks = clocks;
        this.timeline = timeline;
        this.rules = rules;
        this.closings = closings;
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
        for (var tenant : Pieces.untilInterrupted(tenants.all())) {
            Answered last = null;
            List<Answered> some;
            do {
                some = due(tenant, last);
                // Most are not due yet: only those that are take a lock.
                var dueNow = some.stream().filter(each -> isDue(tenant, each)).toList();
                Pieces.untilInterrupted(dueNow).forEach(each -> closeAlone(tenant, each));
                last = some.isEmpty() ? null : some.getLast();
            } while (some.size() == AT_ONCE && !Pieces.interrupted());
        }
    }

    private List<Answered> due(Tenant tenant, @Nullable Answered after) {
        var actor = Actor.system(tenant.id(), "casework");
        var now = clock.instant();
        return transactions.read(actor, () -> {
            // No unit is shorter than the amount in hours or days: what was answered later cannot be due yet.
            var shortest = rules.deadlines(actor).stream()
                    .filter(each -> each.key().equals("case.auto-close"))
                    .map(AutomaticClosing::shortest)
                    .min(Comparator.naturalOrder());
            if (shortest.isEmpty()) {
                return List.of();
            }
            return answeredBefore(now.minus(shortest.get()), after);
        });
    }

    private boolean isDue(Tenant tenant, Answered answered) {
        return closings.closesAt(Actor.system(tenant.id(), "casework"), answered.at())
                .filter(at -> !clock.instant().isBefore(at))
                .isPresent();
    }

    private static Duration shortest(DeadlineRule rule) {
        return switch (rule.unit()) {
            case HOURS -> Duration.ofHours(rule.amount());
            case DAYS, WORKING_DAYS -> Duration.ofDays(rule.amount());
        };
    }

    /** In a transaction of its own: one that cannot be closed keeps no other open, and is tried again next time. */
    private void closeAlone(Tenant tenant, Answered answered) {
        try {
            close(tenant, answered);
        } catch (TransientDataAccessException | CannotCreateTransactionException away) {
            throw away;
        } catch (RuntimeException e) {
            log.warn("Case {} could not be closed", answered.id(), e);
        }
    }

    private void close(Tenant tenant, Answered answered) {
        var actor = Actor.system(tenant.id(), "casework");
        var now = clock.instant();
        transactions.run(actor, () -> {
            var row = book.locked(answered.id())
                    .filter(each -> each.state() == CaseState.ANSWERED)
                    .orElse(null);
            var answeredAt = row == null ? null : row.answeredAt();
            var rule =
                    answeredAt == null ? null : closings.rule(actor, answeredAt).orElse(null);
            // By the rule of the day it was answered, which is what the citizen was told.
            if (row == null || answeredAt == null || rule == null || now.isBefore(rules.due(actor, rule, answeredAt))) {
                return;
            }
            clocks.meet(row.id(), now, ClockKind.values());
            timeline.add(
                    actor,
                    List.of(new CaseTimeline.Line(row.id(), now, "closed", actor.name(), null, null, null, true)));
            var closed = book.change(actor, row, CaseBook.Change.of(row).ending(CaseOutcome.UNREACTED, null));
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.closed",
                            "case",
                            row.id().value(),
                            Map.of("rule", rule.id().toString())));
            closings.tell(actor, closed, "");
            events.publishEvent(new CaseClosed(actor.tenant(), row.id()));
        });
    }

    private record Answered(CaseId id, Instant at) {}

    private List<Answered> answeredBefore(Instant moment, @Nullable Answered after) {
        return jdbc.sql("""
                        select id, answered_at
                        from casework.case
                        where state = 'ANSWERED' and answered_at <= :moment
                        and (:after::timestamptz is null or (answered_at, id) > (:after::timestamptz, :id::uuid))
                        order by answered_at, id
                        limit :limit
                        """)
                .param("moment", Timestamp.from(moment))
                .param("after", after == null ? null : Timestamp.from(after.at()))
                .param("id", after == null ? null : after.id().value())
                .param("limit", AT_ONCE)
                .query((row, n) -> new Answered(
                        new CaseId(row.getObject("id", UUID.class)),
                        row.getTimestamp("answered_at").toInstant()))
                .list();
    }
}
