// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.internal.WorkLoop;
import id.kentongan.kernel.Actor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The mailboxes that this node hears: every few seconds it takes those that no node has. */
@Component
class MailboxWatches implements SmartLifecycle {
    private static final int MOST = 200;

    private final Mailboxes mailboxes;
    private final MailServers servers;
    private final Intake intake;
    private final MailSettings settings;
    private final Map<AccountId, MailboxWatch> watches = new ConcurrentHashMap<>();
    private final WorkLoop loop = new WorkLoop("mailboxes", Duration.ofSeconds(3), this::round);
    private volatile ExecutorService hearing = Executors.newVirtualThreadPerTaskExecutor();
    private volatile ScheduledExecutorService alarm = alarm();

    MailboxWatches(Mailboxes mailboxes, MailServers servers, Intake intake, MailSettings settings) {
        this.mailboxes = mailboxes;
        this.servers = servers;
        this.intake = intake;
        this.settings = settings;
    }

    private static ScheduledExecutorService alarm() {
        return Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().daemon().name("mailbox-alarm-", 0).factory());
    }

    @Override
    public void start() {
        if (hearing.isShutdown()) {
            hearing = Executors.newVirtualThreadPerTaskExecutor();
            alarm = alarm();
        }
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
        watches.values().forEach(MailboxWatch::stop);
        hearing.close();
        alarm.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return loop.running();
    }

    /** A mailbox is new, or is reached in another way now. */
    void nudge(AccountId account) {
        var watch = watches.get(account);
        if (watch == null) {
            loop.wake();
        } else {
            watch.nudge();
        }
    }

    private boolean round() {
        for (var free : mailboxes.free()) {
            if (watches.size() < MOST && !watches.containsKey(free.account())) {
                hear(free);
            }
        }
        return false;
    }

    private void hear(Mailboxes.Free free) {
        var watch = new MailboxWatch(
                mailboxes, servers, intake, settings, alarm, Actor.system(free.tenant(), "channel"), free.account());
        watches.put(free.account(), watch);
        hearing.execute(() -> {
            try {
                watch.run();
            } finally {
                watches.remove(free.account(), watch);
            }
        });
    }
}
