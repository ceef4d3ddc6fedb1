// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.ClockKind;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.kernel.Ids;
import id.kentongan.testing.WithDatabase;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** What a canned answer says to a citizen is meant for a citizen: no words of the desk, no places left empty. */
@WithDatabase
class CannedAnswersTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    private DeskHouse house;
    private Regency regency;

    @BeforeEach
    void aRegency() {
        house = new DeskHouse(context);
        regency = house.new Regency();
    }

    @Test
    void whoseNameIsNotKnownIsAddressedPolitelyAndTheDeadlineIsTheOneOfTheAnswer() {
        regency.form("", "Lampu jalan mati di depan pasar.", Map.of("kind", "complaint", "identity", "anonymous"));
        var row = regency.withCase(regency.budi, "Lampu jalan");
        var text = filled(row);
        assertThat(text).startsWith("Terima kasih, Bapak/Ibu. Laporan KTG-").doesNotContain("anonim", "{nama}");
        var due = regency.caseOf(regency.budi, row).clocks().stream()
                .filter(each -> each.metAt() == null && each.kind() != ClockKind.VERIFY)
                .min(Comparator.comparing(id.kentongan.casework.Clock::dueAt))
                .orElseThrow()
                .dueOn();
        assertThat(text).containsPattern("paling lambat \\D*" + due.getDayOfMonth() + "\\D");
        regency.form("Bu Sri (rekaan)", "Jembatan desa retak.", Map.of("kind", "complaint", "identity", "open"));
        assertThat(filled(regency.withCase(regency.budi, "Jembatan desa")))
                .startsWith("Terima kasih, Bu Sri (rekaan).");
    }

    @Test
    void noPlaceThatIsStillEmptyIsSent() {
        regency.form("", "Lampu jalan mati di depan pasar.", Map.of("kind", "complaint", "identity", "open"));
        var row = regency.withCase(regency.budi, "Lampu jalan");
        var target = house.conversations
                .accessible(regency.budi, row.id())
                .orElseThrow()
                .replyTargets()
                .getFirst()
                .code();
        var browser = regency.visitor(regency.budi, port);
        var conversation = "/desk/percakapan/" + row.id();
        browser.get(conversation);
        var found = regency.caseOf(regency.budi, row);
        for (var variable : new String[] {"{nama}", "{nomor}", "{dinas}", "{batas}"}) {
            var form = Map.of(
                    "text",
                    "Kami kabari: " + variable,
                    "target",
                    target,
                    "key",
                    Ids.next().toString(),
                    "version",
                    "0");
            for (var path : new String[] {conversation + "/jawab", "/desk/kasus/" + found.id() + "/jawab"}) {
                var answer = browser.post(path, form);
                assertThat(answer.status()).as(path + variable).isEqualTo(422);
                assertThat(answer.page().text()).contains("Gantilah " + variable);
            }
        }
        assertThat(house.conversations
                        .messages(regency.budi, row.id(), null, 20)
                        .items())
                .extracting(each -> String.valueOf(each.text()))
                .noneMatch(text -> text.contains("Kami kabari"));
    }

    private String filled(ConversationRow row) {
        var browser = regency.visitor(regency.budi, port);
        var path = "/desk/percakapan/" + row.id();
        browser.get(path);
        var canned = house.conversations.cannedAnswers(regency.budi).stream()
                .filter(each -> each.title().equals("Sudah diteruskan"))
                .findFirst()
                .orElseThrow();
        browser.post(path + "/siap/" + canned.id(), Map.of());
        return browser.get(path).page().select("textarea#text").val();
    }
}
