// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a batch makes of its conversations: the new ones, and what is new in those that were there. */
@Component
class HeardConversations {
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;
    private final Previews previews;

    HeardConversations(JdbcClient jdbc, Vault vault, Clock clock, Previews previews) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.previews = previews;
    }

    /** What a batch says in one conversation: its newest words, and since when somebody waits, or null. */
    record Heard(Incoming newest, @Nullable Instant waiting) {
        Heard with(Incoming next) {
            var since = next.said.addressed() ? next.since() : null;
            return new Heard(
                    next.at.isBefore(newest.at) ? newest : next,
                    waiting == null || (since != null && since.isBefore(waiting)) ? since : waiting);
        }

        @Nullable
        String waitingSince() {
            return waiting == null ? null : waiting.toString();
        }

        byte[] preview(Previews previews, Actor actor, DataKeyId key) {
            return previews.sealed(actor, key, newest.said.text(), newest.said.warning());
        }
    }

    static Map<ConversationId, Heard> heard(List<Incoming> said) {
        var heard = new LinkedHashMap<ConversationId, Heard>();
        for (var each : said) {
            heard.compute(
                    each.conversation(),
                    (id, before) -> before == null ? new Heard(each, null).with(each) : before.with(each));
        }
        return heard;
    }

    /** As they stand after the whole batch: a row of so many indexes is not written twice. */
    void open(Actor actor, List<Incoming> said, Map<ConversationId, Heard> heard) {
        var fresh = said.stream().filter(Incoming::opened).toList();
        if (fresh.isEmpty()) {
            return;
        }
        var all = fresh.stream()
                .map(each -> Objects.requireNonNull(heard.get(each.conversation())))
                .toList();
        jdbc.sql("""
                        insert into inbox.conversation
                            (tenant_id, id, account_id, network, contact_id, data_key_id, audience, thread_hash,
                             opened_at, last_at, waiting_since, preview_sealed, heard_at, confidential, anonymous)
                        select ?, c.id, c.account, c.network, c.contact, c.key, c.audience, c.thread, c.at, c.last,
                               c.waiting, c.preview, ?, c.confidential, c.anonymous
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[],
                                    ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::bytea[], ?::boolean[],
                                    ?::boolean[])
                            as c (id, account, network, contact, key, audience, thread, at, last, waiting, preview,
                                  confidential, anonymous)
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(clock.instant()),
                        fresh.stream().map(each -> each.conversation().value()).toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.account().value())
                                .toArray(UUID[]::new),
                        fresh.stream()
                                .map(each -> each.received.network().code())
                                .toArray(String[]::new),
                        fresh.stream().map(each -> each.contact().id().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> each.contact().key().value()).toArray(UUID[]::new),
                        fresh.stream().map(each -> each.said.audience().name()).toArray(String[]::new),
                        fresh.stream().map(each -> each.threadHash).toArray(byte[][]::new),
                        fresh.stream().map(each -> each.at.toString()).toArray(String[]::new),
                        all.stream().map(each -> each.newest().at.toString()).toArray(String[]::new),
                        all.stream().map(Heard::waitingSince).toArray(String[]::new),
                        IntStream.range(0, fresh.size())
                                .mapToObj(n -> all.get(n)
                                        .preview(
                                                previews,
                                                actor,
                                                fresh.get(n).contact().key()))
                                .toArray(byte[][]::new),
                        fresh.stream()
                                .map(each -> each.web()
                                        && ("confidential"
                                                        .equals(each.said
                                                                .hints()
                                                                .get("identity"))
                                                || "whistle-blowing"
                                                        .equals(each.said
                                                                .hints()
                                                                .get("kind"))))
                                .toArray(Boolean[]::new),
                        fresh.stream()
                                .map(each -> each.web()
                                        && "anonymous".equals(each.said.hints().get("identity")))
                                .toArray(Boolean[]::new))
                .update();
    }

    /**
     * Newest words, waiting since the first unanswered, open again: of the conversations that were there before. What
     * is not addressed to us only stands there: nobody waits for an answer to it.
     */
    void touch(Actor actor, List<Incoming> said, Map<ConversationId, Heard> heard) {
        var known = new LinkedHashMap<>(heard);
        said.stream().filter(Incoming::opened).map(Incoming::conversation).forEach(known::remove);
        if (known.isEmpty()) {
            return;
        }
        var ids = known.keySet().stream().map(ConversationId::value).toArray(UUID[]::new);
        var keys = new HashMap<ConversationId, DataKeyId>();
        // Held in one order: whoever else changes many at once waits, and nobody waits in a circle.
        jdbc.sql("select id, data_key_id from inbox.conversation where id = any(?) order by id for no key update")
                .param(ids)
                .query(row -> {
                    keys.put(
                            new ConversationId(row.getObject(1, UUID.class)),
                            new DataKeyId(row.getObject(2, UUID.class)));
                });
        vault.warm(actor, keys.values());
        var late = jdbc.sql("""
                        update inbox.conversation c
                        set last_at = greatest(c.last_at, n.at),
                            heard_at = ?,
                            preview_sealed = case when n.at >= c.last_at then n.preview else c.preview_sealed end,
                            waiting_since = least(c.waiting_since, n.first),
                            done = c.done and n.first is null,
                            version = c.version + 1,
                            heard_version = case when n.first is null then c.heard_version else c.version + 1 end
                        from unnest(?::uuid[], ?::timestamptz[], ?::bytea[], ?::timestamptz[])
                            as n (id, at, preview, first)
                        where c.id = n.id
                        returning c.id, c.last_at > n.at
                        """)
                .params(
                        Timestamp.from(clock.instant()),
                        ids,
                        known.values().stream()
                                .map(each -> each.newest().at.toString())
                                .toArray(String[]::new),
                        known.entrySet().stream()
                                .map(entry -> entry.getValue()
                                        .preview(previews, actor, Objects.requireNonNull(keys.get(entry.getKey()))))
                                .toArray(byte[][]::new),
                        known.values().stream().map(Heard::waitingSince).toArray(String[]::new))
                .query((row, n) -> row.getBoolean(2)
                        ? Optional.of(new ConversationId(row.getObject(1, UUID.class)))
                        : Optional.<ConversationId>empty())
                .list();
        // What came later but was said earlier may still be the newest that is left.
        previews.refresh(actor, late.stream().flatMap(Optional::stream).toList());
    }
}
