// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.Categories;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseCategories implements Categories {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Agencies agencies;

    DatabaseCategories(ActorTransactions transactions, JdbcClient jdbc, Trail trail, Agencies agencies) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.agencies = agencies;
    }

    @Override
    public List<Category> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select name, agency_id, note from casework.category order by lower(name), name")
                        .query((row, n) -> {
                            var agency = row.getObject(2, UUID.class);
                            return new Category(
                                    row.getString(1), agency == null ? null : new AgencyId(agency), row.getString(3));
                        })
                        .list());
    }

    @Override
    public void save(Actor actor, Category category) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        if (category.name().isBlank() || category.name().length() > LONGEST_NAME) {
            throw Refusal.invalid("casework.category-name", LONGEST_NAME).asException();
        }
        if (category.note().length() > LONGEST_NOTE) {
            throw Refusal.invalid("casework.category-note", LONGEST_NOTE).asException();
        }
        var agency = category.agency();
        transactions.run(actor, () -> {
            if (agency != null
                    && agencies.find(actor, agency).filter(Agency::active).isEmpty()) {
                throw Refusal.invalid("casework.no-such-agency").asException();
            }
            jdbc.sql("""
                            insert into casework.category (tenant_id, name, agency_id, note)
                            values (:tenant, :name, :agency, :note)
                            on conflict (tenant_id, name) do update
                            set agency_id = excluded.agency_id, note = excluded.note
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("name", category.name())
                    .param("agency", agency == null ? null : agency.value())
                    .param("note", category.note())
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.category-saved",
                            "tenant",
                            actor.tenant().value(),
                            Map.of("name", category.name())));
        });
    }
}
