// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.MailAccount.Server;
import id.kentongan.channel.spi.SendOutcome;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * One conversation with a mail server, which remembers how far it came: a connection that is lost before the letter's
 * last line has sent nothing, one that is lost after it may have.
 */
final class SmtpConnection extends SMTPTransport {
    private static final Pattern ENHANCED = Pattern.compile("\\b([45]\\.\\d{1,3}\\.\\d{1,3})\\b");
    private static final Duration LATER = Duration.ofMinutes(1);

    private final Server server;
    private boolean said;

    SmtpConnection(Session session, Server server) {
        super(session, null);
        this.server = server;
    }

    void signIn() throws MailFailure {
        try {
            // An empty user would be signed in with; without one nobody is.
            var user = server.user().isEmpty() ? null : server.user();
            connect(server.host(), server.port(), user, user == null ? null : server.password());
        } catch (MessagingException | RuntimeException e) {
            throw MailFailure.of(e);
        }
    }

    /** Never throws for what mail servers do. */
    SendOutcome deliver(MimeMessage letter, Address to, String messageId) {
        try {
            signIn();
        } catch (MailFailure e) {
            return new SendOutcome.Retry(LATER, e.code());
        }
        try {
            sendMessage(letter, new Address[] {to});
            return new SendOutcome.Sent(messageId, null);
        } catch (MessagingException e) {
            return outcome(e);
        } finally {
            closeQuietly();
        }
    }

    void closeQuietly() {
        try {
            close();
        } catch (MessagingException e) {
            // It is gone already.
        }
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        said = true;
        super.finishData();
    }

    private SendOutcome outcome(MessagingException failed) {
        var answer = answer(failed);
        if (answer.code() >= 500) {
            return new SendOutcome.Refused(code(answer));
        }
        if (answer.code() >= 400) {
            return new SendOutcome.Retry(LATER, code(answer));
        }
        return said
                ? new SendOutcome.Unknown("mail-outcome-unknown")
                : new SendOutcome.Retry(LATER, MailFailure.code(failed));
    }

    private record Answer(int code, String text, boolean ofSender) {}

    /** What the server answered, or a code of -1 when it did not. */
    private static Answer answer(MessagingException failed) {
        for (Exception each = failed; each instanceof MessagingException one; each = one.getNextException()) {
            switch (one) {
                case SMTPAddressFailedException address -> {
                    return new Answer(address.getReturnCode(), String.valueOf(address.getMessage()), false);
                }
                case SMTPSenderFailedException sender -> {
                    return new Answer(sender.getReturnCode(), String.valueOf(sender.getMessage()), true);
                }
                case SMTPSendFailedException send
                when !(send.getNextException() instanceof MessagingException) -> {
                    return new Answer(send.getReturnCode(), String.valueOf(send.getMessage()), false);
                }
                default -> {}
            }
        }
        return new Answer(-1, "", false);
    }

    private static String code(Answer answer) {
        if (answer.ofSender() && answer.code() >= 500) {
            return "mail-sender-refused";
        }
        var found = ENHANCED.matcher(answer.text());
        if (found.find()) {
            var code = DeliveryReport.code(found.group(1));
            return answer.code() < 500 && code.equals("mail-returned") ? "mail-server-busy" : code;
        }
        return switch (answer.code()) {
            case 550, 551, 553 -> "mail-no-such-address";
            case 552 -> "mail-box-full";
            case 554 -> "mail-against-their-rules";
            default -> answer.code() < 500 ? "mail-server-busy" : "mail-returned";
        };
    }
}
