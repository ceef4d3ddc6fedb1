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
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells, once per clock, that it ran out. One node of the cluster does it. */
@Configuration(proxyBeanMethods = false)
class OverdueClocks {
    @Bean
    RecurringTask<Void> overdueClocksTask(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            ApplicationEventPublisher events) {
        return Tasks.recurring("casework-overdue", FixedDelay.ofSeconds(60)).execute((instance, context) -> {
            var now = Timestamp.from(clock.instant());
            for (var tenant : jdbc.sql("select casework.tenants_with_overdue(?)")
                    .param(now)
                    .query(UUID.class)
                    .list()) {
                var actor = Actor.system(new TenantId(tenant), "casework");
                record Late(CaseId id, ClockKind kind) {}
                transactions.run(
                        actor,
                        () -> jdbc.sql("""
                                update casework.clock
                                set overdue_told = true
                                where met_at is null and not overdue_told and due_at <= ?
                                returning case_id, kind
                                """)
                                .param(now)
                                .query((row, n) -> new Late(
                                        new CaseId(row.getObject(1, UUID.class)), ClockKind.valueOf(row.getString(2))))
                                .list()
                                .forEach(late -> {
                                    trail.record(
                                            actor,
                                            TrailEntry.of(
                                                    "casework.overdue",
                                                    "case",
                                                    late.id().value(),
                                                    Map.of("clock", late.kind().name())));
                                    events.publishEvent(new CaseOverdue(actor.tenant(), late.id(), late.kind()));
                                }));
            }
        });
    }
}
