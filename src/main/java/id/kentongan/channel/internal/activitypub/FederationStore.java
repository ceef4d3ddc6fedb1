// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Audience;
import id.kentongan.channel.internal.GroupedWork;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Followers and what we published. Each method is a transaction of its own. */
@Component
class FederationStore {
    private static final String FOLLOWER = "channel.ap_follower";
    private static final String NOTE = "channel.ap_object";
    private static final String ACTOR = "channel.ap_actor";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final Clock clock;
    private final GroupedWork<String, Optional<SealedActor>> actorsFound =
            new GroupedWork<>("actors-found", this::findActors);
    private final GroupedWork<FetchedActor, Boolean> actorsKept = new GroupedWork<>("actors-kept", this::keepActors);

    FederationStore(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Trail trail, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.clock = clock;
    }

    record Follower(String actor, String inbox) {}

    record Note(UUID id, Audience audience, String json, Instant publishedAt, boolean withdrawn) {}

    // ---- followers ----------------------------------------------------------------------------------------------

    void follow(LocalActor local, RemoteActor follower, String followId) {
        var actor = local.system();
        transactions.run(actor, () -> {
            var inbox = follower.sharedInbox() != null ? follower.sharedInbox() : follower.inbox();
            var added = jdbc.sql("""
                            insert into channel.ap_follower
                                (tenant_id, account_id, actor_hash, sealed, followed_at, follow_hash)
                            values (?, ?, ?, ?, ?, ?)
                            on conflict (tenant_id, account_id, actor_hash) do update
                            set follow_hash = excluded.follow_hash
                            returning xmax = 0
                            """)
                    .params(
                            actor.tenant().value(),
                            local.account().value(),
                            vault.keyedHash(actor, FOLLOWER, follower.id()),
                            vault.sealForTenant(
                                    actor, FOLLOWER, (follower.id() + "\n" + inbox).getBytes(StandardCharsets.UTF_8)),
                            Timestamp.from(clock.instant()),
                            vault.keyedHash(actor, FOLLOWER, followId))
                    .query(Boolean.class)
                    .single();
            if (added) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "channel.followed", "account", local.account().value()));
            }
        });
    }

    void unfollow(LocalActor local, String follower) {
        var actor = local.system();
        transactions.run(actor, () -> {
            var gone = jdbc.sql("delete from channel.ap_follower where account_id = ? and actor_hash = ?")
                    .params(local.account().value(), vault.keyedHash(actor, FOLLOWER, follower))
                    .update();
            if (gone > 0) {
                trail.record(
                        actor,
                        TrailEntry.of(
                                "channel.unfollowed", "account", local.account().value()));
            }
        });
    }

    boolean isFollower(LocalActor local, String person) {
        var actor = local.system();
        return transactions.read(
                actor,
                () -> jdbc.sql(
                                "select exists (select 1 from channel.ap_follower where account_id = ? and actor_hash = ?)")
                        .params(local.account().value(), vault.keyedHash(actor, FOLLOWER, person))
                        .query(Boolean.class)
                        .single());
    }

    /** Whether that follower follows by that very activity. */
    boolean followedBy(LocalActor local, String follower, String followId) {
        var actor = local.system();
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select exists (
                            select 1 from channel.ap_follower
                            where account_id = ? and actor_hash = ? and follow_hash = ?)
                        """)
                        .params(
                                local.account().value(),
                                vault.keyedHash(actor, FOLLOWER, follower),
                                vault.keyedHash(actor, FOLLOWER, followId))
                        .query(Boolean.class)
                        .single());
    }

    List<Follower> followers(LocalActor local) {
        var actor = local.system();
        return transactions.read(
                actor,
                () -> jdbc.sql("select sealed from channel.ap_follower where account_id = ?")
                        .param(local.account().value())
                        .query((row, n) -> {
                            var parts = new String(
                                            vault.openForTenant(actor, FOLLOWER, row.getBytes(1)),
                                            StandardCharsets.UTF_8)
                                    .split("\n", 2);
                            return new Follower(parts[0], parts.length > 1 ? parts[1] : "");
                        })
                        .list());
    }

    int followerCount(LocalActor local) {
        return transactions.read(
                local.system(),
                () -> jdbc.sql("select count(*) from channel.ap_follower where account_id = ?")
                        .param(local.account().value())
                        .query(Integer.class)
                        .single());
    }

    // ---- what we published --------------------------------------------------------------------------------------

    /** Keeps the note under its address and returns what is kept there: of a repetition the first one. */
    Note publish(LocalActor local, UUID id, Audience audience, Function<Instant, String> json) {
        var actor = local.system();
        return transactions.write(actor, () -> {
            var now = clock.instant();
            jdbc.sql("""
                            insert into channel.ap_object
                                (tenant_id, id, account_id, audience, open, sealed, published_at)
                            values (?, ?, ?, ?, ?, ?, ?)
                            on conflict do nothing
                            """)
                    .params(
                            actor.tenant().value(),
                            id,
                            local.account().value(),
                            audience.name(),
                            audience == Audience.PUBLIC || audience == Audience.UNLISTED,
                            vault.sealForTenant(actor, NOTE, json.apply(now).getBytes(StandardCharsets.UTF_8)),
                            Timestamp.from(now))
                    .update();
            return note(local, id).orElseThrow();
        });
    }

    /** Other words under the same address; what is withdrawn keeps none that are new. */
    Note revise(LocalActor local, UUID id, String json) {
        var actor = local.system();
        return transactions.write(actor, () -> {
            jdbc.sql("update channel.ap_object set sealed = ? where account_id = ? and id = ? and deleted_at is null")
                    .params(
                            vault.sealForTenant(actor, NOTE, json.getBytes(StandardCharsets.UTF_8)),
                            local.account().value(),
                            id)
                    .update();
            return note(local, id).orElseThrow();
        });
    }

    /** From now on its address answers that it is gone. */
    void withdraw(LocalActor local, UUID id) {
        transactions.run(
                local.system(),
                () -> jdbc.sql("""
                        update channel.ap_object
                        set deleted_at = coalesce(deleted_at, ?)
                        where account_id = ? and id = ?
                        """)
                        .params(Timestamp.from(clock.instant()), local.account().value(), id)
                        .update());
    }

    Optional<Note> note(LocalActor local, UUID id) {
        return transactions.read(
                local.system(),
                () -> jdbc.sql("""
                        select id, audience, sealed, published_at, deleted_at
                        from channel.ap_object
                        where account_id = ? and id = ?
                        """)
                        .params(local.account().value(), id)
                        .query((row, n) -> read(local, row))
                        .optional());
    }

    /** Whether that address is a note of another account here: what is said below it is said to that one. */
    boolean isOfAnother(LocalActor local, String address) {
        return local.noteId(address)
                .map(id -> transactions.read(
                        local.system(),
                        () -> !jdbc.sql("select 1 from channel.ap_object where account_id <> ? and id = ?")
                                .params(local.account().value(), id)
                                .query(Integer.class)
                                .list()
                                .isEmpty()))
                .orElse(false);
    }

    List<Note> outbox(LocalActor local, @Nullable UUID before, int limit) {
        return transactions.read(
                local.system(),
                () -> jdbc.sql("""
                        select id, audience, sealed, published_at, deleted_at
                        from channel.ap_object
                        where account_id = :account and audience = 'PUBLIC' and deleted_at is null
                            and (:before::uuid is null or id < :before::uuid)
                        order by id desc
                        limit :limit
                        """)
                        .param("account", local.account().value())
                        .param("before", before)
                        .param("limit", limit)
                        .query((row, n) -> read(local, row))
                        .list());
    }

    int noteCount(LocalActor local) {
        return transactions.read(
                local.system(),
                () -> jdbc.sql("select count(*) from channel.ap_object where account_id = ? and audience = 'PUBLIC' "
                                + "and deleted_at is null")
                        .param(local.account().value())
                        .query(Integer.class)
                        .single());
    }

    private Note read(LocalActor local, java.sql.ResultSet row) throws java.sql.SQLException {
        return new Note(
                row.getObject("id", UUID.class),
                Audience.valueOf(row.getString("audience")),
                new String(vault.openForTenant(local.system(), NOTE, row.getBytes("sealed")), StandardCharsets.UTF_8),
                row.getTimestamp("published_at").toInstant(),
                row.getTimestamp("deleted_at") != null);
    }

    // ---- actors of other servers --------------------------------------------------------------------------------

    record StoredActor(String json, Instant fetchedAt) {}

    private record SealedActor(byte[] sealed, Instant fetchedAt) {}

    /** Of a surge many persons are new, and each is looked up and kept: together with whoever comes at that moment. */
    Optional<StoredActor> actor(LocalActor local, String id) {
        var actor = local.system();
        // Opened by whom it concerns: one row that a disk has garbled must not keep the others from theirs.
        return actorsFound
                .get(actor.tenant(), id)
                .map(found -> transactions.read(
                        actor,
                        () -> new StoredActor(
                                new String(vault.openForTenant(actor, ACTOR, found.sealed()), StandardCharsets.UTF_8),
                                found.fetchedAt())));
    }

    void keepActor(LocalActor local, String id, String json) {
        actorsKept.get(local.system().tenant(), new FetchedActor(id, json));
    }

    private record FetchedActor(String id, String json) {}

    private List<Optional<SealedActor>> findActors(TenantId tenant, List<String> ids) {
        var actor = Actor.system(tenant, "channel");
        var hashes = ids.stream().map(id -> vault.keyedHash(actor, ACTOR, id)).toList();
        var found = new HashMap<ByteBuffer, SealedActor>();
        transactions.read(actor, () -> {
            jdbc.sql("select uri_hash, sealed, fetched_at from channel.ap_actor where uri_hash = any(?)")
                    .param(hashes.toArray(byte[][]::new))
                    .query(row -> {
                        found.put(
                                ByteBuffer.wrap(row.getBytes(1)),
                                new SealedActor(
                                        row.getBytes(2), row.getTimestamp(3).toInstant()));
                    });
            return found;
        });
        return hashes.stream()
                .map(hash -> Optional.ofNullable(found.get(ByteBuffer.wrap(hash))))
                .toList();
    }

    private List<Boolean> keepActors(TenantId tenant, List<FetchedActor> actors) {
        var actor = Actor.system(tenant, "channel");
        // Whoever was fetched twice at the same moment is kept as fetched last.
        var last = new LinkedHashMap<String, String>();
        actors.forEach(each -> last.put(each.id(), each.json()));
        var hashes = last.keySet().stream().map(id -> vault.keyedHash(actor, ACTOR, id));
        var sealed = last.values().stream()
                .map(json -> vault.sealForTenant(actor, ACTOR, json.getBytes(StandardCharsets.UTF_8)));
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_actor (tenant_id, uri_hash, sealed, fetched_at)
                        select ?, a.hash, a.sealed, ?
                        from unnest(?::bytea[], ?::bytea[]) as a (hash, sealed)
                        order by a.hash -- two nodes with the same persons wait for each other in one order
                        on conflict (tenant_id, uri_hash) do update
                        set sealed = excluded.sealed, fetched_at = excluded.fetched_at
                        """)
                        .params(
                                tenant.value(),
                                Timestamp.from(clock.instant()),
                                hashes.toArray(byte[][]::new),
                                sealed.toArray(byte[][]::new))
                        .update());
        return Collections.nCopies(actors.size(), true);
    }

    void forgetActor(LocalActor local, String id) {
        var actor = local.system();
        transactions.run(
                actor,
                () -> jdbc.sql("delete from channel.ap_actor where uri_hash = ?")
                        .param(vault.keyedHash(actor, ACTOR, id))
                        .update());
    }
}
