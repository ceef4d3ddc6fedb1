// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.database.StuckEvent;
import id.kentongan.database.StuckEventMoved;
import id.kentongan.database.StuckEventMoved.Move;
import id.kentongan.database.StuckEvents;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseStuckEvents implements StuckEvents {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    DatabaseStuckEvents(
            ActorTransactions transactions, JdbcClient jdbc, ApplicationEventPublisher events, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    private record Row(UUID id, String listener, String event, int attempts, boolean parked) {}

    @Override
    public List<StuckEvent> all(Actor actor) {
        if (!mayRead(actor)) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(
                actor, () -> jdbc.sql("""
                        select id, listener_id, event_type, published_at, failed_at, attempts, error, next_at
                        from kentongan.stuck_event
                        order by next_at is not null, published_at, id
                        limit 1000
                        """).query(DatabaseStuckEvents::event).list());
    }

    @Override
    public int parked(Actor actor) {
        return !mayRead(actor)
                ? 0
                : transactions.read(
                        actor,
                        () -> jdbc.sql("select count(*) from kentongan.stuck_event where next_at is null")
                                .query(Integer.class)
                                .single());
    }

    @Override
    public void tryAgain(Actor actor, UUID id) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            var row = locked(id).orElseThrow(() -> Refusal.notFound().asException());
            var now = Timestamp.from(clock.instant());
            if (row.parked()) {
                jdbc.sql("""
                                insert into machinery.event_publication
                                    (id, listener_id, event_type, serialized_event, publication_date, status,
                                     completion_attempts, last_resubmission_date)
                                select id, listener_id, event_type, serialized_event, published_at, 'FAILED', 0, published_at
                                from kentongan.stuck_event
                                where id = ?
                                on conflict (id) do nothing
                                """).param(id).update();
            }
            var changed = jdbc.sql("""
                            update kentongan.stuck_event
                            set next_at = ?, serialized_event = null
                            where id = ? and (next_at is null or next_at > ?)
                            """).params(now, id, now).update();
            if (changed > 0) {
                moved(actor, row, Move.TRIED_AGAIN);
            }
        });
    }

    @Override
    public void setAside(Actor actor, UUID id) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            var row = locked(id).orElseThrow(() -> Refusal.notFound().asException());
            if (!row.parked() && !taken(id)) {
                throw Refusal.conflict("database.event-running").asException();
            }
            jdbc.sql("delete from kentongan.stuck_event where id = ?").param(id).update();
            moved(actor, row, Move.SET_ASIDE);
        });
    }

    /** Takes an event that had its tries out of the machinery's hands; nothing when somebody else just did. */
    void park(TenantId tenant, UUID id) {
        var system = Actor.system(tenant, "database");
        transactions.run(system, () -> {
            var parked = jdbc.sql("""
                            with taken as (
                                delete from machinery.event_publication
                                where id = :id and status = 'FAILED'
                                returning *)
                            insert into kentongan.stuck_event
                                (tenant_id, id, listener_id, event_type, published_at, failed_at, attempts, error,
                                 serialized_event)
                            select :tenant, id, listener_id, event_type, publication_date,
                                greatest(publication_date, last_resubmission_date), completion_attempts, '',
                                serialized_event
                            from taken
                            on conflict (tenant_id, id) do update
                            set next_at = null, serialized_event = excluded.serialized_event
                            """)
                    .param("tenant", tenant.value())
                    .param("id", id)
                    .update();
            if (parked > 0) {
                locked(id).ifPresent(row -> moved(system, row, Move.PARKED));
            }
        });
    }

    /** Takes a waiting event from the machinery; false when a listener has it in hand. Handled meanwhile is absent. */
    private boolean taken(UUID id) {
        var state = jdbc.sql("select status from machinery.event_publication where id = ? for update")
                .param(id)
                .query(String.class)
                .optional()
                .orElseThrow(() -> Refusal.notFound().asException());
        return state.equals("FAILED")
                && jdbc.sql("delete from machinery.event_publication where id = ?")
                                .param(id)
                                .update()
                        > 0;
    }

    private Optional<Row> locked(UUID id) {
        return jdbc.sql("""
                        select id, listener_id, event_type, attempts, next_at is null as parked
                        from kentongan.stuck_event
                        where id = ?
                        for update
                        """)
                .param(id)
                .query((row, n) -> new Row(
                        row.getObject(1, UUID.class),
                        listener(row.getString(2)),
                        simple(row.getString(3)),
                        row.getInt(4),
                        row.getBoolean(5)))
                .optional();
    }

    private void moved(Actor actor, Row row, Move move) {
        events.publishEvent(new StuckEventMoved(actor, row.id(), move, row.listener(), row.event(), row.attempts()));
    }

    private static StuckEvent event(ResultSet row, int number) throws SQLException {
        @Nullable Timestamp next = row.getTimestamp("next_at");
        return new StuckEvent(
                row.getObject("id", UUID.class),
                listener(row.getString("listener_id")),
                simple(row.getString("event_type")),
                row.getTimestamp("published_at").toInstant(),
                row.getTimestamp("failed_at").toInstant(),
                row.getInt("attempts"),
                row.getString("error"),
                next == null ? null : next.toInstant());
    }

    /** {@code id.kentongan.casework.internal.OpeningCases.on(id.kentongan.inbox.MessagesReceived)}: the class's name. */
    private static String listener(String id) {
        var method = id.replaceFirst("\\(.*", "");
        var type = method.contains(".") ? method.substring(0, method.lastIndexOf('.')) : method;
        return simple(type);
    }

    private static String simple(String type) {
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }

    private static boolean mayRead(Actor actor) {
        return actor.kind() == Actor.Kind.SYSTEM || actor.hasAny(Role.ADMINISTRATOR, Role.AUDITOR);
    }

    private static void administratorsOnly(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }
}
