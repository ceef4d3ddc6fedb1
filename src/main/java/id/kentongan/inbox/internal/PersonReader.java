// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.Person;
import id.kentongan.inbox.Person.Identity;
import id.kentongan.inbox.Person.Joining;
import id.kentongan.inbox.Person.Reach;
import id.kentongan.inbox.Person.Suggestion;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * What an actor may see of a person. Who is one with whom is known by the system; of each contact the actor sees what the
 * policies let them, and of a reporter who is anonymous to them nothing that leads from one conversation to another.
 */
@Component
class PersonReader {
    private static final int MOST_LEFT = 20;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final ObjectMapper json;
    private final JoinedContacts joined;
    private final ContactEvidence evidence;

    PersonReader(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            ObjectMapper json,
            JoinedContacts joined,
            ContactEvidence evidence) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.json = json;
        this.joined = joined;
        this.evidence = evidence;
    }

    /** Inside the actor's transaction. */
    Person read(Actor actor, StoredConversation raw) {
        var contact = raw.contact();
        var person = asSystem(actor, () -> joined.person(contact));
        var identities = identities(actor, person, contact);
        var seen = identities.keySet();
        var joins = InboxAccess.joins(actor);
        return new Person(
                contact,
                List.copyOf(identities.values()),
                left(actor, seen, raw.id(), false),
                joins ? suggestions(actor, person) : List.of(),
                joins ? history(actor, person) : List.of());
    }

    /** The contacts of the person that the actor sees, this one among them. */
    Set<UUID> seen(Actor actor, ContactId contact) {
        return identities(actor, asSystem(actor, () -> joined.person(contact)), contact)
                .keySet();
    }

    List<Reach> left(Actor actor, StoredConversation raw) {
        return left(actor, Set.of(), raw.id(), true);
    }

    <T> T asSystem(Actor actor, Supplier<T> work) {
        return transactions.read(Actor.system(actor.tenant(), "inbox"), work);
    }

    private record Named(
            UUID id,
            DataKeyId key,
            Network network,
            byte @Nullable [] sealed,
            @Nullable UUID newest,
            @Nullable String caseNumber) {}

    private Map<UUID, Identity> identities(Actor actor, Collection<UUID> contacts, @Nullable ContactId first) {
        var rows = jdbc.sql("""
                        select k.id, k.data_key_id, i.network, nullif(i.sealed, ''), n.id, n.case_number
                        from inbox.contact k
                        join inbox.contact_identity i on i.tenant_id = k.tenant_id and i.contact_id = k.id
                        left join lateral (
                            select c.id, c.case_number
                            from inbox.conversation c
                            where c.tenant_id = k.tenant_id and c.contact_id = k.id
                            and (:reporters or not c.anonymous)
                            order by c.last_at desc, c.id desc
                            limit 1) n on true
                        where k.id = any(:ids)
                        and (:reporters or k.id = :first or n.id is not null or exists (
                            select 1
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.tenant_id = k.tenant_id and m.contact_id = k.id and not c.anonymous))
                        order by k.id = :first desc, k.created_at, k.id
                        """)
                .param("ids", contacts.toArray(UUID[]::new))
                .param("first", first == null ? new UUID(0, 0) : first.value())
                .param("reporters", InboxAccess.seesReporters(actor))
                .query((row, n) -> new Named(
                        row.getObject(1, UUID.class),
                        new DataKeyId(row.getObject(2, UUID.class)),
                        Network.of(row.getString(3)),
                        row.getBytes(4),
                        row.getObject(5, UUID.class),
                        row.getString(6)))
                .list();
        vault.warm(actor, rows.stream().map(Named::key).toList());
        var found = new LinkedHashMap<UUID, Identity>();
        for (var row : rows) {
            var newest = row.newest();
            found.put(
                    row.id(),
                    new Identity(
                            new ContactId(row.id()),
                            row.network(),
                            name(actor, row),
                            newest == null ? null : new ConversationId(newest),
                            row.caseNumber()));
        }
        return found;
    }

    private String name(Actor actor, Named row) {
        var sealed = row.sealed();
        return sealed == null
                ? ""
                : vault.open(actor, row.key(), Receiving.IDENTITY, sealed)
                        .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                        .map(Receiving.Identity::shown)
                        .orElse("");
    }

    private List<Suggestion> suggestions(Actor actor, Collection<UUID> person) {
        var suggested = asSystem(actor, () -> evidence.suggested(person));
        if (suggested.isEmpty()) {
            return List.of();
        }
        var identities = identities(actor, suggested.keySet(), null);
        var found = new ArrayList<Suggestion>();
        suggested.forEach((contact, because) -> {
            var identity = identities.get(contact);
            if (identity != null) {
                found.add(new Suggestion(identity, because));
            }
        });
        return found;
    }

    private List<Joining> history(Actor actor, Collection<UUID> person) {
        var all = asSystem(actor, () -> joined.history(person));
        var named = new HashSet<UUID>();
        all.forEach(each -> {
            named.add(each.one().value());
            named.add(each.other().value());
        });
        var seen = within(named);
        return all.stream()
                .filter(each -> seen.contains(each.one().value())
                        && seen.contains(each.other().value()))
                .toList();
    }

    /** Those of these contacts that are within the reach of the running transaction. */
    Set<UUID> within(Collection<UUID> contacts) {
        return contacts.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql("select id from inbox.contact where id = any(?)")
                        .param(contacts.toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }

    /** @param reachable what was left, as it was written */
    private record Left(ConversationId conversation, MessageId message, Reachable reachable) {}

    /**
     * What was left in forms: in this conversation, or by these contacts, that conversation's first. What was deleted or
     * erased is not there any more.
     */
    private List<Reach> left(Actor actor, Set<UUID> contacts, ConversationId conversation, boolean here) {
        var found = new LinkedHashMap<String, Reach>();
        for (var each : leftIn(actor, contacts, conversation, here)) {
            var reachable = each.reachable();
            found.putIfAbsent(
                    reachable.kind() + reachable.plain(),
                    new Reach(each.conversation(), each.message(), reachable.kind(), reachable.masked()));
        }
        return List.copyOf(found.values());
    }

    private List<Left> leftIn(Actor actor, Set<UUID> contacts, ConversationId conversation, boolean here) {
        record Row(ConversationId conversation, MessageId message, DataKeyId key, byte[] details) {}
        var rows = jdbc.sql("""
                        select m.conversation_id, m.id, m.data_key_id, m.details_sealed
                        from inbox.message m
                        join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                        join inbox.contact_identity i
                            on i.tenant_id = m.tenant_id and i.contact_id = m.contact_id and i.network = 'web'
                        where m.direction = 'IN' and m.details_sealed is not null and (:reporters or not c.anonymous)
                        and %s
                        order by m.conversation_id = :conversation desc, m.id desc
                        limit :most
                        """.formatted(here ? "m.conversation_id = :conversation" : "m.contact_id = any(:contacts)"))
                .param("conversation", conversation.value())
                .param("contacts", contacts.toArray(UUID[]::new))
                .param("reporters", InboxAccess.seesReporters(actor))
                .param("most", MOST_LEFT)
                .query((row, n) -> new Row(
                        new ConversationId(row.getObject(1, UUID.class)),
                        new MessageId(row.getObject(2, UUID.class)),
                        new DataKeyId(row.getObject(3, UUID.class)),
                        row.getBytes(4)))
                .list();
        vault.warm(actor, rows.stream().map(Row::key).toList());
        return rows.stream()
                .flatMap(row -> reachable(actor, row.key(), row.details()).stream()
                        .map(reachable -> new Left(row.conversation(), row.message(), reachable)))
                .toList();
    }

    private Optional<Reachable> reachable(Actor actor, DataKeyId key, byte[] details) {
        return vault.open(actor, key, Receiving.DETAILS, details)
                .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                .flatMap(each -> Reachable.in(each.hints()));
    }

    /** What this message of the conversation left, as it was written. */
    Optional<String> whole(Actor actor, StoredConversation raw, MessageId message) {
        return leftIn(actor, Set.of(), raw.id(), true).stream()
                .filter(each -> each.message().equals(message))
                .map(each -> each.reachable().value())
                .findFirst();
    }
}
