// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations.AutomaticReply;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * What the platform says by itself (receipts), many at once: a surge opens hundreds of cases in a second, and each has
 * its receipts. They are not searched (see {@link MessageWriter}). Never to a machine, and only so often to one person in
 * a day: two machines must not talk to each other.
 */
@Component
class AutomaticReplies {
    private static final int MOST_A_DAY = 20;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final Vault vault;
    private final Outbox outbox;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final Announcements announcements;
    private final MessageWriter writer;

    AutomaticReplies(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Accounts accounts,
            Vault vault,
            Outbox outbox,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            Announcements announcements,
            MessageWriter writer) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.vault = vault;
        this.outbox = outbox;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.announcements = announcements;
        this.writer = writer;
    }

    private record Place(
            AccountId account, Network network, @Nullable String number) {}

    /** What a reply answers: its key on its network, and who said it. */
    private record Answered(
            Receiving.Details details, ContactId contact, Receiving.@Nullable Identity author, Audience audience) {}

    private record Ready(
            MessageId id,
            AutomaticReply reply,
            OutgoingId outgoing,
            Place place,
            Answered answered,
            Audience audience) {}

    Map<AutomaticReply, MessageId> send(Actor actor, Collection<AutomaticReply> replies) {
        if (actor.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
        return transactions.write(actor, () -> {
            var places = places(replies);
            var earlier = earlier(replies);
            var answered = answered(actor, replies);
            var room = room(answered.values());
            var able = new HashMap<AccountId, Optional<Capabilities>>();
            var sent = new HashMap<AutomaticReply, MessageId>();
            var ready = new ArrayList<Ready>();
            for (var reply : replies) {
                var place = places.get(reply.conversation());
                if (place == null) {
                    throw Refusal.notFound().asException();
                }
                var outgoing = Sending.outgoingId(reply.conversation(), reply.idempotencyKey());
                var before = earlier.get(outgoing);
                if (before != null) {
                    sent.put(reply, before);
                    continue;
                }
                var whom = answered.get(reply.about());
                if (whom == null
                        || (whom.author() == null && place.network() != Network.WEB)
                        || (whom.audience() == Audience.DIRECT && reply.audience() != Audience.DIRECT)
                        || !taken(
                                able.computeIfAbsent(place.account(), account -> accounts.capabilities(actor, account)),
                                whom.audience(),
                                reply)
                        || room.merge(whom.contact(), -1, Integer::sum) < 0) {
                    continue;
                }
                var id = new MessageId(Ids.next());
                earlier.put(outgoing, id);
                sent.put(reply, id);
                ready.add(new Ready(
                        id, reply, outgoing, place, whom, reply.audience().narrower(whom.audience())));
            }
            if (!ready.isEmpty()) {
                store(actor, ready);
            }
            return sent;
        });
    }

    /** Whether the network has such answers, and takes one of that length. */
    private static boolean taken(Optional<Capabilities> able, Audience question, AutomaticReply reply) {
        return able.flatMap(each -> each.answering(question, reply.audience()))
                .filter(answering -> answering.broken(reply.text()).isEmpty())
                .isPresent();
    }

    /** In one order, so that two batches wait for each other instead of for ever. */
    private Map<ConversationId, Place> places(Collection<AutomaticReply> replies) {
        var found = new HashMap<ConversationId, Place>();
        jdbc.sql("""
                        select id, account_id, network, case_number
                        from inbox.conversation
                        where id = any(?)
                        order by id
                        for no key update
                        """).param(ids(replies)).query((RowCallbackHandler) row -> found.put(
                new ConversationId(row.getObject(1, UUID.class)),
                new Place(
                        new AccountId(row.getObject(2, UUID.class)), Network.of(row.getString(3)), row.getString(4))));
        return found;
    }

    private static UUID[] ids(Collection<AutomaticReply> replies) {
        return replies.stream()
                .map(each -> each.conversation().value())
                .distinct()
                .toArray(UUID[]::new);
    }

    private Map<OutgoingId, MessageId> earlier(Collection<AutomaticReply> replies) {
        var found = new HashMap<OutgoingId, MessageId>();
        jdbc.sql("select outgoing_id, id from inbox.message where outgoing_id = any(?)")
                .param(replies.stream()
                        .map(each -> Sending.outgoingId(each.conversation(), each.idempotencyKey())
                                .value())
                        .toArray(UUID[]::new))
                .query((RowCallbackHandler) row -> found.put(
                        new OutgoingId(row.getObject(1, UUID.class)), new MessageId(row.getObject(2, UUID.class))));
        return found;
    }

    /** How many more each contact may be sent today. */
    private Map<ContactId, Integer> room(Collection<Answered> answered) {
        var found = new HashMap<ContactId, Integer>();
        jdbc.sql("""
                        select c.id, c.automated, (
                            select count(*)
                            from inbox.conversation v
                            join inbox.message m on m.tenant_id = v.tenant_id and m.conversation_id = v.id
                            where v.tenant_id = c.tenant_id and v.contact_id = c.id and m.automatic and m.at > ?)
                        from inbox.contact c
                        where c.id = any(?)
                        """)
                .params(
                        Timestamp.from(clock.instant().minus(Duration.ofDays(1))),
                        answered.stream()
                                .map(each -> each.contact().value())
                                .distinct()
                                .toArray(UUID[]::new))
                .query((RowCallbackHandler) row -> found.put(
                        new ContactId(row.getObject(1, UUID.class)),
                        row.getBoolean(2) ? 0 : MOST_A_DAY - row.getInt(3)));
        return found;
    }

    private void store(Actor actor, List<Ready> ready) {
        var keys = writer.ownKeys(
                actor, ready.stream().map(each -> each.reply().conversation()).toList());
        var messageKeys = new UUID[ready.size()];
        var size = ready.size();
        var bodyKeys = new byte[size][];
        var bodies = new byte[size][];
        var commitments = new byte[size][];
        var outgoing = new ArrayList<Outgoing>(size);
        var entries = new ArrayList<TrailEntry>(size);
        for (var i = 0; i < size; i++) {
            var each = ready.get(i);
            var reply = each.reply();
            var key = Objects.requireNonNull(keys.get(reply.conversation()));
            messageKeys[i] = key.value();
            var sealed =
                    vault.sealContent(actor, key, Receiving.BODY, reply.text().getBytes(StandardCharsets.UTF_8));
            bodyKeys[i] = sealed.key();
            bodies[i] = sealed.sealed();
            commitments[i] = Receiving.commitment(sealed.sealed());
            outgoing.add(Sending.outgoing(
                    each.outgoing(),
                    each.place().account(),
                    Sending.sendKey(reply.conversation(), reply.idempotencyKey()),
                    each.answered().details().remoteKey(),
                    each.answered().author(),
                    each.audience(),
                    reply.text(),
                    List.of(),
                    each.id(),
                    Sending.letter(
                            each.place().network(),
                            each.answered().details(),
                            each.place().number(),
                            true)));
            entries.add(new TrailEntry(
                    "inbox.answered-automatically",
                    new Subject("message", each.id().value()),
                    Map.of(
                            "conversation",
                            reply.conversation().toString(),
                            "audience",
                            each.audience().name()),
                    commitments[i]));
        }
        var messages = ready.stream().map(each -> each.id().value()).toArray(UUID[]::new);
        var conversations =
                ready.stream().map(each -> each.reply().conversation().value()).toArray(UUID[]::new);
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, data_key_id, direction, at, audience, body_key, body_sealed,
                             commitment, automatic, outgoing_id, key_hash)
                        select ?, m.id, m.conversation, m.key, 'OUT', ?, m.audience, m.body_key, m.body, m.commitment,
                               true, m.outgoing, m.hash
                        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::bytea[], ?::bytea[],
                                    ?::uuid[], ?::bytea[])
                            as m (id, conversation, key, audience, body_key, body, commitment, outgoing, hash)
                        """)
                .params(
                        actor.tenant().value(),
                        Timestamp.from(clock.instant()),
                        messages,
                        conversations,
                        messageKeys,
                        ready.stream().map(each -> each.audience().name()).toArray(String[]::new),
                        bodyKeys,
                        bodies,
                        commitments,
                        ready.stream().map(each -> each.outgoing().value()).toArray(UUID[]::new),
                        ready.stream()
                                .map(each -> writer.keyHash(actor, each.place().account(), each.outgoing()))
                                .toArray(byte[][]::new))
                .update();
        outbox.submitAll(actor, outgoing);
        trail.recordAll(actor, entries);
        announcements.changed(
                actor, ready.stream().map(each -> each.reply().conversation()).toList(), "reply");
    }

    /** What is left of the messages that are answered; what was deleted is answered by nobody. */
    private Map<MessageId, Answered> answered(Actor actor, Collection<AutomaticReply> replies) {
        record Row(
                MessageId message,
                DataKeyId key,
                byte[] details,
                byte @Nullable [] identity,
                DataKeyId contactKey,
                ContactId contact,
                Audience audience) {}
        var rows = jdbc.sql("""
                        select m.id, m.data_key_id, m.details_sealed, i.sealed, k.data_key_id, k.id,
                               m.audience
                        from inbox.message m
                        join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed
                            from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        where m.id = any(?) and m.conversation_id = any(?)
                        and m.direction = 'IN' and m.details_sealed is not null
                        """)
                .params(
                        replies.stream()
                                .map(each -> each.about().value())
                                .distinct()
                                .toArray(UUID[]::new),
                        ids(replies))
                .query((row, n) -> new Row(
                        new MessageId(row.getObject(1, UUID.class)),
                        new DataKeyId(row.getObject(2, UUID.class)),
                        row.getBytes(3),
                        row.getBytes(4),
                        new DataKeyId(row.getObject(5, UUID.class)),
                        new ContactId(row.getObject(6, UUID.class)),
                        Audience.valueOf(row.getString(7))))
                .list();
        var keys = new ArrayList<DataKeyId>();
        rows.forEach(row -> {
            keys.add(row.key());
            keys.add(row.contactKey());
        });
        vault.warm(actor, keys);
        var found = new HashMap<MessageId, Answered>();
        for (var row : rows) {
            var details = vault.open(actor, row.key(), Receiving.DETAILS, row.details())
                    .map(bytes -> json.readValue(bytes, Receiving.Details.class));
            var sealed = row.identity();
            var author = sealed == null
                    ? null
                    : vault.open(actor, row.contactKey(), Receiving.IDENTITY, sealed)
                            .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                            .orElse(null);
            details.ifPresent(
                    each -> found.put(row.message(), new Answered(each, row.contact(), author, row.audience())));
        }
        return found;
    }
}
