// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseNotices;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Notices: who is told what at the desk, each of them once. */
@Component
class NoticeBoard implements CaseNotices {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Officers officers;
    private final Agencies agencies;
    private final Clock clock;

    NoticeBoard(ActorTransactions transactions, JdbcClient jdbc, Officers officers, Agencies agencies, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.officers = officers;
        this.agencies = agencies;
        this.clock = clock;
    }

    /**
     * @param once what makes it the same notice another time
     * @param number the case's public number, or null for a notice of many
     */
    record Told(
            OfficerId officer,
            String once,
            What what,
            @Nullable CaseId id,
            @Nullable String number,
            @Nullable ClockKind clock,
            @Nullable Integer step,
            @Nullable Integer amount,
            @Nullable LocalDate day) {}

    /** Whoever was told already under the same key is not told again. Inside the caller's transaction, by the machine. */
    void put(Actor system, Collection<Told> told) {
        if (told.isEmpty()) {
            return;
        }
        var all = List.copyOf(told);
        jdbc.sql("""
                        insert into casework.notice
                            (tenant_id, id, officer_id, once, what, case_id, case_number, clock, step, amount, on_day, at)
                        select :tenant, n.id, n.officer, n.once, n.what, n.case_id, n.number, n.clock, n.step, n.amount,
                               n.day, :now
                        from unnest(:ids::uuid[], :officers::uuid[], :keys::text[], :whats::text[], :cases::uuid[],
                                    :numbers::text[], :clocks::text[], :steps::int[], :amounts::int[], :days::date[])
                            as n (id, officer, once, what, case_id, number, clock, step, amount, day)
                        on conflict (tenant_id, officer_id, once) do nothing
                        """)
                .param("tenant", system.tenant().value())
                .param("now", Timestamp.from(clock.instant()))
                .param("ids", all.stream().map(each -> Ids.next()).toArray(UUID[]::new))
                .param(
                        "officers",
                        all.stream().map(each -> each.officer().value()).toArray(UUID[]::new))
                .param("keys", all.stream().map(Told::once).toArray(String[]::new))
                .param("whats", all.stream().map(each -> each.what().name()).toArray(String[]::new))
                .param(
                        "cases",
                        all.stream()
                                .map(each ->
                                        each.id() == null ? null : each.id().value())
                                .toArray(UUID[]::new))
                .param("numbers", all.stream().map(Told::number).toArray(String[]::new))
                .param(
                        "clocks",
                        all.stream()
                                .map(each -> each.clock() == null
                                        ? null
                                        : each.clock().name())
                                .toArray(String[]::new))
                .param("steps", all.stream().map(Told::step).toArray(Integer[]::new))
                .param("amounts", all.stream().map(Told::amount).toArray(Integer[]::new))
                .param(
                        "days",
                        all.stream()
                                .map(each -> each.day() == null ? null : String.valueOf(each.day()))
                                .toArray(String[]::new))
                .update();
    }

    /** Of one case, to those officers. */
    void put(Actor system, CaseBook.Row row, What what, String once, Collection<OfficerId> to) {
        put(
                system,
                to.stream()
                        .map(each -> new Told(
                                each,
                                what + ":" + row.id() + ":" + once,
                                what,
                                row.id(),
                                row.number(),
                                null,
                                null,
                                null,
                                null))
                        .toList());
    }

    /** Who works where, looked up once for a run. */
    Staff staff(Actor system) {
        return new Staff(
                officers.all(system).stream().filter(Officer::active).toList(),
                agencies.all(system).stream().collect(Collectors.toMap(Agency::id, Function.identity())));
    }

    /** The officers of a tenant as the rules name them. */
    record Staff(List<Officer> officers, Map<AgencyId, Agency> agencies) {
        /**
         * @param codes of a dated list: liaison, coordinator, supervisor, head, parent-liaison, parent-head
         * @return in the circle only where the case is confidential; when the rule finds nobody, the supervisors, since a
         *     case that is late always has somebody who knows
         */
        Set<OfficerId> named(Set<String> codes, @Nullable AgencyId agency, boolean confidential) {
            var found = new LinkedHashSet<OfficerId>();
            codes.forEach(code -> found.addAll(ids(confidential, by(code, agency))));
            return found.isEmpty() ? ids(confidential, each -> each.roles().contains(Role.SUPERVISOR)) : found;
        }

