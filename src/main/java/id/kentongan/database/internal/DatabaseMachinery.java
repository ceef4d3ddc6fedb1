// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.Machinery;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseMachinery implements Machinery {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    DatabaseMachinery(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public List<Job> troubledJobs() {
        return jdbc.sql("""
                        select task_name, coalesce(consecutive_failures, 0), execution_time
                        from machinery.scheduled_tasks
                        where coalesce(consecutive_failures, 0) > 0 or (not picked and execution_time < ?)
                        order by execution_time, task_name
                        """)
                .param(Timestamp.from(clock.instant().minus(PATIENCE)))
                .query((row, n) -> new Job(
                        row.getString(1), row.getInt(2), row.getTimestamp(3).toInstant()))
                .list();
    }

    @Override
    public Waiting events() {
        return jdbc.sql("""
                        select count(*), min(publication_date)
                        from machinery.event_publication
                        where completion_date is null
                        """)
                .query((row, n) -> {
                    var since = row.getTimestamp(2);
                    return new Waiting(row.getInt(1), since == null ? null : since.toInstant());
                })
                .single();
    }
}
