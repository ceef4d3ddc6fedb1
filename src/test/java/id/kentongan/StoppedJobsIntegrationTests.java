// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.kernel.Pieces;
import id.kentongan.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A platform that is stopped while its jobs run stops soon; what they left is done at the next start, once. */
@Timeout(600)
class StoppedJobsIntegrationTests {
    private static final int PIECES = 2_000;
    /** Twice the wait, and much more for all else on a busy machine; the whole job takes two minutes. */
    private static final Duration SOON = Duration.ofSeconds(45);

    @TempDir
    Path folder;

    @Test
    void aStopEndsSoonAndTheJobIsDoneOnceAfterwards() throws Exception {
        var database = TestDatabase.fresh();
        owner(database, "create table public.piece (number integer primary key, done integer not null default 0)");
        owner(database, "insert into public.piece (number) select generate_series(1, " + PIECES + ")");
        owner(database, "grant select, update on public.piece to " + database.applicationName());

        var first = start(database, Duration.ofMillis(60));
        awaitDone(database, 5);
        var began = System.nanoTime();
        first.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        var done = owner(database, "select count(*) from public.piece where done > 0");
        assertThat(done).as("it was in the midst of it").isBetween(5L, PIECES - 1L);
        assertThat(owner(database, "select count(*) from machinery.scheduled_tasks where picked"))
                .as("nothing is left as if it still ran")
                .isZero();

        try (var second = start(database, Duration.ZERO)) {
            awaitDone(database, PIECES);
            assertThat(second.isRunning()).isTrue();
        }
        assertThat(owner(database, "select count(*) from public.piece where done = 1"))
                .isEqualTo(PIECES);
    }

    private static void awaitDone(DatabaseRoles database, long most) throws SQLException, InterruptedException {
        var until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (owner(database, "select count(*) from public.piece where done > 0") < most) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(until);
            Thread.sleep(50);
        }
    }

    private ConfigurableApplicationContext start(DatabaseRoles roles, Duration each) {
        return new SpringApplicationBuilder(Kentongan.class, LongJob.class)
                .properties("spring.config.name=application")
                .run(
                        "--kentongan.data=" + folder,
                        "--kentongan.database-url="
                                + url(roles.applicationUrl(), roles.applicationName(), roles.applicationPassword()),
                        "--kentongan.database-owner-url="
                                + url(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword()),
                        "--server.port=0",
                        "--spring.datasource.hikari.maximum-pool-size=4",
                        "--piece=" + each.toMillis());
    }

    private static String url(String jdbc, String name, String password) {
        return jdbc.replace("jdbc:postgresql://", "postgresql://" + name + ":" + password + "@");
    }

    /** Returns the number it asks for. */
    private static long owner(DatabaseRoles roles, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return 0;
            }
            try (var row = statement.getResultSet()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Like the platform's own: piece by piece, each by itself, with a database that always answers at once. */
    @TestConfiguration(proxyBeanMethods = false)
    static class LongJob {
        @Bean
        RecurringTask<Void> longTask(JdbcClient jdbc, Environment environment) {
            var each = Duration.ofMillis(environment.getRequiredProperty("piece", Long.class));
            return Tasks.recurring("test-long", FixedDelay.ofSeconds(1)).execute((instance, context) -> {
                var left = jdbc.sql("select number from public.piece where done = 0")
                        .query(Integer.class)
                        .list();
                for (var number : Pieces.untilInterrupted(left)) {
                    jdbc.sql("update public.piece set done = done + 1 where number = ?")
                            .param(number)
                            .update();
                    busy(each);
                }
            });
        }

        /** Not asleep: sleep would notice the interruption that this piece of work does not. */
        private static void busy(Duration each) {
            var until = System.nanoTime() + each.toNanos();
            while (System.nanoTime() < until) {
                Thread.yield();
            }
        }
    }
}
