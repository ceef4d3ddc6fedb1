// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ChangesMissed;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationChanged.Before;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells every node that a conversation changed, once the change is committed: this node directly, the others by
 * PostgreSQL's NOTIFY, which is part of the transaction too. Only ids travel. After its listening connection was away a
 * node says so, and its desks ask for everything anew.
 */
@Component
class Announcements implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Announcements.class);
    private static final String TOPIC = "kentongan_inbox";
    /** PostgreSQL takes 8,000 bytes in one notification; one change takes at most 76. */
    private static final int MOST = 100;

    private static final Duration LISTEN = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final String node = UUID.randomUUID().toString();
    private final JdbcClient jdbc;
    private final ActorTransactions transactions;
    private final ApplicationEventPublisher events;
    private final DatabaseRoles roles;
    private volatile boolean running;
    private volatile @Nullable Connection connection;

    Announcements(
            JdbcClient jdbc, ActorTransactions transactions, ApplicationEventPublisher events, DatabaseRoles roles) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.events = events;
        this.roles = roles;
    }

    /** To be called inside the transaction of the change. */
    void changed(Actor actor, Collection<ConversationId> conversations, String what) {
        changed(actor, conversations, what, Map.of());
    }

    /** @param before who could see those that may leave somebody's reach */
    void changed(
            Actor actor, Collection<ConversationId> conversations, String what, Map<ConversationId, Before> before) {
        var all = conversations.stream()
                .distinct()
                .map(id -> new ConversationChanged(actor.tenant(), id, what, before.get(id)))
                .toList();
        for (var from = 0; from < all.size(); from += MOST) {
            jdbc.sql("select pg_notify(?, ?)")
                    .params(TOPIC, payload(actor.tenant(), all.subList(from, Math.min(all.size(), from + MOST)), what))
                    .query((row, n) -> 1)
                    .list();
        }
        transactions.afterCommit(() -> all.forEach(events::publishEvent));
    }

    private String payload(TenantId tenant, List<ConversationChanged> changes, String what) {
        return node + " " + tenant + " " + what + " "
                + changes.stream().map(Announcements::written).collect(Collectors.joining(","));
    }

    /** The id, and where it left somebody's reach ":", the agency that had it (or nothing), and "!" if confidential. */
    private static String written(ConversationChanged change) {
        var before = change.before();
        if (before == null) {
            return change.conversation().toString();
        }
        return change.conversation() + ":" + (before.agency() == null ? "" : before.agency())
                + (before.confidential() ? "!" : "");
    }

    private static ConversationChanged read(TenantId tenant, String what, String written) {
        var colon = written.indexOf(':');
        if (colon < 0) {
            return new ConversationChanged(tenant, ConversationId.parse(written), what);
        }
        var confidential = written.endsWith("!");
        var agency = written.substring(colon + 1, written.length() - (confidential ? 1 : 0));
        return new ConversationChanged(
                tenant,
                ConversationId.parse(written.substring(0, colon)),
                what,
                new Before(agency.isEmpty() ? null : AgencyId.parse(agency), confidential));
    }

    /** What another node told; its own words come back to a node too and are left aside. */
    void heard(String payload) {
        var parts = payload.split(" ");
        if (parts.length != 4 || parts[0].equals(node)) {
            return;
        }
        try {
            var tenant = new TenantId(UUID.fromString(parts[1]));
            var all = new ArrayList<ConversationChanged>();
            for (var each : parts[3].split(",")) {
                all.add(read(tenant, parts[2], each));
            }
            all.forEach(events::publishEvent);
        } catch (IllegalArgumentException e) {
            log.warn("A notification that is not ours came on {}", TOPIC);
        }
    }

    @Override
    public void start() {
        running = true;
        Thread.ofPlatform().name("inbox-announcements").daemon().start(this::listen);
    }

    private void listen() {
        var missed = false;
        while (running) {
            try (var fresh = DriverManager.getConnection(
                    roles.applicationUrl(), roles.applicationName(), roles.applicationPassword())) {
                connection = fresh;
                try (var statement = fresh.createStatement()) {
                    statement.execute("set application_name = 'kentongan-announcements'");
                    statement.execute("listen " + TOPIC);
                }
                if (missed) {
                    events.publishEvent(new ChangesMissed());
                }
                missed = true;
                var told = fresh.unwrap(PGConnection.class);
                while (running) {
                    var notifications = told.getNotifications((int) LISTEN.toMillis());
                    for (var each : notifications == null ? new org.postgresql.PGNotification[0] : notifications) {
                        heard(each.getParameter());
                    }
                }
            } catch (SQLException e) {
                if (running) {
                    log.info("Changes on other nodes are not heard for now: {}", e.getMessage());
                    pause();
                }
            } finally {
                connection = null;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        var open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("The listening connection was gone already", e);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
