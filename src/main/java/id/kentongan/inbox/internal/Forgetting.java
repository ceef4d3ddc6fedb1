// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What waits for its message or its thread is forgotten when that has not come in time. */
@Configuration(proxyBeanMethods = false)
class Forgetting {
    /** The words of an edit, and of what may become context; the register of personal data names it. */
    static final Duration WORDS = Duration.ofDays(30);

    /** A deletion holds no words. It outlives every raw delivery that could still bring the message back. */
    static final Duration DELETIONS = Duration.ofDays(180);

    @Bean
    RecurringTask<Void> inboxForgettingTask(JdbcClient jdbc, Clock clock) {
        return Tasks.recurring("inbox-forgetting", FixedDelay.ofHours(1))
                .execute((instance, context) -> forget(jdbc, clock));
    }

    static int forget(JdbcClient jdbc, Clock clock) {
        var now = clock.instant();
        return jdbc.sql("select inbox.forget_waiting(?, ?)")
                .params(Timestamp.from(now.minus(WORDS)), Timestamp.from(now.minus(DELETIONS)))
                .query(Integer.class)
                .single();
    }
}
