// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.Item;
import id.kentongan.channel.MediaLimit;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.TextLimit;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Mail as a channel. */
@Component
class EmailAdapter implements ChannelAdapter {
    private static final Logger log = LoggerFactory.getLogger(EmailAdapter.class);

    private static final Answering ANSWER = new Answering(
            List.of(TextLimit.characters(50_000)),
            List.of(new MediaLimit(MediaLimit.Kind.IMAGE, 4, CleanPicture.LARGEST, CleanPicture.TYPES)),
            null);
    private static final Capabilities ABLE = new Capabilities(null, ANSWER, null, null, null, Doubt.LASTING, 60);

    private final KnownMailboxes mailboxes;
    private final MailServers servers;
    private final OwnIds ids;
    private final LetterWriting writing;
    private final Clock clock;

    EmailAdapter(KnownMailboxes mailboxes, MailServers servers, OwnIds ids, LetterWriting writing, Clock clock) {
        this.mailboxes = mailboxes;
        this.servers = servers;
        this.ids = ids;
        this.writing = writing;
        this.clock = clock;
    }

    @Override
    public Network network() {
        return Network.EMAIL;
    }

    /** A letter goes to one person, cannot be called back, and nobody tells whether a lost connection lost it too. */
    @Override
    public Capabilities capabilities(Account account) {
        return ABLE;
    }

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        var fault = delivery.headers().get(MailboxReader.FAULT);
        if (fault != null) {
            throw new UnreadableDelivery(fault, false);
        }
        if (delivery.body().length == 0) {
            throw new UnreadableDelivery("mail-empty", false);
        }
        var mailbox = mailboxes
                .of(actor, delivery.account())
                .map(KnownMailboxes.Known::mailbox)
                .orElseThrow(() -> new UnreadableDelivery("no-account", false));
        return MailReading.read(
                actor, mailbox.address(), mailboxes.addresses(actor), mailbox.findings(), ids, delivery);
    }

    @Override
    public Optional<String> keyOf(Actor actor, AccountId account, OutgoingId id) {
        return mailboxes
                .of(actor, account)
                .map(known -> ids.messageId(actor, known.mailbox().address(), id));
    }

    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        var known = mailboxes.of(actor, account.id()).orElse(null);
        if (known == null) {
            return new SendOutcome.Refused("no-account");
        }
        var recipient = outgoing.recipient();
        if (recipient == null || recipient.handle().isBlank()) {
            return new SendOutcome.Refused("no-recipient");
        }
        if (ANSWER.broken(outgoing.text()).isPresent()) {
            return new SendOutcome.Refused("too-large");
        }
        var mailbox = known.mailbox();
        try {
            var to = new InternetAddress(recipient.handle(), true);
            var session = servers.session("smtp", mailbox.outgoing());
            var letter = writing.write(
                    session, actor, account, mailbox.address(), known.marked(), outgoing, clock.instant());
            return servers.transport(mailbox.outgoing())
                    .deliver(letter, to, ids.messageId(actor, mailbox.address(), outgoing.id()));
        } catch (AddressException e) {
            return new SendOutcome.Refused("mail-no-such-address");
        } catch (MessagingException e) {
            log.warn("The letter {} cannot be written", outgoing.id(), e);
            return new SendOutcome.Refused("broken");
        }
    }
}
