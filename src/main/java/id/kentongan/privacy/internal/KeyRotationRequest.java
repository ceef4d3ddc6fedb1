// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.database.DataFolder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Asks the running platform for a rotation of its keys, by a row in its job schedule, and waits until it is done. */
public final class KeyRotationRequest {
    static final String TASK = "privacy-rotate-keys";
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final Connection owner;
    private final KeyFolder folder;
    private final Duration untilTaken;

    /** @param owner sees every tenant's rows @param untilTaken how long the platform may take to begin */
    public KeyRotationRequest(Connection owner, DataFolder data, Duration untilTaken) {
        this.owner = owner;
        this.folder = new KeyFolder(data);
        this.untilTaken = untilTaken;
    }

    /** @param master the newest master key @param left keys still wrapped by an older one */
    public record Result(int master, long tenants, long contacts, long left) {}

    public Result rotate() throws SQLException, KeyException, InterruptedException {
        int before = folder.master().lastKey();
        try (var insert = owner.prepareStatement("""
                insert into machinery.scheduled_tasks
                    (task_name, task_instance, execution_time, picked, consecutive_failures, version, priority)
                values (?, 'keys', now(), false, 0, 1, 90)
                on conflict do nothing
                """)) {
            insert.setString(1, TASK);
            insert.executeUpdate();
        }
        var deadline = System.nanoTime() + untilTaken.toNanos();
        while (waits()) {
            if (System.nanoTime() > deadline && withdraw()) {
                throw new KeyException("the platform did not begin within " + untilTaken.toSeconds()
                        + " seconds and nothing was rotated; look at its log");
            }
            Thread.sleep(GLANCE);
        }
        int master = folder.master().lastKey();
        if (master == before) {
            throw new KeyException("the platform could not rotate its keys; nothing was changed. Its log says why");
        }
        return result(master);
    }

    private Result result(int master) throws SQLException {
        var left = count("select count(*) from privacy.tenant_key where master_version < " + master) + count("""
                        select count(*)
                        from privacy.data_key d
                        where d.wrapped is not null
                        and d.tenant_key_version
                            < (select max(t.version) from privacy.tenant_key t where t.tenant_id = d.tenant_id)
                        """);
        return new Result(
                master,
                count("select count(distinct tenant_id) from privacy.tenant_key"),
                count("select count(*) from privacy.data_key where wrapped is not null"),
                left);
    }

    private boolean waits() throws SQLException {
        return count("select count(*) from machinery.scheduled_tasks where task_name = '" + TASK + "'") > 0;
    }

    /** Takes the request back, unless it was taken up meanwhile. */
    private boolean withdraw() throws SQLException {
        try (var delete =
                owner.prepareStatement("delete from machinery.scheduled_tasks where task_name = ? and not picked")) {
            delete.setString(1, TASK);
            return delete.executeUpdate() > 0;
        }
    }

    private long count(String sql) throws SQLException {
        try (var statement = owner.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
