// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.JoiningId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.Person;
import id.kentongan.inbox.Person.Because;
import id.kentongan.inbox.Person.Joining;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.ReadingLog;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Joins and splits contacts, and shows what an actor may see of a person. */
@Component
class DatabaseContacts implements Contacts {
    /** More than anybody has; whoever joins further has joined two people. */
    private static final int MOST_JOINED = 40;

    private static final int MOST_TOLD = 200;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final ReadingLog readings;
    private final ConversationTable table;
    private final ConversationLists lists;
    private final MessageReader reader;
    private final PersonReader people;
    private final JoinedContacts joined;
    private final ContactEvidence evidence;
    private final Announcements announcements;
    private final Leaving leaving;

    DatabaseContacts(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            ReadingLog readings,
            ConversationTable table,
            ConversationLists lists,
            MessageReader reader,
            PersonReader people,
            JoinedContacts joined,
            ContactEvidence evidence,
            Announcements announcements,
            Leaving leaving) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.readings = readings;
        this.table = table;
        this.lists = lists;
        this.reader = reader;
        this.people = people;
        this.joined = joined;
        this.evidence = evidence;
        this.announcements = announcements;
        this.leaving = leaving;
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    @Override
    public Optional<Person> of(Actor actor, ConversationId conversation) {
        return read(actor, conversation, raw -> people.read(actor, raw));
    }

    @Override
    public Page<ConversationRow> conversations(Actor actor, ConversationId of, @Nullable String after, int limit) {
        return read(actor, of, raw -> lists.of(actor, people.seen(actor, raw.contact()), raw.id(), after, limit))
                .orElse(Page.empty());
    }

    @Override
    public List<Person.Reach> reach(Actor actor, ConversationId conversation) {
        return read(actor, conversation, raw -> people.left(actor, raw)).orElse(List.of());
    }

    @Override
    public Optional<String> reach(Actor actor, ConversationId conversation, MessageId message) {
        // What is not there is not asked for: guessing leaves no traces.
        var contact = read(
                actor, conversation, raw -> people.whole(actor, raw, message).map(there -> raw.contact()));
        return contact.flatMap(Function.identity())
                .filter(each -> readings.mayRead(actor, new Subject("contact", each.value())))
                .flatMap(each -> read(actor, conversation, raw -> people.whole(actor, raw, message)))
                .flatMap(Function.identity());
    }

    /** Between two transactions the reading is noted; an auditor without a reason, and whoever the reporter is hidden from, sees nothing. */
    private <T> Optional<T> read(Actor actor, ConversationId id, Function<StoredConversation, T> work) {
        if (!InboxAccess.readsWords(actor) || !table.exists(actor, id) || !reader.mayRead(actor, id)) {
            return Optional.empty();
        }
        return transactions.read(
                actor,
                () -> table.find(actor, id)
                        .filter(raw -> !InboxAccess.hidesReporter(actor, raw))
                        .map(work));
    }

    // ---- joining and splitting ----------------------------------------------------------------------------------

