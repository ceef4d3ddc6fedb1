// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.OutgoingStatus.State;
import id.kentongan.database.ActorTransactions;
import id.kentongan.testing.RandomRuns;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Posts and private messages to servers that fail in every way over real connections: in trouble, asking to wait, slow,
 * cut off before and after they took it, silent; and senders that die meanwhile. In the end every server holds one
 * object of each message that was for it, with its last words.
 */
@WithDatabase
class FailingPeersIntegrationTests {
    /** From this attempt on a server behaves, so that every run ends. */
    private static final int PATIENT = 4;
    /** A server refuses what says this. */
    private static final String UNWANTED = "TOLAK";

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Outbox outbox;

    @Autowired
    ServerSending sender;

    @Autowired
    ApplicationContext beans;

    @Autowired
    PeerRequests requests;

    @Autowired
    FederationStore store;

    @Autowired
    LocalActors locals;

    @Autowired
    RemoteActors remotes;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @LocalServerPort
    int port;

    private TestTenant tenant;
    private int accountsMade;

    @BeforeEach
    void aTenant() {
        tenant = tenants.found();
    }

    @Test
    @Tag("random")
    void everyServerEndsWithOneObjectOfEachMessageThatWasForIt() {
        RandomRuns.of("fediverse: failing servers end with one object of each message", 4, 200, random -> {
            var run = new Run(random);
            try {
                run.play();
            } finally {
                run.close();
            }
        });
    }

    private final class Run {
        private final Random random;
        private final long seed;
        private final Account account;
        private final List<FakePeer> servers = new ArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);
        /** What each server took, in order, whether it said so or not. */
        private final Map<FakePeer, List<JsonNode>> taken = new ConcurrentHashMap<>();

        private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
        private final AtomicInteger silences = new AtomicInteger();
        private final Map<OutgoingId, Message> messages = new LinkedHashMap<>();
        private final List<OutgoingId> changes = new ArrayList<>();

        /** @param to the server whose person it is for, or null of a post @param words in the end; none when taken back */
        private record Message(@Nullable FakePeer to, String words, boolean refused) {}

        Run(Random random) {
            this.random = random;
            this.seed = random.nextLong();
            this.account = accounts.add(
                    tenant.system(), Network.ACTIVITYPUB, "kabar" + ++accountsMade, "Kabar Uji", "Kabar resmi");
            for (var n = 0; n < 3; n++) {
                servers.add(server(n));
            }
        }

