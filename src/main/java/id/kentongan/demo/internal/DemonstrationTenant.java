// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import com.github.kagkarlsson.scheduler.Scheduler;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Makes Kabupaten Sukamaju at the first start, through the modules' own verbs: the regency before the first page is
 * served, its month of messages, cases, answers and delays right after, in the background.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoSettings.class)
class DemonstrationTenant {
    private static final Logger log = LoggerFactory.getLogger(DemonstrationTenant.class);

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
    private final ObjectProvider<Scheduler> scheduler;
    private final CountDownLatch told = new CountDownLatch(1);
    private @Nullable Founded founded;
    private volatile @Nullable Thread living;

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
            ObjectProvider<RememberedTime> remembered,
            ObjectProvider<Scheduler> scheduler) {
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
        this.scheduler = scheduler;
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
        hire(actor, Sukamaju.OFFICERS, ids);
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
                            each.agency() == null ? null : agency(ids, each.agency()),
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
        founded = new Founded(tenant, account);
    }

    /** Only when all beans stand: another thread that asks for them earlier makes the start slower and louder. */
    @EventListener
    void on(ApplicationReadyEvent event) {
        var regency = founded;
        founded = null;
        if (regency != null && settings.demoMonth()) {
            living = Thread.ofVirtual()
                    .name("demonstration")
                    .start(() -> liveThrough(regency.tenant(), regency.account()));
        }
    }

    /** A platform that stops in the middle of it leaves the month as far as it came. */
    @EventListener
    void on(ContextClosedEvent event) throws InterruptedException {
        var thread = living;
        if (thread != null) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(10));
        }
    }

    private record Founded(Tenant tenant, Account account) {}

    private static AgencyId agency(Map<String, AgencyId> ids, String code) {
        var id = ids.get(code);
        if (id == null) {
            throw new IllegalStateException("No agency " + code);
        }
        return id;
    }

    /** A month: the same every time, but for its dates. */
    private void liveThrough(Tenant tenant, Account account) {
        var time = remembered.getIfAvailable();
        if (time == null) {
            return;
        }
        var jobs = scheduler.getIfAvailable();
        try {
            if (jobs != null) {
                // What is still told is long past for them: they would find everything overdue.
                jobs.pause();
            }
            var actor = Actor.system(tenant.id(), "demo");
            var ids = agencies.all(actor).stream().collect(Collectors.toMap(Agency::code, Agency::id));
            hire(actor, Sukamaju.COLLEAGUES, ids);
            new Month(
                            actor,
                            staff(actor, ids),
                            account,
                            accounts.web(actor),
                            time,
                            transactions,
                            receiver,
                            conversations,
                            cases,
                            new OfficeHours(rules.calendar(actor)),
                            clock.instant(),
                            Words.read(),
                            new Random(20261124))
                    .live();
            log.info("The demonstration regency has lived through its month");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                log.info("The demonstration regency's month was interrupted: {}", e.getMessage());
                return;
            }
            log.error("The demonstration regency's month could not be made", e);
        } finally {
            if (jobs != null) {
                jobs.resume();
            }
            told.countDown();
        }
    }

    /** Waits for the end of the month. */
    boolean isTold(Duration patience) throws InterruptedException {
        return told.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void hire(Actor actor, List<Sukamaju.NewDemoOfficer> people, Map<String, AgencyId> ids) {
        for (var each : people) {
            officers.add(
                    actor,
                    new Officers.NewOfficer(
                            each.name(), each.mail(), agency(ids, each.agency()), each.roles(), each.circle()),
                    Sukamaju.PASSWORD);
        }
    }

    private Month.Staff staff(Actor actor, Map<String, AgencyId> ids) {
        var desk = new ArrayList<Actor>();
        var liaison = new HashMap<String, Actor>();
        Actor supervisor = null;
        var codes = ids.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        for (var officer : officers.all(actor)) {
            var as = officers.actorOf(actor.tenant(), officer.id());
            if (as.has(Role.COMMUNICATION_OFFICER)) {
                desk.add(as);
            } else if (as.has(Role.SUPERVISOR)) {
                supervisor = as;
            } else if (as.has(Role.LIAISON_OFFICER)) {
                liaison.put(codes.getOrDefault(officer.agency(), ""), as);
            }
        }
        if (supervisor == null || desk.isEmpty()) {
            throw new IllegalStateException("Nobody is at the desk");
        }
        return new Month.Staff(desk, supervisor, liaison, ids);
    }
}
