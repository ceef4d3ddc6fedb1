// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class SeenKeysIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    SeenKeys seen;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    private Actor system;
    private AccountId account;

    @BeforeEach
    void anAccount() {
        system = tenants.found().system();
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
    }

    @Test
    void aKeyIsNewOnceAndSeenFromThenOn() {
        assertThat(seen.contains(system, account, "satu")).isFalse();
        assertThat(marked("satu", "dua")).hasSize(2);
        assertThat(marked("satu", "tiga")).containsExactly(SeenKeys.Key.of(account, seen.hash(system, "tiga")));
        assertThat(List.of("satu", "dua", "tiga")).allMatch(key -> seen.contains(system, account, key));
        assertThat(seen.contains(system, account, "empat")).isFalse();
    }

    @Test
    void whatWasRolledBackIsNotSeen() {
        assertThatThrownBy(() -> transactions.run(system, () -> {
                    mark("batal");
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(seen.contains(system, account, "batal")).isFalse();
    }

    @Test
    void whatAnotherNodeHasSeenIsAskedOfTheDatabase() {
        assertThat(seen.contains(system, account, "jauh")).isFalse();
        transactions.run(
                system,
                () -> jdbc.sql("insert into channel.seen (tenant_id, account_id, key_hash) values (?, ?, ?)")
                        .params(system.tenant().value(), account.value(), seen.hash(system, "jauh"))
                        .update());
        assertThat(seen.contains(system, account, "jauh")).isTrue();
    }

    @Test
    void anotherTenantAndAnotherAccountHaveNotSeenIt() {
        marked("satu");
        var other = tenants.found().system();
        assertThat(seen.contains(other, account, "satu")).isFalse();
        assertThat(seen.contains(system, AccountId.next(), "satu")).isFalse();
    }

    private Set<SeenKeys.Key> marked(String... keys) {
        return transactions.write(system, () -> mark(keys));
    }

    private Set<SeenKeys.Key> mark(String... keys) {
        return seen.mark(
                system,
                List.of(keys).stream().map(key -> account).toList(),
                List.of(keys).stream().map(key -> seen.hash(system, key)).toList());
    }
}