    @Override
    public Optional<JoiningId> join(Actor actor, ContactId one, ContactId other) {
        if (one.equals(other)) {
            throw Refusal.invalid("inbox.one-contact").asException();
        }
        return change(actor, Set.of(one, other), () -> {
            var mine = joined.person(one);
            if (mine.contains(other.value())) {
                return joined.between(one, other).map(Joining::id);
            }
            var theirs = joined.person(other);
            if (mine.size() + theirs.size() > MOST_JOINED) {
                throw Refusal.invalid("inbox.too-many-contacts", MOST_JOINED).asException();
            }
            var because = evidence.suggested(mine).entrySet().stream()
                    .filter(each -> theirs.contains(each.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(Because.OFFICER);
            joined.noLongerApart(mine, theirs);
            var joining = add(actor, one, other, because);
            var all = new HashSet<>(mine);
            all.addAll(theirs);
            told(actor, all);
            return Optional.of(joining);
        });
    }

    private JoiningId add(Actor actor, ContactId one, ContactId other, Because because) {
        var id = joined.add(actor, one, other, because);
        record(actor, "inbox.contacts-joined", id, one, other, Map.of("because", because.name()));
        return id;
    }

    @Override
    public void split(Actor actor, JoiningId id) {
        var found = transactions
                .read(actor, () -> people.asSystem(actor, () -> joined.find(id)))
                .orElseThrow(() -> Refusal.notFound().asException());
        change(actor, Set.of(found.one(), found.other()), () -> {
            var all = joined.person(found.one());
            if (end(actor, found)) {
                joined.keepApart(actor, found.one(), Set.of(found.other().value()));
                told(actor, all);
            }
            return Boolean.TRUE;
        });
    }

    private boolean end(Actor actor, Joining joining) {
        if (!joined.end(actor, joining.id())) {
            return false;
        }
        record(actor, "inbox.contacts-split", joining.id(), joining.one(), joining.other(), Map.of());
        return true;
    }

    @Override
    public void takeOut(Actor actor, ContactId contact) {
        change(actor, Set.of(contact), () -> {
            var all = joined.person(contact);
            var ended = joined.standing(contact);
            if (ended.isEmpty()) {
                return Boolean.TRUE;
            }
            ended.forEach(each -> end(actor, each));
            // Those it stood between stay one: nobody has said otherwise.
            var others = ended.stream()
                    .map(each -> each.one().equals(contact) ? each.other() : each.one())
                    .toList();
            for (var n = 1; n < others.size(); n++) {
                add(actor, others.getFirst(), others.get(n), Because.KEPT);
            }
            all.remove(contact.value());
            joined.keepApart(actor, contact, all);
            all.add(contact.value());
            told(actor, all);
            return Boolean.TRUE;
        });
    }

    @Override
    public void keepApart(Actor actor, ContactId one, ContactId other) {
        if (one.equals(other)) {
            throw Refusal.invalid("inbox.one-contact").asException();
        }
        change(actor, Set.of(one, other), () -> {
            var all = joined.person(one);
            if (all.contains(other.value())) {
                throw Refusal.conflict("inbox.joined-meanwhile").asException();
            }
            joined.keepApart(actor, one, Set.of(other.value()));
            record(actor, "inbox.contacts-apart", null, one, other, Map.of());
            told(actor, all);
            return Boolean.TRUE;
        });
    }

    /**
     * What an officer says of contacts that they may see. It is written as the system, since of those it reaches further to
     * they may see nothing.
     */
    private <T> T change(Actor actor, Set<ContactId> contacts, java.util.function.Supplier<T> work) {
        if (!InboxAccess.joins(actor)) {
            throw Refusal.notFound().asException();
        }
        return transactions.write(actor, () -> {
            var ids = contacts.stream().map(ContactId::value).collect(Collectors.toSet());
            if (!people.within(ids).equals(ids)) {
                throw Refusal.notFound().asException();
            }
            return transactions.write(system(actor), () -> {
                joined.oneAtATime(actor);
                return work.get();
            });
        });
    }

    private static Actor system(Actor actor) {
        return Actor.system(actor.tenant(), "inbox");
    }

    /** One entry about each, so that it is found from either. */
    private void record(
            Actor actor,
            String verb,
            @Nullable JoiningId joining,
            ContactId one,
            ContactId other,
            Map<String, String> more) {
        trail.recordAll(actor, List.of(entry(verb, joining, one, other, more), entry(verb, joining, other, one, more)));
    }

    private static TrailEntry entry(
            String verb, @Nullable JoiningId joining, ContactId about, ContactId with, Map<String, String> more) {
        var facts = new java.util.HashMap<>(more);
        facts.put("with", with.toString());
        if (joining != null) {
            facts.put("joining", joining.toString());
        }
        return TrailEntry.of(verb, "contact", about.value(), facts);
    }

    /** Whoever has a conversation of theirs open sees it at once. */
    private void told(Actor actor, Collection<UUID> person) {
        var open = jdbc.sql("""
                        select id from inbox.conversation where contact_id = any(?) order by last_at desc limit ?
                        """)
                .params(person.toArray(UUID[]::new), MOST_TOLD)
                .query((row, n) -> new ConversationId(row.getObject(1, UUID.class)))
                .list();
        announcements.changed(actor, open, "contact");
    }

    // ---- for other modules --------------------------------------------------------------------------------------

    @Override
    public Set<ContactId> person(Actor actor, ContactId contact) {
        systemOnly(actor);
        return transactions.read(
                actor, () -> joined.person(contact).stream().map(ContactId::new).collect(Collectors.toSet()));
    }

    @Override
    public void erase(Actor actor, ContactId contact) {
        systemOnly(actor);
        transactions.run(actor, () -> {
            Receiving.oneAtATime(jdbc, actor);
            joined.oneAtATime(actor);
            if (people.within(Set.of(contact.value())).isEmpty()) {
                throw Refusal.notFound().asException();
            }
            var all = joined.person(contact);
            leaving.erase(actor, all);
            joined.forget(all);
            trail.recordAll(
                    actor,
                    all.stream()
                            .map(each -> TrailEntry.of("inbox.contact-erased", "contact", each))
                            .toList());
            told(actor, all);
        });
    }

    private static void systemOnly(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
    }
}
