// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.PublishedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The head's page: numbers of their agencies, what falls behind, what cannot wait, what was said in public. */
@WithDatabase
class HeadPageTests {
    private static final String ANSWERED = "Petugas kami turun besok pagi.";
    private static final String PRIVATELY = "Ini hanya untuk Anda.";
    private static final String TAKEN_BACK = "Ini kami tarik kembali.";

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    JdbcClient jdbc;

    DeskHouse house;
    Regency regency;

    @BeforeEach
    void threeAgenciesOfWhichOneStandsAboveTheOthers() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        var agencies = context.getBean(Agencies.class);
        for (var below : List.of(regency.tenant.works(), regency.tenant.registry())) {
            var each = agencies.find(regency.tenant.system(), below).orElseThrow();
            agencies.save(
                    regency.tenant.system(),
                    new Agency(
                            each.id(),
                            regency.tenant.office(),
                            each.code(),
                            each.name(),
                            each.shortName(),
                            each.duties(),
                            true));
        }
    }

    @Test
    void aHeadSeesWhatFallsBehindWhatCannotWaitAndWhatWasSaidInPublic() {
        var first = aCase("tono", "Jalan amblas dekat rumah Pak Karta nomor 12.", Audience.PUBLIC);
        var second = aCase("sri", "Jalan amblas di tikungan.", Audience.PUBLIC);
        var third = aCase("joko", "Jalan amblas lagi.", Audience.DIRECT);
        var fourth = aCase("tini", "Jalan amblas ujung desa.", Audience.PUBLIC);
        regency.form("Orang Dalam", "Ada suap amblas.", Map.of("kind", "whistle-blowing"));
        var secret = matter("Ada suap amblas");
        house.cases.forward(
                regency.budi,
                second.id(),
                regency.tenant.registry(),
                "Mohon dijawab.",
                matter("Jalan amblas di tikungan").version());
        answers(fourth, "Jalan amblas ujung desa", ANSWERED);
        answers(third, "Jalan amblas lagi", PRIVATELY);
        var withdrawn = reply("Jalan amblas ujung desa", TAKEN_BACK);
        house.conversations.withdraw(
                regency.budi, row("Jalan amblas ujung desa").id(), withdrawn);
        due(first, Duration.ofDays(-30));
        due(second, Duration.ofDays(-60));
        due(third, Duration.ofDays(-3));
        due(secret, Duration.ofDays(-90));

        var head = regency.officer("Kepala Rekaan", regency.tenant.office(), false, Role.HEAD);
        try (var browser = regency.signedIn(View.PHONE, head, port)) {
            var page = regency.open(browser, "/desk");
            assertThat(page.url()).endsWith("/desk/ringkasan");
            GuidePictures.take(page.locator("body"), "ringkasan");
            assertThat(page.locator("h1").innerText()).isEqualTo("2 dari 4 sudah terjawab; 2 terlambat");
            assertThat(text(page, "#head-body > .desk-sheet__head"))
                    .contains("perangkat daerah Anda dan unit di bawahnya");
            assertThat(page.locator("section[aria-labelledby=pressing] h3").allInnerTexts())
                    .containsExactly(second.publicNumber(), first.publicNumber());
            assertThat(text(page, "section[aria-labelledby=pressing]"))
                    .contains("Aduan", "Dinas PUPR", "Dinas Dukcapil", "Terlambat", "Batas:");
            assertThat(page.locator("section[aria-labelledby=behind] h3").allInnerTexts())
                    .containsExactly("Dinas Dukcapil", "Dinas PUPR");
            assertThat(text(page, "section[aria-labelledby=behind]")).contains("1 dari 1", "1 dari 3");
            assertThat(text(page, "section[aria-labelledby=by-agency]")).contains("Dinas PUPR", "Dinas Dukcapil");
            assertThat(text(page, "section[aria-labelledby=jawaban]"))
                    .contains(ANSWERED, fourth.publicNumber())
                    .doesNotContain(PRIVATELY, TAKEN_BACK);
            assertThat(page.content())
                    .doesNotContain(
                            "amblas",
                            "Karta",
                            "tono",
                            "tini",
                            "joko",
                            "warga.example",
                            "Orang Dalam",
                            secret.publicNumber());
            page.locator("section[aria-labelledby=pressing] h3 a").first().click();
            assertThat(page.url()).endsWith("/lacak/" + second.publicNumber());
            assertThat(page.content()).doesNotContain("tikungan");
        }
    }

    @Test
    void aHeadOfOneAgencySeesNothingOfAnother() {
        var ours = aCase("tono", "Jalan amblas dekat pasar.", Audience.PUBLIC);
        var theirs = aCase("sri", "Jalan amblas di tikungan.", Audience.PUBLIC);
        var answered = aCase("dewi", "Jalan amblas depan sekolah.", Audience.PUBLIC);
        for (var each : List.of(theirs, answered)) {
            house.cases.forward(
                    regency.budi,
                    each.id(),
                    regency.tenant.registry(),
                    "Mohon dijawab.",
                    house.cases
                            .accessible(regency.budi, each.id())
                            .orElseThrow()
                            .version());
        }
        answers(answered, "Jalan amblas depan sekolah", ANSWERED);
        due(ours, Duration.ofDays(-30));
        due(theirs, Duration.ofDays(-60));
        var works = regency.officer("Kepala PUPR", regency.tenant.works(), false, Role.HEAD);
        var registry = regency.officer("Kepala Dukcapil", regency.tenant.registry(), false, Role.HEAD);
        var cases = context.getBean(Cases.class);
        assertThat(cases.pressing(works, 10))
                .extracting(each -> each.publicNumber())
                .containsExactly(ours.publicNumber());
        assertThat(cases.pressing(registry, 10))
                .extracting(each -> each.publicNumber())
                .containsExactly(theirs.publicNumber());
        assertThat(house.conversations.published(works, null, 10).items()).isEmpty();
        // An answer may tell besides when the case closes by itself.
        assertThat(DeskHouse.await(() -> Optional.of(published(registry)).filter(all -> !all.isEmpty())))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(ANSWERED);
        var elsewhere = house.new Regency();
        var stranger = elsewhere.officer("Kepala Lain", elsewhere.tenant.works(), false, Role.HEAD);
        assertThat(cases.pressing(stranger, 10)).isEmpty();
        assertThat(house.conversations.published(stranger, null, 10).items()).isEmpty();
    }

    @Test
    void answersAreReadPageByPageAndShownAsTheyStandAfterACorrection() {
        aCase("tono", "Jalan amblas dekat pasar.", Audience.PUBLIC);
        var wrong = reply("Jalan amblas dekat pasar", "Petugas turun hari Rabu.");
        for (var i = 0; i < 4; i++) {
            reply("Jalan amblas dekat pasar", "Kabar ke-" + i + ".");
        }
        house.conversations.correct(
                regency.budi, row("Jalan amblas dekat pasar").id(), wrong, "Petugas turun hari Kamis.", 0);
        var head = regency.officer("Kepala PUPR", regency.tenant.works(), false, Role.HEAD);
        DeskHouse.await(() -> Optional.of(published(head)).filter(all -> all.size() == 5));
        var newest = house.conversations.published(head, null, 3);
        assertThat(newest.items())
                .extracting(PublishedAnswer::text)
                .containsExactly("Kabar ke-3.", "Kabar ke-2.", "Kabar ke-1.");
        var older = house.conversations.published(head, newest.next(), 3);
        assertThat(older.items())
                .extracting(PublishedAnswer::text)
                .containsExactly("Kabar ke-0.", "Petugas turun hari Kamis.");
        assertThat(older.items().getLast().corrected()).isTrue();
        assertThat(older.next()).isNull();
    }

    @Test
    void withNothingToShowThePageSaysSo() {
        var head = regency.officer("Kepala PUPR", regency.tenant.works(), false, Role.HEAD);
        try (var browser = regency.signedIn(View.PHONE, head, port)) {
            var page = regency.open(browser, "/desk/ringkasan");
            assertThat(text(page, "main"))
                    .contains("Belum ada kasus", "Tidak ada kasus yang menunggu", "Belum ada jawaban di depan umum");
            Browser.assertAccessible(page);
            Browser.assertNoSidewaysScrolling(page);
        }
    }

    private List<String> published(Actor actor) {
        return house.conversations.published(actor, null, 10).items().stream()
                .map(PublishedAnswer::text)
                .toList();
    }

    private CaseView aCase(String who, String text, Audience audience) {
        regency.receives(new Item.Said(
                "https://warga.example/" + Ids.next(),
                regency.ago(Duration.ofMinutes(5)),
                regency.author(who),
                audience,
                null,
                text,
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of()));
        return matter(text.substring(0, text.length() - 1));
    }

    private ConversationRow row(String text) {
        return regency.withCase(regency.budi, text);
    }

    private CaseView matter(String text) {
        return regency.caseOf(regency.budi, row(text));
    }

    private MessageId reply(String where, String text) {
        var row = row(where);
        var id = house.conversations.reply(
                regency.budi, row.id(), "public", text, Ids.next().toString(), null);
        DeskHouse.await(() -> house.conversations
                .message(regency.budi, row.id(), id)
                .filter(each -> each.status() != null && each.status().state() == OutgoingStatus.State.SENT));
        return id;
    }

    private void answers(CaseView matter, String where, String text) {
        house.cases.answer(
                regency.budi,
                matter.id(),
                text,
                Ids.next().toString(),
                matter(where).version());
    }

    private void due(CaseView matter, Duration from) {
        var changed = context.getBean(ActorTransactions.class)
                .write(
                        regency.tenant.system(),
                        () -> jdbc.sql("update casework.case set due_at = now() + ? * interval '1 second' where id = ?")
                                .params(from.toSeconds(), matter.id().value())
                                .update());
        assertThat(changed).isEqualTo(1);
    }

    private static String text(Page page, String where) {
        return page.locator(where).innerText();
    }
}
