// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.kernel.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer of the intake: the rows that the intake left behind, inserted again for another tenant by plain multi-row
 * inserts over one connection in the application's role, into the same tables with their policies, keys, triggers
 * and indexes. Nothing is decided, looked up, sealed or updated here. As many rows share a commit as two hundred
 * messages have, which is a batch of the intake.
 */
final class PlainInserts {
    /** In an order that foreign keys allow. The queue of unlinked entries is filled by its own trigger. */
    private static final List<String> TABLES = List.of(
            "channel.ap_actor",
            "channel.delivery",
            "channel.delivery_words",
            "channel.seen",
            "privacy.data_key",
            "inbox.contact",
            "inbox.contact_identity",
            "inbox.conversation",
            "inbox.message",
            "inbox.message_search",
            "casework.case",
            "casework.clock",
            "casework.timeline",
            "casework.case_conversation",
            "casework.secret_link",
            "channel.outgoing",
            "archive.entry",
            "archive.link");

    private static final int MESSAGES_A_COMMIT = 200;

    private PlainInserts() {}

    private record Table(String name, String insert, List<Object[]> rows) {}

    /** @param rows of all tables @param seconds from the first statement to the last commit */
    record Result(int rows, double seconds) {}

    static Result run(Connection owner, Connection application, TenantId from, int messages) throws SQLException {
        var to = TenantId.next();
        var tables = new ArrayList<Table>();
        for (var name : TABLES) {
            tables.add(read(owner, name, from, to));
        }
        var all = tables.stream().mapToInt(table -> table.rows().size()).sum();
        var commits = Math.max(1, messages / MESSAGES_A_COMMIT);
        application.setAutoCommit(false);
        var begun = System.nanoTime();
        for (var table : tables) {
            // Table by table, because a row may stand before the one it refers to in another table's order.
            var size = table.rows().size();
            var parts = Math.max(1, (int) Math.round((double) commits * size / all));
            for (var n = 0; n < parts; n++) {
                actAs(application, to);
                insert(application, table, (int) ((long) size * n / parts), (int) ((long) size * (n + 1) / parts));
                application.commit();
            }
        }
        return new Result(all, Calibration.seconds(begun));
    }

    private static void actAs(Connection application, TenantId tenant) throws SQLException {
        try (var actor = application.prepareStatement("""
                select set_config('kentongan.tenant', ?, true), set_config('kentongan.actor', ?, true),
                       set_config('kentongan.agencies', '*', true), set_config('kentongan.circle', 'on', true)
                """)) {
            actor.setString(1, tenant.toString());
            actor.setString(2, tenant.toString());
            actor.execute();
        }
    }

    private static void insert(Connection application, Table table, int first, int end) throws SQLException {
        if (first == end) {
            return;
        }
        // The driver writes a batch as statements of many rows (reWriteBatchedInserts).
        try (var statement = application.prepareStatement(table.insert())) {
            for (var row : table.rows().subList(first, end)) {
                for (var n = 0; n < row.length; n++) {
                    statement.setObject(n + 1, row[n]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static Table read(Connection owner, String name, TenantId from, TenantId to) throws SQLException {
        var rows = new ArrayList<Object[]>();
        var columns = new ArrayList<String>();
        var order =
                name.equals("channel.seen") || name.equals("channel.delivery_words") || name.equals("channel.ap_actor")
                        ? ""
                        : " order by 2";
        try (var select = owner.prepareStatement("select * from " + name + " where tenant_id = ?" + order)) {
            select.setObject(1, from.value());
            try (var found = select.executeQuery()) {
                var meta = found.getMetaData();
                for (var n = 1; n <= meta.getColumnCount(); n++) {
                    columns.add(meta.getColumnName(n));
                }
                while (found.next()) {
                    var row = new Object[columns.size()];
                    for (var n = 0; n < row.length; n++) {
                        row[n] = columns.get(n).equals("tenant_id") ? to.value() : found.getObject(n + 1);
                    }
                    rows.add(row);
                }
            }
        }
        return new Table(
                name,
                "insert into " + name + " (" + String.join(", ", columns) + ") values ("
                        + "?, ".repeat(columns.size() - 1) + "?)",
                rows);
    }
}
