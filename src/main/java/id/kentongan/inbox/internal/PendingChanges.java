// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Edits and deletions that came before their message wait for it, the words of an edit sealed. */
@Component
class PendingChanges {
    private static final String PENDING = "inbox.pending_change";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;

    PendingChanges(JdbcClient jdbc, Vault vault, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    /** A wording with its warning. */
    record Wording(String text, @Nullable String warning) {}

    /** @param wording of an edit; null of a deletion */
    record Pending(byte[] hash, Instant at, @Nullable Wording wording) {}

    /** Those that wait for these messages, which wait no longer. */
    List<Pending> take(Actor actor, List<byte[]> hashes) {
        return jdbc.sql("""
                        delete from inbox.pending_change
                        where target_hash = any(?)
                        returning target_hash, at, sealed
                        """)
                .param(hashes.toArray(byte[][]::new))
                .query((row, n) -> {
                    var sealed = row.getBytes(3);
                    return new Pending(
                            row.getBytes(1),
                            row.getTimestamp(2).toInstant(),
                            sealed == null
                                    ? null
                                    : json.readValue(vault.openForTenant(actor, PENDING, sealed), Wording.class));
                })
                .list();
    }

    /** A deletion takes with it the wordings that wait; after it none is kept. */
    void keep(Actor actor, AccountId account, byte[] hash, Instant at, @Nullable Wording wording) {
        var deleted = wording == null;
        if (deleted) {
            jdbc.sql("delete from inbox.pending_change where target_hash = ? and not deleted")
                    .param(hash)
                    .update();
        }
        jdbc.sql("""
                        insert into inbox.pending_change
                            (tenant_id, account_id, target_hash, at, deleted, sealed, kept_at)
                        select :tenant, :account, :hash, :at, :deleted, :sealed, :now
                        where :deleted or not exists (
                            select 1 from inbox.pending_change where target_hash = :hash and deleted)
                        on conflict (tenant_id, account_id, target_hash, at) do nothing
                        """)
                .param("tenant", actor.tenant().value())
                .param("account", account.value())
                .param("hash", hash)
                .param("at", Timestamp.from(at))
                .param("deleted", deleted)
                .param("sealed", deleted ? null : vault.sealForTenant(actor, PENDING, json.writeValueAsBytes(wording)))
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
