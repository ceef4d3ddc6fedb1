// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Network;
import id.kentongan.channel.WebForm;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.ReadingLog;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.ObjectMapper;

/**
 * Stores deliveries durably before they are acknowledged. Deliveries that come in while one transaction commits
 * share the next: each caller returns only after its own row is committed, and the disk is asked once for many.
 */
@Component
class DurableIntake implements Intake {
    private static final Logger log = LoggerFactory.getLogger(DurableIntake.class);
    /** Bytes of one delivery, whatever its network allows: a form with its pictures, many times over. */
    static final int LARGEST = 64 * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final DeliveryStore store;
    private final DeliveryFiles files;
    private final Accounts accounts;
    private final Trail trail;
    private final IntakeWorker worker;
    private final ReadingLog readings;
    private final ObjectMapper json;
    private final Map<Known, Network> networks = new ConcurrentHashMap<>();
    private final GroupedWork<DeliveryStore.NewDelivery, DeliveryId> writes =
            new GroupedWork<>("intake-writer", this::write);

    DurableIntake(
            ActorTransactions transactions,
            JdbcClient jdbc,
            DeliveryStore store,
            DeliveryFiles files,
            Accounts accounts,
            Trail trail,
            IntakeWorker worker,
            ReadingLog readings,
            ObjectMapper json) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.store = store;
        this.files = files;
        this.accounts = accounts;
        this.trail = trail;
        this.worker = worker;
        this.readings = readings;
        this.json = json;
    }

    /** Memory knows no row-level security: an account is found only under the tenant whose policy showed it. */
    private record Known(TenantId tenant, AccountId account) {}

    @Override
    public DeliveryId accept(Actor actor, AccountId account, Map<String, String> headers, byte[] body) {
        var known = new Known(actor.tenant(), account);
        var network = networks.get(known);
        if (network == null) {
            // An account never changes its network, and another tenant's is not found.
            network = reached(() -> accounts.find(Actor.system(actor.tenant(), "channel"), account))
                    .map(Account::network)
                    .orElseThrow(() -> Refusal.notFound().asException());
            networks.put(known, network);
        }
        return accept(actor, account, network, headers, body);
    }

    private DeliveryId accept(
            Actor actor, AccountId account, Network network, Map<String, String> headers, byte[] body) {
        var delivery = delivery(actor.tenant(), account, network, headers, body);
        var committed = writes.add(actor.tenant(), delivery);
        try {
            committed.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Refusal.unavailable("channel.intake-unavailable").asException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("channel.intake-unavailable").asException();
        }
        return delivery.id();
    }

    /** A large one is on the disk before its row is written; one that cannot be kept there is refused. */
    private DeliveryStore.NewDelivery delivery(
            TenantId tenant, AccountId account, Network network, Map<String, String> headers, byte[] body) {
        if (body.length > LARGEST) {
            throw Refusal.invalid("channel.delivery-too-large").asException();
        }
        var packed = Packed.pack(headers, body);
        if (packed.length <= DeliveryFiles.LARGEST_IN_ROW) {
            return new DeliveryStore.NewDelivery(DeliveryId.next(), account, network, packed, null);
        }
        try {
            var file = reached(() -> files.keep(Actor.system(tenant, "channel"), packed));
            return new DeliveryStore.NewDelivery(
                    DeliveryId.next(), account, network, Packed.pack(headers, NOTHING), file);
        } catch (UncheckedIOException e) {
            log.warn("A delivery of {} bytes cannot be written to the disk", body.length, e);
            throw Refusal.unavailable("channel.intake-unavailable").asException();
        }
    }

    private List<DeliveryId> write(TenantId tenant, List<DeliveryStore.NewDelivery> deliveries) {
        var system = Actor.system(tenant, "channel");
        transactions.run(system, () -> store.insert(system, deliveries));
        worker.wake(tenant);
        return deliveries.stream().map(DeliveryStore.NewDelivery::id).toList();
    }

    @Override
    public DeliveryId acceptForm(Actor actor, WebForm form) {
        var account = reached(() -> accounts.web(actor)).id();
        return accept(actor, account, Network.WEB, Map.of(), json.writeValueAsBytes(form));
    }

    @Override
    public Page<FailedDelivery> failed(Actor actor, @Nullable String after, int limit) {
        readersOnly(actor);
        var before = after == null ? null : cursor(after);
        var found = transactions.read(
                Machine.of(actor),
                () -> jdbc.sql("""
                        select id, account_id, network, received_at, coalesce(code, '') as code, attempts
                        from channel.delivery
                        where state = 'failed' and (:before::uuid is null or id < :before::uuid)
                        order by id desc
                        limit :limit
                        """)
                        .param("before", before)
                        .param("limit", limit + 1)
                        .query(DurableIntake::failure)
                        .list());
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), found.get(limit - 1).id().toString())
                : new Page<>(found, null);
    }

    private static FailedDelivery failure(ResultSet row, int number) throws SQLException {
        return new FailedDelivery(
                new DeliveryId(row.getObject("id", UUID.class)),
                new AccountId(row.getObject("account_id", UUID.class)),
                Network.of(row.getString("network")),
                row.getTimestamp("received_at").toInstant(),
                row.getString("code"),
                row.getInt("attempts"));
    }

    @Override
    public List<FailureReason> failures(Actor actor) {
        readersOnly(actor);
        return transactions.read(
                Machine.of(actor),
                () -> jdbc.sql("""
                        select coalesce(code, '') as code, count(*) as count, max(received_at) as newest
                        from channel.delivery
                        where state = 'failed'
                        group by 1
                        order by 2 desc, 1
                        """)
                        .query((row, n) -> new FailureReason(
                                row.getString("code"),
                                row.getInt("count"),
                                row.getTimestamp("newest").toInstant()))
                        .list());
    }

    @Override
    public int replayFailed(Actor actor, @Nullable String code) {
        administratorsOnly(actor);
        var count = transactions.write(actor, () -> {
            var again = transactions.write(Machine.of(actor), () -> store.failedAgain(code));
            if (again > 0) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "channel.replayed",
                                "tenant",
                                actor.tenant().value(),
                                code == null
                                        ? Map.of("count", "" + again)
                                        : Map.of("count", "" + again, "code", code)));
            }
            return again;
        });
        worker.wake(actor.tenant());
        return count;
    }

    @Override
    public FailedDelivery failed(Actor actor, DeliveryId id) {
        readersOnly(actor);
        return transactions
                .read(
                        Machine.of(actor),
                        () -> jdbc.sql("""
                        select id, account_id, network, received_at, coalesce(code, '') as code, attempts
                        from channel.delivery
                        where id = ? and state = 'failed'
                        """)
                                .param(id.value())
                                .query(DurableIntake::failure)
                                .optional())
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    @Override
    public Optional<RawContent> content(Actor actor, DeliveryId id) {
        var failed = failed(actor, id);
        if (!readings.reasonStated(actor, new Subject("delivery", id.value()))) {
            return Optional.empty();
        }
        return transactions
                .read(Machine.of(actor), () -> store.stored(actor, id))
                .map(stored -> whole(Machine.of(actor), stored))
                .map(packed -> new RawContent(Packed.headers(packed), shown(actor, failed, Packed.body(packed))));
    }

    private byte[] shown(Actor actor, FailedDelivery failed, byte[] body) {
        return failed.network() == Network.WEB ? ShownForm.of(json, body, actor.circle()) : body;
    }

    /** Of one whose file is gone, what is left: its headers. */
    private byte[] whole(Actor machine, DeliveryStore.Stored stored) {
        var file = stored.file();
        try {
            return file == null ? stored.packed() : files.read(machine, file);
        } catch (UnreadableDelivery gone) {
            return stored.packed();
        }
    }

    @Override
    public void replay(Actor actor, Collection<DeliveryId> ids) {
        administratorsOnly(actor);
        transactions.run(actor, () -> {
            var count = transactions.write(Machine.of(actor), () -> store.again(ids));
            trail.record(
                    actor,
                    TrailEntry.of("channel.replayed", "tenant", actor.tenant().value(), Map.of("count", "" + count)));
        });
        worker.wake(actor.tenant());
    }

    @Override
    public void forget(Actor actor, Collection<String> remoteKeys) {
        if (!remoteKeys.isEmpty()) {
            var machine = Machine.of(actor);
            transactions.run(machine, () -> files.removeAfterCommit(machine, store.forget(machine, remoteKeys)));
        }
    }

    @Override
    public void forget(Actor actor, String remoteKey, String authorKey) {
        var machine = Machine.of(actor);
        transactions.run(machine, () -> files.removeAfterCommit(machine, store.forget(machine, remoteKey, authorKey)));
    }

    /** A database that is away is said so, and nothing counts as taken. */
    private static <T> T reached(Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            throw Refusal.unavailable("channel.intake-unavailable").asException();
        }
    }

    private static UUID cursor(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    /** An auditor looks on, and changes nothing. */
    private static void readersOnly(Actor actor) {
        if (!actor.has(Role.AUDITOR)) {
            administratorsOnly(actor);
        }
    }

    private static void administratorsOnly(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }
}
