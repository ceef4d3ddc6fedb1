// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.archive.TrailLine;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

@Component
class DatabaseTrail implements Trail {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectMapper json;

    DatabaseTrail(ActorTransactions transactions, JdbcClient jdbc, Clock clock, ObjectMapper json) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public void record(Actor actor, TrailEntry entry) {
        recordAll(actor, List.of(entry));
    }

    @Override
    public void recordAll(Actor actor, List<TrailEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        var size = entries.size();
        var ids = new UUID[size];
        var verbs = new String[size];
        var kinds = new String[size];
        var subjects = new UUID[size];
        var facts = new String[size];
        var commitments = new byte[size][];
        for (var i = 0; i < size; i++) {
            var entry = entries.get(i);
            ids[i] = Ids.next();
            verbs[i] = entry.verb();
            kinds[i] = entry.subject().kind();
            subjects[i] = entry.subject().id();
            facts[i] = json.writeValueAsString(new TreeMap<>(entry.facts()));
            commitments[i] = entry.commitment();
        }
        jdbc.sql("""
                        insert into archive.entry
                            (tenant_id, id, at, actor_kind, actor, actor_name, verb, subject_kind, subject_id, facts, commitment)
                        select ?, e.id, ?, ?, ?, ?, e.verb, e.kind, e.subject, e.facts, e.commitment
                        from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::bytea[])
                            as e (id, verb, kind, subject, facts, commitment)
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(clock.instant()),
                        actor.kind().name(),
                        actor.id(),
                        actor.name(),
                        ids,
                        verbs,
                        kinds,
                        subjects,
                        facts,
                        commitments)
                .update();
    }

    @Override
    public List<TrailLine> about(Actor actor, Subject subject) {
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select e.*, not exists (
                            select 1 from archive.unsealed u
                            where u.tenant_id = e.tenant_id and u.entry_id = e.id) as sealed
                        from archive.entry e
                        where e.subject_kind = ? and e.subject_id = ?
                        order by e.id
                        """)
                        .params(subject.kind(), subject.id())
                        .query(this::line)
                        .list());
    }

    @Override
    public Page<TrailLine> latest(Actor actor, @Nullable String after, int limit) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.hasAny(Role.AUDITOR, Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        var before = after == null ? null : UUID.fromString(after);
        var found = transactions.read(
                actor,
                () -> jdbc.sql("""
                        select e.*, not exists (
                            select 1 from archive.unsealed u
                            where u.tenant_id = e.tenant_id and u.entry_id = e.id) as sealed
                        from archive.entry e
                        where (:before::uuid is null or e.id < :before::uuid)
                        order by e.id desc
                        limit :limit
                        """)
                        .param("before", before)
                        .param("limit", limit + 1)
                        .query(this::line)
                        .list());
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), found.get(limit - 1).id().toString())
                : new Page<>(found, null);
    }

    @SuppressWarnings("unchecked")
    private TrailLine line(ResultSet row, int number) throws SQLException {
        return new TrailLine(
                row.getObject("id", UUID.class),
                row.getTimestamp("at").toInstant(),
                Actor.Kind.valueOf(row.getString("actor_kind")),
                row.getObject("actor", UUID.class),
                row.getString("actor_name"),
                new TrailEntry(
                        row.getString("verb"),
                        new Subject(row.getString("subject_kind"), row.getObject("subject_id", UUID.class)),
                        (Map<String, String>) json.readValue(row.getString("facts"), Map.class),
                        row.getBytes("commitment")),
                row.getBoolean("sealed"));
    }

    @Override
    public Optional<Instant> unsealedSince(Actor system) {
        if (system.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(
                system,
                () -> jdbc.sql("select entry_id from archive.unsealed order by entry_id limit 1")
                        .query(UUID.class)
                        .optional()
                        .map(Ids::timeOf));
    }
}
