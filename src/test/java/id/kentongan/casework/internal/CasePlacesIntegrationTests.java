// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases.Answer;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Delivered;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Ids;
import id.kentongan.testing.WithDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Where the reporter of a case is answered: by what they said last, whatever others say in the same thread. */
@WithDatabase
class CasePlacesIntegrationTests {
    @Autowired
    ApplicationContext context;

    CaseworkHouse house;

    @BeforeEach
    void aRegency() {
        house = new CaseworkHouse(context);
    }

    /** Reported in public, told more in private, and then somebody else joins in public. */
    private CaseView toldInPrivateAndJoinedInPublic() {
        var first = house.says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = house.newest();
        house.says("wati", Audience.DIRECT, delivered(found), "Gang Rahasia nomor 7");
        heard(found, "added");
        house.says("tono", Audience.PUBLIC, first, "saya juga");
        return house.now(found);
    }

    /** The key of our private message with the link, once the network took it. */
    private String delivered(CaseView found) {
        var key = "http://127.0.0.1:9/n/" + Ids.next();
        var about = house.told(found).stream()
                .filter(message -> message.audience() == Audience.DIRECT)
                .findFirst()
                .orElseThrow()
                .id()
                .value();
        var outgoing = house.transactions.read(
                house.tenant.system(),
                () -> house.jdbc
                        .sql("select outgoing_id from inbox.message where id = ?")
                        .param(about)
                        .query(UUID.class)
                        .single());
        context.publishEvent(new Delivered(house.tenant.id(), new OutgoingId(outgoing), house.account, key, about));
        return key;
    }

    private void heard(CaseView found, String what) {
        CaseworkHouse.await(() -> Optional.of(house.events(found)).filter(events -> events.contains(what)));
    }

    private void answers(CaseView found, String text, @Nullable String target) {
        house.cases.answer(
                house.officer,
                found.id(),
                new Answer(text, Ids.next().toString(), found.version(), target, null, List.of()));
    }

    private MessageView answer(CaseView found) {
        return house.told(found).stream()
                .filter(message -> !message.automatic())
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private List<Audience> places(CaseView found) {
        return house.cases.places(house.officer, found.id()).getFirst().targets().stream()
                .map(ReplyTarget::audience)
                .toList();
    }

    @Test
    void whatTheReporterSaidInPrivateIsAnsweredInPrivateWhateverOthersSayInPublic() {
        var found = toldInPrivateAndJoinedInPublic();
        assertThat(places(found)).containsExactly(Audience.DIRECT, Audience.PUBLIC);
        answers(found, "Rumah Ibu kami datangi besok.", null);
        assertThat(answer(found).audience()).isEqualTo(Audience.DIRECT);
    }

    @Test
    void theOfficerMayChooseThePublicAndOnlyAPlaceThatIsThere() {
        var found = toldInPrivateAndJoinedInPublic();
        assertThat(CaseworkHouse.refusal(() -> answers(found, "Sudah.", "somewhere")))
                .isEqualTo("inbox.no-such-target");
        assertThat(house.answers(found)).isEmpty();
        answers(found, "Jalan sudah diperbaiki.", "public");
        assertThat(answer(found).audience()).isEqualTo(Audience.PUBLIC);
    }

    @Test
    void whatIsPutOffIsToldWhereTheReporterSpokeLast() {
        var found = toldInPrivateAndJoinedInPublic();
        var until = LocalDate.now(house.tenant.tenant().zone()).plusDays(5);
        house.cases.postpone(house.officer, found.id(), "Pemilik lahan sakit", until, found.version());
        assertThat(answer(found).audience()).isEqualTo(Audience.DIRECT);
    }

    @Test
    void whatTheReporterAddsByTheirLinkIsPrivateToo() {
        house.says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = house.newest();
        assertThat(places(found)).first().isEqualTo(Audience.PUBLIC);
        house.cases.add(
                house.tenant.id(),
                house.secret(found, "/lacak/r/"),
                "Gang Rahasia nomor 7",
                List.of(),
                Ids.next().toString());
        heard(found, "added");
        assertThat(places(found)).first().isEqualTo(Audience.DIRECT);
    }

    @Test
    void theReporterIsWhoAskedNotWhoseThreadItIs() {
        var first = house.says("wati", Audience.PUBLIC, null, "Selamat pagi");
        house.says("budi", Audience.PUBLIC, first, "jalan rusak");
        var found = house.newest();
        assertThat(found.reporterName()).startsWith("@budi@");
        var place = house.cases.places(house.officer, found.id()).getFirst();
        assertThat(place.owners()).isFalse();
        assertThat(place.targets()).extracting(ReplyTarget::audience).containsExactly(Audience.PUBLIC, Audience.DIRECT);
        answers(found, "Kami kirim petugas.", "private");
        assertThat(answer(found).audience()).isEqualTo(Audience.DIRECT);
    }

    @Test
    void aConfidentialCaseHasNoPublicPlace() {
        house.says("wati", Audience.PUBLIC, null, "jalan rusak");
        var found = house.newest();
        house.asSystem(
                "update casework.case set confidential = true where id = ?",
                found.id().value());
        assertThat(places(found)).containsExactly(Audience.DIRECT);
        assertThat(CaseworkHouse.refusal(() -> answers(house.now(found), "Sudah.", "public")))
                .isEqualTo("inbox.no-such-target");
    }
}
