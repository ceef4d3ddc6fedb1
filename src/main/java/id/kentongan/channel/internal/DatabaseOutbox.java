// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.DeliveryFailed;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.Reach;
import id.kentongan.channel.internal.OutgoingStore.Act;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The outbox: rows written in the transaction of the decision, for {@link OutboxSender} to send. */
@Component
class DatabaseOutbox implements Outbox {
    private final ActorTransactions transactions;
    private final OutgoingStore store;
    private final OutboxSender sender;
    private final Accounts accounts;
    private final Adapters adapters;
    private final Budget budget;
    private final Trail trail;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Map<Known, Network> networks = new ConcurrentHashMap<>();

    DatabaseOutbox(
            ActorTransactions transactions,
            OutgoingStore store,
            OutboxSender sender,
            Accounts accounts,
            Adapters adapters,
            Budget budget,
            Trail trail,
            ApplicationEventPublisher events,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.sender = sender;
        this.accounts = accounts;
        this.adapters = adapters;
        this.budget = budget;
        this.trail = trail;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public OutgoingId submit(Actor actor, Outgoing outgoing) {
        return transactions.write(actor, () -> queue(actor, outgoing, Act.SAY, null));
    }

    @Override
    public void submitAll(Actor actor, List<Outgoing> outgoing) {
        transactions.run(actor, () -> {
            var places = places(actor, outgoing);
            var added = transactions.write(
                    Machine.of(actor),
                    () -> store.addAll(
                            actor,
                            outgoing,
                            places,
                            each -> keyOf(actor, each.account(), each.id()).orElse(null)));
            trail.recordAll(
                    actor,
                    added.stream()
                            .map(each -> TrailEntry.of(
                                    "channel.queued",
                                    "outgoing",
                                    each.id().value(),
                                    Map.of("audience", each.audience().name())))
                            .toList());
            transactions.afterCommit(sender::wake);
        });
    }

    @Override
    public OutgoingId edit(Actor actor, OutgoingId sent, String idempotencyKey, String text, @Nullable String warning) {
        return transactions.write(actor, () -> {
            var said = changeable(actor, sent, Capabilities::edit);
            var changed = changed(said, idempotencyKey, text, warning);
            return queue(actor, changed, Act.EDIT, sent);
        });
    }

    @Override
    public OutgoingId withdraw(Actor actor, OutgoingId sent, String idempotencyKey) {
        return transactions.write(actor, () -> {
            var said = changeable(actor, sent, Capabilities::withdrawal);
            return queue(actor, changed(said, idempotencyKey, "", null), Act.WITHDRAW, sent);
        });
    }

    @Override
    public void forgetRecipient(Actor actor, Collection<OutgoingId> ids, String personKey) {
        transactions.run(
                Machine.of(actor),
                () -> store.forgetRecipient(actor, ids, personKey)
                        .forEach(said -> adapter(actor, said)
                                .ifPresent(adapter ->
                                        adapter.forgetRecipient(actor, said.account(), said.id(), personKey))));
    }

    @Override
    public Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        var known = new Known(actor.tenant(), account);
        var network = networks.get(known);
        if (network == null) {
            // An account never changes its network.
            network = accounts.find(Actor.system(actor.tenant(), "channel"), account)
                    .map(Account::network)
                    .orElse(null);
            if (network == null) {
                return Optional.empty();
            }
            networks.put(known, network);
        }
        return adapters.of(network).flatMap(adapter -> adapter.keyOf(actor, account, id));
    }

    private record Known(TenantId tenant, AccountId account) {}

    @Override
    public Map<OutgoingId, OutgoingStatus> statuses(Actor actor, Collection<OutgoingId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return transactions.read(
                Machine.of(actor),
                () -> store.statuses(ids).stream().collect(Collectors.toMap(OutgoingStatus::id, each -> each)));
    }

    @Override
    public List<OutgoingStatus> troubled(Actor actor) {
        readersOnly(actor);
        return transactions.read(Machine.of(actor), store::troubled);
    }

    @Override
    public Reach reach(Actor actor, OutgoingId id) {
        readersOnly(actor);
        var machine = Machine.of(actor);
        return transactions.read(machine, () -> {
            var said =
                    store.said(machine, id).orElseThrow(() -> Refusal.notFound().asException());
            return adapter(machine, said)
                    .map(adapter -> adapter.reach(machine, id))
                    .orElse(Reach.NONE);
        });
    }

    @Override
    public void settle(Actor actor, OutgoingId id, boolean wasSent) {
        settlersOnly(actor);
        transactions.run(actor, () -> {
            settled(actor, id, wasSent).ifPresent(settled -> {
                trail.record(
                        actor, TrailEntry.of("channel.settled", "outgoing", id.value(), Map.of("sent", "" + wasSent)));
                if (wasSent && settled.act() == Act.SAY) {
                    var status = settled.status();
                    events.publishEvent(
                            new Delivered(actor.tenant(), id, status.account(), status.remoteKey(), status.about()));
                }
                transactions.afterCommit(sender::wake);
            });
        });
    }

