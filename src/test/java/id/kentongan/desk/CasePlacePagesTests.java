// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseView;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Ids;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** The pages of a case say whom an answer or a reason reaches and who reads it there. */
@WithDatabase
class CasePlacePagesTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    DeskHouse house;
    Regency regency;
    Visitor rina;

    @BeforeEach
    void aRegency() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        rina = regency.visitor(regency.rina, port);
    }

    private String key(String name) {
        return "https://warga.example/" + regency.tenant.id() + "/" + name;
    }

    /** Wati's own thread, in which she reports. */
    private ConversationRow watis() {
        regency.receives(regency.said(key("1"), "wati", null, Duration.ofHours(1), "Jalan amblas di Gang Mawar."));
        return regency.withCase(regency.rina, "Gang Mawar");
    }

    /** Wati's thread, in which Budi reports. */
    private ConversationRow budisInWatis() {
        regency.receives(
                regency.said(key("1"), "wati", null, Duration.ofHours(2), "Selamat pagi."),
                regency.said(key("2"), "budi", key("1"), Duration.ofHours(1), "Jalan amblas di Gang Melati."));
        return regency.withCase(regency.rina, "Gang Melati");
    }

    private MessageView answer(ConversationRow row) {
        return house.conversations.messages(regency.rina, row.id(), null, 100).items().stream()
                .filter(each -> each.direction() == Direction.OUT && !each.automatic())
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private CaseView now(ConversationRow row) {
        return regency.caseOf(regency.rina, row);
    }

    @Test
    void theCasePageNamesTheReporterInSomebodyElsesThread() {
        var found = now(budisInWatis());
        var page = rina.get("/desk/kasus/" + found.id()).page();
        assertThat(page.select(".about .facts").text()).contains("Pelapor @budi@warga.example");
        assertThat(page.select("section[aria-labelledby=waiting]").text()).contains("@budi@warga.example");
        assertThat(page.select("#answer .reply__places").text())
                .contains("di bawah pesan @budi@warga.example (terbaca siapa pun)")
                .doesNotContain("@wati");
    }

    @Test
    void theOfficerChoosesOnTheCasePageWhetherAllReadTheAnswer() {
        var row = watis();
        var found = now(row);
        var places = rina.get("/desk/kasus/" + found.id()).page().select("#answer input[name=target]");
        assertThat(places.eachAttr("value")).containsExactly("public", "private");
        assertThat(places.select("[checked]").eachAttr("value")).containsExactly("public");
        var odd = rina.post(
                "/desk/kasus/" + found.id() + "/jawab",
                Map.of(
                        "text",
                        "Rumah Ibu kami datangi.",
                        "target",
                        "nowhere",
                        "key",
                        Ids.next().toString(),
                        "version",
                        "" + found.version()));
        assertThat(odd.status()).isEqualTo(422);
        assertThat(odd.page().select("#text").text()).isEqualTo("Rumah Ibu kami datangi.");
        assertThat(odd.page().select("#text-error").text()).contains("Pilih tempat jawaban akan tampil.");
        var empty = rina.post(
                "/desk/kasus/" + found.id() + "/jawab",
                Map.of("text", "", "target", "private", "version", "" + found.version()));
        assertThat(empty.page().select("#answer input[name=target][checked]").eachAttr("value"))
                .as("the choice is not lost")
                .containsExactly("private");
        assertThat(rina.post(
                                "/desk/kasus/" + found.id() + "/jawab",
                                Map.of(
                                        "text",
                                        "Rumah Ibu kami datangi.",
                                        "target",
                                        "private",
                                        "key",
                                        Ids.next().toString(),
                                        "version",
                                        "" + found.version()))
                        .status())
                .isEqualTo(302);
        assertThat(answer(row).audience()).isEqualTo(Audience.DIRECT);
    }

    private Visitor.Answer replies(ConversationRow row, Map<String, String> more) {
        var form = new HashMap<>(Map.of(
                "text",
                "Kami tambal besok.",
                "target",
                "public",
                "key",
                Ids.next().toString()));
        form.putAll(more);
        return rina.post("/desk/percakapan/" + row.id() + "/jawab", form);
    }

    @Test
    void anAnswerInTheConversationAnswersTheCaseWhenTheOfficerSaysSo() {
        var row = watis();
        var found = now(row);
        var box = rina.get("/desk/percakapan/" + row.id()).page().select("#reply");
        assertThat(box.select("label[for=answers]").text()).isEqualTo("Ini menjawab kasus " + found.publicNumber());
        assertThat(box.select("#answers[checked]")).isEmpty();
        assertThat(replies(row, Map.of()).status()).isEqualTo(302);
        assertThat(rina.get("/desk/percakapan/" + row.id())
                        .page()
                        .select("#reply")
                        .text())
                .contains("Kasus " + found.publicNumber() + " tetap menunggu jawaban.");
        // Hearing that something was said to the citizen changes the case too.
        var besides = DeskHouse.await(() -> Optional.of(now(row))
                .filter(each ->
                        each.timeline().stream().anyMatch(line -> line.what().equals("noted"))));
        assertThat(besides.state()).isNotEqualTo(CaseState.ANSWERED);

        var matter = found.id().toString();
        var late = replies(row, Map.of("answers", matter, "case-version", "" + (besides.version() + 7)));
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.page().select("#text").text()).isEqualTo("Kami tambal besok.");
        assertThat(late.page().select("#answers[checked]"))
                .as("the tick is not lost")
                .hasSize(1);
        var version = late.page().select("#reply input[name=case-version]").attr("value");
        var before = answer(row).id();
        assertThat(replies(row, Map.of("answers", matter, "case-version", version))
                        .status())
                .isEqualTo(302);
        assertThat(now(row).state()).isEqualTo(CaseState.ANSWERED);
        assertThat(now(row).clocks())
                .allSatisfy(clock -> assertThat(clock.metAt()).isNotNull());
        assertThat(answer(row).id()).isNotEqualTo(before);
        assertThat(answer(row).text()).startsWith("Kami tambal besok.");
        assertThat(rina.get("/desk/percakapan/" + row.id()).page().select("#answers"))
                .as("what is answered waits for nothing")
                .isEmpty();
    }

    @Test
    void aNoteAnswersNoCaseAndWhatIsRefusedSendsNothing() {
        var row = watis();
        var found = now(row);
        var matter = found.id().toString();
        var version = "" + found.version();
        var note = replies(row, Map.of("target", "note", "answers", matter, "case-version", version));
        assertThat(note.status()).isEqualTo(422);
        assertThat(note.page().select("#answers-error").text()).contains("Catatan internal tidak menjawab kasus");
        assertThat(replies(row, Map.of("target", "nowhere", "answers", matter, "case-version", version))
                        .status())
                .isEqualTo(422);
        assertThat(replies(row, Map.of("answers", "x", "case-version", version)).status())
                .isEqualTo(409);
        assertThat(house.conversations
                        .messages(regency.rina, row.id(), null, 100)
                        .items())
                .noneMatch(each -> "Kami tambal besok.".equals(each.text()));
        assertThat(now(row).state()).isNotEqualTo(CaseState.ANSWERED);
    }

    @Test
    void inSomebodyElsesThreadTheBoxSaysThatTheCaseIsAnsweredElsewhere() {
        var row = budisInWatis();
        var box = rina.get("/desk/percakapan/" + row.id()).page().select("#reply");
        assertThat(box.select("#answers")).isEmpty();
        assertThat(box.text()).contains("Balasan di sini tidak menjawab kasus " + now(row).publicNumber());
        assertThat(box.select("a[href$='#answer']").attr("href")).isEqualTo("/desk/kasus/" + now(row).id() + "#answer");
    }

    private String secret(ConversationRow row) {
        return house.conversations.messages(regency.tenant.system(), row.id(), null, 100).items().stream()
                .map(each -> Pattern.compile("/lacak/r/([A-Za-z0-9_-]+)").matcher(String.valueOf(each.text())))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theReportersPageCallsNobodyElseYouAndShowsNothingThatWasSaidToOthers() {
        var stranger = regency.said(key("0"), "alis", key("1"), Duration.ofHours(3), "Kata orang lewat.");
        var row = budisInWatis();
        regency.receives(new Item.Said(
                stranger.remoteKey(),
                stranger.at(),
                stranger.author(),
                stranger.audience(),
                stranger.parentKey(),
                stranger.text(),
                null,
                "id",
                null,
                false,
                List.of(),
                Map.of()));
        assertThat(house.conversations
                        .messages(regency.rina, row.id(), null, 100)
                        .items())
                .as("the officers read it")
                .anyMatch(each -> "Kata orang lewat.".equals(each.text()));
        var visitor = new Visitor(port, regency.tenant.tenant().host());
        var said = visitor.get("/lacak/r/" + secret(row)).page().select("section[aria-labelledby=said] .spoken");
        assertThat(said.select("p:first-child strong").eachText())
                .contains("@wati@warga.example", "Anda", "Pemerintah daerah");
        for (var each : said) {
            assertThat(each.select("strong").text().equals("Anda"))
                    .as(each.text())
                    .isEqualTo(
                            each.text().contains("Gang Melati") && !each.text().contains("Pemerintah daerah"));
        }
        assertThat(said.text()).doesNotContain("Kata orang lewat.");
    }

    @Test
    void whoReadsTheReasonStandsAtEveryFormThatTellsIt() {
        var row = budisInWatis();
        for (var path : new String[] {"/desk/kasus/" + now(row).id(), "/desk/percakapan/" + row.id()}) {
            var page = rina.get(path).page();
            for (var form : new String[] {"postpone", "refer", "archive"}) {
                assertThat(page.select("#" + form + " .reply__places").text())
                        .as(path + " " + form)
                        .contains("Fediverse, di bawah pesan @budi@warga.example (terbaca siapa pun)");
            }
        }
    }
}
