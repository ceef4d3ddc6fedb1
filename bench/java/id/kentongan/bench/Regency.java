// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.Rules;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.context.ApplicationContext;

/** An imaginary regency made through the modules' own verbs: agencies, an officer, routing rules, an account. */
record Regency(Tenant tenant, Actor actor, Account account, OfficerId officer, List<AgencyId> agencies) {
    static final String MAIL = "petugas@bench.example";
    static final String PASSWORD = "kata sandi untuk pengukuran";
    static final String NAME = "kabar";

    /** Rules in the order they are tried; the words are whole words of the message. */
    private static final String[][] RULES = {
        {"Jalan dan jembatan", "jalan berlubang,jembatan,aspal,trotoar", "pupr"},
        {"Penerangan", "lampu jalan,gelap,penerangan", "dishub"},
        {"Sampah", "sampah,bau busuk", "dlh"},
        {"Air minum", "pdam,air mati,air keruh", "pdam"},
        {"Saluran", "selokan,banjir,gorong", "pupr"},
        {"Pohon", "pohon tumbang", "bpbd"},
        {"Kependudukan", "ktp,kk,akta", "dukcapil"},
        {"Pungutan", "pungutan liar,pungli", "inspektorat"},
        {"Kesehatan", "puskesmas,obat habis,antre dokter", "dinkes"},
        {"Sekolah", "zonasi,seragam", "dindik"},
    };

    static Regency found(ApplicationContext application, String host) {
        var tenant = application
                .getBean(Tenants.class)
                .found(new Tenant(
                        TenantId.next(), "Kabupaten Ukur", "Kab. Ukur", host, ZoneId.of("Asia/Jakarta"), "KTG", true));
        var actor = Actor.system(tenant.id(), "bench");
        application.getBean(Rules.class).installDefaults(actor);
        var agencies = new ArrayList<AgencyId>();
        var routing = application.getBean(RoutingRules.class);
        for (var each : RULES) {
            agencies.add(agency(application, actor, each[2] + agencies.size()));
            routing.save(
                    actor,
                    new RoutingRule(
                            Ids.next(),
                            agencies.size() * 10,
                            each[0],
                            List.of(each[1].split(",")),
                            null,
                            null,
                            CaseKind.COMPLAINT,
                            each[0],
                            agencies.getLast(),
                            "Rekaan untuk pengukuran",
                            LocalDate.of(2020, 1, 1),
                            null));
        }
        var officer = application
                .getBean(Officers.class)
                .add(
                        actor,
                        new NewOfficer(
                                "Petugas Ukur", MAIL, agencies.getFirst(), Set.of(Role.COMMUNICATION_OFFICER), true),
                        PASSWORD);
        var accounts = application.getBean(Accounts.class);
        accounts.web(actor);
        var account =
                accounts.add(actor, Network.ACTIVITYPUB, NAME, "Kabupaten Ukur", "Daerah rekaan untuk pengukuran.");
        return new Regency(tenant, actor, account, officer.id(), agencies);
    }

    private static AgencyId agency(ApplicationContext application, Actor actor, String code) {
        return application
                .getBean(Agencies.class)
                .save(
                        actor,
                        new Agency(AgencyId.next(), null, code, "Dinas " + code, "Dinas " + code, "pelayanan", true))
                .id();
    }
}
