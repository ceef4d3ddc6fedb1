// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationFilter.Order;
import id.kentongan.kernel.Ids;
import id.kentongan.testing.RandomRuns;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Promise 1: duplicates, out-of-order arrivals, edits, deletions and replays end in the same state. Everything goes the
 * whole way: stored as raw deliveries, claimed in whatever batches the worker makes of them, read, told apart from what
 * was seen, and received; some are claimed by a worker that dies.
 */
@WithDatabase
@Import(RememberedItems.Configuration.class)
class ConvergenceIntegrationTests {
    private static final int ORDERS = 4;
    private static final String[] PEOPLE = {"budi", "wati", "made"};
    private static final String[] WORDS = {"jalan", "lampu", "air", "sampah", "jembatan", "banjir"};

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Intake intake;

    @Autowired
    RememberedItems network;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    Conversations conversations;

    private TestTenant tenant;
    private int accountsMade;

    @BeforeEach
    void aTenant() {
        tenant = tenants.found();
    }

    @Test
    @Tag("random")
    void anyOrderOfMessagesEditsDeletionsAndDuplicatesEndsTheSame() {
        RandomRuns.of("inbox: a history in any order ends the same", 20, 400, random -> {
            var history = history(random);
            var name = Ids.next().toString();
            var expected = state(play(history, name + "-0", random, false));
            for (var order = 1; order <= ORDERS; order++) {
                assertThat(state(play(history, name + "-" + order, random, true)))
                        .as("order %d", order)
                        .isEqualTo(expected);
            }
        });
    }

    @Test
    void aReplyThatLinksTwoBranchesJoinsThem() {
        var account = account();
        var prefix = Ids.next() + "/";
        take(account, List.of(said(account, prefix, "c", "made", "b", 3)));
        take(account, List.of(said(account, prefix, "a", "budi", null, 1)));
        assertThat(state(account)).hasSize(2);
        take(account, List.of(said(account, prefix, "b", "wati", "a", 2)));
        assertThat(state(account)).singleElement().asString().startsWith("@budi@");
    }

    @Test
    void whoeverBeganIsFoundFromBelowAsWell() {
        var account = account();
        var prefix = Ids.next() + "/";
        take(account, List.of(said(account, prefix, "b", "wati", "a", 2)));
        // One of the batch stands below what is there, the other above it.
        take(account, List.of(said(account, prefix, "c", "made", "b", 3), said(account, prefix, "a", "budi", null, 1)));
        assertThat(state(account)).singleElement().asString().startsWith("@budi@");
    }

    @Test
    void whoeverBeganTheUpperOfTwoConversationsKeepsBoth() {
        var account = account();
        var prefix = Ids.next() + "/";
        take(account, List.of(said(account, prefix, "c", "wati", "b", 3)));
        take(account, List.of(said(account, prefix, "a", "budi", null, 1)));
        take(account, List.of(said(account, prefix, "d", "made", "c", 4), said(account, prefix, "b", "budi", "a", 2)));
        assertThat(state(account)).singleElement().asString().startsWith("@budi@");
    }

    @Test
    void aThreadThatLoopsStaysOneConversation() {
        var account = account();
        var prefix = Ids.next() + "/";
        take(account, List.of(said(account, prefix, "a", "budi", "b", 1), said(account, prefix, "b", "wati", "a", 2)));
        take(account, List.of(said(account, prefix, "c", "made", "c", 3)));
        assertThat(state(account)).hasSize(2);
    }

    private Item said(
            AccountId account,
            String prefix,
            String key,
            String who,
            @org.jspecify.annotations.Nullable String parent,
            int minute) {
        return InboxTesting.said(
                prefix + key,
                InboxTesting.person(who),
                Audience.PUBLIC,
                parent == null ? null : prefix + parent,
                InboxTesting.MORNING.plus(Duration.ofMinutes(minute)),
                "pesan " + key);
    }

