// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * Makes Kabupaten Sukamaju at the first start, through the modules' own verbs: the regency before the first page is
 * served, its month of messages, cases, answers and delays right after, in the background.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoSettings.class)
class DemonstrationTenant {
    private static final Logger log = LoggerFactory.getLogger(DemonstrationTenant.class);
    private static final int CONVERSATIONS = 620;
    private static final int DAYS = 30;

    private final DemoSettings settings;
    private final Tenants tenants;
    private final Agencies agencies;
    private final Officers officers;
    private final Rules rules;
    private final RoutingRules routing;
    private final Regions regions;
    private final Accounts accounts;
    private final ItemReceiver receiver;
    private final Conversations conversations;
    private final Cases cases;
    private final ActorTransactions transactions;
    private final Clock clock;
    private final ObjectProvider<RememberedTime> remembered;

    DemonstrationTenant(
            DemoSettings settings,
            Tenants tenants,
            Agencies agencies,
            Officers officers,
            Rules rules,
            RoutingRules routing,
            Regions regions,
            Accounts accounts,
            ItemReceiver receiver,
            Conversations conversations,
            Cases cases,
            ActorTransactions transactions,
            Clock clock,
            ObjectProvider<RememberedTime> remembered) {
        this.settings = settings;
        this.tenants = tenants;
        this.agencies = agencies;
        this.officers = officers;
        this.rules = rules;
        this.routing = routing;
        this.regions = regions;
        this.accounts = accounts;
        this.receiver = receiver;
        this.conversations = conversations;
        this.cases = cases;
        this.transactions = transactions;
        this.clock = clock;
        this.remembered = remembered;
    }

    @EventListener
    void on(WebServerInitializedEvent event) {
        if (!settings.demo() || !tenants.all().isEmpty()) {
            return;
        }
        var tenant = tenants.found(new Tenant(
                TenantId.next(),
                "Kabupaten Sukamaju",
                "Kab. Sukamaju",
                "127.0.0.1:" + event.getWebServer().getPort(),
                ZoneId.of("Asia/Jakarta"),
                "KTG",
                true));
        var actor = Actor.system(tenant.id(), "demo");
        var ids = new HashMap<String, AgencyId>();
        for (var each : Sukamaju.AGENCIES) {
            ids.put(
                    each.code(),
                    agencies.save(
                                    actor,
                                    new Agency(
                                            AgencyId.next(),
                                            null,
                                            each.code(),
                                            each.name(),
                                            each.shortName(),
                                            each.duties(),
                                            true))
                            .id());
        }
        for (var each : Sukamaju.OFFICERS) {
            officers.add(
                    actor,
                    new Officers.NewOfficer(
                            each.name(), each.mail(), agency(ids, each.agency()), each.roles(), each.circle()),
                    Sukamaju.PASSWORD);
        }
        rules.installDefaults(actor);
        var order = 10;
        for (var each : Sukamaju.RULES) {
            routing.save(
                    actor,
                    new RoutingRule(
                            Ids.next(),
                            order,
                            each.title(),
                            Arrays.asList(each.words().split(",")),
                            null,
                            null,
                            each.kind(),
                            each.category(),
                            agency(ids, each.agency()),
                            "Contoh pembagian tugas Kabupaten Sukamaju (rekaan)",
                            LocalDate.of(2026, 1, 1),
                            null));
            order += 10;
        }
        regions.save(actor, Sukamaju.districts());
        for (var each : Sukamaju.CANNED) {
            conversations.saveCannedAnswer(actor, new CannedAnswer(Ids.next(), each[0], each[1]));
        }
        accounts.web(actor);
        var account = accounts.add(
                actor,
                Network.ACTIVITYPUB,
                "kabar",
                "Pemerintah Kabupaten Sukamaju",
                "Akun resmi Kabupaten Sukamaju, daerah rekaan untuk peragaan Kentongan.");
        Thread.ofVirtual().name("demonstration").start(() -> liveThrough(tenant, account));
    }

    private static AgencyId agency(Map<String, AgencyId> ids, String code) {
        var id = ids.get(code);
        if (id == null) {
            throw new IllegalStateException("No agency " + code);
        }
        return id;
    }

    /** A month: the same every time, but for its dates. */
    private void liveThrough(Tenant tenant, Account account) {
        try {
            var actor = Actor.system(tenant.id(), "demo");
            var random = new Random(20261124);
            var web = accounts.web(actor);
            var now = clock.instant();
            var batch = new ArrayList<ReceivedItem>();
            for (var n = 0; n < CONVERSATIONS; n++) {
                var age = Duration.ofMinutes((long) ((1.0 - Math.sqrt(random.nextDouble())) * DAYS * 24 * 60) + 5);
                var from = Math.floorMod(random.nextInt(), 3) == 0 ? web : account;
                tell(batch, random, from, n, now.minus(age), now);
                if (batch.size() > 150) {
                    flush(actor, batch);
                }
            }
            flush(actor, batch);
            work(tenant, random);
            log.info("The demonstration regency has lived through its month");
        } catch (RuntimeException e) {
            log.error("The demonstration regency's month could not be made", e);
        }
    }

