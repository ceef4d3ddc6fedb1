// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountBroken;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.TextLimit;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.Finding;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A network whose every step a test may break, and a receiver that remembers what was committed. */
class ScriptedNetwork implements ChannelAdapter, ItemReceiver {
    /** Reads a body: a key per line. A test replaces it to fail, to wait, to die. */
    volatile Function<String, List<String>> reading = body -> body.lines().toList();

    /** Runs for each item inside the receiving transaction. */
    volatile Consumer<String> receiving = key -> {};

    volatile Function<Outgoing, SendOutcome> sending = ScriptedNetwork::sent;
    /** An edit, or with no words a withdrawal, of that message. */
    volatile BiFunction<OutgoingId, Outgoing, SendOutcome> changing = (sent, changed) -> sending.apply(changed);

    volatile Function<Outgoing, Finding> finding = outgoing -> new Finding.Later(Duration.ofHours(1), "cannot-read");
    volatile Doubt doubt = Doubt.HARMLESS;
    volatile @Nullable Change edit = Change.ALWAYS;
    volatile @Nullable Change withdrawal = Change.ALWAYS;
    volatile Answering answering = new Answering(List.of(TextLimit.characters(500)), List.of(), null);
    volatile int perMinute = 6000;

    /** Whether a message's key is known before it is sent. */
    volatile boolean foretold;

    /** What was announced as delivered. */
    final List<Delivered> delivered = new CopyOnWriteArrayList<>();

    final List<AccountBroken> broken = new CopyOnWriteArrayList<>();

    /** What was asked of it, in order: "say", "find", "edit" or "withdraw", and of which message. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<String> committed = new CopyOnWriteArrayList<>();
    final Map<OutgoingId, Integer> sends = new ConcurrentHashMap<>();
    private final ActorTransactions transactions;

    ScriptedNetwork(ActorTransactions transactions) {
        this.transactions = transactions;
    }

    static SendOutcome sent(Outgoing outgoing) {
        return new SendOutcome.Sent("remote:" + outgoing.id(), null);
    }

    @Override
    public Network network() {
        return Network.ACTIVITYPUB;
    }

    @Override
    public Capabilities capabilities(Account account) {
        return new Capabilities(answering, answering, answering, edit, withdrawal, doubt, perMinute);
    }

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        var body = new String(delivery.body(), StandardCharsets.UTF_8);
        if (body.isEmpty()) {
            throw new UnreadableDelivery("empty", false);
        }
        var author = new Item.Author("wati", "@wati@warga.example", "Wati", null, false);
        return reading.apply(body).stream()
                .<Item>map(key -> key.startsWith("receipt of ")
                        ? new Item.Receipt(key, delivery.receivedAt(), key.substring(11), "read")
                        : new Item.Said(
                                key,
                                delivery.receivedAt(),
                                author,
                                Audience.PUBLIC,
                                null,
                                "Halo",
                                null,
                                "id",
                                null,
                                true,
                                List.of(),
                                Map.of()))
                .toList();
    }

    @Override
    public Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        return foretold ? Optional.of("remote:" + id) : Optional.empty();
    }

    @EventListener
    void on(Delivered event) {
        delivered.add(event);
    }

    @EventListener
    void on(AccountBroken event) {
        broken.add(event);
    }

    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        sends.merge(outgoing.id(), 1, Integer::sum);
        asked.add("say " + outgoing.id());
        return sending.apply(outgoing);
    }

    @Override
    public SendOutcome edit(Actor actor, Account account, OutgoingId sent, Outgoing changed) {
        asked.add("edit " + sent + " " + changed.text());
        return changing.apply(sent, changed);
    }

    @Override
    public SendOutcome withdraw(Actor actor, Account account, OutgoingId sent, Outgoing withdrawal) {
        asked.add("withdraw " + sent);
        return changing.apply(sent, withdrawal);
    }

    @Override
    public Finding find(Actor actor, Account account, Outgoing outgoing) {
        asked.add("find " + outgoing.id());
        return finding.apply(outgoing);
    }

    @Override
    public void receive(Actor actor, List<ReceivedItem> items) {
        for (var each : items) {
            var key = each.item().remoteKey();
            transactions.afterCommit(() -> committed.add(key));
            receiving.accept(key);
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {
        @Bean
        @Primary
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ScriptedNetwork scriptedNetwork(ActorTransactions transactions) {
            return new ScriptedNetwork(transactions);
        }
    }
}