    private List<Item> history(Random random) {
        var items = new ArrayList<Item>();
        var keys = new ArrayList<String>();
        var size = 2 + random.nextInt(6);
        for (var n = 0; n < size; n++) {
            var at = InboxTesting.MORNING.plus(Duration.ofMinutes(10L * n));
            var key = "m" + n;
            var direct = random.nextInt(6) == 0;
            var parent = direct || keys.isEmpty() || random.nextInt(4) == 0
                    ? random.nextBoolean() ? null : "kiriman-kami"
                    : keys.get(random.nextInt(keys.size()));
            // Some of it is said among citizens: context, where it belongs to what was said to us.
            var addressed = direct || random.nextInt(3) > 0;
            var said = addressed(
                    InboxTesting.said(
                            key,
                            InboxTesting.person(PEOPLE[random.nextInt(PEOPLE.length)]),
                            direct ? Audience.DIRECT : Audience.PUBLIC,
                            parent,
                            at,
                            WORDS[random.nextInt(WORDS.length)] + " " + n),
                    addressed);
            items.add(said);
            if (!direct) {
                keys.add(key);
            }
            for (var edit = random.nextInt(3); edit > 0; edit--) {
                // Sometimes by a clock that runs behind: an edit still comes after what it edits.
                var editedAt = at.plusSeconds(random.nextInt(8) == 0 ? -30 - edit : 60L * edit);
                var warning = random.nextBoolean() ? "awas" : null;
                items.add(new Item.Edited(
                        key + "/ubah" + edit,
                        editedAt,
                        said.author().key(),
                        key,
                        "diubah " + edit,
                        warning,
                        List.of(),
                        addressed ? reworded(said, "diubah " + edit, warning) : null));
            }
            // What was deleted before it became context never becomes it; what was said to us leaves its place.
            if (addressed && random.nextInt(5) == 0) {
                items.add(new Item.Deleted(
                        key + "/hapus", at.plusSeconds(30), said.author().key(), key));
            }
            // Sometimes somebody of the same server tries it with another's words.
            if (random.nextInt(4) == 0) {
                var stranger = InboxTesting.person("usil");
                items.add(new Item.Deleted(key + "/usil", at.plusSeconds(20), stranger.key(), key));
                items.add(new Item.Edited(
                        key + "/usil-ubah",
                        at.plusSeconds(25),
                        stranger.key(),
                        key,
                        "kata orang usil",
                        null,
                        List.of(),
                        null));
            }
        }
        return items;
    }

    private static Item.Said addressed(Item.Said said, boolean addressed) {
        return new Item.Said(
                said.remoteKey(),
                said.at(),
                said.author(),
                said.audience(),
                said.parentKey(),
                said.text(),
                said.warning(),
                said.language(),
                said.url(),
                addressed,
                said.attachments(),
                said.hints());
    }

    private static Item.Said reworded(Item.Said said, String text, @org.jspecify.annotations.Nullable String warning) {
        return new Item.Said(
                said.remoteKey(),
                said.at(),
                said.author(),
                said.audience(),
                said.parentKey(),
                text,
                warning,
                said.language(),
                said.url(),
                said.addressed(),
                said.attachments(),
                said.hints());
    }

    /** Plays the history on an account of its own; in any order, with duplicates and in batches of any size. */
    private AccountId play(List<Item> history, String name, Random random, boolean shuffled) {
        var account = account();
        var prefix = name + "/" + account + "/";
        var items = new ArrayList<Item>();
        history.forEach(item -> items.add(renamed(item, prefix)));
        if (shuffled) {
            for (var n = random.nextInt(3); n > 0; n--) {
                items.add(items.get(random.nextInt(items.size())));
            }
            Collections.shuffle(items, random);
        }
        var deliveries = new ArrayList<DeliveryId>();
        for (var from = 0; from < items.size(); ) {
            var to = shuffled ? Math.min(items.size(), from + 1 + random.nextInt(4)) : from + 1;
            deliveries.add(deliver(account, items.subList(from, to)));
            from = to;
            if (!shuffled || random.nextInt(3) == 0) {
                awaitTaken(account);
            }
        }
        if (shuffled && random.nextBoolean()) {
            die(deliveries.get(random.nextInt(deliveries.size())));
        }
        awaitTaken(account);
        if (shuffled && random.nextBoolean()) {
            Collections.shuffle(deliveries, random);
            intake.replay(tenant.system(), deliveries.subList(0, 1 + random.nextInt(deliveries.size())));
            awaitTaken(account);
        }
        return account;
    }

