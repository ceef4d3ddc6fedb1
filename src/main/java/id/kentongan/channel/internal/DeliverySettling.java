// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.BatchPlans;
import id.kentongan.kernel.Actor;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Commits what was read: all of a batch in one transaction. A batch that fails is taken in one by one, so that a
 * poisoned delivery stops nobody else.
 */
@Component
class DeliverySettling {
    private static final Logger log = LoggerFactory.getLogger(DeliverySettling.class);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final DeliveryStore store;
    private final DeliveryFiles files;
    private final SeenKeys seen;
    private final ObjectProvider<ItemReceiver> receiver;
    private final ReadBack readBack;
    private final Trail trail;
    private final Clock clock;

    DeliverySettling(
            ActorTransactions transactions,
            JdbcClient jdbc,
            DeliveryStore store,
            DeliveryFiles files,
            SeenKeys seen,
            ObjectProvider<ItemReceiver> receiver,
            ReadBack readBack,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.store = store;
        this.files = files;
        this.seen = seen;
        this.receiver = receiver;
        this.readBack = readBack;
        this.trail = trail;
        this.clock = clock;
    }

    /** The unreadable as failed, the rest together, or one by one when one of them breaks. */
    void settle(Actor actor, List<ReadDelivery> read) {
        for (var each : read) {
            if (each.fault() != null) {
                fail(actor, each, each.fault(), each.worthRetrying());
            }
        }
        var good = read.stream()
                .filter(each -> each.fault() == null)
                .sorted(Comparator.comparing(
                        each -> each.claimed().delivery().id().value()))
                .toList();
        try {
            receive(actor, good);
        } catch (RuntimeException batch) {
            log.info("A batch of {} deliveries is taken in one by one: {}", good.size(), batch.toString());
            for (var each : good) {
                receiveAlone(actor, each);
            }
        }
    }

    private void receiveAlone(Actor actor, ReadDelivery read) {
        try {
            receive(actor, List.of(read));
        } catch (TransientDataAccessException
                | NonTransientDataAccessResourceException
                | RecoverableDataAccessException
                | TransactionException away) {
            // The database, not the delivery: it is given back, or its lease brings it back.
            throw away;
        } catch (RuntimeException single) {
            log.warn(
                    "The delivery {} could not be taken in",
                    read.claimed().delivery().id(),
                    single);
            fail(actor, read, "not-taken-in", true);
        }
    }

    private void receive(Actor actor, List<ReadDelivery> reads) {
        if (reads.isEmpty()) {
            return;
        }
        transactions.run(actor, () -> {
            BatchPlans.keep(jdbc);
            keepWords(actor, reads);
            var fresh = fresh(actor, reads);
            if (!fresh.isEmpty()) {
                readBack.take(actor, fresh);
                receiver.getObject().receive(actor, fresh);
            }
            List<DeliveryId> ids =
                    reads.stream().map(each -> each.claimed().delivery().id()).toList();
            files.removeAfterCommit(
                    actor, store.done(reads.stream().map(ReadDelivery::claimed).toList()));
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.taken-in",
                            "delivery",
                            ids.getFirst().value(),
                            Map.of("deliveries", "" + ids.size(), "items", "" + fresh.size())));
        });
    }

    /** What was not seen before, each once. */
    private List<ReceivedItem> fresh(Actor actor, List<ReadDelivery> reads) {
        var items = new ArrayList<ReceivedItem>();
        var accounts = new ArrayList<AccountId>();
        var hashes = new ArrayList<byte[]>();
        for (var read : reads) {
            var delivery = read.claimed().delivery();
            for (var item : read.items()) {
                items.add(new ReceivedItem(delivery.account(), delivery.network(), delivery.id(), item));
                accounts.add(delivery.account());
                hashes.add(seen.hash(actor, item.remoteKey()));
            }
        }
        var unseen = seen.mark(actor, accounts, hashes);
        var fresh = new ArrayList<ReceivedItem>();
        for (var i = 0; i < items.size(); i++) {
            if (unseen.remove(SeenKeys.Key.of(accounts.get(i), hashes.get(i)))) {
                fresh.add(items.get(i));
            }
        }
        return fresh;
    }

    /** Before the items are received: a deletion that came earlier must find the raw copy as well. */
    private void keepWords(Actor actor, List<ReadDelivery> reads) {
        var deliveries = new ArrayList<DeliveryId>();
        var hashes = new ArrayList<byte[]>();
        var authors = new ArrayList<byte @Nullable []>();
        for (var read : reads) {
            for (var item : read.items()) {
                var words = words(item);
                if (words != null) {
                    deliveries.add(read.claimed().delivery().id());
                    hashes.add(store.keyHash(actor, words.key()));
                    authors.add(words.author() == null ? null : store.authorHash(actor, words.author()));
                }
            }
        }
        store.words(actor, deliveries, hashes, authors);
    }

    /** @param author whose they are, or null where the network does not tell */
    private record WordsOf(String key, @Nullable String author) {}

    private static @Nullable WordsOf words(Item item) {
        return switch (item) {
            case Item.Said said -> new WordsOf(said.remoteKey(), said.author().key());
            case Item.Edited edited -> new WordsOf(edited.targetKey(), edited.authorKey());
            case Item.Deleted ignored -> null;
            case Item.Reacted ignored -> null;
            case Item.Followed ignored -> null;
            case Item.Left ignored -> null;
            case Item.Receipt ignored -> null;
            case Item.Returned ignored -> null;
        };
    }

    private void fail(Actor actor, ReadDelivery read, String code, boolean worthRetrying) {
        var claimed = read.claimed();
        var again = worthRetrying && claimed.attempts() < DeliveryReaders.MOST_ATTEMPTS;
        @Nullable Instant retryAt = again ? clock.instant().plus(Backoff.after(claimed.attempts())) : null;
        transactions.run(actor, () -> {
            keepWords(actor, List.of(read));
            var failed = store.failed(claimed, code, retryAt);
            files.removeAfterCommit(actor, failed.released());
            if (failed.ours() && retryAt == null) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "channel.delivery-failed",
                                "delivery",
                                claimed.delivery().id().value(),
                                Map.of("code", code)));
            }
        });
    }
}
