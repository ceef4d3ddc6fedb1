// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseRoutingRules implements RoutingRules {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Agencies agencies;
    private final Tenants tenants;
    private final Clock clock;

    DatabaseRoutingRules(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Agencies agencies,
            Tenants tenants,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.agencies = agencies;
        this.tenants = tenants;
        this.clock = clock;
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
        if (rule.words().stream().anyMatch(word -> Routing.plain(word).isEmpty())) {
            throw Refusal.invalid("casework.rule-word").asException();
        }
        var lastDay = rule.effectiveTo();
        if (lastDay != null && lastDay.isBefore(rule.effectiveFrom())) {
            throw Refusal.invalid("casework.rule-ends-before").asException();
        }
        var network = rule.network();
        var kind = rule.kind();
        var agency = rule.agency();
        transactions.run(actor, () -> {
            requireOpen(actor, agency);
            requireKnown(rule.district());
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

    @Override
    public void resume(Actor actor, UUID id) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            var rule = jdbc.sql("select * from casework.routing_rule where id = ? for update")
                    .param(id)
                    .query(DatabaseRoutingRules::rule)
                    .optional()
                    .orElseThrow(() -> Refusal.notFound().asException());
            requireOpen(actor, rule.agency());
            jdbc.sql("""
                            update casework.routing_rule
                            set effective_to = null
                            where id = ?
                            """).param(id).update();
            trail.record(
                    actor,
                    TrailEntry.of("casework.routing-rule-resumed", "routing-rule", id, Map.of("title", rule.title())));
        });
    }

    @Override
    public void move(Actor actor, UUID id, boolean earlier) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            // Two administrators at once must not give one place to two rules.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('casework.routing:' || ?, 0))")
                    .param(actor.tenant().toString())
                    .query((row, n) -> 1)
                    .list();
            var today = today(actor);
            var all = new ArrayList<>(all(actor));
            var held = all.stream().filter(rule -> holds(rule, today)).toList();
            var at = held.stream().map(RoutingRule::id).toList().indexOf(id);
            if (at < 0) {
                throw Refusal.notFound().asException();
            }
            var to = earlier ? at - 1 : at + 1;
            if (to < 0 || to >= held.size()) {
                return;
            }
            var moved = held.get(at);
            all.remove(moved);
            all.add(all.indexOf(held.get(to)) + (earlier ? 0 : 1), moved);
            jdbc.sql("""
                            update casework.routing_rule r
                            set ordering = o.place * 10
                            from unnest(?::uuid[]) with ordinality as o (id, place)
                            where r.id = o.id
                            """)
                    .param(all.stream().map(RoutingRule::id).toArray(UUID[]::new))
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.routing-rule-moved",
                            "routing-rule",
                            id,
                            Map.of("title", moved.title(), "place", Integer.toString(to + 1))));
        });
    }

    /** What has not ended, begun or not. */
    private static boolean holds(RoutingRule rule, LocalDate today) {
        var last = rule.effectiveTo();
        return last == null || !last.isBefore(today);
    }

    @Override
    public Trial attempt(Actor actor, Sample sample, @Nullable RoutingRule draft) {
        administratorsOnly(actor);
        var rules = new ArrayList<>(all(actor));
        if (draft != null) {
            var at = rules.stream().map(RoutingRule::id).toList().indexOf(draft.id());
            if (at < 0) {
                rules.add(draft);
            } else {
                rules.set(at, draft);
            }
        }
        return Routing.attempt(rules, today(actor), sample);
    }

    private LocalDate today(Actor actor) {
        return clock.instant().atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
    }

    private void requireOpen(Actor actor, @Nullable AgencyId agency) {
        if (agency != null
                && agencies.find(actor, agency).filter(Agency::active).isEmpty()) {
            throw Refusal.invalid("casework.no-such-agency").asException();
        }
    }

    private void requireKnown(@Nullable String district) {
        if (district != null
                && jdbc.sql("select 1 from casework.district where code = ?")
                        .param(district)
                        .query(Integer.class)
                        .optional()
                        .isEmpty()) {
            throw Refusal.invalid("casework.no-such-district").asException();
        }
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