    private static Item renamed(Item item, String prefix) {
        return switch (item) {
            case Item.Said said -> renamed(said, prefix);
            case Item.Edited edited ->
                new Item.Edited(
                        prefix + edited.remoteKey(),
                        edited.at(),
                        prefix + edited.authorKey(),
                        prefix + edited.targetKey(),
                        edited.text(),
                        edited.warning(),
                        List.of(),
                        edited.message() == null ? null : renamed(edited.message(), prefix));
            case Item.Deleted deleted ->
                new Item.Deleted(
                        prefix + deleted.remoteKey(),
                        deleted.at(),
                        prefix + deleted.authorKey(),
                        prefix + deleted.targetKey());
            default -> throw new IllegalArgumentException("" + item);
        };
    }

    private static Item.Said renamed(Item.Said said, String prefix) {
        return new Item.Said(
                prefix + said.remoteKey(),
                said.at(),
                new Item.Author(
                        prefix + said.author().key(),
                        said.author().handle(),
                        said.author().name(),
                        null,
                        false),
                said.audience(),
                said.parentKey() == null ? null : prefix + said.parentKey(),
                said.text(),
                said.warning(),
                said.language(),
                said.url(),
                said.addressed(),
                said.attachments(),
                said.hints());
    }

    private AccountId account() {
        return accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar" + ++accountsMade, "Kabar", "")
                .id();
    }

    private DeliveryId deliver(AccountId account, List<Item> items) {
        return intake.accept(tenant.system(), account, Map.of(), network.delivery(items));
    }

    private void take(AccountId account, List<Item> items) {
        deliver(account, items);
        awaitTaken(account);
    }

    /**
     * Its worker has claimed it and is no more; whether it had received it before is left to chance. What was forgotten has
     * nothing left to be claimed.
     */
    private void die(DeliveryId id) {
        transactions.run(tenant.system(), () -> jdbc.sql("""
                        update channel.delivery
                        set state = 'claimed', attempts = attempts + 1, next_attempt_at = now() - interval '1 s'
                        where id = ? and not forgotten
                        """).param(id.value()).update());
    }

    private void awaitTaken(AccountId account) {
        var until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!states(account).stream().allMatch("done"::equals)) {
            assertThat(states(account)).doesNotContain("failed");
            assertThat(System.nanoTime()).isLessThan(until);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<String> states(AccountId account) {
        return transactions.read(
                tenant.system(),
                () -> jdbc.sql("select distinct state from channel.delivery where account_id = ?")
                        .param(account.value())
                        .query(String.class)
                        .list());
    }

    /** Everything an officer would see of the account, in words, in no order but its own. */
    private TreeSet<String> state(AccountId account) {
        var all = new TreeSet<String>();
        var filter = new ConversationFilter(Box.ALL, null, null, null, Order.NEWEST);
        for (var row : conversations.list(tenant.system(), filter, null, 10_000).items()) {
            if (row.account().equals(account)) {
                var messages = new ArrayList<String>();
                for (var each : conversations
                        .messages(tenant.system(), row.id(), null, 1000)
                        .items()) {
                    messages.add(String.join(
                            " ",
                            each.authorName(),
                            "" + each.at(),
                            "" + each.text(),
                            "" + each.warning(),
                            "" + each.earlier(),
                            "" + each.editedAt(),
                            "" + each.deletedAt()));
                }
                all.add(String.join(
                        " ",
                        row.contactName(),
                        "" + row.audience(),
                        row.preview(),
                        "" + row.lastAt(),
                        "" + row.waitingSince(),
                        "" + row.done(),
                        "" + messages));
            }
        }
        return all;
    }
}