        private FakePeer server(int number) {
            try {
                var server = new FakePeer(port, tenant.tenant().host(), clock);
                server.sharesInbox = random.nextBoolean();
                taken.put(server, new CopyOnWriteArrayList<>());
                server.behaviour = (exchange, request) -> fate(server, number, exchange, request);
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void play() {
            servers.forEach(each -> follow(each, "sari"));
            submit();
            for (var n = random.nextInt(3); n > 0; n--) {
                die();
            }
            drain();
            for (var each : messages.entrySet()) {
                check(each.getKey(), each.getValue());
            }
        }

        void close() {
            over.countDown();
            for (var each : servers) {
                try {
                    each.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void follow(FakePeer server, String user) {
            var found = (RemoteActors.Found.Known) remotes.find(local(), server.person(user));
            store.follow(local(), found.actor(), server.next("follows"));
        }

        private LocalActor local() {
            return locals.of(tenant.id(), account.id()).orElseThrow();
        }

        private void submit() {
            for (var n = 2 + random.nextInt(4); n > 0; n--) {
                var to = random.nextBoolean() ? servers.get(random.nextInt(servers.size())) : null;
                var unwanted = random.nextInt(7) == 0;
                var text = "pesan " + n + (unwanted ? " " + UNWANTED : "");
                var outgoing = outgoing(to, text);
                var id = outbox.submit(tenant.system(), outgoing);
                var words = text;
                for (var edit = random.nextInt(3); edit > 0 && !unwanted; edit--) {
                    words = text + " ubahan " + edit;
                    changes.add(outbox.edit(tenant.system(), id, id + "/" + edit, words, null));
                }
                if (random.nextInt(6) == 0 && !unwanted) {
                    words = "";
                    changes.add(outbox.withdraw(tenant.system(), id, id + "/tarik"));
                }
                messages.put(id, new Message(to, words, unwanted));
                pause(random.nextInt(30));
            }
        }

        private Outgoing outgoing(@Nullable FakePeer to, String text) {
            var audience = to != null ? Audience.DIRECT : Audience.values()[random.nextInt(3)];
            return new Outgoing(
                    OutgoingId.next(),
                    account.id(),
                    text + " " + OutgoingId.next(),
                    null,
                    to == null ? null : new Outgoing.Recipient(to.person("sari"), "@sari@warga.example"),
                    audience,
                    text,
                    null,
                    "id",
                    List.of(),
                    null);
        }

        // ---- the servers ----------------------------------------------------------------------------------------

        /** The status it answers, or none when it closes the connection without a word. */
        private int fate(FakePeer server, int number, HttpExchange exchange, SignedRequest request) throws IOException {
            var activity = ActivityJson.MAPPER.readTree(request.body());
            if (activity.toString().contains(UNWANTED)) {
                return 403;
            }
            var id = activity.path("id").asString("");
            var attempt = attempts.computeIfAbsent(number + " " + id, key -> new AtomicInteger())
                    .incrementAndGet();
            var what = activity.path("type").asString("")
                    + activity.path("object").path("content").asString("").replaceAll("<[^>]*>", "");
            var dice = new Random(seed + 31L * number + 7919L * attempt + what.hashCode());
            dice.nextInt();
            switch (attempt >= PATIENT ? 0 : dice.nextInt(11)) {
                case 3 -> {
                    return 500;
                }
                case 4 -> {
                    return 503;
                }
                case 5 -> {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    return 429;
                }
                case 6 -> {
                    return 0;
                }
                case 7 -> {
                    taken.get(server).add(activity);
                    return 0;
                }
                case 8 -> pause(150);
                case 9 -> {
                    return silence(server, activity, false);
                }
                case 10 -> {
                    return silence(server, activity, true);
                }
                default -> {}
            }
            taken.get(server).add(activity);
            return 202;
        }

        /** No answer until the other side gives up; seldom, since that takes seconds. */
        private int silence(FakePeer server, JsonNode activity, boolean takes) {
            if (silences.incrementAndGet() > 1) {
                return 503;
            }
            if (takes) {
                taken.get(server).add(activity);
            }
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        }

        // ---- what befalls the senders ---------------------------------------------------------------------------

        private void die() {
            pause(random.nextInt(80));
            var first = beans.getBean("outboxSender", SmartLifecycle.class);
            first.stop();
            sender.stop();
            try {
                for (var each : sender.claim(tenant.system(), 2).ready()) {
                    if (random.nextBoolean()) {
                        store.note(local(), each.note())
                                .ifPresent(note -> requests.post(
                                        local(),
                                        each.inbox(),
                                        Sending.json(ActivityDocuments.about(local(), note, each.activity()))
                                                .getBytes(StandardCharsets.UTF_8)));
                    }
                }
                if (random.nextBoolean()) {
                    sql("""
                        update channel.outgoing
                        set state = 'SENDING', attempts = attempts + 1
                        where state in ('QUEUED', 'RETRY') and act = 'SAY'
                        """);
                }
                leasesRunOut();
            } finally {
                sender.start();
                first.start();
            }
        }

        private void leasesRunOut() {
            sql("update channel.outgoing set next_attempt_at = now() - interval '1 s' where state = 'SENDING'");
            sql("update channel.ap_delivery set next_attempt_at = now() - interval '1 s' where state = 'sending'");
        }

        // ---- the end --------------------------------------------------------------------------------------------

        private void drain() {
            var until = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            while (!settled()) {
                assertThat(System.nanoTime()).as("%s", statuses().values()).isLessThan(until);
                sql("update channel.ap_host set parked_until = null");
                sql("update channel.outgoing set next_attempt_at = now() - interval '1 s' where state = 'RETRY'");
                sql("update channel.ap_delivery set next_attempt_at = now() - interval '1 s' where state = 'retry'");
                pause(50);
            }
        }

        private boolean settled() {
            var open = transactions.read(
                    tenant.system(),
                    () -> jdbc.sql("select count(*) from channel.ap_delivery where state not in ('done', 'refused')")
                            .query(Integer.class)
                            .single());
            return open == 0
                    && statuses().values().stream()
                            .allMatch(each -> each.state() == State.SENT || each.state() == State.REFUSED);
        }

        private Map<OutgoingId, OutgoingStatus> statuses() {
            var all = new ArrayList<>(messages.keySet());
            all.addAll(changes);
            return outbox.statuses(tenant.system(), all);
        }

        private void check(OutgoingId id, Message message) {
            var direct = message.to() != null;
            var status = outbox.statuses(tenant.system(), List.of(id)).get(id);
            assertThat(status.state())
                    .as("%s, said to be %s", id, status.code())
                    .isEqualTo(direct && message.refused() ? State.REFUSED : State.SENT);
            if (!direct) {
                var reach = outbox.reach(tenant.system(), id);
                assertThat(reach.waiting()).isZero();
                assertThat(message.refused() ? reach.refused() : reach.taken()).isGreaterThanOrEqualTo(servers.size());
            }
            for (var server : servers) {
                var here = direct ? server == message.to() : true;
                var expected = here && !message.refused() && !message.words().isEmpty()
                        ? List.of(message.words())
                        : List.<String>of();
                assertThat(held(server, id))
                        .as("%s at %s", message, server.base())
                        .isEqualTo(expected);
            }
        }

        /**
         * The words of that message as the server holds it: an activity that it knows by its id is nothing new, a change
         * of what it never heard of is nothing at all.
         */
        private List<String> held(FakePeer server, OutgoingId id) {
            Set<String> known = new HashSet<>();
            Map<String, String> objects = new HashMap<>();
            for (var activity : taken.get(server)) {
                var object = activity.path("object").path("id").asString("");
                if (!object.endsWith(id.toString())
                        || !known.add(activity.path("id").asString(""))) {
                    continue;
                }
                var words = activity.path("object").path("content").asString("");
                switch (activity.path("type").asString("")) {
                    case "Create" -> {
                        assertThat(objects.put(object, words))
                                .as("created twice")
                                .isNull();
                    }
                    case "Update" -> {
                        assertThat(objects).as("changed before it was created").containsKey(object);
                        objects.put(object, words);
                    }
                    case "Delete" -> objects.remove(object);
                    default -> throw new AssertionError(activity.toString());
                }
            }
            return objects.values().stream()
                    .map(content -> content.replaceAll("<span class=\"h-card\">.*?</span> ?", "")
                            .replaceAll("<[^>]*>", ""))
                    .toList();
        }
    }

    private void sql(String statement) {
        transactions.run(tenant.system(), () -> jdbc.sql(statement).update());
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
