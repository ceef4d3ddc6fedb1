// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the channel does once in a while: partitions are made before they are needed, and raw deliveries that were
 * taken in are forgotten after their time. Failed ones stay longer, since an administrator may still mend and replay
 * them, but not for ever: nobody can say whose words they hold.
 */
@Configuration(proxyBeanMethods = false)
class HouseKeeping {
    private static final Logger log = LoggerFactory.getLogger(HouseKeeping.class);

    /** So long a finished raw delivery can be replayed; the register of personal data names it. */
    static final Duration KEPT = Duration.ofDays(30);

    /** So long a failed one waits for an administrator. */
    static final Duration UNSETTLED = Duration.ofDays(90);

    /** One round's share, so that no transaction grows long. */
    static final int SHARE = 5_000;

    @Bean
    RecurringTask<Void> channelHouseKeepingTask(JdbcClient jdbc, DeliveryFiles files, Clock clock) {
        return Tasks.recurring("channel-housekeeping", FixedDelay.ofHours(1)).execute((instance, context) -> {
            jdbc.sql("select channel.ensure_partitions()").query(Integer.class).single();
            var forgotten = forget(jdbc, files, clock);
            if (forgotten > 0) {
                log.info(
                        "{} raw deliveries are forgotten: finished ones after {} days, failed ones after {}",
                        forgotten,
                        KEPT.toDays(),
                        UNSETTLED.toDays());
            }
        });
    }

    private record Forgotten(UUID tenant, @Nullable String file) {}

    /** Rows first, then the files they named: what a process that dies between leaves is swept like all left-overs. */
    static long forget(JdbcClient jdbc, DeliveryFiles files, Clock clock) {
        var finished = Timestamp.from(clock.instant().minus(KEPT));
        var unsettled = Timestamp.from(clock.instant().minus(UNSETTLED));
        var all = 0L;
        int forgotten;
        do {
            var rows = jdbc.sql("select tenant_id, file_name from channel.forget_deliveries(?, ?, ?)")
                    .params(finished, unsettled, SHARE)
                    .query((row, n) -> new Forgotten(row.getObject(1, UUID.class), row.getString(2)))
                    .list();
            for (var each : rows) {
                var file = each.file();
                if (file != null) {
                    files.remove(Actor.system(new TenantId(each.tenant()), "channel"), file);
                }
            }
            forgotten = rows.size();
            all += forgotten;
        } while (forgotten == SHARE);
        return all;
    }
}