    private static <T> T any(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static void tell(List<ReceivedItem> batch, Random random, Account account, int n, Instant at, Instant now) {
        var given = any(random, Sukamaju.GIVEN);
        var web = account.network() == Network.WEB;
        var handle = web ? given + " (rekaan)" : "@" + given.toLowerCase(java.util.Locale.ROOT) + n + "@warga.example";
        var key = web ? "web:demo-" + n : "https://warga.example/u/" + n;
        var author = new Item.Author(key, handle, given + " (rekaan)", null, false);
        var trouble = random.nextInt(100) < 62;
        var text = trouble
                ? capital(any(random, Sukamaju.OPENINGS) + any(random, Sukamaju.TROUBLES)) + ", "
                        + any(random, Sukamaju.PLACES) + "."
                : any(random, Sukamaju.QUESTIONS);
        var audience = web || random.nextInt(4) == 0 ? Audience.DIRECT : Audience.PUBLIC;
        var hints = new HashMap<String, String>();
        if (web) {
            hints.put("kind", random.nextInt(6) == 0 ? "aspiration" : "complaint");
            var district = any(random, Sukamaju.districts());
            hints.put("district", district.code());
            hints.put("village", any(random, district.villages()).code());
            hints.put("identity", random.nextInt(5) == 0 ? "anonymous" : "open");
        }
        var messages = 1 + random.nextInt(3);
        var parent = (String) null;
        for (var m = 0; m < messages; m++) {
            var when = at.plus(Duration.ofHours(m * 20L));
            if (when.isAfter(now)) {
                break;
            }
            var id = web && m == 0 ? key : key + "/m/" + m;
            batch.add(new ReceivedItem(
                    account.id(),
                    account.network(),
                    new DeliveryId(Ids.at(when)),
                    new Item.Said(
                            id,
                            when,
                            author,
                            audience,
                            audience == Audience.DIRECT ? null : parent,
                            m == 0 ? text : any(random, Sukamaju.FOLLOW_UPS),
                            null,
                            "id",
                            web ? null : id,
                            true,
                            List.of(),
                            m == 0 ? hints : Map.of())));
            parent = id;
            if (web) {
                break;
            }
        }
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    }

    private void flush(Actor actor, List<ReceivedItem> batch) {
        var items = List.copyOf(batch);
        transactions.run(actor, () -> receiver.receive(actor, items));
        batch.clear();
    }

    /** Officers answer most of it, late some of it, and leave some lying. */
    private void work(Tenant tenant, Random random) {
        var all = officers.all(Actor.system(tenant.id(), "demo"));
        var rina = officers.actorOf(
                tenant.id(),
                all.stream()
                        .filter(o -> o.name().startsWith("Rina"))
                        .findFirst()
                        .orElseThrow()
                        .id());
        waitForCases(rina);
        String after = null;
        do {
            var page = cases.list(rina, CaseFilter.open(), after, 100);
            for (var row : page.items()) {
                handle(rina, row, random);
            }
            after = page.next();
        } while (after != null);
        var open = conversations.list(rina, ConversationFilter.of(Box.UNANSWERED), null, 150);
        for (var row : open.items()) {
            if (row.mark() == null && random.nextInt(10) < 7) {
                answerPlainly(rina, row.id(), random);
            }
        }
    }

    /** Cases are opened after the messages' commit, by listeners; their number stands still when they are done. */
    private void waitForCases(Actor rina) {
        var before = -1;
        var still = 0;
        for (var n = 0; n < 180 && still < 6; n++) {
            var now = cases.performance(rina, LocalDate.of(2020, 1, 1), LocalDate.of(2100, 1, 1))
                    .asked();
            still = now == before && now > 0 ? still + 1 : 0;
            before = now;
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Most within a day or two, some late, some never: as in any office. */
    private void handle(Actor rina, CaseRow row, Random random) {
        var now = clock.instant();
        var fate = random.nextInt(100);
        var forwarded = row.openedAt().plus(Duration.ofMinutes(20 + random.nextInt(400)));
        var hours = fate < 78 ? 3 + random.nextInt(60) : 70 + random.nextInt(260);
        var answered = row.openedAt().plus(Duration.ofHours(hours));
        var agency = row.agency();
        try {
            if (agency != null && forwarded.isBefore(now)) {
                remembered
                        .getObject()
                        .at(
                                forwarded,
                                () -> cases.forward(
                                        rina,
                                        row.id(),
                                        agency,
                                        "Mohon ditindaklanjuti dan dijawab langsung kepada warga.",
                                        version(rina, row)));
            }
            if (fate < 93 && answered.isBefore(now)) {
                remembered
                        .getObject()
                        .at(
                                answered,
                                () -> cases.answer(
                                        rina,
                                        row.id(),
                                        any(random, Sukamaju.ANSWERS),
                                        "demo-" + row.id(),
                                        version(rina, row)));
                var closed = answered.plus(Duration.ofDays(3));
                if (fate % 2 == 0 && closed.isBefore(now)) {
                    remembered
                            .getObject()
                            .at(
                                    closed,
                                    () -> cases.close(
                                            rina,
                                            row.id(),
                                            "Tidak ada keterangan tambahan dari warga.",
                                            version(rina, row)));
                }
            }
        } catch (RefusalException moved) {
            log.debug("A demonstration case moved on: {}", moved.getMessage());
        }
    }

    private long version(Actor rina, CaseRow row) {
        return cases.accessible(rina, row.id()).orElseThrow().version();
    }

    private void answerPlainly(Actor rina, id.kentongan.inbox.ConversationId id, Random random) {
        conversations.accessible(rina, id).ifPresent(view -> {
            if (!view.replyTargets().isEmpty()) {
                conversations.reply(
                        rina,
                        id,
                        view.replyTargets().getFirst().code(),
                        random.nextBoolean()
                                ? "Terima kasih atas pertanyaannya. Loket buka Senin sampai Jumat pukul 07.30–15.30 WIB."
                                : "Terima kasih, kami sampaikan kepada petugas.",
                        "demo-" + id,
                        null);
                conversations.finish(rina, id);
            }
        });
    }
}
