// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.sql.Timestamp;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes the next partitions of every partitioned table, two quarters before they are needed. */
@Configuration(proxyBeanMethods = false)
class Partitions {
    private static final Logger log = LoggerFactory.getLogger(Partitions.class);

    @Bean
    RecurringTask<Void> extendPartitionsTask(JdbcClient jdbc, Clock clock) {
        return Tasks.recurring("database-partitions", FixedDelay.ofHours(1))
                .execute((instance, context) -> extend(jdbc, clock));
    }

    /** Returns how many were made. */
    static int extend(JdbcClient jdbc, Clock clock) {
        int made = jdbc.sql("select kentongan.extend_partitions(?)")
                .param(Timestamp.from(clock.instant()))
                .query(Integer.class)
                .single();
        if (made > 0) {
            log.info("{} partitions were made ahead of their time", made);
        }
        return made;
    }
}
