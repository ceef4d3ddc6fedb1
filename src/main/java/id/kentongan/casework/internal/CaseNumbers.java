// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Performance;
import id.kentongan.casework.PressingCase;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many asked, were answered, wait and are overdue, with their denominators. */
@Component
class CaseNumbers {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Tenants tenants;

    CaseNumbers(ActorTransactions transactions, JdbcClient jdbc, Clock clock, Tenants tenants) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.tenants = tenants;
    }

    List<PressingCase> pressing(Actor actor, int limit) {
        if (actor.kind() == Actor.Kind.CITIZEN || actor.roles().equals(Set.of(Role.ADMINISTRATOR))) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select public_number, kind, agency_id, opened_at, due_at
                        from casework.case
                        where due_at is not null and first_answer_at is null and state <> 'CLOSED' and not confidential
                        order by due_at, id
                        limit ?
                        """)
                        .param(limit)
                        .query((row, n) -> {
                            var agency = row.getObject(3, UUID.class);
                            return new PressingCase(
                                    row.getString(1),
                                    CaseKind.of(row.getString(2)),
                                    agency == null ? null : new AgencyId(agency),
                                    row.getTimestamp(4).toInstant(),
                                    row.getTimestamp(5).toInstant());
                        })
                        .list());
    }

    Performance performance(Actor actor, LocalDate from, LocalDate to) {
        var system = Actor.system(actor.tenant(), "casework");
        var zone = tenants.get(actor.tenant()).zone();
        Instant start = from.atStartOfDay(zone).toInstant();
        Instant end = to.plusDays(1).atStartOfDay(zone).toInstant();
        var reach = actor.kind() == Actor.Kind.OFFICER ? actor : system;
        var counted = """
                count(*) as asked,
                count(*) filter (where first_answer_at is not null) as answered,
                count(*) filter (where first_answer_at is null and state = 'CLOSED') as closed,
                count(*) filter (where first_answer_at is null and state <> 'CLOSED'
                                 and (due_at is null or due_at >= :now)) as waiting,
                count(*) filter (where first_answer_at is null and state <> 'CLOSED' and due_at < :now) as overdue
                """;
        return transactions.read(reach, () -> {
            var weeks = new ArrayList<Performance.Week>();
            var byAgency = new ArrayList<Performance.OfAgency>();
            // One statement, so that weeks and agencies are counted at the same moment and their sums agree.
            jdbc.sql("""
                            select grouping(week) as by_agency, week, agency_id,
                            """ + counted + """
                                , percentile_cont(0.5) within group (
                                    order by extract(epoch from first_answer_at - opened_at)) as median
                            from (
                                select ((opened_at at time zone :zone)::date - :from::date) / 7 as week,
                                       agency_id, state, opened_at, first_answer_at, due_at
                                from casework.case
                                where opened_at >= :start and opened_at < :end) opened
                            group by grouping sets ((week), (agency_id))
                            order by by_agency, week, asked desc, agency_id
                            """)
                    .param("zone", zone.getId())
                    .param("from", from)
                    .param("start", Timestamp.from(start))
                    .param("end", Timestamp.from(end))
                    .param("now", Timestamp.from(clock.instant()))
                    .query(row -> {
                        var asked = row.getInt("asked");
                        var answered = row.getInt("answered");
                        var closed = row.getInt("closed");
                        var waiting = row.getInt("waiting");
                        var overdue = row.getInt("overdue");
                        var agency = row.getObject("agency_id", UUID.class);
                        if (row.getInt("by_agency") == 0) {
                            weeks.add(new Performance.Week(
                                    from.plusDays(7L * row.getInt("week")), asked, answered, closed, waiting, overdue));
                        } else if (agency != null) {
                            var median = row.getObject("median", Double.class);
                            byAgency.add(new Performance.OfAgency(
                                    new AgencyId(agency),
                                    asked,
                                    answered,
                                    closed,
                                    waiting,
                                    overdue,
                                    median == null ? null : Duration.ofSeconds(median.longValue())));
                        }
                    });
            return new Performance(from, to, weeks, byAgency);
        });
    }
}
