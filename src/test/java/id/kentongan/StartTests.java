// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.database.ActorTransactions;
import id.kentongan.database.BatchPlans;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.WithDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class StartTests {
    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ApplicationContext context;

    @Test
    void anActorsTenantIsSetForItsTransactionOnly() {
        var tenant = TenantId.next();
        var seen = transactions.read(
                Actor.system(tenant, "test"),
                () -> jdbc.sql("select kentongan.tenant()::text")
                        .query(String.class)
                        .single());
        assertThat(seen).isEqualTo(tenant.toString());
        assertThat(jdbc.sql("select coalesce(kentongan.tenant()::text, 'none')")
                        .query(String.class)
                        .single())
                .isEqualTo("none");
    }

    @Test
    void aBatchKeepsItsPlansUntilItsTransactionEndsAndNoLonger() {
        var machine = Actor.system(TenantId.next(), "test");
        var during = transactions.write(machine, () -> {
            BatchPlans.keep(jdbc);
            return planning();
        });
        assertThat(during).isEqualTo("force_generic_plan");
        // A thread is handed the connection that it used last.
        assertThat(transactions.read(machine, this::planning)).isEqualTo("auto");
    }

    private String planning() {
        return jdbc.sql("select current_setting('plan_cache_mode')")
                .query(String.class)
                .single();
    }

    @Test
    void nothingIsMeasuredThatNobodyReads() {
        assertThat(context.getBeansOfType(ObservationRegistry.class)).isEmpty();
        assertThat(context.getBeansOfType(MeterRegistry.class)).isEmpty();
    }
}