        private Predicate<Officer> by(String code, @Nullable AgencyId agency) {
            var there = agency == null ? null : agencies.get(agency);
            var parent = there == null ? null : there.parent();
            return switch (code) {
                case "coordinator" ->
                    each -> agency == null
                            && (each.roles().contains(Role.COMMUNICATION_OFFICER)
                                    || each.roles().contains(Role.SUPERVISOR));
                case "supervisor" -> each -> each.roles().contains(Role.SUPERVISOR);
                case "liaison" ->
                    each -> each.roles().contains(Role.LIAISON_OFFICER)
                            && each.agency().equals(agency);
                case "head" ->
                    each -> each.roles().contains(Role.HEAD) && each.agency().equals(agency);
                case "parent-liaison" ->
                    each -> each.roles().contains(Role.LIAISON_OFFICER)
                            && each.agency().equals(parent);
                case "parent-head" ->
                    each -> each.roles().contains(Role.HEAD) && each.agency().equals(parent);
                // A role that a newer release names is told by that release.
                default -> each -> false;
            };
        }

        private Set<OfficerId> ids(boolean confidential, Predicate<Officer> which) {
            return officers.stream()
                    .filter(which)
                    .filter(each -> !confidential || each.circle())
                    .map(Officer::id)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    @Override
    public Page<Notice> of(Actor actor, @Nullable String after, int limit) {
        if (actor.kind() != Actor.Kind.OFFICER) {
            return Page.empty();
        }
        var rows = transactions.read(
                actor,
                () -> jdbc.sql("""
                        select n.*, c.id is not null as reached
                        from casework.notice n
                        left join casework.case c on c.tenant_id = n.tenant_id and c.id = n.case_id
                        where n.officer_id = :me and (:after::uuid is null or n.id < :after::uuid)
                        order by n.id desc
                        limit :limit
                        """)
                        .param("me", actor.id())
                        .param("after", after == null ? null : known(after))
                        .param("limit", limit + 1)
                        .query((row, n) -> notice(actor, row))
                        .list());
        var shown = rows.size() > limit ? rows.subList(0, limit) : rows;
        return new Page<>(shown, rows.size() > limit ? shown.getLast().notice().toString() : null);
    }

    private static UUID known(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    private static Notice notice(Actor actor, ResultSet row) throws SQLException {
        var id = row.getObject("case_id", UUID.class);
        var clock = row.getString("clock");
        return new Notice(
                row.getObject("id", UUID.class),
                What.valueOf(row.getString("what")),
                id == null ? null : new CaseId(id),
                row.getString("case_number"),
                row.getBoolean("reached") && CaseAccess.readsWords(actor),
                clock == null ? null : ClockKind.valueOf(clock),
                row.getInt("step"),
                row.getInt("amount"),
                row.getObject("on_day", LocalDate.class),
                row.getTimestamp("at").toInstant(),
                row.getTimestamp("seen_at") != null);
    }

    @Override
    public int unseen(Actor actor) {
        if (actor.kind() != Actor.Kind.OFFICER) {
            return 0;
        }
        return transactions.read(
                actor,
                () -> jdbc.sql("select count(*) from casework.notice where officer_id = ? and seen_at is null")
                        .param(actor.id())
                        .query(Integer.class)
                        .single());
    }

    @Override
    public void seen(Actor actor) {
        if (actor.kind() != Actor.Kind.OFFICER) {
            throw Refusal.notFound().asException();
        }
        transactions.run(
                actor,
                () -> jdbc.sql("update casework.notice set seen_at = ? where officer_id = ? and seen_at is null")
                        .params(Timestamp.from(clock.instant()), actor.id())
                        .update());
    }

    /** What is older is gone, seen or not: the trail keeps what was told to whom. */
    int forget(Instant before) {
        return jdbc.sql("delete from casework.notice where at < ?")
                .param(Timestamp.from(before))
                .update();
    }
}
