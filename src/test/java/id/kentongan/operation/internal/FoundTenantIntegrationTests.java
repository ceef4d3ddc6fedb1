// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

@WithDatabase
class FoundTenantIntegrationTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    Tenants tenants;

    @Autowired
    Officers officers;

    @Autowired
    Agencies agencies;

    @Autowired
    Rules rules;

    @Autowired
    Accounts accounts;

    private Shell shell;
    private final String host = "t" + UUID.randomUUID().toString().replace("-", "") + ".example";

    @BeforeEach
    void shell() {
        shell = new Shell(context);
    }

    private Shell.Ended create(String... more) {
        var words = new java.util.ArrayList<>(List.of(
                "tenant",
                "create",
                "--name",
                "Sukamakmur",
                "--kind",
                "kota",
                "--host",
                host,
                "--zone",
                "WITA",
                "--admin-mail",
                "ani@uji.example",
                "--admin-name",
                "Ani Laras"));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    @Test
    void aGovernmentIsMadeWithEverythingItNeedsAndItsAdministratorComesInByTheLink() throws Exception {
        var made = create("--json");
        assertThat(made.code()).as(made.err()).isZero();
        var said = new JsonMapper().readTree(made.out());
        assertThat(said.get("name").asString()).isEqualTo("Kota Sukamakmur");
        assertThat(said.get("address").asString()).isEqualTo("https://" + host);

        var tenant = tenants.byHost(host).orElseThrow();
        assertThat(tenant.shortName()).isEqualTo("Kota Sukamakmur");
        assertThat(tenant.zone()).isEqualTo(ZoneId.of("Asia/Makassar"));
        assertThat(tenant.demonstration()).isFalse();
        var system = Actor.system(tenant.id(), "test");
        assertThat(agencies.all(system)).extracting(each -> each.code()).containsExactly("diskominfo");
        assertThat(accounts.all(system)).extracting(each -> each.network()).containsExactly(Network.WEB);
        assertThat(rules.deadlines(system)).isNotEmpty();
        assertThat(officers.all(system)).singleElement().satisfies(officer -> {
            assertThat(officer.name()).isEqualTo("Ani Laras");
            assertThat(officer.roles()).containsExactly(Role.ADMINISTRATOR);
        });

        // The link is at the government's own address and lets a password be chosen, once.
        var link = said.get("invitation").asString();
        assertThat(link).startsWith("https://" + host + "/invitation/");
        var browser = new Visitor(port, host);
        var path = link.substring(("https://" + host).length());
        assertThat(browser.get(path).status()).isEqualTo(200);
        var accepted = browser.post(
                path,
                Map.of("name", "Ani Laras", "password", "sandi panjang untuk uji", "again", "sandi panjang untuk uji"));
        assertThat(accepted.location()).isEqualTo("/sign-in/second-factor");
        assertThat(new Visitor(port, host).get(path).status()).as("used").isEqualTo(404);
    }

    @Test
    void aHostNameThatIsTakenMakesNothing() {
        assertThat(create().code()).isZero();
        var before = tenants.all().size();
        var again = create();
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains(host, "sudah dipakai");
        assertThat(create("--language", "en").err()).contains("belongs to another government");
        assertThat(tenants.all()).hasSize(before);
    }

    @Test
    void wrongWordsAreNamedAndMakeNothing() {
        var before = tenants.all().size();
        refused("--kind is kabupaten or kota, not 'provinsi'", "--kind", "provinsi");
        refused("--host needs the name", "--host", "https://lapor.example/");
        refused("--host needs the name", "--host", "a".repeat(64) + ".example");
        refused("--zone is WIB, WITA or WIT", "--zone", "Bulan");
        refused("--admin-mail needs a mail address", "--admin-mail", "ani");
        refused("--prefix needs two to six capital letters", "--prefix", "k");
        refused("--name needs a name of at most 100", "--name", "x".repeat(101));
        assertThat(shell.run("tenant", "create", "--kind", "kota").err()).contains("--name is missing");
        assertThat(shell.run("tenant", "create", "--colour", "red").err()).contains("does not know '--colour'");
        assertThat(shell.run("tenant", "found").code()).isEqualTo(2);
        assertThat(shell.run("tenant").err()).contains("tenant knows create");
        assertThat(tenants.all()).hasSize(before);
    }

    private void refused(String why, String option, String value) {
        var words = new java.util.ArrayList<>(List.of(
                "tenant",
                "create",
                "--name",
                "Sukamakmur",
                "--kind",
                "kota",
                "--host",
                host,
                "--zone",
                "WIB",
                "--admin-mail",
                "ani@uji.example",
                "--prefix",
                "KTG"));
        words.set(words.indexOf(option) + 1, value);
        var ended = shell.run(words.toArray(String[]::new));
        assertThat(ended.err()).contains(why);
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void theListNamesEveryGovernment() {
        assertThat(create().code()).isZero();
        assertThat(shell.run("tenant", "list").out())
                .contains("Kota Sukamakmur  https://" + host + "  1 perangkat daerah, 1 petugas");
        assertThat(shell.run("tenant", "list", "--json").out()).contains("\"address\":\"https://" + host + "\"");
    }
}
