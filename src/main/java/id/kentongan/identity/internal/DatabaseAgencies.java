// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.AgencyChanged;
import id.kentongan.identity.spi.AgencyUse;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseAgencies implements Agencies {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final ApplicationEventPublisher events;
    private final ObjectProvider<AgencyUse> uses;

    DatabaseAgencies(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            ApplicationEventPublisher events,
            ObjectProvider<AgencyUse> uses) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.events = events;
        this.uses = uses;
    }

    @Override
    public List<Agency> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from identity.agency where active order by parent_id nulls first, short_name")
                        .query(DatabaseAgencies::agency)
                        .list());
    }

    /** Closed ones too. */
    List<Agency> everyOne(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from identity.agency order by short_name")
                        .query(DatabaseAgencies::agency)
                        .list());
    }

    @Override
    public Optional<Agency> find(Actor actor, AgencyId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from identity.agency where id = ?")
                        .param(id.value())
                        .query(DatabaseAgencies::agency)
                        .optional());
    }

    @Override
    public Agency save(Actor actor, Agency agency) {
        DatabaseOfficers.administrator(actor);
        var parent = agency.parent();
        transactions.run(actor, () -> {
            lockTree();
            if (parent != null && subtree(actor, agency.id()).stream().anyMatch(a -> a.id().equals(parent))) {
                throw Refusal.invalid("identity.agency-below-itself").asException();
            }
            if (parent != null && find(actor, parent).filter(Agency::active).isEmpty()) {
                throw Refusal.invalid("identity.agency-needed").asException();
            }
            refuseWhatIsInTheWay(actor, agency);
            jdbc.sql("""
                            insert into identity.agency (tenant_id, id, parent_id, code, name, short_name, duties, active)
                            values (:tenant, :id, :parent, :code, :name, :short, :duties, :active)
                            on conflict (tenant_id, id) do update
                            set parent_id = excluded.parent_id, code = excluded.code, name = excluded.name,
                                short_name = excluded.short_name, duties = excluded.duties, active = excluded.active
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("id", agency.id().value())
                    .param("parent", parent == null ? null : parent.value())
                    .param("code", agency.code())
                    .param("name", agency.name())
                    .param("short", agency.shortName())
                    .param("duties", agency.duties())
                    .param("active", agency.active())
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "identity.agency-saved",
                            "agency",
                            agency.id().value(),
                            Map.of(
                                    "code",
                                    agency.code(),
                                    "parent",
                                    parent == null ? "" : parent.toString(),
                                    "active",
                                    "" + agency.active())));
            events.publishEvent(new AgencyChanged(actor.tenant(), agency.id()));
        });
        return agency;
    }

    /** One change of the tree at a time: two moves at once could otherwise make a ring. */
    private void lockTree() {
        jdbc.sql("select tenant_id from identity.tenant for update")
                .query(UUID.class)
                .single();
    }

    /** Another agency with the code; officers, agencies or work that a closing one would leave without a place. */
    private void refuseWhatIsInTheWay(Actor actor, Agency agency) {
        var id = agency.id().value();
        if (exists("select 1 from identity.agency where code = ? and id <> ?", agency.code(), id)) {
            throw Refusal.invalid("identity.agency-code-taken").asException();
        }
        if (!agency.active()
                && (exists("select 1 from identity.agency where active and parent_id = ?", id)
                        || exists("select 1 from identity.officer where active and agency_id = ?", id))) {
            throw Refusal.invalid("identity.agency-in-use").asException();
        }
        if (!agency.active()) {
            uses.orderedStream()
                    .flatMap(each -> each.standsInTheWay(actor.tenant(), agency.id()).stream())
                    .findFirst()
                    .ifPresent(refusal -> {
                        throw refusal.asException();
                    });
        }
    }

    private boolean exists(String query, Object... arguments) {
        return jdbc.sql("select exists (" + query + ")")
                .params(arguments)
                .query(Boolean.class)
                .single();
    }

    @Override
    public List<Agency> subtree(Actor actor, AgencyId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        with recursive below as (
                            select a.* from identity.agency a where a.id = ?
                            union
                            select a.* from identity.agency a
                            join below b on a.tenant_id = b.tenant_id and a.parent_id = b.id)
                        select * from below
                        """).param(id.value()).query(DatabaseAgencies::agency).stream()
                        .collect(java.util.stream.Collectors.toCollection(ArrayList::new)));
    }

    private static Agency agency(ResultSet row, int number) throws SQLException {
        var parent = row.getObject("parent_id", UUID.class);
        return new Agency(
                new AgencyId(row.getObject("id", UUID.class)),
                parent == null ? null : new AgencyId(parent),
                row.getString("code"),
                row.getString("name"),
                row.getString("short_name"),
                row.getString("duties"),
                row.getBoolean("active"));
    }
}