    private Optional<OutgoingStore.Settled> settled(Actor actor, OutgoingId id, boolean wasSent) {
        return transactions.write(Machine.of(actor), () -> {
            var key = store.said(actor, id)
                    .flatMap(said -> keyOf(actor, said.account(), id))
                    .orElse(null);
            return store.settle(id, wasSent, key);
        });
    }

    @Override
    public List<Held> held(Actor actor) {
        readersOnly(actor);
        return transactions.read(Machine.of(actor), store::held);
    }

    @Override
    public void giveUp(Actor actor, OutgoingId id) {
        settlersOnly(actor);
        transactions.run(
                actor,
                () -> transactions
                        .write(Machine.of(actor), () -> store.abandon(id))
                        .ifPresent(status -> {
                            trail.record(actor, TrailEntry.of("channel.abandoned", "outgoing", id.value()));
                            events.publishEvent(new DeliveryFailed(
                                    actor.tenant(),
                                    id,
                                    status.account(),
                                    status.state(),
                                    OutgoingStore.ABANDONED,
                                    status.about()));
                        }));
    }

    /**
     * Each has its place from the start: a surge of receipts is many times what a minute allows, and is not to be taken
     * up and put off again. One account after the other in one order, so that nobody waits in a circle.
     */
    private List<@Nullable Instant> places(Actor actor, List<Outgoing> outgoing) {
        var moments = new HashMap<AccountId, Iterator<@Nullable Instant>>();
        outgoing.stream()
                .collect(Collectors.groupingBy(
                        Outgoing::account,
                        () -> new TreeMap<>(Comparator.comparing(AccountId::value)),
                        Collectors.counting()))
                .forEach((account, count) -> moments.put(
                        account,
                        budget.places(actor, account, Math.toIntExact(count)).iterator()));
        var places = new ArrayList<@Nullable Instant>();
        outgoing.forEach(each ->
                places.add(Objects.requireNonNull(moments.get(each.account())).next()));
        return places;
    }

    private OutgoingId queue(Actor actor, Outgoing outgoing, Act act, @Nullable OutgoingId target) {
        var key =
                act == Act.SAY ? keyOf(actor, outgoing.account(), outgoing.id()).orElse(null) : null;
        var place = budget.places(actor, outgoing.account(), 1).getFirst();
        var earlier = transactions.write(
                Machine.of(actor),
                () -> store.add(actor, outgoing, act, target, key, place)
                        ? Optional.<OutgoingId>empty()
                        : Optional.of(store.byKey(outgoing.idempotencyKey())));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        var facts = act == Act.SAY
                ? Map.of("audience", outgoing.audience().name())
                : Map.of("audience", outgoing.audience().name(), "act", act.name(), "of", String.valueOf(target));
        trail.record(
                actor, TrailEntry.of("channel.queued", "outgoing", outgoing.id().value(), facts));
        transactions.afterCommit(sender::wake);
        return outgoing.id();
    }

    /** What was said, when its network can do that with it, still. */
    private Outgoing changeable(
            Actor actor, OutgoingId sent, Function<Capabilities, Capabilities.@Nullable Change> wanted) {
        var said = transactions
                .read(Machine.of(actor), () -> store.said(actor, sent))
                .orElseThrow(() -> Refusal.notFound().asException());
        var change = accounts.capabilities(actor, said.account()).map(wanted).orElse(null);
        if (change == null) {
            throw Refusal.invalid("channel.cannot-change").asException();
        }
        var at = transactions.read(Machine.of(actor), () -> store.sentAt(sent));
        if (at.filter(each -> !change.possible(each, clock.instant())).isPresent()) {
            throw Refusal.invalid("channel.cannot-change-any-more").asException();
        }
        return said;
    }

    private Optional<ChannelAdapter> adapter(Actor actor, Outgoing said) {
        return accounts.find(actor, said.account()).flatMap(account -> adapters.of(account.network()));
    }

    private static Outgoing changed(Outgoing said, String key, String text, @Nullable String warning) {
        return new Outgoing(
                OutgoingId.next(),
                said.account(),
                key,
                said.inReplyTo(),
                said.recipient(),
                said.audience(),
                text,
                warning,
                said.language(),
                said.attachments(),
                null);
    }

    /** Whoever settles what does not arrive, and the auditor who looks on. */
    static void readersOnly(Actor actor) {
        if (!actor.has(Role.AUDITOR)) {
            settlersOnly(actor);
        }
    }

    static void settlersOnly(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM
                && !actor.hasAny(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR)) {
            throw Refusal.notFound().asException();
        }
    }
}
