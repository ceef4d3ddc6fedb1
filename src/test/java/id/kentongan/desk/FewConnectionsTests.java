// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.inbox.ConversationRow;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

/** With two connections for everybody, many officers at once are slow, but nobody waits for ever. */
@WithDatabase
@TestPropertySource(
        properties = {
            "spring.datasource.hikari.maximum-pool-size=2",
            "spring.datasource.hikari.connection-timeout=120000"
        })
class FewConnectionsTests {
    private static final int OFFICERS = 8;

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    JdbcClient jdbc;

    @Test
    void everybodyReadsAtOnceAndEveryReadingIsNoted() throws Exception {
        var regency = new DeskHouse(context).new Regency();
        var rows = new ArrayList<ConversationRow>();
        for (var i = 0; i < 2; i++) {
            var text = "Jalan amblas di titik " + i;
            regency.receives(regency.said(
                    "https://warga.example/" + regency.tenant.id() + "/" + i,
                    "wati" + i,
                    null,
                    Duration.ofMinutes(5),
                    text));
            rows.add(regency.withCase(regency.budi, text));
        }
        var paths = new ArrayList<String>();
        for (var row : rows) {
            paths.add("/desk/percakapan/" + row.id());
            paths.add("/desk/kasus/" + regency.caseOf(regency.budi, row).id());
        }
        var browsers = new ArrayList<Visitor>();
        for (var i = 0; i < OFFICERS; i++) {
            var name = "Petugas " + i;
            regency.officer(name, regency.tenant.office(), false, Role.COMMUNICATION_OFFICER);
            var browser = new Visitor(port, regency.tenant.tenant().host());
            browser.get("/sign-in");
            assertThat(browser.post(
                                    "/sign-in",
                                    Map.of(
                                            "mail",
                                            name.toLowerCase(java.util.Locale.ROOT)
                                                            .replace(' ', '.') + "@uji.example",
                                            "password",
                                            TestTenants.PASSWORD))
                            .location())
                    .isEqualTo("/desk");
            browsers.add(browser);
        }
        var start = new CyclicBarrier(OFFICERS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<List<Integer>>>();
            for (var browser : browsers) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return paths.stream()
                            .map(path -> browser.get(path).status())
                            .toList();
                }));
            }
            for (var answer : answers) {
                assertThat(answer.get()).containsOnly(200);
            }
        }
        var noted = context.getBean(id.kentongan.database.ActorTransactions.class)
                .read(
                        regency.tenant.system(),
                        () -> jdbc.sql("""
                                select count(distinct (actor, subject_id))
                                from privacy.reading
                                where actor <> ?
                                """)
                                .param(regency.budi.id())
                                .query(Integer.class)
                                .single());
        assertThat(noted).isEqualTo(OFFICERS * paths.size());
    }
}
