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

/**
 * Edits and deletions that came before their message wait for it, the words of an edit sealed. Whose message it will be is
 * not known yet: each waits for its own author's.
 */
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

    /**
     * @param author whose words alone are meant; empty where the network itself sees to that
     * @param wording of an edit; null of a deletion
     */
    record Pending(
            byte[] hash,
            Instant at,
            byte[] author,
            @Nullable Wording wording) {}

    /** Those that wait for these messages, which wait no longer. */
    List<Pending> take(Actor actor, List<byte[]> hashes) {
        return jdbc.sql("""
                        delete from inbox.pending_change
                        where target_hash = any(?)
                        returning target_hash, at, sealed, author_hash
                        """)
                .param(hashes.toArray(byte[][]::new))
                .query((row, n) -> {
                    var sealed = row.getBytes(3);
                    return new Pending(
                            row.getBytes(1),
                            row.getTimestamp(2).toInstant(),
                            row.getBytes(4),
                            sealed == null
                                    ? null
                                    : json.readValue(vault.openForTenant(actor, PENDING, sealed), Wording.class));
                })
                .list();
    }

    /** A deletion takes with it the wordings that wait; after it none is kept. */
    void keep(Actor actor, AccountId account, Pending change) {
        var wording = change.wording();
        var deleted = wording == null;
        if (deleted) {
            jdbc.sql("""
                            delete from inbox.pending_change
                            where target_hash = :hash and not deleted and (:author = ''::bytea or author_hash = :author)
                            """)
                    .param("hash", change.hash())
                    .param("author", change.author())
                    .update();
        }
        jdbc.sql("""
                        insert into inbox.pending_change
                            (tenant_id, account_id, target_hash, author_hash, at, deleted, sealed, kept_at)
                        select :tenant, :account, :hash, :author, :at, :deleted, :sealed, :now
                        where :deleted or not exists (
                            select 1
                            from inbox.pending_change
                            where target_hash = :hash and deleted and author_hash in ('', :author))
                        on conflict (tenant_id, account_id, target_hash, author_hash, at) do nothing
                        """)
                .param("tenant", actor.tenant().value())
                .param("account", account.value())
                .param("hash", change.hash())
                .param("author", change.author())
                .param("at", Timestamp.from(change.at()))
                .param("deleted", deleted)
                .param("sealed", deleted ? null : vault.sealForTenant(actor, PENDING, json.writeValueAsBytes(wording)))
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
