// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A year of two regencies: messages sealed and stored by the inbox itself, cases opened by the rules themselves, batch
 * by batch; of many, a twentieth, and the rest are {@link Copies} of it. Afterwards, with the application stopped, most of what is older than two weeks is marked
 * as done in the tables, as officers would have left it.
 */
final class Filling {
    static final String HOST = "ukur.example";
    private static final String OTHER_HOST = "tetangga.example";
    private static final int BATCH = 500;
    private static final int SAID_AT_LEAST = 10_000;

    private final Path data;
    private final int messages;
    private final int cases;
    private final int copies;
    private final int said;
    private final int opened;
    private final Random random;
    private final Words words;
    private final Instant now = Instant.now();
    private int sent;

    Filling(Path data, int messages, int cases, long seed) {
        this.data = data;
        this.messages = messages;
        this.cases = cases;
        this.copies = messages >= 20 * SAID_AT_LEAST ? 20 : 1;
        this.said = messages / copies;
        this.opened = cases / copies;
        this.random = new Random(seed);
        this.words = new Words(random);
    }

    /** Fills the folder, or leaves it as it is when it was filled like this before. */
    void fill() throws IOException, SQLException, InterruptedException {
        var mark = data.resolve("filled");
        var same = messages + " " + cases;
        if (Files.exists(mark) && Files.readString(mark).equals(same)) {
            return;
        }
        Scratch.remove(data);
        Figures.progress("Filling two regencies with " + messages + " messages and " + cases + " cases ...");
        var begun = System.nanoTime();
        try (var inside = Inside.open(data)) {
            var regencies = List.of(Regency.found(inside, HOST), Regency.found(inside, OTHER_HOST));
            // Receipts are written and queued; the far servers they would go to do not exist.
            for (var each : regencies) {
                var account = each.account();
                inside.getBean(Accounts.class)
                        .change(
                                each.actor(),
                                new Account(
                                        account.id(),
                                        account.network(),
                                        account.handle(),
                                        account.name(),
                                        account.summary(),
                                        Account.State.PAUSED));
            }
            var lives = regencies.stream().map(Life::new).toList();
            // A case brings receipts with it: what is missing in the end is said without opening any.
            var first = said - 2 * opened;
            for (var n = 0; n < first; n += BATCH) {
                tell(inside, lives.get(n / BATCH % 2), Math.min(BATCH, first - n), (double) opened / first, first);
            }
            var jdbc = inside.getBean(JdbcClient.class);
            settled(jdbc, 0);
            try (var owner = OwnerAccess.open(new DataFolder(data))) {
                var missing =
                        (int) Math.max(0, said - number(owner.connection(), "select count(*) from inbox.message"));
                for (var n = 0; n < missing; n += BATCH) {
                    tell(inside, lives.get(n / BATCH % 2), Math.min(BATCH, missing - n), 0, first);
                }
                settled(jdbc, 0);
                var there = number(owner.connection(), "select count(*) from casework.case");
                // Which messages open one is drawn by lot: of few, a few more or less than asked for.
                if (there < opened * 0.97 - 4 * Math.sqrt(opened)) {
                    throw new IOException("only " + there + " cases were opened");
                }
                while (number(owner.connection(), "select count(*) from archive.unsealed") > 0) {
                    Thread.sleep(500);
                }
            }
        }
        try (var owner = OwnerAccess.open(new DataFolder(data))) {
            if (copies > 1) {
                Figures.progress("Copying it " + (copies - 1) + " times ...");
                new Copies(owner.connection()).add(copies - 1);
            }
            age(owner.connection());
        }
        Files.writeString(mark, same);
        Figures.progress("Filled in " + Math.round(Calibration.seconds(begun)) + " s");
    }

    /** What one regency's people said so far. */
    private static final class Life {
        final Regency regency;
        final Map<Integer, String> lastPosts = new HashMap<>();

        Life(Regency regency) {
            this.regency = regency;
        }
    }

    private void tell(ApplicationContext inside, Life life, int count, double casesShare, int all)
            throws InterruptedException {
        var items = new ArrayList<ReceivedItem>(count);
        for (var n = 0; n < count; n++) {
            items.add(one(life, casesShare, all));
        }
        var actor = life.regency.actor();
        inside.getBean(ActorTransactions.class)
                .run(actor, () -> inside.getBean(ItemReceiver.class).receive(actor, items));
        settled(inside.getBean(JdbcClient.class), 2);
    }

    private ReceivedItem one(Life life, double casesShare, int all) {
        var people = Math.max(20, said / 10);
        var author = random.nextInt(people);
        var key = "https://jauh.example/u/" + author;
        var id = "https://jauh.example/n/" + ++sent;
        var share = Math.min(1.0, (double) sent / all);
        var at = now.minus(Duration.ofMinutes((long) (365 * 24 * 60 * (1 - share))))
                .minusSeconds(random.nextInt(60));
        var opens = random.nextDouble() < casesShare;
        var last = life.lastPosts.get(author);
        var kind = random.nextInt(100);
        var direct = !opens && kind < 15;
        var reply = !opens && !direct && kind < 60 && last != null;
        var account = life.regency.account();
        if (!direct && !reply) {
            life.lastPosts.put(author, id);
        }
        return new ReceivedItem(
                account.id(),
                account.network(),
                DeliveryId.next(),
                new Item.Said(
                        id,
                        at,
                        new Item.Author(key, handle(author), "Warga " + author + " (rekaan)", key, false),
                        direct ? Audience.DIRECT : Audience.PUBLIC,
                        reply ? last : null,
                        opens ? words.trouble() : reply ? words.followUp() : words.remark(),
                        null,
                        "id",
                        id,
                        true,
                        List.of(),
                        Map.of()));
    }

    static String handle(int author) {
        return "@warga" + author + "@jauh.example";
    }

    /** Cases are opened after the messages' commit: not more than so many batches may wait. */
    private static void settled(JdbcClient jdbc, int waiting) throws InterruptedException {
        while (jdbc.sql("select count(*) from machinery.event_publication where event_type like '%MessagesReceived'")
                        .query(Integer.class)
                        .single()
                > waiting) {
            Thread.sleep(10);
        }
    }

    private static void age(Connection owner) throws SQLException {
        // Nearly all of what is older than two weeks is done; a few conversations were forgotten, as happens.
        for (var sql : List.of(
                """
                update inbox.conversation
                set done = true, waiting_since = null, due_at = null,
                    case_state = case when case_id is null then null else 'CLOSED' end
                where last_at < now() - interval '14 days' and get_byte(uuid_send(id), 15) < 250
                """,
                """
                update casework.case c
                set state = 'CLOSED', outcome = 'SETTLED', first_answer_at = c.opened_at + interval '1 day',
                    closed_at = c.opened_at + interval '4 days', due_at = null
                from inbox.conversation v
                where v.tenant_id = c.tenant_id and v.case_id = c.id and v.done
                """,
                """
                update casework.clock k
                set met_at = k.started_at + interval '1 day'
                from casework.case c
                where c.tenant_id = k.tenant_id and c.id = k.case_id and c.state = 'CLOSED'
                """,
                "update casework.clock set overdue_told = true where met_at is null and due_at < now()",
                """
                update inbox.conversation c
                set assignee = o.id
                from identity.officer o
                where o.tenant_id = c.tenant_id and not c.done and get_byte(uuid_send(c.id), 14) < 26
                """,
                """
                update channel.outgoing
                set state = 'SENT', attempts = 1, confirmed_at = created_at, changed_at = created_at
                """,
                "vacuum (analyze)")) {
            try (var statement = owner.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
