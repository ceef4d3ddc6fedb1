// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ConversationChanged.Before;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What casework marks a conversation with, so that lists and policies need no second module. */
@Component
class CaseMarks {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Announcements announcements;

    CaseMarks(ActorTransactions transactions, JdbcClient jdbc, Announcements announcements) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.announcements = announcements;
    }

    /**
     * What was confidential or anonymous once stays so, whatever case comes after: its words are the same.
     *
     * <p>As the system: with the mark of another agency a conversation leaves the reach of the liaison officer who hands
     * it over, which their own transaction may not do.
     */
    void mark(Actor actor, Collection<CaseMark> marks) {
        if (marks.isEmpty()) {
            return;
        }
        var system = Actor.system(actor.tenant(), "inbox");
        var all = List.copyOf(marks);
        transactions.run(system, () -> {
            // In the order in which the intake changes them, so that nobody waits in a circle.
            var before = new HashMap<ConversationId, Before>();
            jdbc.sql("""
                            select id, agency_id, confidential
                            from inbox.conversation
                            where id = any(?)
                            order by id
                            for no key update
                            """)
                    .param(all.stream().map(mark -> mark.conversation().value()).toArray(UUID[]::new))
                    .query(row -> {
                        var agency = row.getObject("agency_id", UUID.class);
                        before.put(
                                new ConversationId(row.getObject("id", UUID.class)),
                                new Before(
                                        agency == null ? null : new AgencyId(agency), row.getBoolean("confidential")));
                    });
            // Whose reach it stays in learns of the change anyhow.
            all.forEach(mark -> before.computeIfPresent(
                    mark.conversation(),
                    (id, was) ->
                            Objects.equals(was.agency(), mark.agency()) && (was.confidential() || !mark.confidential())
                                    ? null
                                    : was));
            jdbc.sql("""
                            update inbox.conversation c
                            set case_id = m.case_id, case_number = m.number, case_kind = m.kind, case_state = m.state,
                                agency_id = m.agency, confidential = c.confidential or m.confidential,
                                anonymous = c.anonymous or m.anonymous,
                                due_at = m.due, version = c.version + 1,
                                supporting = string_to_array(m.supporting, ' ')::uuid[]
                            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::uuid[],
                                        ?::boolean[], ?::boolean[], ?::timestamptz[], ?::text[])
                                as m (id, case_id, number, kind, state, agency, confidential, anonymous, due, supporting)
                            where c.id = m.id
                            """)
                    .params(
                            all.stream()
                                    .map(mark -> mark.conversation().value())
                                    .toArray(UUID[]::new),
                            all.stream().map(CaseMark::caseId).toArray(UUID[]::new),
                            all.stream().map(CaseMark::publicNumber).toArray(String[]::new),
                            all.stream().map(CaseMark::kind).toArray(String[]::new),
                            all.stream().map(CaseMark::state).toArray(String[]::new),
                            all.stream()
                                    .map(CaseMark::agency)
                                    .map(agency -> agency == null ? null : agency.value())
                                    .toArray(UUID[]::new),
                            all.stream().map(CaseMark::confidential).toArray(Boolean[]::new),
                            all.stream().map(CaseMark::anonymous).toArray(Boolean[]::new),
                            all.stream()
                                    .map(CaseMark::dueAt)
                                    .map(due -> due == null ? null : due.toString())
                                    .toArray(String[]::new),
                            // Arrays of one length only fit into an array: the names go as words.
                            all.stream()
                                    .map(mark -> mark.supporting().stream()
                                            .map(AgencyId::toString)
                                            .collect(Collectors.joining(" ")))
                                    .toArray(String[]::new))
                    .update();
            announcements.changed(
                    system, all.stream().map(CaseMark::conversation).toList(), "case", before);
        });
    }
}
