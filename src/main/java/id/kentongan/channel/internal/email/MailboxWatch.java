// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.internal.Backoff;
import id.kentongan.kernel.Actor;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.ReadOnlyFolderException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears one mailbox for as long as this node holds it: waits until its server says that something came, or looks from
 * time to time where the server cannot say so, and comes back by itself, ever more slowly, when the server was away.
 */
final class MailboxWatch {
    static final Duration LEASE = Duration.ofMinutes(3);

    private static final Logger log = LoggerFactory.getLogger(MailboxWatch.class);

    private final Mailboxes mailboxes;
    private final MailServers servers;
    private final MailSettings settings;
    private final ScheduledExecutorService alarm;
    private final Actor actor;
    private final AccountId account;
    private final UUID reader = UUID.randomUUID();
    private final MailboxReader taking;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean running = true;
    private volatile @Nullable IMAPFolder open;
    private int failures;

    MailboxWatch(
            Mailboxes mailboxes,
            MailServers servers,
            Intake intake,
            MailSettings settings,
            ScheduledExecutorService alarm,
            Actor actor,
            AccountId account) {
        this.mailboxes = mailboxes;
        this.servers = servers;
        this.settings = settings;
        this.alarm = alarm;
        this.actor = actor;
        this.account = account;
        this.taking = new MailboxReader(mailboxes, intake, actor, account, reader);
    }

    /** Until it is stopped, or another node has the mailbox. */
    void run() {
        try {
            while (running && hold()) {
                hear();
            }
        } finally {
            release();
        }
    }

    private boolean hold() {
        try {
            return mailboxes.hold(actor, account, reader, LEASE);
        } catch (RuntimeException away) {
            // Without the database nothing can be taken; the lease runs out, and somebody takes the mailbox up again.
            log.info("Mailbox {} is let go: {}", account, away.toString());
            return false;
        }
    }

    private void release() {
        try {
            mailboxes.release(actor, account, reader);
        } catch (RuntimeException away) {
            log.debug("Mailbox {} is released by its lease: {}", account, away.toString());
        }
    }

    /** Something about the mailbox changed, or it is to end. */
    void nudge() {
        bell.release();
        stir(open);
    }

    void stop() {
        running = false;
        bell.release();
        var folder = open;
        if (folder != null) {
            // A server that hangs is not waited for.
            alarm.execute(() -> {
                try {
                    folder.forceClose();
                } catch (MessagingException e) {
                    log.debug("Closing: {}", e.toString());
                }
            });
        }
    }

    private void hear() {
        var known = mailboxes.of(actor, account).orElse(null);
        if (known == null) {
            running = false;
            return;
        }
        try (var store = servers.store(known.mailbox().incoming())) {
            hear(store, known.mailbox());
        } catch (MailFailure e) {
            failed(e.code(), e);
        } catch (MessagingException e) {
            failed(MailFailure.code(e), e);
        } catch (RuntimeException e) {
            // The database is away, or the disk is full: nothing was acknowledged, and nothing is lost.
            log.warn("Mailbox {} waits: {}", account, e.toString());
            pause(Backoff.after(++failures));
        } finally {
            open = null;
        }
    }

    private void hear(IMAPStore store, MailAccount mailbox) throws MessagingException {
        var inbox = inbox(store);
        open = inbox;
        var idles = store.hasCapability("IDLE");
        while (running && hold()) {
            taking.take(inbox);
            mailboxes.looked(actor, account);
            failures = 0;
            if (!unchanged(mailbox)) {
                return;
            }
            if (idles) {
                idle(inbox);
            } else {
                pause(settings.poll());
                inbox.getMessageCount();
            }
        }
    }

    private static IMAPFolder inbox(IMAPStore store) throws MessagingException {
        var inbox = (IMAPFolder) store.getFolder("INBOX");
        try {
            inbox.open(Folder.READ_WRITE);
        } catch (ReadOnlyFolderException e) {
            inbox.open(Folder.READ_ONLY);
        }
        return inbox;
    }

    private boolean unchanged(MailAccount mailbox) {
        return mailboxes
                .of(actor, account)
                .filter(now -> now.mailbox().equals(mailbox))
                .isPresent();
    }

    private void idle(IMAPFolder inbox) throws MessagingException {
        var waking = alarm.schedule(() -> stir(inbox), settings.idle().toMillis(), TimeUnit.MILLISECONDS);
        try {
            inbox.idle(true);
        } finally {
            waking.cancel(false);
            bell.drainPermits();
        }
    }

    /** Any other command ends the waiting. */
    private void stir(@Nullable IMAPFolder folder) {
        if (folder == null) {
            return;
        }
        alarm.execute(() -> {
            try {
                folder.getMessageCount();
            } catch (MessagingException | RuntimeException e) {
                log.debug("The mailbox is not open any more: {}", e.toString());
            }
        });
    }

    private void failed(String code, Exception e) {
        if (!running) {
            return;
        }
        failures++;
        log.info("Mailbox {} cannot be heard ({}): {}", account, code, e.toString());
        mailboxes.failed(actor, account, code);
        pause(Backoff.after(failures));
    }

    /** Not beyond the lease: who waits long keeps it. */
    private void pause(Duration wanted) {
        var end = System.nanoTime() + wanted.toNanos();
        try {
            while (running && end - System.nanoTime() > 0) {
                var step = Math.min(end - System.nanoTime(), LEASE.toNanos() / 3);
                if (bell.tryAcquire(step, TimeUnit.NANOSECONDS)) {
                    bell.drainPermits();
                    return;
                }
                if (!hold()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
