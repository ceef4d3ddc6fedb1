// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.core.EventSerializer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalApplicationListenerMethodAdapter;

/** Notes which listener failed on which event, by what, and when it is worth another try. */
@Component
class FailureNotes {
    private static final Logger log = LoggerFactory.getLogger(FailureNotes.class);
    private static final int LONGEST = 300;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final EventSerializer serializer;
    private final EventSettings settings;
    private final Clock clock;

    FailureNotes(
            ActorTransactions transactions,
            JdbcClient jdbc,
            EventSerializer serializer,
            EventSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.serializer = serializer;
        this.settings = settings;
        this.clock = clock;
    }

    /** Called when the listener's own transaction is over. What cannot be noted is tried again all the same. */
    void note(Method method, Object event, Throwable failure) {
        try {
            tenant(event).ifPresent(tenant -> write(tenant, listener(method), event, failure));
        } catch (RuntimeException e) {
            log.warn("The failure of {} could not be noted: {}", listener(method), e.toString());
        }
    }

    private void write(TenantId tenant, String listener, Object event, Throwable failure) {
        record Failed(java.util.UUID id, int attempts) {}
        transactions.run(Actor.system(tenant, "database"), () -> {
            var found = jdbc.sql("""
                            select id, completion_attempts
                            from machinery.event_publication
                            where listener_id = ? and serialized_event = ? and completion_date is null
                            """)
                    .params(listener, serializer.serialize(event))
                    .query((row, n) -> new Failed(row.getObject(1, java.util.UUID.class), row.getInt(2)))
                    .list();
            var now = clock.instant();
            for (var each : found) {
                jdbc.sql("""
                                insert into kentongan.stuck_event
                                    (tenant_id, id, listener_id, event_type, published_at, failed_at, attempts, error, next_at)
                                select :tenant, id, listener_id, event_type, publication_date, :now, :attempts, :error, :next
                                from machinery.event_publication
                                where id = :id
                                on conflict (tenant_id, id) do update
                                set failed_at = excluded.failed_at, attempts = stuck_event.attempts + 1,
                                    error = excluded.error, next_at = excluded.next_at
                                """)
                        .param("tenant", tenant.value())
                        .param("id", each.id())
                        .param("now", Timestamp.from(now))
                        .param("attempts", each.attempts())
                        .param("error", error(failure))
                        .param("next", Timestamp.from(now.plus(settings.after(each.attempts()))))
                        .update();
            }
        });
    }

    static Optional<TenantId> tenant(Object event) {
        return Optional.ofNullable(event.getClass().getRecordComponents()).stream()
                .flatMap(Arrays::stream)
                .filter(component -> component.getType().equals(TenantId.class))
                .map(component -> (TenantId) value(component, event))
                .findFirst();
    }

    private static Object value(RecordComponent component, Object event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String listener(Method method) {
        return new TransactionalApplicationListenerMethodAdapter("", method.getDeclaringClass(), method)
                .getListenerId();
    }

    /** What failed and where in our code; an exception's text is nobody's to read, it may hold a person's data. */
    static String error(Throwable failure) {
        var root = NestedExceptionUtils.getMostSpecificCause(failure);
        var what = failure.getClass().getSimpleName();
        if (root != failure) {
            what += ", " + root.getClass().getSimpleName();
        }
        if (root instanceof SQLException sql && sql.getSQLState() != null) {
            what += " " + sql.getSQLState();
        }
        var ours = Arrays.stream(root.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("id.kentongan.")
                        && frame.getFileName() != null
                        && frame.getLineNumber() > 0)
                .findFirst()
                .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("");
        return (what + ours).substring(0, Math.min(LONGEST, what.length() + ours.length()));
    }
}
