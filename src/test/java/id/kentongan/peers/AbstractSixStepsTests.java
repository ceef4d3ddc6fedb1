// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.peers.CitizensServer.Shown;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The six steps with a citizen's own server, whichever it is. */
@Tag("peers")
@WithDatabase
abstract class AbstractSixStepsTests {
    private static final Pattern NUMBER = Pattern.compile("KTG-\\d{4}-\\d{6}");
    private static final Pattern LINK = Pattern.compile("http://[^\\s\"<]+/lacak/r/[^\\s\"<]+");
    private static TestTenant tenant;
    private static Account account;

    @Autowired
    TestTenants testTenants;

    @Autowired
    Tenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    RoutingRules routing;

    @Autowired
    Rules rules;

    @Autowired
    Conversations conversations;

    @Autowired
    Cases cases;

    @Autowired
    Outbox outbox;

    @LocalServerPort
    int port;

    private Actor officer;
    private Actor liaison;

    abstract CitizensServer server();

    @BeforeEach
    void aRegencyTheOthersCanFind() {
        var host = "127.0.0.1:" + port;
        if (tenant == null || tenants.byHost(host).isEmpty()) {
            tenant = testTenants.found(host);
            rules.installDefaults(tenant.system());
            account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabupaten Uji", "Akun resmi");
            routing.save(
                    tenant.system(),
                    new RoutingRule(
                            Ids.next(),
                            1,
                            "Jalan",
                            List.of("jalan rusak", "lubang"),
                            null,
                            null,
                            CaseKind.COMPLAINT,
                            "Jalan",
                            tenant.registry(),
                            "Uji coba",
                            LocalDate.of(2020, 1, 1),
                            null));
        }
        officer = testTenants.officer(tenant, tenant.office(), true, Role.COMMUNICATION_OFFICER);
        liaison = testTenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
    }

    @Test
    void aMentionUnderAPostBecomesACaseWhoseAnswerAppearsInTheCitizensThread() {
        var post = post("Perbaikan jalan dimulai pekan ini " + unique());
        var mark = unique();
        var said = server().say("sari", "Jalan rusak di depan SD " + mark, us(), post, false);

        // Step 2: within two seconds of arriving, in the inbox, once.
        var row = conversation(mark);
        assertThat(row.audience()).isEqualTo(Audience.PUBLIC);

        // Step 3: a receipt where they wrote, and the secret link privately.
        var receipt = shown("sari", each -> !each.direct() && said.equals(each.parent()) && hasNumber(each));
        var number = found(NUMBER, receipt.text());
        var link = shown("sari", each -> each.direct() && each.text().contains(number) && hasLink(each));
        assertThat(LINK.matcher(receipt.text()).find())
                .as("no secret in public")
                .isFalse();

        // Step 4: forwarded with a covering note, answered by the agency's liaison officer.
        var opened = cases.ofConversation(officer, row.id()).orElseThrow();
        assertThat(opened.publicNumber()).isEqualTo(number);
        cases.forward(officer, opened.id(), tenant.works(), "Mohon dicek.", opened.version());
        var theirs = cases.accessible(liaison, opened.id()).orElseThrow();
        var answer = "Ditambal besok pagi " + unique();
        cases.answer(liaison, opened.id(), answer, UUID.randomUUID().toString(), theirs.version());

        // Step 5: the answer stands under what the citizen wrote; what they add lands in the same case.
        var answered = shown("sari", each -> each.text().contains(answer));
        assertThat(answered.direct()).isFalse();
        assertThat(answered.parent()).isEqualTo(said);
        var more = unique();
        server().say("sari", "Terima kasih, lubang lain ada di gang " + more, us(), answered.id(), false);
        await(
                "the citizen's second message",
                () -> messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains(more))
                        .findFirst());
        assertThat(rows(mark)).hasSize(1);
        assertThat(cases.ofConversation(officer, row.id()).orElseThrow().id()).isEqualTo(opened.id());

        // The secret link opens the case for its reporter.
        var secret = found(LINK, link.text()).replaceFirst(".*/lacak/r/", "");
        assertThat(cases.bySecret(tenant.id(), secret)).isPresent();

