// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.aopalliance.aop.Advice;
import org.springframework.aop.Advisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Hands an event again to the listener that failed on it, for example because the database was away; without this it
 * would wait for the next start. Listeners are idempotent.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventSettings.class)
class FailedEvents {
    @Bean
    RecurringTask<Void> failedEventsTask(EventRetries retries) {
        return Tasks.recurring("failed-events", FixedDelay.of(Duration.ofSeconds(10)))
                .execute((instance, context) -> retries.run());
    }

    /**
     * Inside the library's own advice, which comes first but ten and marks the event as failed: by then the failure is
     * noted.
     */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor notesFailures(ObjectProvider<FailureNotes> notes) {
        Advice advice = (org.aopalliance.intercept.MethodInterceptor) invocation -> {
            try {
                return invocation.proceed();
            } catch (Throwable failure) {
                notes.getObject().note(invocation.getMethod(), invocation.getArguments()[0], failure);
                throw failure;
            }
        };
        var advisor = new DefaultPointcutAdvisor(
                new AnnotationMatchingPointcut(null, TransactionalEventListener.class, true), advice);
        advisor.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        return advisor;
    }
}
