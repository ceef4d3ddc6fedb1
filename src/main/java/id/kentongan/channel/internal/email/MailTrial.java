// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccounts.Step;
import id.kentongan.channel.MailAccounts.Way;
import id.kentongan.channel.spi.SendOutcome;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.HeaderTerm;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether a mailbox can be used: its doors open, and a letter to itself comes back. */
@Component
class MailTrial {
    private static final String NOT_ARRIVED = "mail-not-arrived";
    private static final Duration LOOK = Duration.ofMillis(500);

    private final MailServers servers;
    private final MailSettings settings;
    private final Clock clock;

    MailTrial(MailServers servers, MailSettings settings, Clock clock) {
        this.servers = servers;
        this.settings = settings;
        this.clock = clock;
    }

    /** Code of what keeps us from hearing it, or null. */
    @Nullable
    String hearing(MailAccount mailbox) {
        try (var store = servers.store(mailbox.incoming());
                var inbox = store.getFolder("INBOX")) {
            inbox.open(Folder.READ_ONLY);
            return null;
        } catch (MailFailure e) {
            return e.code();
        } catch (MessagingException e) {
            return MailFailure.code(e);
        }
    }

    /** Code of what keeps us from sending by it, or null. */
    @Nullable
    String sending(MailAccount mailbox) {
        var server = servers.transport(mailbox.outgoing());
        try {
            server.signIn();
            return null;
        } catch (MailFailure e) {
            return e.code();
        } finally {
            server.closeQuietly();
        }
    }

    List<Step> bothWays(MailAccount mailbox) {
        var steps = new ArrayList<Step>();
        var hearing = hearing(mailbox);
        steps.add(new Step(Way.HEARING, hearing));
        var address = mailbox.address();
        var at = address.lastIndexOf('@');
        var plain = send(mailbox, address);
        steps.add(new Step(Way.SENDING, plain.failure()));
        if (hearing != null || plain.failure() != null) {
            return steps;
        }
        var marked = send(mailbox, address.substring(0, at) + "+ktg-uji" + address.substring(at));
        var wanted = new LinkedHashMap<Way, String>();
        wanted.put(Way.ARRIVING, plain.messageId());
        if (marked.failure() == null) {
            wanted.put(Way.MARKED, marked.messageId());
        }
        var failures = await(mailbox, wanted);
        steps.add(new Step(Way.ARRIVING, failures.get(Way.ARRIVING)));
        steps.add(new Step(Way.MARKED, marked.failure() == null ? failures.get(Way.MARKED) : marked.failure()));
        return steps;
    }

    private record Sent(String messageId, @Nullable String failure) {}

    private Sent send(MailAccount mailbox, String to) {
        var address = mailbox.address();
        var messageId = "<uji." + UUID.randomUUID() + "@" + address.substring(address.lastIndexOf('@') + 1) + ">";
        try {
            var letter = letter(mailbox, to, messageId);
            var outcome = servers.transport(mailbox.outgoing()).deliver(letter, new InternetAddress(to), messageId);
            return new Sent(
                    messageId,
                    switch (outcome) {
                        case SendOutcome.Sent ignored -> null;
                        case SendOutcome.Retry retry -> retry.code();
                        case SendOutcome.Refused refused -> refused.code();
                        case SendOutcome.Unknown unknown -> unknown.code();
                        case SendOutcome.ShutOut out -> out.code();
                    });
        } catch (MessagingException e) {
            return new Sent(messageId, MailFailure.code(e));
        }
    }

    private MimeMessage letter(MailAccount mailbox, String to, String messageId) throws MessagingException {
        var letter = new MimeMessage(servers.session("smtp", mailbox.outgoing())) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", messageId);
            }
        };
        letter.setFrom(new InternetAddress(mailbox.address()));
        letter.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        letter.setSubject("Kentongan");
        letter.setSentDate(Date.from(clock.instant()));
        letter.setHeader("Auto-Submitted", "auto-generated");
        // What comes back under this mark is nobody's word, whoever of us reads it.
        letter.setHeader("X-Loop", mailbox.address());
        letter.setText(messageId, "UTF-8");
        letter.saveChanges();
        return letter;
    }

    private Map<Way, String> await(MailAccount mailbox, Map<Way, String> wanted) {
        var missing = new HashMap<Way, String>();
        wanted.keySet().forEach(way -> missing.put(way, NOT_ARRIVED));
        var end = System.nanoTime() + settings.patience().toNanos();
        try (var store = servers.store(mailbox.incoming())) {
            while (!missing.isEmpty() && System.nanoTime() < end) {
                look(store, wanted, missing);
                if (!missing.isEmpty()) {
                    Thread.sleep(LOOK);
                }
            }
        } catch (MailFailure e) {
            missing.replaceAll((way, code) -> e.code());
        } catch (MessagingException e) {
            missing.replaceAll((way, code) -> MailFailure.code(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return missing;
    }

    private static void look(IMAPStore store, Map<Way, String> wanted, Map<Way, String> missing)
            throws MessagingException {
        try (var inbox = (IMAPFolder) store.getFolder("INBOX")) {
            inbox.open(Folder.READ_WRITE);
            for (var way : List.copyOf(missing.keySet())) {
                var found = inbox.search(new HeaderTerm("Message-ID", wanted.getOrDefault(way, "")));
                if (found.length > 0) {
                    missing.remove(way);
                    inbox.setFlags(found, new Flags(Flags.Flag.SEEN), true);
                    if (store.hasCapability("UIDPLUS")) {
                        // Ours alone; without this command everything that is marked so would go with it.
                        inbox.setFlags(found, new Flags(Flags.Flag.DELETED), true);
                        inbox.expunge(found);
                    }
                }
            }
        }
    }
}
