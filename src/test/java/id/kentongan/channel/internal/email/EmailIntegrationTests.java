// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.Cases;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccount.Security;
import id.kentongan.channel.MailAccount.Server;
import id.kentongan.channel.MailAccounts;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Mail by real IMAP and SMTP, from the citizen's letter to their answer in the same case. */
@WithDatabase
class EmailIntegrationTests {
    private static GreenMail server;

    @Autowired
    TestTenants tenants;

    @Autowired
    MailAccounts mail;

    @Autowired
    Conversations conversations;

    @Autowired
    Cases cases;

    @Autowired
    RoutingRules routing;

    @Autowired
    Rules rules;

    TestTenant tenant;
    Actor officer;
    String office;
    String citizen;

    @BeforeAll
    static void startServer() {
        server = new GreenMail(new ServerSetup[] {ServerSetup.SMTP.dynamicPort(), ServerSetup.IMAP.dynamicPort()});
        server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop();
    }

    @BeforeEach
    void aRegencyWithAMailbox() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        routing.save(
                tenant.system(),
                new RoutingRule(
                        Ids.next(),
                        1,
                        "Jalan rusak",
                        List.of("jalan rusak"),
                        null,
                        null,
                        CaseKind.COMPLAINT,
                        "Jalan",
                        tenant.works(),
                        "Uji coba",
                        LocalDate.of(2020, 1, 1),
                        null));
        office = "layanan-" + tail(tenant) + "@sukamaju.example";
        citizen = "wati-" + tail(tenant) + "@warga.example";
        server.setUser(office, office, "rahasia");
        server.setUser(citizen, citizen, "rahasia");
    }

    private static String tail(TestTenant tenant) {
        return tenant.id().toString().substring(24);
    }

    private static MailAccount mailbox(String address, String password) {
        return new MailAccount(
                address,
                new Server("127.0.0.1", server.getImap().getPort(), Security.NONE, address, password),
                new Server("127.0.0.1", server.getSmtp().getPort(), Security.NONE, address, password),
                "");
    }

    private Account added() {
        return mail.add(tenant.system(), "Layanan Sukamaju", "", mailbox(office, "rahasia"));
    }

    private static Session session() {
        var properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", String.valueOf(server.getSmtp().getPort()));
        return Session.getInstance(properties);
    }

    private static void send(String from, String to, String raw) throws MessagingException {
        var letter = new MimeMessage(
                session(), new ByteArrayInputStream(raw.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
        try (var transport = session().getTransport("smtp")) {
            transport.connect();
            ((org.eclipse.angus.mail.smtp.SMTPTransport) transport)
                    .sendMessage(letter, new InternetAddress[] {new InternetAddress(to)});
        }
    }

    private static List<MimeMessage> inboxOf(String address) {
        try {
            GreenMailUser user = server.getUserManager().getUserByEmail(address);
            return server.getManagers().getImapHostManager().getInbox(user).getMessages().stream()
                    .map(each -> each.getMimeMessage())
                    .toList();
        } catch (com.icegreen.greenmail.store.FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String raw(MimeMessage letter) throws MessagingException, IOException {
        var out = new ByteArrayOutputStream();
        letter.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private interface Question<T> {
        Optional<T> ask() throws Exception;
    }

    private static <T> T await(String what, Question<T> question) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (System.nanoTime() < end) {
            var found = question.ask();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("Waited two minutes in vain: " + what);
    }

    private List<ConversationRow> open() {
        return conversations
                .list(officer, ConversationFilter.of(Box.ALL), null, 50)
                .items();
    }

    @Test
    void aLetterBecomesACaseAndItsAnswerAndTheAnswerToThatStayInOneThread() throws Exception {
        var account = added();
        assertThat(account.handle()).isEqualTo(office);
        send(citizen, office, """
                From: Wati <%s>
                To: %s
                Message-ID: <awal-%s@warga.example>
                Subject: Jalan rusak di depan pasar

                Mohon diperbaiki, sudah dua motor jatuh.
                """.formatted(citizen, office, tail(tenant)));
        var row = await(
                "a case",
                () -> open().stream().filter(each -> each.mark() != null).findFirst());
        assertThat(row.preview()).startsWith("Jalan rusak di depan pasar");
        var receipt = await("the receipt", () -> inboxOf(citizen).stream().findFirst());
        var found = cases.ofConversation(officer, row.id()).orElseThrow();
        assertThat(receipt.getSubject()).isEqualTo("Re: Jalan rusak di depan pasar [" + found.publicNumber() + "]");
        assertThat(receipt.getHeader("Auto-Submitted")).containsExactly("auto-replied");
        assertThat(receipt.getHeader("In-Reply-To")).containsExactly("<awal-" + tail(tenant) + "@warga.example>");
        assertThat(receipt.getMessageID()).matches("<ktg\\.[a-z2-7]{39}@sukamaju\\.example>");
        assertThat(receipt.getHeader("Content-Language")).containsExactly("id");
        assertThat(raw(receipt)).contains("/lacak/r/", "text/html", "format=flowed");

        cases.answer(officer, found.id(), "Sudah kami perbaiki hari ini.", "jawab", found.version());
        var answer = await("the answer", () -> inboxOf(citizen).stream().skip(1).findFirst());
        assertThat(answer.getHeader("Auto-Submitted")).isNull();
        assertThat(answer.getHeader("In-Reply-To")).containsExactly("<awal-" + tail(tenant) + "@warga.example>");
        send(citizen, office, """
                From: Wati <%s>
                To: %s
                Message-ID: <lagi-%s@warga.example>
                In-Reply-To: %s
                References: <awal-%s@warga.example> %s
                Subject: Re: Jalan rusak

                Lubangnya muncul lagi.

                Pada Sen, 30 Nov 2026 pukul 10.00 Layanan Sukamaju menulis:
                > Sudah kami perbaiki hari ini.
                """.formatted(
                        citizen, office, tail(tenant), answer.getMessageID(), tail(tenant), answer.getMessageID()));
        await(
                "the case open again",
                () -> cases.accessible(officer, found.id()).filter(each -> each.state() != CaseState.ANSWERED));
        assertThat(open()).hasSize(1);
        assertThat(conversations.messages(officer, row.id(), null, 20).items())
                .filteredOn(each -> each.direction() == Direction.IN)
                .extracting(each -> each.text())
                .containsExactly(
                        "Jalan rusak di depan pasar\n\nMohon diperbaiki, sudah dua motor jatuh.",
                        "Lubangnya muncul lagi.");

        // What was stored is marked as read in the mailbox, and a report of its server is told to the officer.
        assertThat(inboxOf(office)).allMatch(letter -> isSeen(letter));
        var report = new String(Letters.recorded("report__failed"), StandardCharsets.UTF_8)
                .replace("\r\n", "\n")
                .replace(Letters.ownMessageId(), answer.getMessageID());
        send("", office, report);
        await(
                "the answer refused",
                () -> conversations.messages(officer, row.id(), null, 20).items().stream()
                        .filter(each -> each.text() != null && each.text().startsWith("Sudah kami perbaiki hari ini."))
                        .map(each -> each.status())
                        .filter(status -> status != null && status.state() == OutgoingStatus.State.REFUSED)
                        .filter(status -> "mail-no-such-address".equals(status.code()))
                        .findFirst());
        assertThat(open()).hasSize(1);
    }

    private static boolean isSeen(MimeMessage letter) {
        try {
            return letter.isSet(jakarta.mail.Flags.Flag.SEEN);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoOfOurMailboxesNeverAnswerEachOther() throws Exception {
        added();
        var other = tenants.found();
        rules.installDefaults(other.system());
        var theirs = "lain-" + tail(other) + "@sukamaju.example";
        server.setUser(theirs, theirs, "rahasia");
        mail.add(other.system(), "Kabupaten lain", "", mailbox(theirs, "rahasia"));
        // A letter that claims to come from the other's mailbox has a receipt, which is the end of it.
        send(
                theirs,
                office,
                "From: " + theirs + "\nTo: " + office + "\nMessage-ID: <mulai-" + tail(tenant)
                        + "@sukamaju.example>\nSubject: jalan rusak\n\njalan rusak\n");
        await("one receipt", () -> inboxOf(theirs).stream().findFirst());
        var stranger = tenants.officer(other, other.office(), false, Role.COMMUNICATION_OFFICER);
        await(
                "the receipt heard there",
                () -> inboxOf(theirs).stream().filter(each -> isSeen(each)).findFirst());
        await(
                "it stands there and waits for nobody",
                () -> conversations.list(stranger, ConversationFilter.of(Box.ALL), null, 10).items().stream()
                        .filter(row -> row.mark() == null)
                        .findFirst());
        assertThat(inboxOf(office)).hasSize(1);
        assertThat(inboxOf(theirs)).hasSize(1);
    }

    @Test
    void aMailboxThatDoesNotOpenIsNotAddedAndTheReasonIsSaid() {
        assertThatThrownBy(() -> mail.add(tenant.system(), "Layanan", "", mailbox(office, "salah")))
                .isInstanceOfSatisfying(RefusalException.class, refused -> {
                    assertThat(refused.refusal().code()).isEqualTo("channel.mail-incoming");
                    assertThat(refused.refusal().arguments()).containsExactly("mail-sign-in-refused");
                });
        var beyond = new MailAccount(
                office,
                new Server("192.0.2.1", 143, Security.NONE, office, "x"),
                mailbox(office, "x").outgoing(),
                "");
        assertThatThrownBy(() -> mail.add(tenant.system(), "Layanan", "", beyond))
                .isInstanceOfSatisfying(
                        RefusalException.class,
                        refused -> assertThat(refused.refusal().arguments()).containsExactly("mail-in-clear"));
        assertThatThrownBy(() -> mail.add(officer, "Layanan", "", mailbox(office, "rahasia")))
                .isInstanceOf(RefusalException.class);
    }

    @Test
    void bothWaysAreTriedByALetterToItself() throws Exception {
        var account = added();
        var steps = mail.tryBothWays(tenant.system(), account.id());
        assertThat(steps)
                .filteredOn(step -> step.way() != MailAccounts.Way.MARKED)
                .hasSize(3)
                .allMatch(step -> step.failure() == null);
        assertThat(open()).isEmpty();
        assertThat(mail.of(tenant.system(), account.id()).incoming().password()).isEmpty();
        await(
                "it was looked into",
                () -> Optional.ofNullable(mail.standings(tenant.system()).get(account.id()))
                        .filter(standing -> standing.lookedAt() != null));
    }
}
