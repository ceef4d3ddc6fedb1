// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
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
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Makes the regency through the modules' own verbs: all of it or, when it is interrupted, nothing. */
@Component
class Founding {
    static final String ACCOUNT = "kabar";

    private final Tenants tenants;
    private final Agencies agencies;
    private final Officers officers;
    private final Rules rules;
    private final RoutingRules routing;
    private final Regions regions;
    private final Accounts accounts;
    private final Conversations conversations;
    private final MonthStore months;
    private final ActorTransactions transactions;

    Founding(
            Tenants tenants,
            Agencies agencies,
            Officers officers,
            Rules rules,
            RoutingRules routing,
            Regions regions,
            Accounts accounts,
            Conversations conversations,
            MonthStore months,
            ActorTransactions transactions) {
        this.tenants = tenants;
        this.agencies = agencies;
        this.officers = officers;
        this.rules = rules;
        this.routing = routing;
        this.regions = regions;
        this.accounts = accounts;
        this.conversations = conversations;
        this.months = months;
        this.transactions = transactions;
    }

    /** @param month whether it is to live through one */
    Tenant found(String host, boolean month) {
        var id = TenantId.next();
        var actor = Actor.system(id, "demo");
        return transactions.write(actor, () -> {
            var tenant = tenants.found(new Tenant(
                    id, "Kabupaten Sukamaju", "Kab. Sukamaju", host, ZoneId.of("Asia/Jakarta"), "KTG", true));
            var ids = new HashMap<String, AgencyId>();
            for (var each : Sukamaju.AGENCIES) {
                var agency = new Agency(
                        AgencyId.next(), null, each.code(), each.name(), each.shortName(), each.duties(), true);
                ids.put(each.code(), agencies.save(actor, agency).id());
            }
            hire(actor, Sukamaju.OFFICERS, ids);
            rules.installDefaults(actor);
            route(actor, ids);
            regions.save(actor, Sukamaju.districts());
            for (var each : Sukamaju.CANNED) {
                conversations.saveCannedAnswer(actor, new CannedAnswer(Ids.next(), each[0], each[1]));
            }
            accounts.web(actor);
            accounts.add(
                    actor,
                    Network.ACTIVITYPUB,
                    ACCOUNT,
                    "Pemerintah Kabupaten Sukamaju",
                    "Akun resmi Kabupaten Sukamaju, daerah rekaan untuk peragaan Kentongan.");
            if (month) {
                months.intend(actor);
            }
            return tenant;
        });
    }

    private void route(Actor actor, Map<String, AgencyId> ids) {
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
    }

    /** Those who sign in are there at once; the others come with the month, since each password takes its time. */
    void hireColleagues(Actor actor) {
        hire(actor, Sukamaju.COLLEAGUES, agencies(actor));
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

    Staff staff(Actor actor) {
        var ids = agencies(actor);
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
        return new Staff(desk, supervisor, liaison, ids);
    }

    private Map<String, AgencyId> agencies(Actor actor) {
        return agencies.all(actor).stream().collect(Collectors.toMap(Agency::code, Agency::id));
    }

    private static AgencyId agency(Map<String, AgencyId> ids, String code) {
        var id = ids.get(code);
        if (id == null) {
            throw new IllegalStateException("No agency " + code);
        }
        return id;
    }
}
