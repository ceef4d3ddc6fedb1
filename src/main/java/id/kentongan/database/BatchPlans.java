// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * For transactions that handle many rows with statements over arrays. PostgreSQL plans such a statement anew, for these
 * very arrays, on each connection's first executions and whenever that promises anything; over partitions with policies
 * the planning takes longer than the running, and the plan is the same.
 */
public final class BatchPlans {
    private BatchPlans() {}

    /** Until the running transaction ends, a statement that was prepared on its connection keeps the plan it has. */
    public static void keep(JdbcClient jdbc) {
        jdbc.sql("set local plan_cache_mode = force_generic_plan").update();
    }
}
