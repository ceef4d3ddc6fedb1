// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import com.github.kagkarlsson.scheduler.Scheduler;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Makes Kabupaten Sukamaju at the first start: the regency before the first page is served, its month of messages,
 * cases, answers and delays right after, in the background, and at a later start what a stop kept from being told.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoSettings.class)
@ConditionalOnProperty(name = "kentongan.demo", havingValue = "true")
class DemonstrationTenant implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger(DemonstrationTenant.class);

    private final DemoSettings settings;
    private final Tenants tenants;
    private final Founding founding;
    private final MonthTeller months;
    private final ObjectProvider<Scheduler> scheduler;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable Thread living;

    DemonstrationTenant(
            DemoSettings settings,
            Tenants tenants,
            Founding founding,
            MonthTeller months,
            ObjectProvider<Scheduler> scheduler) {
        this.settings = settings;
        this.tenants = tenants;
        this.founding = founding;
        this.months = months;
        this.scheduler = scheduler;
    }

    /** What is still told is long past for the jobs, which would find everything overdue: they begin when it is told. */
    @Bean
    static BeanPostProcessor jobsWaitForTheMonth() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof Scheduler jobs) {
                    jobs.pause();
                }
                return bean;
            }
        };
    }

    /** Before the library hands over again, in the present, what listeners had not ended at the last stop. */
    @Override
    public void afterSingletonsInstantiated() {
        untold().ifPresent(actor -> {
            try {
                months.handOverWhatWasInterrupted(actor);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @EventListener
    void on(WebServerInitializedEvent event) {
        if (tenants.all().isEmpty()) {
            founding.found("127.0.0.1:" + event.getWebServer().getPort(), settings.demoMonth());
        }
    }

    /** Only when all beans stand: another thread that asks for them earlier makes the start slower and louder. */
    @EventListener
    void on(ApplicationReadyEvent event) {
        untold().ifPresentOrElse(
                        actor -> living =
                                Thread.ofVirtual().name("demonstration").start(() -> liveThrough(actor)),
                        this::startJobs);
    }

    private Optional<Actor> untold() {
        return settings.demoMonth()
                ? tenants.all().stream()
                        .filter(Tenant::demonstration)
                        .map(tenant -> Actor.system(tenant.id(), "demo"))
                        .filter(months::untold)
                        .findFirst()
                : Optional.empty();
    }

    /** A platform that stops in the middle of the month ends the step it is at, and goes on at the next start. */
    @EventListener
    void on(ContextClosedEvent event) throws InterruptedException {
        stopping = true;
        var thread = living;
        if (thread != null && !thread.join(Duration.ofSeconds(10))) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
    }

    private void liveThrough(Actor actor) {
        try {
            if (months.tell(actor, Scenario.CONVERSATIONS, () -> stopping)) {
                log.info("The demonstration regency has lived through its month");
            } else if (stopping) {
                log.info("The demonstration regency's month goes on at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (stopping) {
                log.info("The demonstration regency's month was interrupted: {}", e.getMessage());
                return;
            }
            log.error("The demonstration regency's month could not be told; it goes on at the next start", e);
        } finally {
            if (!stopping) {
                startJobs();
            }
            told.countDown();
        }
    }

    private void startJobs() {
        scheduler.ifAvailable(Scheduler::resume);
    }

    /** Waits for the end of the month. */
    boolean isTold(Duration patience) throws InterruptedException {
        return told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
