// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.spi.ChannelAdapter.NewCredentials;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Our accounts and their keys. Read anew every few seconds, since every delivery asks. */
@Component
class LocalActors {
    private static final String CREDENTIALS = "channel.account.credentials";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Tenants tenants;
    private final Cache<TenantId, List<LocalActor>> known =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(5)).build();
    private final Cache<AccountId, PrivateKey> keys =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(10)).build();

    LocalActors(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Tenants tenants) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.tenants = tenants;
    }

    /** A new RSA-2048 pair: what every server of the fediverse understands. */
    static NewCredentials newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            return new NewCredentials(pair.getPrivate().getEncoded(), PublicKeys.toPem(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    List<LocalActor> all(TenantId tenant) {
        var cached = known.getIfPresent(tenant);
        if (cached != null && !cached.isEmpty()) {
            return cached;
        }
        var fresh = load(tenants.get(tenant));
        known.put(tenant, fresh);
        return fresh;
    }

    /** The next reader asks the database, once what the caller's transaction changed is committed. */
    void forget(TenantId tenant) {
        transactions.afterCommit(() -> known.invalidate(tenant));
    }

    /** As the database knows it now. */
    Optional<LocalActor> fresh(TenantId tenant, AccountId account) {
        known.invalidate(tenant);
        return of(tenant, account);
    }

    Optional<LocalActor> find(TenantId tenant, String name) {
        var found =
                all(tenant).stream().filter(each -> each.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            known.invalidate(tenant);
            found = all(tenant).stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst();
        }
        return found;
    }

    Optional<LocalActor> of(TenantId tenant, AccountId account) {
        var found = all(tenant).stream()
                .filter(each -> each.account().equals(account))
                .findFirst();
        if (found.isEmpty()) {
            known.invalidate(tenant);
            found = all(tenant).stream()
                    .filter(each -> each.account().equals(account))
                    .findFirst();
        }
        return found;
    }

    PrivateKey key(LocalActor local) {
        return keys.get(local.account(), account -> open(local));
    }

    private List<LocalActor> load(Tenant tenant) {
        return transactions.read(
                Actor.system(tenant.id(), "channel"),
                () -> jdbc.sql("""
                        select id, name, display_name, summary, coalesce(public_key, '') as public_key
                        from channel.account
                        where network = 'activitypub'
                        order by created_at, id
                        """)
                        .query((row, n) -> new LocalActor(
                                tenant,
                                new AccountId(row.getObject("id", UUID.class)),
                                row.getString("name"),
                                row.getString("display_name"),
                                row.getString("summary"),
                                tenant.address(),
                                row.getString("public_key")))
                        .list());
    }

    private PrivateKey open(LocalActor local) {
        var secret = transactions.read(local.system(), () -> {
            var sealed = jdbc.sql("select credentials from channel.account where id = ?")
                    .param(local.account().value())
                    .query((row, n) -> row.getBytes(1))
                    .single();
            return vault.openForTenant(local.system(), CREDENTIALS, sealed);
        });
        try {
            return FastRsa.privateKey(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The account's key cannot be read", e);
        }
    }
}
