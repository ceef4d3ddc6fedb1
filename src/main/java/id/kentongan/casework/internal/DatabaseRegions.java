// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.Regions;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
                                .add(new Village(row.getString(2), row.getString(3), degrees(row, 4), degrees(row, 5)));
                    });
            return jdbc.sql("select code, name, latitude, longitude from casework.district order by name")
                    .query((row, n) -> new District(
                            row.getString(1),
                            row.getString(2),
                            degrees(row, 3),
                            degrees(row, 4),
                            villages.getOrDefault(row.getString(1), List.of())))
                    .list();
        });
    }

    @Override
    public int save(Actor actor, List<District> districts) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        return transactions.write(actor, () -> {
            var changed = saveDistricts(actor, districts) + saveVillages(actor, districts);
            if (changed > 0) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "casework.regions-saved",
                                "tenant",
                                actor.tenant().value(),
                                Map.of("districts", "" + districts.size(), "changed", "" + changed)));
            }
            return changed;
        });
    }

    private static @Nullable Double degrees(ResultSet row, int column) throws SQLException {
        return row.getObject(column, Double.class);
    }

    private int saveDistricts(Actor actor, List<District> districts) {
        return jdbc.sql("""
                        insert into casework.district as d (tenant_id, code, name, latitude, longitude)
                        select ?, n.code, n.name, n.latitude, n.longitude
                        from unnest(?::text[], ?::text[], ?::float8[], ?::float8[]) as n (code, name, latitude, longitude)
                        on conflict (tenant_id, code) do update
                        set name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude
                        where (d.name, d.latitude, d.longitude)
                            is distinct from (excluded.name, excluded.latitude, excluded.longitude)
                        """)
                .params(
                        actor.tenant().value(),
                        districts.stream().map(District::code).toArray(String[]::new),
                        districts.stream().map(District::name).toArray(String[]::new),
                        districts.stream().map(District::latitude).toArray(Double[]::new),
                        districts.stream().map(District::longitude).toArray(Double[]::new))
                .update();
    }

    private int saveVillages(Actor actor, List<District> districts) {
        var of = new ArrayList<String>();
        var villages = new ArrayList<Village>();
        for (var district : districts) {
            for (var village : district.villages()) {
                of.add(district.code());
                villages.add(village);
            }
        }
        return jdbc.sql("""
                        insert into casework.village as v (tenant_id, code, district_code, name, latitude, longitude)
                        select ?, n.code, n.district, n.name, n.latitude, n.longitude
                        from unnest(?::text[], ?::text[], ?::text[], ?::float8[], ?::float8[])
                            as n (code, district, name, latitude, longitude)
                        on conflict (tenant_id, code) do update
                        set name = excluded.name, district_code = excluded.district_code,
                            latitude = excluded.latitude, longitude = excluded.longitude
                        where (v.name, v.district_code, v.latitude, v.longitude) is distinct from
                            (excluded.name, excluded.district_code, excluded.latitude, excluded.longitude)
                        """)
                .params(
                        actor.tenant().value(),
                        villages.stream().map(Village::code).toArray(String[]::new),
                        of.toArray(String[]::new),
                        villages.stream().map(Village::name).toArray(String[]::new),
                        villages.stream().map(Village::latitude).toArray(Double[]::new),
                        villages.stream().map(Village::longitude).toArray(Double[]::new))
                .update();
    }
}
