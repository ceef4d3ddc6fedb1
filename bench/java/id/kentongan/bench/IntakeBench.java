// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.database.DataFolder;
import id.kentongan.database.EmbeddedServer;
import id.kentongan.database.OwnerAccess;
import id.kentongan.kernel.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * From the inbox over HTTP to the committed conversation and its opened case, with signatures, sealing and rules; and
 * beside it, on the same database, plain inserts of the same rows.
 */
final class IntakeBench {
    private static final int MESSAGES = 20_000;
    private static final int SECONDS_AT_MOST = 600;

    private final Options options;
    private final Path data;
    private final int messages;

    IntakeBench(Options options, Path data) {
        this.options = options;
        this.data = data;
        this.messages = options.messages() > 0 ? options.messages() : options.scaled(MESSAGES, 100);
    }

    void run(Figures figures) throws IOException, SQLException, InterruptedException {
        Scratch.remove(data);
        var port = Platform.freePort();
        TenantId tenant;
        try (var inside = Inside.open(data)) {
            tenant = Regency.found(inside, "127.0.0.1:" + port).tenant().id();
        }
        var people = Math.max(20, messages / 10);
        var warmUp = messages;
        double perSecond;
        try (var far = new FarServer()) {
            Figures.progress("Signing " + (messages + warmUp) + " deliveries ...");
            var deliveries = new Deliveries(far, port, options.seed());
            // Each part has people of its own, so that as many are new to the application in both.
            var before = deliveries.next(warmUp, people);
            var measured = deliveries.next(messages, people);
            try (var platform = Platform.start(data, port);
                    var owner = OwnerAccess.open(new DataFolder(data))) {
                var database = owner.connection();
                Sender.send(port, before);
                awaitTaken(database);
                var cases = count(database, "casework.case", tenant);
                var told = count(database, "inbox.message where direction = 'IN'", tenant);
                var used = platform.used();
                var begun = System.nanoTime();
                Sender.send(port, measured);
                var acknowledged = Calibration.seconds(begun);
                awaitTaken(database);
                var seconds = Calibration.seconds(begun);
                var share = platform.used().since(used);
                var taken = count(database, "inbox.message where direction = 'IN'", tenant) - told;
                if (taken != messages) {
                    throw new IOException(messages + " messages were sent and " + taken + " are in conversations");
                }
                perSecond = messages / seconds;
                figures.atLeast("messages_per_s", perSecond, "1/s", 500);
                figures.note("acknowledged_per_s", messages / acknowledged, "1/s");
                figures.atLeast(
                        "cases_share", 100.0 * (count(database, "casework.case", tenant) - cases) / messages, "%", 30);
                figures.note("application_cpu_s", share.application(), "s");
                figures.note("database_cpu_s", share.database(), "s");
                figures.note("generator_share", 100 * share.benchShare(), "%");
                figures.note("actors_fetched", far.actorsAsked(), "");
                figures.note("notes_fetched", far.notesAsked(), "");
                awaitLinked(database);
            }
        }
        plain(figures, tenant, perSecond, messages + warmUp);
        if (options.data().isEmpty()) {
            Scratch.remove(data);
        }
    }

    /** The application has stopped; its database alone takes the same rows again. */
    private void plain(Figures figures, TenantId tenant, double perSecond, int all) throws SQLException, IOException {
        try (var server = EmbeddedServer.start(new DataFolder(data))) {
            var roles = server.roles();
            try (var owner = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
                    var application = DriverManager.getConnection(
                            roles.applicationUrl() + "?reWriteBatchedInserts=true",
                            roles.applicationName(),
                            roles.applicationPassword())) {
                var result = PlainInserts.run(owner, application, tenant, all);
                figures.note("rows_per_message", (double) result.rows() / all, "");
                figures.note("inserts_per_s", all / result.seconds(), "1/s");
                figures.atLeast("ratio_to_inserts", perSecond / (all / result.seconds()), "", 0.5);
            }
        }
    }

    /** Until every delivery is taken in and every rule was applied to what it said. */
    private static void awaitTaken(Connection database) throws SQLException, IOException, InterruptedException {
        // Through the index of what waits: a question that read the whole table would be work of the benchmark's own.
        try (var statement = database.createStatement()) {
            statement.execute("set enable_seqscan = off");
        }
        await(database, """
                select exists (select 1 from channel.delivery where state = 'new')
                    or exists (select 1 from channel.delivery where state in ('claimed', 'retry'))
                    or exists (select 1 from machinery.event_publication where event_type like '%MessagesReceived')
                """, "the deliveries are not all taken in");
        try (var statement = database.createStatement();
                var failed = statement.executeQuery(
                        "select code, count(*) from channel.delivery where state in ('failed', 'retry') group by code")) {
            if (failed.next()) {
                throw new IOException(failed.getInt(2) + " deliveries failed: " + failed.getString(1));
            }
        }
    }

    private static void awaitLinked(Connection database) throws SQLException, IOException, InterruptedException {
        await(database, "select exists (select 1 from archive.unsealed)", "the trail is not linked");
    }

    private static void await(Connection database, String question, String complaint)
            throws SQLException, IOException, InterruptedException {
        var begun = System.nanoTime();
        while (true) {
            try (var statement = database.createStatement();
                    var answer = statement.executeQuery(question)) {
                answer.next();
                if (!answer.getBoolean(1)) {
                    return;
                }
            }
            if (Calibration.seconds(begun) > SECONDS_AT_MOST) {
                throw new IOException(complaint + " after " + SECONDS_AT_MOST + " seconds");
            }
            Thread.sleep(20);
        }
    }

    private static long count(Connection database, String what, TenantId tenant) throws SQLException {
        var sql = "select count(*) from " + what + (what.contains(" where ") ? " and" : " where") + " tenant_id = ?";
        try (var statement = database.prepareStatement(sql)) {
            statement.setObject(1, tenant.value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
