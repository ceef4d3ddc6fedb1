// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the channel does once in a while: partitions are made before they are needed, and raw deliveries that were
 * taken in are forgotten after their time. Failed ones stay longer, since an administrator may still mend and replay
 * them, but not for ever: nobody can say whose words they hold. How long is a dated rule of each tenant.
 */
@Configuration(proxyBeanMethods = false)
class HouseKeeping {
    private static final Logger log = LoggerFactory.getLogger(HouseKeeping.class);

    /** So long a finished raw delivery can be replayed; the register of personal data names it. */
    static final String KEPT = "delivery.keep";

    /** So long a failed one waits for an administrator. */
    static final String UNSETTLED = "delivery.keep-failed";

    /** One round's share, so that no transaction grows long. */
    static final int SHARE = 5_000;

    private final JdbcClient jdbc;
    private final DeliveryFiles files;
    private final Tenants tenants;
    private final Rules rules;
    private final Clock clock;

    HouseKeeping(JdbcClient jdbc, DeliveryFiles files, Tenants tenants, Rules rules, Clock clock) {
        this.jdbc = jdbc;
        this.files = files;
        this.tenants = tenants;
        this.rules = rules;
        this.clock = clock;
    }

    @Bean
    RecurringTask<Void> channelHouseKeepingTask() {
        return Tasks.recurring("channel-housekeeping", FixedDelay.ofHours(1)).execute((instance, context) -> {
            jdbc.sql("select channel.ensure_partitions()").query(Integer.class).single();
            var forgotten = forget();
            if (forgotten > 0) {
                log.info("{} raw deliveries have had their time and are forgotten", forgotten);
            }
        });
    }

    /** Of every tenant, what its own rules no longer keep. */
    long forget() {
        var all = 0L;
        for (var tenant : Pieces.untilInterrupted(tenants.all())) {
            all += forget(Actor.system(tenant.id(), "channel"));
        }
        return all;
    }

    /** Rows first, then the files they named: what a process that dies between leaves is swept like all left-overs. */
    private long forget(Actor actor) {
        var finished = before(actor, KEPT);
        var unsettled = before(actor, UNSETTLED);
        if (finished.isEmpty() || unsettled.isEmpty()) {
            log.warn("Tenant {} has no rule of how long deliveries are kept: none is forgotten", actor.tenant());
            return 0;
        }
        var all = 0L;
        int forgotten;
        do {
            var rows = jdbc.sql("select file_name from channel.forget_deliveries(?, ?, ?, ?)")
                    .params(
                            actor.tenant().value(),
                            Timestamp.from(finished.get()),
                            Timestamp.from(unsettled.get()),
                            SHARE)
                    .query((row, n) -> Optional.ofNullable(row.getString(1)))
                    .list();
            rows.stream().flatMap(Optional::stream).forEach(file -> files.remove(actor, file));
            forgotten = rows.size();
            all += forgotten;
        } while (forgotten == SHARE && !Pieces.interrupted());
        return all;
    }

    /** What arrived before this moment has had its time; its days are days of the calendar, whatever the unit. */
    private Optional<Instant> before(Actor actor, String key) {
        var now = clock.instant();
        return rules.deadline(actor, key, rules.calendar(actor).dayOf(now)).map(rule -> now.minus(period(rule)));
    }

    private static Duration period(DeadlineRule rule) {
        return switch (rule.unit()) {
            case HOURS -> Duration.ofHours(rule.amount());
            case DAYS, WORKING_DAYS -> Duration.ofDays(rule.amount());
        };
    }
}
