// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.stereotype.Component;

/** One round of what was failed on: what had its tries is parked, what is due is handed out again. */
@Component
class EventRetries {
    private static final int MOST_AT_ONCE = 50;
    /** The library reads the oldest first and then asks which are wanted: enough that what waits hides nothing due. */
    private static final int READ = 20_000;

    private final JdbcClient jdbc;
    private final FailedEventPublications failed;
    private final DatabaseStuckEvents stuck;
    private final EventSettings settings;
    private final Clock clock;

    EventRetries(
            JdbcClient jdbc,
            FailedEventPublications failed,
            DatabaseStuckEvents stuck,
            EventSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.failed = failed;
        this.stuck = stuck;
        this.settings = settings;
        this.clock = clock;
    }

    /** Never two rounds at once: the second would hand out what the first is about to park. */
    synchronized void run() {
        record Exhausted(TenantId tenant, UUID event) {}
        jdbc.sql("select tenant, event from kentongan.events_exhausted(?)")
                .param(settings.tries())
                .query((row, n) ->
                        new Exhausted(new TenantId(row.getObject(1, UUID.class)), row.getObject(2, UUID.class)))
                .list()
                .forEach(each -> stuck.park(each.tenant(), each.event()));
        var due = due();
        if (!due.isEmpty()) {
            failed.resubmit(ResubmissionOptions.defaults()
                    .withMinAge(Duration.ZERO)
                    .withBatchSize(READ)
                    .withMaxInFlight(READ)
                    .withFilter(publication -> due.contains(publication.getIdentifier())));
        }
        jdbc.sql("select kentongan.forget_handled_events()").query(Long.class).single();
    }

    private Set<UUID> due() {
        return new HashSet<>(jdbc.sql("select kentongan.events_due(?, ? * interval '1 millisecond', ?)")
                .params(Timestamp.from(clock.instant()), settings.firstWait().toMillis(), MOST_AT_ONCE)
                .query(UUID.class)
                .list());
    }
}
