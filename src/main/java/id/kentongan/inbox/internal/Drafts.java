// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Draft;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What officers have written and not sent, each their own; two windows of one officer never write over each other. */
@Component
class Drafts {
    private static final String DRAFT = "inbox.draft";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;
    private final ConversationTable table;

    Drafts(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Clock clock, ConversationTable table) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.table = table;
    }

    /** The actor's own, newest first. */
    List<Draft> of(Actor actor, ConversationId id) {
        return jdbc.sql("""
                        select window_id, version, sealed, saved_at
                        from inbox.draft
                        where officer_id = ? and conversation_id = ?
                        order by saved_at desc, window_id
                        """)
                .params(actor.id(), id.value())
                .query((row, n) -> new Draft(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        new String(vault.openForTenant(actor, DRAFT, row.getBytes(3)), StandardCharsets.UTF_8),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    List<Draft> save(Actor actor, ConversationId id, Draft.Window window, String text) {
        InboxAccess.worksHere(actor);
        return transactions.write(actor, () -> {
            var raw = table.kept(actor, id);
            if (text.isBlank()) {
                delete(actor, raw.id(), window);
            } else if (!update(actor, raw.id(), window, text)) {
                insert(actor, raw.id(), window, text);
            }
            return of(actor, raw.id()).stream()
                    .filter(each -> !each.window().equals(window.id()))
                    .toList();
        });
    }

    void discard(Actor actor, ConversationId id, Draft.Window window) {
        InboxAccess.worksHere(actor);
        transactions.run(actor, () -> delete(actor, table.kept(actor, id).id(), window));
    }

    void use(Actor actor, ConversationId id, UUID window) {
        InboxAccess.worksHere(actor);
        transactions.run(actor, () -> {
            var raw = table.kept(actor, id);
            jdbc.sql("""
                            update inbox.draft
                            set saved_at = greatest(:now, (
                                select max(saved_at) + interval '1 millisecond'
                                from inbox.draft
                                where officer_id = :me and conversation_id = :id))
                            where officer_id = :me and conversation_id = :id and window_id = :window
                            """)
                    .param("now", Timestamp.from(clock.instant()))
                    .param("me", actor.id())
                    .param("id", raw.id().value())
                    .param("window", window)
                    .update();
        });
    }

    /** The window's own draft, or the one it began with, as long as no other window has written in that since. */
    private static final String ITS_OWN = """
            where officer_id = :me and conversation_id = :id
            and (window_id = :window or version = :from::uuid)
            """;

    private JdbcClient.StatementSpec own(Actor actor, ConversationId id, Draft.Window window, String sql) {
        return jdbc.sql(sql + ITS_OWN)
                .param("me", actor.id())
                .param("id", id.value())
                .param("window", window.id())
                .param("from", window.from());
    }

    private void delete(Actor actor, ConversationId id, Draft.Window window) {
        own(actor, id, window, "delete from inbox.draft ").update();
    }

    /** @return whether there was one of its own */
    private boolean update(Actor actor, ConversationId id, Draft.Window window, String text) {
        return own(actor, id, window, """
                        update inbox.draft
                        set window_id = :window, version = :next, sealed = :sealed, saved_at = :now
                        """)
                        .param("next", Ids.next())
                        .param("sealed", sealed(actor, text))
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                > 0;
    }

    private void insert(Actor actor, ConversationId id, Draft.Window window, String text) {
        // What stands there word for word in another window needs no second place.
        if (of(actor, id).stream().anyMatch(each -> each.text().equals(text))) {
            return;
        }
        jdbc.sql("""
                        insert into inbox.draft
                            (tenant_id, officer_id, conversation_id, window_id, version, sealed, saved_at)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (tenant_id, officer_id, conversation_id, window_id) do update
                        set version = excluded.version, sealed = excluded.sealed, saved_at = excluded.saved_at
                        """)
                .params(
                        actor.tenant().value(),
                        actor.id(),
                        id.value(),
                        window.id(),
                        Ids.next(),
                        sealed(actor, text),
                        Timestamp.from(clock.instant()))
                .update();
    }

    private byte[] sealed(Actor actor, String text) {
        return vault.sealForTenant(actor, DRAFT, text.getBytes(StandardCharsets.UTF_8));
    }
}
