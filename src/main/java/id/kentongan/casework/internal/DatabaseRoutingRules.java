// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseRoutingRules implements RoutingRules {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;

    DatabaseRoutingRules(ActorTransactions transactions, JdbcClient jdbc, Trail trail) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
    }

    @Override
    public List<RoutingRule> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from casework.routing_rule order by ordering, title")
                        .query(DatabaseRoutingRules::rule)
                        .list());
    }

    @Override
    public RoutingRule save(Actor actor, RoutingRule rule) {
        administratorsOnly(actor);
        if (rule.title().isBlank() || rule.source().isBlank()) {
            throw Refusal.invalid("casework.rule-incomplete").asException();
        }
        var network = rule.network();
        var kind = rule.kind();
        var agency = rule.agency();
        transactions.run(actor, () -> {
            jdbc.sql("""
                            insert into casework.routing_rule
                                (tenant_id, id, ordering, title, words, network, district, kind, category, agency_id,
                                 source, effective_from, effective_to)
                            values (:tenant, :id, :order, :title, :words, :network, :district, :kind, :category, :agency,
                                    :source, :from, :to)
                            on conflict (tenant_id, id) do update
                            set ordering = excluded.ordering, title = excluded.title, words = excluded.words,
                                network = excluded.network, district = excluded.district, kind = excluded.kind,
                                category = excluded.category, agency_id = excluded.agency_id,
                                source = excluded.source, effective_from = excluded.effective_from,
                                effective_to = excluded.effective_to
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("id", rule.id())
                    .param("order", rule.order())
                    .param("title", rule.title())
                    .param("words", rule.words().toArray(String[]::new))
                    .param("network", network == null ? null : network.code())
                    .param("district", rule.district())
                    .param("kind", kind == null ? null : kind.code())
                    .param("category", rule.category())
                    .param("agency", agency == null ? null : agency.value())
                    .param("source", rule.source())
                    .param("from", rule.effectiveFrom())
                    .param("to", rule.effectiveTo())
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.routing-rule-saved", "routing-rule", rule.id(), Map.of("title", rule.title())));
        });
        return rule;
    }

    @Override
    public void end(Actor actor, UUID rule, LocalDate lastDay) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            var ended = jdbc.sql("update casework.routing_rule set effective_to = ? where id = ?")
                    .params(lastDay, rule)
                    .update();
            if (ended == 0) {
                throw Refusal.notFound().asException();
            }
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.routing-rule-ended", "routing-rule", rule, Map.of("last-day", "" + lastDay)));
        });
    }

    private static void administratorsOnly(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }

    private static RoutingRule rule(ResultSet row, int number) throws SQLException {
        var network = row.getString("network");
        var kind = row.getString("kind");
        var agency = row.getObject("agency_id", UUID.class);
        return new RoutingRule(
                row.getObject("id", UUID.class),
                row.getInt("ordering"),
                row.getString("title"),
                Arrays.asList((String[]) row.getArray("words").getArray()),
                network == null ? null : Network.of(network),
                row.getString("district"),
                kind == null ? null : CaseKind.of(kind),
                row.getString("category"),
                agency == null ? null : new AgencyId(agency),
                row.getString("source"),
                row.getObject("effective_from", LocalDate.class),
                row.getObject("effective_to", LocalDate.class));
    }
}
