// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is known of other servers: how they want requests signed, how often they failed, until when they rest. */
@Component
class Peers {
    private static final Duration SHORTEST_REST = Duration.ofHours(1);
    private static final Duration LONGEST_REST = Duration.ofHours(24);
    /** How long what another node found out about a server may go unnoticed here. */
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    enum Signing {
        CAVAGE,
        RFC9421;

        Signing other() {
            return this == CAVAGE ? RFC9421 : CAVAGE;
        }
    }

    record Peer(
            String host,
            Signing signing,
            int failures,
            @Nullable Instant parkedUntil) {
        boolean rests(Instant now) {
            return parkedUntil != null && parkedUntil.isAfter(now);
        }
    }

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final FederationSettings settings;
    /** Of a surge most comes from few servers, and each is asked about for every person of it. */
    private final Cache<Host, Peer> known = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();

    /** Memory knows no row-level security: what is known of a server is known under one tenant. */
    private record Host(TenantId tenant, String name) {}

    Peers(ActorTransactions transactions, JdbcClient jdbc, Clock clock, FederationSettings settings) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.settings = settings;
    }

    Peer get(Actor actor, String host) {
        var key = new Host(actor.tenant(), host);
        var remembered = known.getIfPresent(key);
        if (remembered != null) {
            return remembered;
        }
        var peer = load(actor, host);
        known.put(key, peer);
        return peer;
    }

    private Peer load(Actor actor, String host) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select signature, failures, parked_until from channel.ap_host where host = ?")
                        .param(host)
                        .query((row, n) -> {
                            var parked = row.getTimestamp("parked_until");
                            return new Peer(
                                    host,
                                    Signing.valueOf(row.getString("signature").toUpperCase(Locale.ROOT)),
                                    row.getInt("failures"),
                                    parked == null ? null : parked.toInstant());
                        })
                        .optional()
                        .orElse(new Peer(host, Signing.CAVAGE, 0, null)));
    }

    /** It answered, and took what was signed this way. */
    void worked(Actor actor, Peer before, Signing signing) {
        if (before.failures() > 0 || before.signing() != signing) {
            save(actor, before.host(), signing, 0, null);
        }
    }

    /** It was away, or answered that it is in trouble; after many times in a row it rests, longer each time. */
    void failed(Actor actor, Peer before) {
        var failures = before.failures() + 1;
        Instant until = null;
        if (failures >= settings.deadAfter()) {
            var rest = SHORTEST_REST.multipliedBy(1L << Math.min(5, failures - settings.deadAfter()));
            until = clock.instant().plus(rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
        }
        save(actor, before.host(), before.signing(), failures, until);
    }

    private void save(Actor actor, String host, Signing signing, int failures, @Nullable Instant parkedUntil) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_host (tenant_id, host, signature, failures, parked_until)
                        values (:tenant, :host, :signature, :failures, :parked)
                        on conflict (tenant_id, host) do update
                        set signature = excluded.signature, failures = excluded.failures,
                            parked_until = excluded.parked_until
                        """)
                        .param("tenant", actor.tenant().value())
                        .param("host", host)
                        .param("signature", signing.name().toLowerCase(Locale.ROOT))
                        .param("failures", failures)
                        .param("parked", parkedUntil == null ? null : Timestamp.from(parkedUntil))
                        .update());
        transactions.afterCommit(() -> known.invalidate(new Host(actor.tenant(), host)));
    }
}
