// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Growing delay for whoever keeps guessing, kept in the database so that it holds on every node. A try is charged
 * before the secret is looked at and given back when it was right: guesses sent all at once count like guesses
 * sent one by one.
 */
@Component
class Throttle {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectProvider<OfficerSecrets> secrets;

    Throttle(ActorTransactions transactions, JdbcClient jdbc, Clock clock, ObjectProvider<OfficerSecrets> secrets) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.secrets = secrets;
    }

    /**
     * What is counted.
     *
     * @param free tries before the first wait: few for one account, many for a network that a whole office shares
     */
    record Key(String name, int free) {
        /** One account from one network: whoever knows a mail address must not keep its officer out from elsewhere. */
        static Key mail(String mail, String network) {
            return new Key("mail:" + network + ' ' + mail, 5);
        }

        /** One account in a browser in which its officer has signed in before. */
        static Key browser(String mail, String browser) {
            return new Key("browser:" + browser + ' ' + mail, 10);
        }

        /** One account from anywhere: for guesses from many networks, and not for a known browser. */
        static Key account(String mail) {
            return new Key("account:" + mail, 50);
        }

        static Key network(String network) {
            return new Key("network:" + network, 50);
        }

        static Key code(Object officer) {
            return new Key("code:" + officer, 5);
        }
    }

    /** Charges one try to each key; refused, and nothing charged, while one of them has to wait. */
    void charge(Actor system, Key... keys) {
        transactions.run(system, () -> {
            for (var counted : hashed(system, keys)) {
                charge(system, counted);
            }
        });
    }

    private void charge(Actor system, Counted counted) {
        var now = clock.instant();
        var failures = jdbc.sql("""
                        insert into identity.sign_in_attempt as a (tenant_id, key_hash, failures, last_at)
                        values (:tenant, :key, 1, :now)
                        on conflict (tenant_id, key_hash) do update
                        set failures = case when a.last_at < :stale then 1 else a.failures + 1 end,
                            last_at = excluded.last_at
                        where coalesce(a.blocked_until, '-infinity') <= :now
                        returning failures
                        """)
                .param("tenant", system.tenant().value())
                .param("key", counted.hash())
                .param("now", Timestamp.from(now))
                .param("stale", Timestamp.from(now.minus(FORGOTTEN_AFTER)))
                .query(Integer.class)
                .optional()
                .orElseThrow(() -> Refusal.limited("identity.too-many-tries", minutesLeft(counted))
                        .asException());
        var over = failures - counted.free();
        if (over >= 0) {
            var wait = over > 6 ? LONGEST_WAIT : FIRST_WAIT.multipliedBy(1L << over);
            jdbc.sql("update identity.sign_in_attempt set blocked_until = ? where key_hash = ?")
                    .params(
                            Timestamp.from(now.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)),
                            counted.hash())
                    .update();
        }
    }

    private long minutesLeft(Counted counted) {
        var until = jdbc.sql("select blocked_until from identity.sign_in_attempt where key_hash = ?")
                .param(counted.hash())
                .query(Timestamp.class)
                .single();
        var seconds = Duration.between(clock.instant(), until.toInstant()).toSeconds();
        return Math.max(1, (seconds + 59) / 60);
    }

    /** The try was right: what was held against the account is forgotten. */
    void forget(Actor system, Key... keys) {
        transactions.run(system, () -> {
            jdbc.sql("delete from identity.sign_in_attempt where key_hash = any(?) or last_at < ?")
                    .params(
                            hashed(system, keys).stream().map(Counted::hash).toArray(byte[][]::new),
                            Timestamp.from(clock.instant().minus(Duration.ofDays(1))))
                    .update();
        });
    }

    /** The try was right: it is given back, and what others in the same network did stays. */
    void giveBack(Actor system, Key key) {
        transactions.run(system, () -> {
            for (var counted : hashed(system, key)) {
                jdbc.sql("""
                                update identity.sign_in_attempt
                                set failures = greatest(0, failures - 1), blocked_until = null
                                where key_hash = ?
                                """).param(counted.hash()).update();
            }
        });
    }

    private record Counted(byte[] hash, int free) {}

    /** In one order everywhere, so that two tries never wait for each other. */
    private List<Counted> hashed(Actor system, Key... keys) {
        var vault = secrets.getObject();
        return Arrays.stream(keys)
                .map(key -> new Counted(vault.keyedHash(system.tenant(), "identity.sign-in", key.name()), key.free()))
                .sorted(Comparator.comparing(Counted::hash, Arrays::compareUnsigned))
                .toList();
    }
}
