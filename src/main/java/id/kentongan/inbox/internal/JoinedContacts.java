// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.JoiningId;
import id.kentongan.inbox.Person.Because;
import id.kentongan.inbox.Person.Joining;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The rows that say who is one person with whom. Every method runs inside the caller's transaction, as the system: who is
 * one with whom may reach further than what an officer sees.
 */
@Component
class JoinedContacts {
    private static final int MOST_REMEMBERED = 50;

    private final JdbcClient jdbc;
    private final Clock clock;

    JoinedContacts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** One joining or splitting at a time: two that each join what the other joins too must not make a ring. */
    void oneAtATime(Actor actor) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('inbox-contacts:' || ?, 0))")
                .param(actor.tenant().toString())
                .query((row, n) -> 1)
                .list();
    }

    /** Everybody who is one with this contact, and the contact itself. */
    Set<UUID> person(ContactId contact) {
        var found = new LinkedHashSet<UUID>();
        found.add(contact.value());
        found.addAll(jdbc.sql("""
                        with recursive person (id) as (
                            select ?::uuid
                            union
                            select j.id
                            from person p
                            cross join lateral (
                                select other_id as id from inbox.contact_joining where one_id = p.id and split_at is null
                                union all
                                select one_id from inbox.contact_joining where other_id = p.id and split_at is null) j)
                        select id from person
                        """).param(contact.value()).query(UUID.class).list());
        return found;
    }

    Optional<Joining> find(JoiningId id) {
        return jdbc.sql("select * from inbox.contact_joining where id = ?")
                .param(id.value())
                .query(JoinedContacts::joining)
                .optional();
    }

    /** The joining that stands between these two and no third. */
    Optional<Joining> between(ContactId one, ContactId other) {
        return standing(one).stream()
                .filter(each -> each.one().equals(other) || each.other().equals(other))
                .findFirst();
    }

    /** The joinings of this contact that stand. */
    List<Joining> standing(ContactId contact) {
        return jdbc.sql("""
                        select * from inbox.contact_joining where one_id = :contact and split_at is null
                        union all
                        select * from inbox.contact_joining where other_id = :contact and split_at is null
                        order by joined_at, id
                        """)
                .param("contact", contact.value())
                .query(JoinedContacts::joining)
                .list();
    }

    /** What was joined and split among these, and with those they were split from; newest first. */
    List<Joining> history(Collection<UUID> person) {
        return jdbc.sql("""
                        select * from inbox.contact_joining
                        where one_id = any(:person) or other_id = any(:person)
                        order by greatest(joined_at, split_at) desc, id desc
                        limit :most
                        """)
                .param("person", person.toArray(UUID[]::new))
                .param("most", MOST_REMEMBERED)
                .query(JoinedContacts::joining)
                .list();
    }

    JoiningId add(Actor actor, ContactId one, ContactId other, Because because) {
        var id = JoiningId.next();
        var pair = Pair.of(one, other);
        jdbc.sql("""
                        insert into inbox.contact_joining
                            (tenant_id, id, one_id, other_id, because, joined_at, joined_by)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        actor.tenant().value(),
                        id.value(),
                        pair.one(),
                        pair.other(),
                        because.name(),
                        Timestamp.from(clock.instant()),
                        actor.id())
                .update();
        return id;
    }

    /** @return whether it stood until now */
    boolean end(Actor actor, JoiningId id) {
        return jdbc.sql("""
                                update inbox.contact_joining
                                set split_at = ?, split_by = ?
                                where id = ? and split_at is null
                                """)
                        .params(Timestamp.from(clock.instant()), actor.id(), id.value())
                        .update()
                > 0;
    }

    void keepApart(Actor actor, ContactId contact, Collection<UUID> others) {
        for (var other : others) {
            var pair = Pair.of(contact, new ContactId(other));
            jdbc.sql("""
                            insert into inbox.contact_apart (tenant_id, one_id, other_id, at, officer_id)
                            values (?, ?, ?, ?, ?)
                            on conflict do nothing
                            """)
                    .params(
                            actor.tenant().value(),
                            pair.one(),
                            pair.other(),
                            Timestamp.from(clock.instant()),
                            actor.id())
                    .update();
        }
    }

    /** What was said to be apart is one after all. */
    void noLongerApart(Collection<UUID> some, Collection<UUID> others) {
        jdbc.sql("""
                        delete from inbox.contact_apart
                        where (one_id = any(:some) and other_id = any(:others))
                        or (one_id = any(:others) and other_id = any(:some))
                        """)
                .param("some", some.toArray(UUID[]::new))
                .param("others", others.toArray(UUID[]::new))
                .update();
    }

    void forget(Collection<UUID> contacts) {
        var ids = contacts.toArray(UUID[]::new);
        for (var table : List.of("contact_joining", "contact_apart")) {
            jdbc.sql("delete from inbox." + table + " where one_id = any(?) or other_id = any(?)")
                    .params(ids, ids)
                    .update();
        }
    }

    /** Two contacts in the order of the table, so that a pair has one row whoever is named first. */
    private record Pair(UUID one, UUID other) {
        static Pair of(ContactId one, ContactId other) {
            // As PostgreSQL orders them: by bytes, where Java compares signed numbers.
            return one.toString().compareTo(other.toString()) < 0
                    ? new Pair(one.value(), other.value())
                    : new Pair(other.value(), one.value());
        }
    }

    private static Joining joining(ResultSet row, int number) throws SQLException {
        var splitAt = row.getTimestamp("split_at");
        var splitBy = row.getObject("split_by", UUID.class);
        return new Joining(
                new JoiningId(row.getObject("id", UUID.class)),
                new ContactId(row.getObject("one_id", UUID.class)),
                new ContactId(row.getObject("other_id", UUID.class)),
                Because.valueOf(row.getString("because")),
                row.getTimestamp("joined_at").toInstant(),
                new OfficerId(row.getObject("joined_by", UUID.class)),
                splitAt == null ? null : splitAt.toInstant(),
                splitBy == null ? null : new OfficerId(splitBy));
    }
}
