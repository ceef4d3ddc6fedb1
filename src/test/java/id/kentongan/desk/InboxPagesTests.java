// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static id.kentongan.desk.DeskHouse.await;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The inbox over HTTP: what each filter shows, what it does not, and how many it says there are. */
@WithDatabase
class InboxPagesTests {
    private static final String ROAD = "Jalan amblas di depan SDN 2.";
    private static final String CARD = "KTP saya sudah tiga bulan belum jadi.";
    private static final String LAMP = "Lampu jalan mati sejak Senin.";
    private static final String MARKET = "Kapan pasar buka?";
    private static final String THANKS = "Terima kasih atas bantuannya.";

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    private DeskHouse house;
    private Regency regency;
    private ConversationId road;
    private ConversationId card;
    private ConversationId lamp;
    private ConversationId market;
    private ConversationId thanks;

    /**
     * Five conversations: a complaint of the works that is overdue, a question that Rina holds, a form that Budi holds and
     * has answered, a post that nobody holds, and one that is finished.
     */
    @BeforeEach
    void anInbox() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        var key = "https://warga.example/" + regency.tenant.id();
        regency.receives(
                regency.said(key + "/a", "wati", null, Duration.ofHours(5), ROAD),
                regency.said(key + "/b", "joko", null, Duration.ofHours(4), CARD),
                regency.said(key + "/c", "made", null, Duration.ofHours(3), MARKET),
                regency.said(key + "/d", "sri", null, Duration.ofHours(2), THANKS));
        regency.form("Bu Sri (rekaan)", LAMP, Map.of());
        road = regency.withCase(regency.budi, ROAD).id();
        card = regency.row(regency.budi, CARD).id();
        market = regency.row(regency.budi, MARKET).id();
        thanks = regency.row(regency.budi, THANKS).id();
        lamp = regency.withCase(regency.budi, LAMP).id();
        var all = house.conversations;
        all.assign(regency.budi, card, regency.rina.officer());
        all.assign(regency.budi, lamp, regency.budi.officer());
        all.reply(
                regency.budi,
                lamp,
                all.accessible(regency.budi, lamp)
                        .orElseThrow()
                        .replyTargets()
                        .getFirst()
                        .code(),
                "Sudah kami catat, Bu.",
                "k1",
                null);
        all.finish(regency.budi, thanks);
        var found = regency.caseOf(regency.budi, regency.row(regency.budi, ROAD));
        transactions.run(
                regency.tenant.system(),
                () -> all.mark(
                        regency.tenant.system(),
                        List.of(new CaseMark(
                                road,
                                found.id().value(),
                                found.publicNumber(),
                                CaseKind.COMPLAINT.code(),
                                "received",
                                regency.tenant.works(),
                                false,
                                false,
                                clock.instant().minus(Duration.ofDays(1))))));
    }

    private List<String> shown(Visitor visitor, String query) {
        var answer = visitor.get("/desk" + query);
        assertThat(answer.status()).as(query).isEqualTo(200);
        return answer.page()
                .select("#conversations .conversation__title span:last-child")
                .eachText();
    }

    @Test
    void eachFilterShowsWhatItNamesAndNothingElse() {
        var rina = visitor(regency.rina);
        var works = regency.tenant.works();
        assertThat(shown(rina, "")).containsExactlyInAnyOrder(ROAD, CARD, MARKET, LAMP);
        assertThat(shown(rina, "?kotak=milik")).containsExactly(CARD);
        assertThat(shown(rina, "?kotak=tanpa-tuan")).containsExactlyInAnyOrder(ROAD, MARKET);
        assertThat(shown(rina, "?kotak=belum-dijawab")).containsExactlyInAnyOrder(ROAD, CARD, MARKET);
        assertThat(shown(rina, "?kotak=terlambat")).containsExactly(ROAD);
        assertThat(shown(rina, "?kotak=selesai")).containsExactly(THANKS);
        assertThat(shown(rina, "?kotak=semua")).containsExactlyInAnyOrder(ROAD, CARD, MARKET, LAMP, THANKS);
        assertThat(shown(rina, "?kanal=web")).containsExactly(LAMP);
        assertThat(shown(rina, "?kanal=activitypub")).containsExactlyInAnyOrder(ROAD, CARD, MARKET);
        assertThat(shown(rina, "?kanal=email")).isEmpty();
        assertThat(shown(rina, "?dinas=" + works)).contains(ROAD).doesNotContain(CARD, MARKET, THANKS);
        assertThat(shown(rina, "?jenis=complaint")).contains(ROAD).doesNotContain(CARD, MARKET, THANKS);
        assertThat(shown(rina, "?jenis=whistle-blowing")).isEmpty();
        // And several together: what meets all of them.
        assertThat(shown(rina, "?kotak=tanpa-tuan&kanal=activitypub&dinas=" + works + "&jenis=complaint"))
                .containsExactly(ROAD);
        assertThat(shown(rina, "?kotak=milik&kanal=web")).isEmpty();
        assertThat(shown(visitor(regency.budi), "?kotak=milik")).containsExactly(LAMP);
        // An agency's officer has the same boxes, of what is within reach.
        assertThat(shown(visitor(regency.hendra), "?kotak=semua"))
                .contains(ROAD)
                .doesNotContain(CARD, MARKET, THANKS);
        for (var unknown : List.of("?kotak=x", "?kanal=telex", "?jenis=x", "?dinas=x")) {
            assertThat(rina.get("/desk" + unknown).status()).as(unknown).isEqualTo(404);
        }
    }

    @Test
    void unreadIsWhatThisOfficerHasNotOpenedSinceItWasSaidAndNobodyElse() {
        var rina = visitor(regency.rina);
        var budi = visitor(regency.budi);
        assertThat(shown(rina, "?kotak=belum-dibaca"))
                .as("what is answered or finished waits for nobody")
                .containsExactlyInAnyOrder(ROAD, CARD, MARKET);
        rina.get("/desk/percakapan/" + market);
        assertThat(shown(rina, "?kotak=belum-dibaca")).containsExactlyInAnyOrder(ROAD, CARD);
        assertThat(shown(budi, "?kotak=belum-dibaca")).containsExactlyInAnyOrder(ROAD, CARD, MARKET);
        var key = "https://warga.example/" + regency.tenant.id();
        regency.receives(regency.said(key + "/c2", "made", key + "/c", Duration.ZERO, "Pasar mana, ya?"));
        await(() -> Optional.of(shown(rina, "?kotak=belum-dibaca")).filter(each -> each.size() == 3));
        // Narrowed like every box; what is chosen stays chosen, and the way out keeps to the box.
        assertThat(shown(rina, "?kotak=belum-dibaca&jenis=complaint")).containsExactly(ROAD);
        for (var each : List.of(road, card, market)) {
            var page =
                    rina.get("/desk/percakapan/" + each + "?kotak=belum-dibaca").page();
            assertThat(page.select("#filter-box option[selected]").eachAttr("value"))
                    .containsExactly("belum-dibaca");
        }
        var empty = rina.get("/desk?kotak=belum-dibaca").page();
        assertThat(empty.text()).contains("Semua sudah Anda baca", "4 percakapan masih terbuka");
        // Whoever only reads leaves no mark: to them it would be a list of everything, and is not offered.
        var auditor = visitor(regency.officer("Asri Teliti", regency.tenant.office(), true, Role.AUDITOR));
        assertThat(auditor.get("/desk").page().select("#filter-box option").eachAttr("value"))
                .contains("belum-dijawab")
                .doesNotContain("belum-dibaca");
    }

    @Test
    void whatIsNotCountedToItsEndIsSaidToBeMore() {
        var rina = visitor(regency.rina);
        assertThat(heading(rina.get("/desk"))).isEqualTo("4 percakapan");
        copies(road, 996);
        var full = rina.get("/desk");
        assertThat(heading(full)).isEqualTo("1.000 percakapan");
        assertThat(rail(full, "/desk")).isEqualTo("1.000");
        copies(road, 1);
        var more = rina.get("/desk");
        assertThat(heading(more)).isEqualTo("Lebih dari 1.000 percakapan");
        assertThat(rail(more, "/desk")).isEqualTo("1.000+");
        assertThat(more.page().select("data[data-path=/desk]").text())
                .as("for a page that refreshes itself")
                .isEqualTo("1.000+");
        assertThat(rail(more, "/desk?kotak=milik")).isEqualTo("1");
        var english = rina.get("/desk?lang=en");
        assertThat(heading(english)).isEqualTo("More than 1,000 conversations");
        assertThat(rail(english, "/desk")).isEqualTo("1,000+");
    }

    private static String heading(Visitor.Answer answer) {
        return answer.page().select("#list-title").text();
    }

    private static String rail(Visitor.Answer answer, String path) {
        return Objects.requireNonNull(
                        answer.page().selectFirst("[data-count-of='" + path + "']"), "no number beside " + path)
                .text();
    }

    /** So many more of the same that only their ids tell apart. */
    private void copies(ConversationId id, int number) {
        transactions.run(
                regency.tenant.system(),
                () -> jdbc.sql("""
                                insert into inbox.conversation
                                    (tenant_id, id, account_id, network, contact_id, data_key_id, audience, thread_hash,
                                     opened_at, last_at, heard_at, waiting_since)
                                select tenant_id, gen_random_uuid(), account_id, network, contact_id, data_key_id, audience,
                                       decode(md5(gen_random_uuid()::text), 'hex'), opened_at, :now, :now, :now
                                from inbox.conversation, generate_series(1, :number)
                                where id = :id
                                """)
                        .param("now", Timestamp.from(clock.instant()))
                        .param("number", number)
                        .param("id", id.value())
                        .update());
    }

    private Visitor visitor(Actor officer) {
        return regency.visitor(officer, port);
    }
}
