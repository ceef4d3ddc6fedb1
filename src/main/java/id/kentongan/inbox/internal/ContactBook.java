// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.internal.Incoming.Contact;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Who speaks: finds the contacts of a batch by their identities and makes the new ones, all with one statement each. */
@Component
class ContactBook {
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;
    private final ObjectMapper json;

    ContactBook(JdbcClient jdbc, Vault vault, Clock clock, ObjectMapper json) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.json = json;
    }

    private record Found(Contact contact, byte[] handleHash) {}

    /** Gives every message of the batch its author. */
    void recognise(Actor actor, List<Incoming> said) {
        if (said.isEmpty()) {
            return;
        }
        var wanted = new LinkedHashMap<String, Incoming>();
        said.forEach(each -> wanted.putIfAbsent(identity(each.received.network(), each.authorHash), each));
        var found = find(wanted.values().stream().toList());
        var known = new HashMap<String, Contact>();
        found.forEach((key, each) -> known.put(key, each.contact()));
        var fresh =
                wanted.keySet().stream().filter(key -> !found.containsKey(key)).toList();
        if (!fresh.isEmpty()) {
            known.putAll(add(actor, fresh, wanted));
        }
        vault.warm(actor, known.values().stream().map(Contact::key).toList());
        refresh(actor, found, wanted);
        for (var each : said) {
            each.by(Objects.requireNonNull(known.get(identity(each.received.network(), each.authorHash))));
        }
    }

    /** The contacts that are known by this, on whatever network. */
    Set<ContactId> named(byte[] authorHash) {
        return Set.copyOf(
                jdbc.sql("select contact_id from inbox.contact_identity where network = any(?) and key_hash = ?")
                        .params(Stream.of(Network.values()).map(Network::code).toArray(String[]::new), authorHash)
                        .query((row, n) -> new ContactId(row.getObject(1, UUID.class)))
                        .list());
    }

    private static String identity(Network network, byte[] authorHash) {
        return network.code() + ":" + Receiving.hex(authorHash);
    }

    private Map<String, Found> find(List<Incoming> wanted) {
        var found = new HashMap<String, Found>();
        jdbc.sql("""
                        select i.network, i.key_hash, c.id, c.data_key_id, c.automated, i.left_at, i.handle_hash
                        from inbox.contact_identity i
                        join inbox.contact c on c.tenant_id = i.tenant_id and c.id = i.contact_id
                        where i.network = any(?) and i.key_hash = any(?)
                        """)
                .params(
                        wanted.stream()
                                .map(each -> each.received.network().code())
                                .distinct()
                                .toArray(String[]::new),
                        wanted.stream().map(each -> each.authorHash).toArray(byte[][]::new))
                .query(row -> {
                    var left = row.getTimestamp(6);
                    found.put(
                            identity(Network.of(row.getString(1)), row.getBytes(2)),
                            new Found(
                                    new Contact(
                                            new ContactId(row.getObject(3, UUID.class)),
                                            new DataKeyId(row.getObject(4, UUID.class)),
                                            row.getBoolean(5),
                                            left == null ? null : left.toInstant()),
                                    row.getBytes(7)));
                });
        return found;
    }

    private Map<String, Contact> add(Actor actor, List<String> fresh, Map<String, Incoming> wanted) {
        var gone = left(
                fresh.stream().map(wanted::get).map(Objects::requireNonNull).toList());
        var size = fresh.size();
        var keys = vault.newKeys(actor, size);
        var ids = new UUID[size];
        var keyIds = new UUID[size];
        var automated = new Boolean[size];
        var networks = new String[size];
        var authorHashes = new byte[size][];
        var handleHashes = new byte[size][];
        var sealed = new byte[size][];
        var left = new @Nullable String[size];
        var added = new HashMap<String, Contact>();
        for (var i = 0; i < size; i++) {
            var each = Objects.requireNonNull(wanted.get(fresh.get(i)));
            var author = each.said.author();
            var leftAt = gone.get(fresh.get(i));
            // By mail the message is automated, not its sender: who is away today writes again on Monday.
            var machine = author.automated() && each.received.network() != Network.EMAIL;
            var contact = new Contact(ContactId.next(), keys.get(i), machine, leftAt);
            added.put(fresh.get(i), contact);
            ids[i] = contact.id().value();
            keyIds[i] = keys.get(i).value();
            automated[i] = machine;
            networks[i] = each.received.network().code();
            authorHashes[i] = each.authorHash;
            // Whoever left before they were known here is not named by what comes late.
            var late = lateWords(each, leftAt);
            handleHashes[i] = late ? new byte[0] : handleHash(actor, author.handle());
            sealed[i] = late ? new byte[0] : sealed(actor, keys.get(i), author);
            left[i] = leftAt == null ? null : leftAt.toString();
        }
        jdbc.sql("""
                        insert into inbox.contact (tenant_id, id, data_key_id, automated, created_at)
                        select ?, c.id, c.key, c.automated, ?
                        from unnest(?::uuid[], ?::uuid[], ?::boolean[]) as c (id, key, automated)
                        """)
                .params(actor.tenant().value(), Timestamp.from(clock.instant()), ids, keyIds, automated)
                .update();
        jdbc.sql("""
                        insert into inbox.contact_identity
                            (tenant_id, network, key_hash, contact_id, handle_hash, sealed, left_at)
                        select ?, i.network, i.hash, i.contact, i.handle, i.sealed, i.left_at
                        from unnest(?::text[], ?::bytea[], ?::uuid[], ?::bytea[], ?::bytea[], ?::timestamptz[])
                            as i (network, hash, contact, handle, sealed, left_at)
                        """)
                .params(actor.tenant().value(), networks, authorHashes, ids, handleHashes, sealed, left)
                .update();
        return added;
    }

    /** When each of these people erased their account, by identity. */
    private Map<String, Instant> left(List<Incoming> people) {
        var found = new HashMap<String, Instant>();
        jdbc.sql(
                        "select network, key_hash, left_at from inbox.left_author where network = any(?) and key_hash = any(?)")
                .params(
                        people.stream()
                                .map(each -> each.received.network().code())
                                .distinct()
                                .toArray(String[]::new),
                        people.stream().map(each -> each.authorHash).toArray(byte[][]::new))
                .query(row -> {
                    found.put(
                            identity(Network.of(row.getString(1)), row.getBytes(2)),
                            row.getTimestamp(3).toInstant());
                });
        return found;
    }

    /** Somebody who has another handle now is found by that; who had left and speaks again is named again. */
    private void refresh(Actor actor, Map<String, Found> found, Map<String, Incoming> wanted) {
        found.forEach((key, each) -> {
            var incoming = Objects.requireNonNull(wanted.get(key));
            var author = incoming.said.author();
            var handle = handleHash(actor, author.handle());
            if (!Arrays.equals(handle, each.handleHash())
                    && !lateWords(incoming, each.contact().leftAt())) {
                jdbc.sql("""
                                update inbox.contact_identity
                                set handle_hash = ?, sealed = ?
                                where network = ? and key_hash = ?
                                """)
                        .params(
                                handle,
                                sealed(actor, each.contact().key(), author),
                                incoming.received.network().code(),
                                incoming.authorHash)
                        .update();
            }
        });
    }

    /** Whether these words were said before their author erased the account. */
    static boolean lateWords(Incoming incoming, @Nullable Instant leftAt) {
        return leftAt != null && !incoming.at.isAfter(leftAt);
    }

    private byte[] handleHash(Actor actor, String handle) {
        return vault.keyedHash(actor, Receiving.HANDLES, handle.toLowerCase(Locale.ROOT));
    }

    private byte[] sealed(Actor actor, DataKeyId key, Item.Author author) {
        return vault.seal(
                actor,
                key,
                Receiving.IDENTITY,
                json.writeValueAsBytes(
                        new Receiving.Identity(author.key(), author.handle(), author.name(), author.profileUrl())));
    }

    /** @param authorKey null when who they were is forgotten already */
    record Known(
            Network network, byte[] authorHash, @Nullable String authorKey) {}

    /** Who these contacts are on their networks. */
    List<Known> known(Actor actor, Collection<UUID> contacts) {
        return jdbc.sql("""
                        select i.network, i.key_hash, nullif(i.sealed, ''), k.data_key_id
                        from inbox.contact_identity i
                        join inbox.contact k on k.tenant_id = i.tenant_id and k.id = i.contact_id
                        where i.contact_id = any(?)
                        order by i.network, i.key_hash
                        """)
                .param(contacts.toArray(UUID[]::new))
                .query((row, n) -> {
                    var sealed = row.getBytes(3);
                    var key = sealed == null
                            ? null
                            : vault.open(actor, new DataKeyId(row.getObject(4, UUID.class)), Receiving.IDENTITY, sealed)
                                    .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                                    .map(Receiving.Identity::key)
                                    .orElse(null);
                    return new Known(Network.of(row.getString(1)), row.getBytes(2), key);
                })
                .list();
    }

    record Left(ContactId contact, DataKeyId key) {}

    /**
     * Forgets who this was: their key is to be destroyed by the caller. The contact gets a new key, because they may
     * speak again.
     */
    @Nullable
    Left forget(Actor actor, Network network, byte[] authorHash, Instant at) {
        record Row(ContactId contact, DataKeyId key) {}
        jdbc.sql("""
                        insert into inbox.left_author as l (tenant_id, network, key_hash, left_at, kept_at)
                        values (?, ?, ?, ?, ?)
                        on conflict (tenant_id, network, key_hash) do update
                        set left_at = greatest(l.left_at, excluded.left_at), kept_at = excluded.kept_at
                        """)
                .params(
                        actor.tenant().value(),
                        network.code(),
                        authorHash,
                        Timestamp.from(at),
                        Timestamp.from(clock.instant()))
                .update();
        var row = jdbc.sql("""
                        update inbox.contact_identity i
                        set left_at = greatest(i.left_at, ?), handle_hash = '', sealed = ''
                        from inbox.contact c
                        where i.network = ? and i.key_hash = ?
                        and c.tenant_id = i.tenant_id and c.id = i.contact_id
                        returning c.id, c.data_key_id
                        """)
                .params(Timestamp.from(at), network.code(), authorHash)
                .query((r, n) ->
                        new Row(new ContactId(r.getObject(1, UUID.class)), new DataKeyId(r.getObject(2, UUID.class))))
                .optional()
                .orElse(null);
        if (row == null) {
            return null;
        }
        var fresh = vault.newKeys(actor, 1).getFirst();
        jdbc.sql("update inbox.contact set data_key_id = ? where id = ?")
                .params(fresh.value(), row.contact().value())
                .update();
        jdbc.sql("""
                        update inbox.conversation c
                        set data_key_id = ?, preview_sealed = null
                        from (select id from inbox.conversation where contact_id = ? order by id for update) l
                        where c.id = l.id
                        """).params(fresh.value(), row.contact().value()).update();
        return new Left(row.contact(), row.key());
    }
}
