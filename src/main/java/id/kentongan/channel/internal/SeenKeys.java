// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.channel.AccountId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which remote keys an account has taken in. What is seen stays seen as long as there is the account, so that memory
 * may answer yes, never no: every reply asks it of what stands above it, and most answer something recent.
 */
@Component
public class SeenKeys {
    /** Of the keyed hashes by which remote keys are known in this module's tables. */
    static final String PURPOSE = "channel.seen";
    /** Of some 200 bytes each. */
    private static final int REMEMBERED = 50_000;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Cache<Known, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    SeenKeys(ActorTransactions transactions, JdbcClient jdbc, Vault vault) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** Memory knows no row-level security: what was seen is known under one tenant. */
    private record Known(TenantId tenant, Key key) {}

    /** @param hash of the remote key, in hexadecimal */
    record Key(AccountId account, String hash) {
        static Key of(AccountId account, byte[] hash) {
            return new Key(account, HexFormat.of().formatHex(hash));
        }
    }

    /** Whether the account has taken that in, by what is committed. */
    public boolean contains(Actor actor, AccountId account, String remoteKey) {
        var hash = hash(actor, remoteKey);
        var key = new Known(actor.tenant(), Key.of(account, hash));
        if (known.getIfPresent(key) != null) {
            return true;
        }
        var found = transactions.read(
                actor,
                () -> jdbc.sql("select 1 from channel.seen where account_id = ? and key_hash = ?")
                        .params(account.value(), hash)
                        .query(Integer.class)
                        .optional()
                        .isPresent());
        if (found) {
            transactions.afterCommit(() -> known.put(key, true));
        }
        return found;
    }

    /** Marks the keys as seen, in the caller's transaction; returns those that were new. */
    Set<Key> mark(Actor actor, List<AccountId> accounts, List<byte[]> hashes) {
        var added = new HashSet<>(jdbc.sql("""
                        insert into channel.seen (tenant_id, account_id, key_hash)
                        select ?, s.account, s.hash
                        from unnest(?::uuid[], ?::bytea[]) as s (account, hash)
                        order by s.account, s.hash -- two nodes with the same keys wait for each other in one order
                        on conflict do nothing
                        returning account_id, key_hash
                        """)
                .params(
                        actor.tenant().value(),
                        accounts.stream().map(AccountId::value).toArray(UUID[]::new),
                        hashes.toArray(byte[][]::new))
                .query((row, n) -> Key.of(new AccountId(row.getObject(1, UUID.class)), row.getBytes(2)))
                .list());
        var all = Set.copyOf(added);
        transactions.afterCommit(() -> remember(actor.tenant(), all));
        return added;
    }

    private void remember(TenantId tenant, Collection<Key> keys) {
        keys.forEach(key -> known.put(new Known(tenant, key), true));
    }

    byte[] hash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, PURPOSE, remoteKey);
    }
}
