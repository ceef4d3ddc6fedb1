// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.Regions;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class DatabaseRegions implements Regions {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;

    DatabaseRegions(ActorTransactions transactions, JdbcClient jdbc, Trail trail) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
    }

    @Override
    public List<District> districts(Actor actor) {
        return transactions.read(actor, () -> {
            var villages = new HashMap<String, List<Village>>();
            jdbc.sql("select district_code, code, name, latitude, longitude from casework.village order by name")
                    .query(row -> {
                        villages.computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                                .add(new Village(
                                        row.getString(2), row.getString(3), row.getDouble(4), row.getDouble(5)));
                    });
            return jdbc.sql("select code, name, latitude, longitude from casework.district order by name")
                    .query((row, n) -> new District(
                            row.getString(1),
                            row.getString(2),
                            row.getDouble(3),
                            row.getDouble(4),
                            villages.getOrDefault(row.getString(1), List.of())))
                    .list();
        });
    }

    @Override
    public void save(Actor actor, List<District> districts) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        transactions.run(actor, () -> {
            for (var district : districts) {
                jdbc.sql("""
                                insert into casework.district (tenant_id, code, name, latitude, longitude)
                                values (?, ?, ?, ?, ?)
                                on conflict (tenant_id, code) do update
                                set name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude
                                """)
                        .params(
                                actor.tenant().value(),
                                district.code(),
                                district.name(),
                                district.latitude(),
                                district.longitude())
                        .update();
                for (var village : district.villages()) {
                    jdbc.sql("""
                                    insert into casework.village
                                        (tenant_id, code, district_code, name, latitude, longitude)
                                    values (?, ?, ?, ?, ?, ?)
                                    on conflict (tenant_id, code) do update
                                    set name = excluded.name, district_code = excluded.district_code,
                                        latitude = excluded.latitude, longitude = excluded.longitude
                                    """)
                            .params(
                                    actor.tenant().value(),
                                    village.code(),
                                    district.code(),
                                    village.name(),
                                    village.latitude(),
                                    village.longitude())
                            .update();
                }
            }
            trail.record(
                    actor,
                    TrailEntry.of(
                            "casework.regions-saved",
                            "tenant",
                            actor.tenant().value(),
                            Map.of("districts", "" + districts.size())));
        });
    }
}
