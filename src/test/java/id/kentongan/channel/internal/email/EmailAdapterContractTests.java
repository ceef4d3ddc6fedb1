// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import id.kentongan.channel.AbstractAdapterBasicsContractTests;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccount.Security;
import id.kentongan.channel.MailAccount.Server;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.kernel.Actor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmailAdapterContractTests extends AbstractAdapterBasicsContractTests {
    private static GreenMail server;

    private final Account account =
            new Account(AccountId.next(), Network.EMAIL, Letters.OFFICE, "Layanan Sukamaju", "", Account.State.ACTIVE);

    @BeforeAll
    static void startServer() {
        server = new GreenMail(ServerSetup.SMTP.dynamicPort());
        server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop();
    }

    private static ChannelAdapter adapter(int port) {
        var out = new Server("127.0.0.1", port, Security.NONE, "", "");
        var known = new KnownMailboxes.Known(new MailAccount(Letters.OFFICE, out, out, ""), true);
        var mailboxes = new KnownMailboxes() {
            @Override
            public Optional<Known> of(Actor actor, AccountId id) {
                return Optional.of(known);
            }

            @Override
            public List<String> addresses(Actor actor) {
                return List.of(Letters.OFFICE);
            }
        };
        return new EmailAdapter(
                mailboxes, new MailServers(null), Letters.IDS, new LetterWriting(Letters.IDS), Clock.systemUTC());
    }

    @Override
    protected ChannelAdapter adapter() {
        return adapter(server.getSmtp().getPort());
    }

    @Override
    protected Actor actor() {
        return Letters.ACTOR;
    }

    @Override
    protected Account account() {
        return account;
    }

    @Override
    protected boolean speaksMarkup() {
        return false;
    }

    @Override
    protected Delivery said(String key, String text) {
        return new Delivery(
                Map.of(),
                Letters.bytes("From: Wati <wati@warga.example>\nMessage-ID: <" + key
                        + "@warga.example>\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n"));
    }

    @Override
    protected Outgoing answer(String key, String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                "jawaban:" + key,
                "<" + key + "@warga.example> 0011223344556677",
                new Outgoing.Recipient("mail:wati@warga.example", "wati@warga.example"),
                Audience.DIRECT,
                text,
                null,
                "id",
                List.of(),
                null);
    }

    // ---- what mail servers answer -----------------------------------------------------------------------------------

    /** A server that answers as it is told, line for line; what is left of the script after DATA's end may be silence. */
    private SendOutcome sentTo(String mail, String rcpt, String data, String end) throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> converse(socket, Map.of("MAIL", mail, "RCPT", rcpt, "DATA", data), end));
            return adapter(socket.getLocalPort()).send(Letters.ACTOR, account, answer("uji", "Halo"));
        }
    }

    private static void converse(ServerSocket socket, Map<String, String> answers, String end) {
        try (var one = socket.accept()) {
            var in = new java.io.BufferedReader(
                    new java.io.InputStreamReader(one.getInputStream(), StandardCharsets.UTF_8));
            var out = one.getOutputStream();
            say(out, "220 uji");
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var word = line.length() < 4 ? "" : line.substring(0, 4);
                var answer = answers.getOrDefault(word, "250 ok");
                if (answer.isEmpty()) {
                    return;
                }
                say(out, answer);
                if (word.equals("DATA") && answer.startsWith("354")) {
                    while (!".".equals(in.readLine())) {
                        // The letter.
                    }
                    if (end.isEmpty()) {
                        return;
                    }
                    say(out, end);
                }
            }
        } catch (IOException e) {
            // The other side is done.
        }
    }

    private static void say(java.io.OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Test
    void whatAServerAnswersIsTakenAsSentLaterOrRefused() throws Exception {
        assertThat(sentTo("250 ok", "250 ok", "354 go", "250 queued")).isInstanceOf(SendOutcome.Sent.class);
        assertThat(retry(sentTo("451 4.3.0 busy", "250 ok", "354 go", "250 ok")))
                .isEqualTo("mail-server-busy");
        assertThat(retry(sentTo("250 ok", "450 4.2.2 full", "354 go", "250 ok")))
                .isEqualTo("mail-box-full");
        assertThat(retry(sentTo("250 ok", "250 ok", "354 go", "452 4.3.1 space")))
                .isEqualTo("mail-server-busy");
        assertThat(refused(sentTo("550 5.7.1 not you", "250 ok", "354 go", "250 ok")))
                .isEqualTo("mail-sender-refused");
        assertThat(refused(sentTo("250 ok", "550 5.1.1 unknown", "354 go", "250 ok")))
                .isEqualTo("mail-no-such-address");
        assertThat(refused(sentTo("250 ok", "250 ok", "354 go", "554 5.7.1 spam")))
                .isEqualTo("mail-against-their-rules");
    }

    private static String retry(SendOutcome outcome) {
        assertThat(outcome).isInstanceOf(SendOutcome.Retry.class);
        return ((SendOutcome.Retry) outcome).code();
    }

    private static String refused(SendOutcome outcome) {
        assertThat(outcome).isInstanceOf(SendOutcome.Refused.class);
        return ((SendOutcome.Refused) outcome).code();
    }

    @Test
    void aConnectionLostBeforeTheLettersEndSentNothingAndOneLostAfterItIsUnknown() throws Exception {
        assertThat(sentTo("250 ok", "", "354 go", "250 ok")).isInstanceOf(SendOutcome.Retry.class);
        assertThat(sentTo("250 ok", "250 ok", "", "250 ok")).isInstanceOf(SendOutcome.Retry.class);
        assertThat(sentTo("250 ok", "250 ok", "354 go", "")).isEqualTo(new SendOutcome.Unknown("mail-outcome-unknown"));
        int port;
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        assertThat(retry(adapter(port).send(Letters.ACTOR, account, answer("uji", "Halo"))))
                .isEqualTo("mail-connection-refused");
    }
}
