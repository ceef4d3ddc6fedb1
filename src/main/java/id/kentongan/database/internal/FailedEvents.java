// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;

/**
 * Hands an event again to the listener that failed on it, for example because the database was away; without this it
 * would wait for the next start. Listeners are idempotent.
 */
@Configuration(proxyBeanMethods = false)
class FailedEvents {
    @Bean
    RecurringTask<Void> failedEventsTask(FailedEventPublications failed) {
        return Tasks.recurring("failed-events", FixedDelay.ofSeconds(20))
                .execute((instance, context) -> failed.resubmit(
                        ResubmissionOptions.defaults().withBatchSize(50).withMinAge(Duration.ofSeconds(15))));
    }
}
