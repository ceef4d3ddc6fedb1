// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.database.DatabaseRoles;
import id.kentongan.testing.WithDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class PartitionsIntegrationTests {
    private static final String ENTRY = """
            insert into archive.entry
                (tenant_id, id, at, actor_kind, actor, actor_name, verb, subject_kind, subject_id, facts)
            select gen_random_uuid(), kentongan.uuid_at('%1$s'), '%1$s', 'SYSTEM', gen_random_uuid(), 'test',
                'test.late', 'thing', gen_random_uuid(), '{}'
            """;
    private static final String WHERE = """
            select tableoid::regclass::text from archive.entry where id = kentongan.uuid_at('%s')
            """;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    JdbcClient jdbc;

    @Test
    void theClockStepsAndWhatComesInThenHasItsPartition() throws Exception {
        try (var owner = owner()) {
            owner.setAutoCommit(false);
            run(owner, ENTRY.formatted("2031-05-05 10:00Z"));
            assertThat(strings(owner, WHERE.formatted("2031-05-05 10:00Z")))
                    .as("past the last partition before the job ran")
                    .containsExactly("archive.entry_other");
            owner.rollback();

            var inThreeYears = Clock.fixed(Instant.parse("2031-02-01T00:00:00Z"), ZoneOffset.UTC);
            assertThat(Partitions.extend(jdbc, inThreeYears)).isPositive();
            assertThat(Partitions.extend(jdbc, inThreeYears)).isZero();

            run(owner, ENTRY.formatted("2031-05-05 10:00Z"));
            assertThat(strings(owner, WHERE.formatted("2031-05-05 10:00Z"))).containsExactly("archive.entry_2031q2");
            owner.rollback();
            var parents = strings(owner, "select partrelid::regclass::text from pg_partitioned_table order by 1");
            assertThat(parents).contains("archive.entry", "channel.delivery", "inbox.message");
            for (var parent : parents) {
                assertThat(strings(owner, "select to_regclass('" + parent + "_2031q3')::text"))
                        .containsExactly(parent + "_2031q3");
            }
        }
    }

    @Test
    void rowsThatCameInTooEarlyForTheirPartitionMoveIntoItWhenItIsMade() throws Exception {
        try (var owner = owner()) {
            owner.setAutoCommit(false);
            run(owner, ENTRY.formatted("2035-05-05 10:00Z"));
            run(owner, ENTRY.formatted("2039-05-05 10:00Z"));
            run(owner, "select kentongan.ensure_partitions('archive.entry', '2035-05-05')");
            assertThat(strings(owner, WHERE.formatted("2035-05-05 10:00Z"))).containsExactly("archive.entry_2035q2");
            assertThat(strings(owner, WHERE.formatted("2039-05-05 10:00Z"))).containsExactly("archive.entry_other");
            assertThat(strings(owner, """
                            select c.relname::text
                            from pg_class c
                            where c.oid = 'archive.entry_2035q2'::regclass and c.relrowsecurity and c.relacl is null
                            and exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)
                            """)).hasSize(1);
            owner.rollback();
        }
    }

    private static void run(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws Exception {
        var found = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private Connection owner() throws Exception {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }
}