        // Each of ours has its receipt: the peer's inbox took it.
        await(
                "receipts",
                () -> messages(row).stream()
                                .filter(each -> each.direction() == MessageView.Direction.OUT)
                                .allMatch(each ->
                                        each.status() != null && each.status().remoteKey() != null)
                        ? Optional.of(true)
                        : Optional.empty());
        assertThat(server().seenBy("sari").stream()
                        .filter(each -> each.text().contains(number) && !each.direct())
                        .count())
                .as("one public receipt per case")
                .isEqualTo(1);
    }

    @Test
    void aPrivateMessageIsAnsweredPrivately() {
        var post = post("Kirim laporan lewat pesan pribadi " + unique());
        var mark = unique();
        server().say("budi", "Ada lubang besar, mohon dirahasiakan " + mark, us(), post, true);
        var row = conversation(mark);
        assertThat(row.audience()).isEqualTo(Audience.DIRECT);
        var receipt = shown("budi", each -> each.direct() && hasNumber(each) && hasLink(each));
        var opened = cases.ofConversation(officer, row.id()).orElseThrow();
        assertThat(receipt.text()).contains(opened.publicNumber());
        cases.forward(officer, opened.id(), tenant.works(), "Mohon dicek.", opened.version());
        var theirs = cases.accessible(liaison, opened.id()).orElseThrow();
        var answer = "Petugas ke lokasi " + unique();
        cases.answer(liaison, opened.id(), answer, UUID.randomUUID().toString(), theirs.version());
        assertThat(shown("budi", each -> each.text().contains(answer)).direct()).isTrue();
        var more = unique();
        server().say("budi", "Baik " + more, us(), receipt.id(), true);
        await(
                "the second private message",
                () -> messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains(more))
                        .findFirst());
        assertThat(cases.ofConversation(officer, row.id()).orElseThrow().id()).isEqualTo(opened.id());
    }

    @Test
    void anEditAndADeletionArrive() {
        var post = post("Pasar buka pukul enam " + unique());
        var mark = unique();
        var said = server().say("tuti", "Lampu pasr mati " + mark, us(), post, false);
        var row = conversation(mark);
        server().edit("tuti", said, "Lampu pasar mati " + mark);
        await(
                "the edit",
                () -> messages(row).stream()
                        .filter(each -> String.valueOf(each.text()).contains("Lampu pasar mati " + mark))
                        .findFirst());
        server().delete("tuti", said);
        await(
                "the deletion",
                () -> messages(row).stream()
                        .filter(each -> each.deletedAt() != null && each.text() == null)
                        .findFirst());
    }

    @Test
    void aFollowerIsAccepted() {
        server().follow("rini", us());
        await("the acceptance", () -> server().follows("rini", us()) ? Optional.of(true) : Optional.empty());
    }

    // ---- helpers ------------------------------------------------------------------------------------------------

    static String us() {
        return tenant.tenant().address() + "/ap/kabar";
    }

    private String post(String text) {
        var id = outbox.submit(
                tenant.system(),
                new Outgoing(
                        OutgoingId.next(),
                        account.id(),
                        UUID.randomUUID().toString(),
                        null,
                        null,
                        Audience.PUBLIC,
                        text,
                        null,
                        "id",
                        List.of(),
                        null));
        return await(
                "our post",
                () -> Optional.ofNullable(
                                outbox.statuses(tenant.system(), List.of(id)).get(id))
                        .map(each -> each.remoteKey()));
    }

    private static String unique() {
        return "u" + UUID.randomUUID().toString().substring(0, 8);
    }

    private List<ConversationRow> rows(String mark) {
        return conversations.list(officer, ConversationFilter.of(Box.ALL), null, 100).items().stream()
                .filter(row -> messages(row).stream()
                        .anyMatch(each -> String.valueOf(each.text()).contains(mark)))
                .toList();
    }

    ConversationRow conversation(String mark) {
        return await("a conversation", () -> rows(mark).stream().findFirst());
    }

    private List<MessageView> messages(ConversationRow row) {
        return conversations.messages(officer, row.id(), null, 50).items();
    }

    private Shown shown(String user, java.util.function.Predicate<Shown> wanted) {
        return await(
                "a message to " + user,
                () -> server().seenBy(user).stream().filter(wanted).findFirst());
    }

    private static boolean hasNumber(Shown shown) {
        return NUMBER.matcher(shown.text()).find();
    }

    private static boolean hasLink(Shown shown) {
        return LINK.matcher(shown.text()).find();
    }

    private static String found(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group();
    }

    private <T> T await(String what, Supplier<Optional<T>> attempt) {
        var until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (System.nanoTime() < until) {
            var found = attempt.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        throw new AssertionError("Waited in vain for " + what + "; seen: "
                + Map.of("sari", server().seenBy("sari"), "budi", server().seenBy("budi")));
    }
}
