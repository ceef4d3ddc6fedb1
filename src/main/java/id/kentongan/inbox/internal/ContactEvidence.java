// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Person.Because;
import id.kentongan.inbox.Person.Reach.Kind;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What speaks for two contacts being one person and cannot be chance: the same number or address left in two forms, a
 * form sent by the secret link of somebody's case. Names are none. It suggests, and joins nobody.
 */
@Component
class ContactEvidence {
    private static final String PHONES = "inbox.contact.phone";
    private static final String MAILS = "inbox.contact.mail";
    private static final int MOST = 10;

    private final JdbcClient jdbc;
    private final Vault vault;

    ContactEvidence(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    private record Row(
            UUID contact,
            UUID message,
            Because kind,
            byte @Nullable [] hash,
            @Nullable UUID reporter) {}

    /** Keeps what these messages say of it; only our own forms say anything. */
    void keep(Actor actor, List<Incoming> said) {
        var rows = new ArrayList<Row>();
        for (var each : said) {
            if (!each.web()) {
                continue;
            }
            var contact = each.contact().id().value();
            Reachable.in(each.said.hints())
                    .filter(left -> left.kind() != Kind.OTHER)
                    .ifPresent(left -> {
                        var phone = left.kind() == Kind.PHONE;
                        rows.add(new Row(
                                contact,
                                each.id.value(),
                                phone ? Because.PHONE : Because.MAIL,
                                vault.keyedHash(actor, phone ? PHONES : MAILS, left.plain()),
                                null));
                    });
            var reporter = reporter(each);
            if (reporter != null && !reporter.equals(contact)) {
                rows.add(new Row(contact, each.id.value(), Because.SECRET_LINK, null, reporter));
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into inbox.contact_evidence
                            (tenant_id, contact_id, message_id, kind, value_hash, reporter_id)
                        select ?, e.contact, e.message, e.kind, e.hash, e.reporter
                        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::uuid[])
                            as e (contact, message, kind, hash, reporter)
                        """)
                .params(
                        actor.tenant().value(),
                        rows.stream().map(Row::contact).toArray(UUID[]::new),
                        rows.stream().map(Row::message).toArray(UUID[]::new),
                        rows.stream().map(each -> each.kind().name()).toArray(String[]::new),
                        rows.stream().map(Row::hash).toArray(byte[][]::new),
                        rows.stream().map(Row::reporter).toArray(UUID[]::new))
                .update();
    }

    /** Whose secret link it came by. Only the tracking page says so. */
    private static @Nullable UUID reporter(Incoming each) {
        var hint = each.said.hints().get("reporter");
        try {
            return hint == null ? null : ContactId.parse(hint).value();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Who may be one with this person, newest first, but for those of whom an officer has said that they are not. */
    Map<UUID, Because> suggested(Collection<UUID> person) {
        var ids = person.toArray(UUID[]::new);
        var found = new LinkedHashMap<UUID, Because>();
        jdbc.sql("""
                        select s.contact_id, s.kind
                        from (
                            select e.contact_id, e.kind, max(e.message_id::text) as newest
                            from inbox.contact_evidence mine
                            join inbox.contact_evidence e
                                on e.tenant_id = mine.tenant_id and e.kind = mine.kind and e.value_hash = mine.value_hash
                            where mine.contact_id = any(:person)
                            group by e.contact_id, e.kind
                            union all
                            select contact_id, kind, max(message_id::text)
                            from inbox.contact_evidence
                            where reporter_id = any(:person)
                            group by contact_id, kind
                            union all
                            select reporter_id, kind, max(message_id::text)
                            from inbox.contact_evidence
                            where contact_id = any(:person) and reporter_id is not null
                            group by reporter_id, kind) s
                        where s.contact_id <> all(:person) and not exists (
                            select 1 from inbox.contact_apart a
                            where (a.one_id = s.contact_id and a.other_id = any(:person))
                            or (a.other_id = s.contact_id and a.one_id = any(:person)))
                        order by s.newest desc
                        limit :most
                        """).param("person", ids).param("most", MOST).query(row -> {
            found.putIfAbsent(row.getObject(1, UUID.class), Because.valueOf(row.getString(2)));
        });
        return found;
    }

    void forgetMessages(UUID[] messages) {
        jdbc.sql("delete from inbox.contact_evidence where message_id = any(?)")
                .param(messages)
                .update();
    }

    void forget(Collection<UUID> contacts) {
        var ids = contacts.toArray(UUID[]::new);
        jdbc.sql("delete from inbox.contact_evidence where contact_id = any(?) or reporter_id = any(?)")
                .params(ids, ids)
                .update();
    }
}
