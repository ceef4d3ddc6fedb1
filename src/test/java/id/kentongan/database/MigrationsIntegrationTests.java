// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.TestDatabase;
import java.io.IOException;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * No release has been made yet, so there is no older installation to upgrade. What can be shown: a database that stopped
 * after each module's first migration, with a row in it, comes to the same schema as a new one.
 */
class MigrationsIntegrationTests {
    private static final String TENANT = "01900000-0000-7000-8000-000000000001";

    @Test
    void aDatabaseOfTheFirstMigrationsIsBroughtToTheSameSchemaAndKeepsItsRows() throws Exception {
        var stepped = TestDatabase.fresh();
        var fresh = TestDatabase.fresh();
        var modules = modules();
        for (var module : modules.entrySet()) {
            flyway(
                            stepped,
                            module.getKey(),
                            MigrationVersion.fromVersion(module.getValue().getFirst()))
                    .migrate();
            flyway(fresh, module.getKey(), MigrationVersion.LATEST).migrate();
        }
        try (var owner = DriverManager.getConnection(stepped.ownerUrl(), stepped.ownerName(), stepped.ownerPassword());
                var statement = owner.createStatement()) {
            statement.execute("insert into identity.tenant (tenant_id, name, short_name, host, zone, case_prefix,"
                    + " demonstration, created_at) values ('" + TENANT
                    + "', 'Kabupaten Lama', 'Kab. Lama', 'lama.example',"
                    + " 'Asia/Jakarta', 'KTG', true, now())");
        }
        for (var module : modules.keySet()) {
            flyway(stepped, module, MigrationVersion.LATEST).migrate();
        }
        assertThat(schema(stepped)).isEqualTo(schema(fresh)).hasSizeGreaterThan(100);
        try (var owner =
                DriverManager.getConnection(stepped.ownerUrl(), stepped.ownerName(), stepped.ownerPassword())) {
            assertThat(new Catalogue(owner).strings("select name from identity.tenant"))
                    .containsExactly("Kabupaten Lama");
            assertThat(new Catalogue(owner).versions())
                    .isEqualTo(modules.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, each -> each.getValue().getLast())));
        }
    }

    /** Each module's versions, the shared one first. */
    private static Map<String, List<String>> modules() throws IOException {
        var found = new TreeMap<String, List<String>>(
                Comparator.comparing((String name) -> !name.equals("__root")).thenComparing(Comparator.naturalOrder()));
        for (var file : new PathMatchingResourcePatternResolver().getResources("classpath*:db/migration/*/V*.sql")) {
            var parts = file.getURL().getPath().split("/");
            found.computeIfAbsent(parts[parts.length - 2], module -> new java.util.ArrayList<>())
                    .add(parts[parts.length - 1].substring(1).split("__")[0]);
        }
        found.values().forEach(versions -> versions.sort(Comparator.naturalOrder()));
        return found;
    }

    private static Flyway flyway(DatabaseRoles roles, String module, MigrationVersion target) {
        var history = "flyway_schema_history" + (module.equals("__root") ? "" : "_" + module);
        return Flyway.configure()
                .dataSource(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword())
                .locations("classpath:db/migration/" + module)
                .table(history)
                .defaultSchema("public")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(target)
                .placeholders(Map.of("appRole", roles.applicationName()))
                .load();
    }

    /** Columns, constraints, indexes and policies, in words. */
    private static List<String> schema(DatabaseRoles roles) throws Exception {
        try (var owner = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword())) {
            var catalogue = new Catalogue(owner);
            return Arrays.asList("""
                            select format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable)
                            from information_schema.columns
                            where table_schema not in ('pg_catalog', 'information_schema', 'public')
                            order by 1
                            """, """
                            select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                            from pg_constraint
                            where conrelid <> 0 and connamespace::regnamespace::text not like 'pg%'
                            and connamespace::regnamespace::text <> 'information_schema'
                            order by 1
                            """, """
                            select indexdef from pg_indexes where schemaname not in ('pg_catalog', 'public') order by 1
                            """, """
                            select tablename || ' ' || policyname || ' ' || coalesce(qual, '') || coalesce(with_check, '')
                            from pg_policies
                            order by 1
                            """).stream()
                    .flatMap(sql -> {
                        try {
                            return catalogue.strings(sql).stream();
                        } catch (java.sql.SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();
        }
    }
}
