// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseTenants implements Tenants {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final ObjectProvider<OfficerSecrets> secrets;
    private final Cache<TenantId, Tenant> byId =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();
    private final Cache<String, TenantId> byHost = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(1))
            .maximumSize(10_000)
            .build();

    DatabaseTenants(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            ObjectProvider<OfficerSecrets> secrets) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.secrets = secrets;
    }

    @Override
    public List<Tenant> all() {
        return jdbc.sql("select identity.tenant_ids()").query(UUID.class).list().stream()
                .map(TenantId::new)
                .map(this::get)
                .toList();
    }

    @Override
    public Optional<Tenant> byHost(String host) {
        var wanted = host.toLowerCase(Locale.ROOT);
        var known = byHost.getIfPresent(wanted);
        if (known == null) {
            known = jdbc.sql("select identity.find_tenant('host', ?)").param(wanted).query(UUID.class).list().stream()
                    .filter(java.util.Objects::nonNull)
                    .map(TenantId::new)
                    .findFirst()
                    .orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            byHost.put(wanted, known);
        }
        return Optional.of(get(known));
    }

    @Override
    public Tenant get(TenantId id) {
        var known = byId.getIfPresent(id);
        if (known != null) {
            return known;
        }
        var found = transactions
                .read(
                        Actor.system(id, "identity"),
                        () -> jdbc.sql("""
                                        select tenant_id, name, short_name, host, zone, case_prefix, demonstration
                                        from identity.tenant
                                        """)
                                .query((row, n) -> new Tenant(
                                        new TenantId(row.getObject(1, UUID.class)),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        ZoneId.of(row.getString(5)),
                                        row.getString(6),
                                        row.getBoolean(7)))
                                .optional())
                .orElseThrow(() -> Refusal.notFound().asException());
        byId.put(id, found);
        return found;
    }

    @Override
    public Tenant found(Tenant tenant) {
        var actor = Actor.system(tenant.id(), "identity");
        transactions.run(actor, () -> {
            jdbc.sql("""
                            insert into identity.tenant
                                (tenant_id, name, short_name, host, zone, case_prefix, demonstration, created_at)
                            values (?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                    .params(
                            tenant.id().value(),
                            tenant.name(),
                            tenant.shortName(),
                            tenant.host().toLowerCase(Locale.ROOT),
                            tenant.zone().getId(),
                            tenant.casePrefix(),
                            tenant.demonstration(),
                            Timestamp.from(clock.instant()))
                    .update();
            jdbc.sql("insert into identity.tenant_address (tenant_id, kind, key) values (?, 'host', ?)")
                    .params(tenant.id().value(), tenant.host().toLowerCase(Locale.ROOT))
                    .update();
            secrets.getObject().prepare(tenant.id());
            trail.record(
                    actor,
                    TrailEntry.of(
                            "identity.tenant-founded", "tenant", tenant.id().value()));
        });
        return tenant;
    }
}
