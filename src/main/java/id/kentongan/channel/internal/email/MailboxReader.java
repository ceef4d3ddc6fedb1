// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Intake;
import id.kentongan.kernel.Actor;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessageRemovedException;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is new in a mailbox: each letter is stored durably before the mailbox is told that it was read. What is
 * fetched a second time, after a crash or when the server numbers its letters anew, is known by its key and changes
 * nothing.
 */
final class MailboxReader {
    static final String FAULT = "fault";
    static final String NOT_FETCHED = "mail-not-fetched";

    private static final Logger log = LoggerFactory.getLogger(MailboxReader.class);
    private static final int BATCH = 100;
    private static final int TRIES = 3;
    /** Whoever fetches a letter may need several times its size: one at a time, of all mailboxes of this node. */
    private static final Semaphore FETCHING = new Semaphore(1, true);

    private final Mailboxes mailboxes;
    private final Intake intake;
    private final Actor actor;
    private final AccountId account;
    private final UUID reader;
    private final Map<Long, Integer> tries = new HashMap<>();

    MailboxReader(Mailboxes mailboxes, Intake intake, Actor actor, AccountId account, UUID reader) {
        this.mailboxes = mailboxes;
        this.intake = intake;
        this.actor = actor;
        this.account = account;
        this.reader = reader;
    }

    /** Everything that is new. */
    void take(IMAPFolder inbox) throws MessagingException {
        var validity = inbox.getUIDValidity();
        var place = mailboxes.place(actor, account);
        var known = place.validity() != null && place.validity() == validity;
        if (!known) {
            tries.clear();
        }
        var last = known ? place.lastUid() : 0;
        for (var fresh = next(inbox, last); !fresh.isEmpty(); fresh = next(inbox, last)) {
            for (var message : fresh) {
                var uid = inbox.getUID(message);
                if (known || isWanted(message, place.since())) {
                    take(message, validity, uid);
                }
                mailboxes.readTo(actor, account, reader, validity, uid);
                last = uid;
            }
        }
        if (!known) {
            mailboxes.readTo(actor, account, reader, validity, last);
        }
    }

    /** A server asked for what comes after the last answers with the last. */
    private static List<IMAPMessage> next(IMAPFolder inbox, long last) throws MessagingException {
        var found = new ArrayList<IMAPMessage>();
        for (var each : inbox.getMessagesByUID(last + 1, UIDFolder.LASTUID)) {
            if (each instanceof IMAPMessage message && inbox.getUID(message) > last) {
                found.add(message);
            }
        }
        found.sort(Comparator.comparingLong(message -> uid(inbox, message)));
        var batch = found.subList(0, Math.min(BATCH, found.size()));
        if (batch.isEmpty()) {
            return List.of();
        }
        var profile = new FetchProfile();
        profile.add(UIDFolder.FetchProfileItem.UID);
        profile.add(FetchProfile.Item.FLAGS);
        profile.add(FetchProfile.Item.SIZE);
        profile.add(IMAPFolder.FetchProfileItem.INTERNALDATE);
        inbox.fetch(batch.toArray(Message[]::new), profile);
        return List.copyOf(batch);
    }

    private static long uid(IMAPFolder inbox, Message message) {
        try {
            return inbox.getUID(message);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a mailbox that is new to us, or is numbered anew: what nobody has read, and what came since it is ours. */
    private static boolean isWanted(Message message, Instant since) throws MessagingException {
        var arrived = message.getReceivedDate();
        return !message.isSet(Flags.Flag.SEEN)
                || arrived == null
                || !arrived.toInstant().isBefore(since);
    }

    private void take(IMAPMessage message, long validity, long uid) throws MessagingException {
        var headers = new LinkedHashMap<String, String>();
        headers.put("uid", validity + "/" + uid);
        var arrived = message.getReceivedDate();
        if (arrived != null) {
            headers.put(MailReading.ARRIVED, arrived.toInstant().toString());
        }
        FETCHING.acquireUninterruptibly();
        try (var in = message.getMimeStream()) {
            var cut = MailCutter.cut(in, MailLimits.USUAL, message.getSizeLong());
            if (!cut.whole()) {
                headers.put(MailReading.CUT, "yes");
            }
            intake.accept(actor, account, headers, cut.raw());
        } catch (MessageRemovedException gone) {
            return;
        } catch (IOException | MessagingException e) {
            unfetched(message, uid, headers, e);
            return;
        } finally {
            FETCHING.release();
        }
        tries.remove(uid);
        seen(message);
    }

    /** A letter that the server cannot hand over holds up no other: it stands among what could not be taken in. */
    private void unfetched(IMAPMessage message, long uid, Map<String, String> headers, Exception failed)
            throws MessagingException {
        if (message.isExpunged()) {
            return;
        }
        if (tries.merge(uid, 1, Integer::sum) < TRIES) {
            throw failed instanceof MessagingException known ? known : new MessagingException("not fetched", failed);
        }
        log.warn("Letter {} of mailbox {} cannot be fetched", headers.get("uid"), account, failed);
        headers.put(FAULT, NOT_FETCHED);
        intake.accept(actor, account, headers, new byte[0]);
    }

    private static void seen(IMAPMessage message) throws MessagingException {
        if (message.getFolder().getMode() == Folder.READ_WRITE && !message.isExpunged()) {
            message.setFlag(Flags.Flag.SEEN, true);
        }
    }
}
