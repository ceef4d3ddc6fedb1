// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.time.ZoneId;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Makes imaginary tenants for tests, each with a few agencies and officers, so that tests never share rows. */
@Component
public class TestTenants {
    public static final String PASSWORD = "kata sandi untuk uji coba";

    private final Tenants tenants;
    private final Agencies agencies;
    private final Officers officers;

    TestTenants(Tenants tenants, Agencies agencies, Officers officers) {
        this.tenants = tenants;
        this.agencies = agencies;
        this.officers = officers;
    }

    /** @param works public works @param registry civil registry, both below the regency */
    public record TestTenant(Tenant tenant, Actor system, AgencyId office, AgencyId works, AgencyId registry) {
        public TenantId id() {
            return tenant.id();
        }
    }

    public TestTenant found() {
        return found(host(), true);
    }

    /** A tenant reached by that host, for tests in which others must find it. */
    public TestTenant found(String host) {
        return found(host, true);
    }

    /** A regency that is not a demonstration: every officer there needs a second factor. */
    public TestTenant foundReal() {
        return found(host(), false);
    }

    private static String host() {
        return "t" + java.util.UUID.randomUUID().toString().replace("-", "") + ".example";
    }

    private TestTenant found(String host, boolean demonstration) {
        var id = TenantId.next();
        var tenant = tenants.found(
                new Tenant(id, "Kabupaten Uji", "Kab. Uji", host, ZoneId.of("Asia/Jakarta"), "KTG", demonstration));
        var system = Actor.system(id, "test");
        var office = agency(system, "diskominfo", "Diskominfo", "informasi");
        var works = agency(system, "dpupr", "Dinas PUPR", "jalan, drainase");
        var registry = agency(system, "dukcapil", "Dinas Dukcapil", "KTP, KK, akta");
        return new TestTenant(tenant, system, office, works, registry);
    }

    public Actor officer(TestTenant tenant, AgencyId agency, boolean circle, Role... roles) {
        var mail = "petugas" + java.util.UUID.randomUUID() + "@uji.example";
        return officer(tenant, mail, agency, circle, roles);
    }

    public Actor officer(TestTenant tenant, String mail, AgencyId agency, boolean circle, Role... roles) {
        var officer = officers.add(
                tenant.system(), new NewOfficer("Petugas Rekaan", mail, agency, Set.of(roles), circle), PASSWORD);
        return officers.actorOf(tenant.id(), officer.id());
    }

    private AgencyId agency(Actor system, String code, String name, String duties) {
        return agencies.save(system, new Agency(AgencyId.next(), null, code, name, name, duties, true))
                .id();
    }
}
