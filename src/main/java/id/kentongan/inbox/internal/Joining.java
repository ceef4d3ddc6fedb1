// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes one conversation of two, and gives one to whoever began it. */
@Component
class Joining {
    private final JdbcClient jdbc;
    private final Trail trail;

    Joining(JdbcClient jdbc, Trail trail) {
        this.jdbc = jdbc;
        this.trail = trail;
    }

    void own(ThreadRow stays, ThreadRow owner) {
        jdbc.sql("""
                        update inbox.conversation
                        set contact_id = ?, data_key_id = ?, thread_hash = ?, audience = ?, preview_sealed = null
                        where id = ?
                        """)
                .params(
                        owner.contact(),
                        owner.key().value(),
                        owner.thread(),
                        owner.audience().name(),
                        stays.id().value())
                .update();
    }

    /** Everything of one conversation becomes part of another; nothing of it is said twice. */
    void join(Actor actor, ThreadRow from, ThreadRow into) {
        dropSecondCopies(from, into);
        for (var table : List.of("message", "message_search")) {
            jdbc.sql("update inbox." + table + " set conversation_id = ? where conversation_id = ?")
                    .params(into.id().value(), from.id().value())
                    .update();
        }
        jdbc.sql("""
                        update inbox.draft d
                        set conversation_id = :into,
                            window_id = case
                                when exists (
                                    select 1 from inbox.draft o
                                    where o.tenant_id = d.tenant_id and o.officer_id = d.officer_id
                                    and o.conversation_id = :into and o.window_id = d.window_id)
                                then gen_random_uuid()
                                else d.window_id
                            end
                        where d.conversation_id = :from
                        """)
                .param("into", into.id().value())
                .param("from", from.id().value())
                .update();
        for (var table : List.of("conversation_read", "presence")) {
            jdbc.sql("delete from inbox." + table + " where conversation_id = ?")
                    .param(from.id().value())
                    .update();
        }
        jdbc.sql("""
                        update inbox.conversation c
                        set opened_at = least(c.opened_at, o.opened_at),
                            last_at = greatest(c.last_at, o.last_at),
                            heard_at = greatest(c.heard_at, o.heard_at),
                            waiting_since = least(c.waiting_since, o.waiting_since),
                            done = c.done and o.done,
                            assignee = coalesce(c.assignee, o.assignee),
                            version = c.version + 1,
                            heard_version = c.version + 1
                        from inbox.conversation o
                        where c.id = ? and o.tenant_id = c.tenant_id and o.id = ?
                        """).params(into.id().value(), from.id().value()).update();
        jdbc.sql("delete from inbox.conversation where id = ?")
                .param(from.id().value())
                .update();
        // One step is enough to find it, however often it goes on.
        jdbc.sql("update inbox.joined_conversation set into_id = ? where into_id = ?")
                .params(into.id().value(), from.id().value())
                .update();
        jdbc.sql("insert into inbox.joined_conversation (tenant_id, id, into_id) values (?, ?, ?)")
                .params(actor.tenant().value(), from.id().value(), into.id().value())
                .update();
        trail.record(
                actor,
                TrailEntry.of(
                        "inbox.joined",
                        "conversation",
                        from.id().value(),
                        Map.of("into", into.id().toString())));
    }

    /** Context that stood in both stands once. */
    private void dropSecondCopies(ThreadRow from, ThreadRow into) {
        var second = jdbc.sql("""
                        select m.id
                        from inbox.message m
                        where m.conversation_id = ? and m.direction = 'IN' and not m.addressed and exists (
                            select 1 from inbox.message o
                            where o.tenant_id = m.tenant_id and o.conversation_id = ? and o.key_hash = m.key_hash)
                        """)
                .params(from.id().value(), into.id().value())
                .query(UUID.class)
                .list()
                .toArray(UUID[]::new);
        for (var table : second.length == 0 ? List.<String>of() : List.of("message_search", "message_version")) {
            jdbc.sql("delete from inbox." + table + " where message_id = any(?)")
                    .param(second)
                    .update();
        }
        if (second.length > 0) {
            jdbc.sql("delete from inbox.message where id = any(?)")
                    .param(second)
                    .update();
        }
    }
}
