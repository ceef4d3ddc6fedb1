// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.LocalizedText;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.ListEntry;
import id.kentongan.policy.SourcedLists;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class DatedLists implements SourcedLists {
    private static final int LONGEST = 200;

    private final JdbcClient jdbc;
    private final ActorTransactions transactions;
    private final Trail trail;
    private final Clock clock;

    DatedLists(JdbcClient jdbc, ActorTransactions transactions, Trail trail, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public List<ListEntry> on(Actor actor, String list, LocalDate day) {
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select *
                        from policy.list_entry
                        where list = :list
                          and effective_from <= :day
                          and (effective_to is null or effective_to >= :day)
                        order by position, id
                        """)
                        .param("list", list)
                        .param("day", day)
                        .query(DatedLists::entry)
                        .list());
    }

    @Override
    public List<ListEntry> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select * from policy.list_entry order by list, position, effective_from, id")
                        .query(DatedLists::entry)
                        .list());
    }

    @Override
    public ListEntry add(Actor actor, ListEntry entry) {
        DatedRules.requireAdministrator(actor);
        requireSensible(entry);
        return transactions.write(actor, () -> {
            lock(actor.tenant());
            var there = jdbc.sql("""
                            select exists (
                                select from policy.list_entry
                                where list = :list and code = :code
                                  and (effective_to is null or effective_to >= :from))
                            """)
                    .param("list", entry.list())
                    .param("code", entry.code())
                    .param("from", entry.effectiveFrom())
                    .query(Boolean.class)
                    .single();
            if (there) {
                throw Refusal.conflict("policy.entry-exists").asException();
            }
            var saved = new ListEntry(
                    Ids.next(),
                    entry.list(),
                    entry.code(),
                    entry.position(),
                    entry.title(),
                    entry.source().strip(),
                    entry.sourceUrl(),
                    entry.effectiveFrom(),
                    entry.effectiveTo(),
                    entry.confidence());
            insert(actor.tenant(), List.of(saved), clock.instant());
            trail.record(
                    actor,
                    TrailEntry.of(
                            "policy.entry-added",
                            "list-entry",
                            saved.id(),
                            Map.of(
                                    "list", saved.list(),
                                    "code", saved.code(),
                                    "from", saved.effectiveFrom().toString())));
            return saved;
        });
    }

    @Override
    public void end(Actor actor, UUID id, LocalDate last) {
        DatedRules.requireAdministrator(actor);
        transactions.run(actor, () -> {
            var entry = jdbc.sql("select * from policy.list_entry where id = ? for update")
                    .param(id)
                    .query(DatedLists::entry)
                    .optional()
                    .orElseThrow(() -> Refusal.notFound().asException());
            var ends = entry.effectiveTo();
            if (ends != null && !ends.isAfter(last)) {
                return;
            }
            if (last.isBefore(entry.effectiveFrom())) {
                throw Refusal.invalid("policy.ends-before-it-starts").asException();
            }
            jdbc.sql("update policy.list_entry set effective_to = ?, changed_at = ? where id = ?")
                    .params(last, clock.instant().atOffset(ZoneOffset.UTC), id)
                    .update();
            trail.record(
                    actor,
                    TrailEntry.of(
                            "policy.entry-ended",
                            "list-entry",
                            id,
                            Map.of("list", entry.list(), "code", entry.code(), "last", last.toString())));
        });
    }

    /** The codes a list ever had: what was ended on purpose is not shipped again. */
    boolean has(String list, String code) {
        return jdbc.sql("select exists (select from policy.list_entry where list = ? and code = ?)")
                .params(list, code)
                .query(Boolean.class)
                .single();
    }

    private void lock(TenantId tenant) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 11))")
                .param(tenant.toString())
                .query((row, n) -> 1)
                .list();
    }

    void insert(TenantId tenant, List<ListEntry> entries, Instant at) {
        jdbc.sql("""
                        insert into policy.list_entry
                            (tenant_id, id, list, code, position, title_id, title_en, source, source_url,
                             effective_from, effective_to, confidence, changed_at)
                        select :tenant, e.id, e.list, e.code, e.position, e.title, e.english, e.source, e.url, e.since,
                               e.until, e.confidence, :at
                        from unnest(:ids::uuid[], :lists::text[], :codes::text[], :positions::int[], :titles::text[],
                                    :english::text[], :sources::text[], :urls::text[], :since::date[], :until::date[],
                                    :confidences::text[])
                            as e (id, list, code, position, title, english, source, url, since, until, confidence)
                        """)
                .param("tenant", tenant.value())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("ids", entries.stream().map(ListEntry::id).toArray(UUID[]::new))
                .param("lists", entries.stream().map(ListEntry::list).toArray(String[]::new))
                .param("codes", entries.stream().map(ListEntry::code).toArray(String[]::new))
                .param("positions", entries.stream().map(ListEntry::position).toArray(Integer[]::new))
                .param(
                        "titles",
                        entries.stream()
                                .map(each -> each.title().byLanguage().get("id"))
                                .toArray(String[]::new))
                .param(
                        "english",
                        entries.stream()
                                .map(each -> each.title().byLanguage().get("en"))
                                .toArray(String[]::new))
                .param("sources", entries.stream().map(ListEntry::source).toArray(String[]::new))
                .param("urls", entries.stream().map(ListEntry::sourceUrl).toArray(String[]::new))
                .param(
                        "since",
                        entries.stream()
                                .map(each -> each.effectiveFrom().toString())
                                .toArray(String[]::new))
                .param(
                        "until",
                        entries.stream()
                                .map(each -> each.effectiveTo() == null
                                        ? null
                                        : each.effectiveTo().toString())
                                .toArray(String[]::new))
                .param(
                        "confidences",
                        entries.stream().map(each -> each.confidence().name()).toArray(String[]::new))
                .update();
    }

    private static void requireSensible(ListEntry entry) {
        if (entry.title().byLanguage().values().stream().anyMatch(each -> each.isBlank() || each.length() > LONGEST)) {
            throw Refusal.invalid("policy.entry-title", LONGEST).asException();
        }
        if (entry.source().isBlank()) {
            throw Refusal.invalid("policy.source-missing").asException();
        }
        var ends = entry.effectiveTo();
        if (ends != null && ends.isBefore(entry.effectiveFrom())) {
            throw Refusal.invalid("policy.ends-before-it-starts").asException();
        }
    }

    private static ListEntry entry(ResultSet row, int number) throws SQLException {
        var title = row.getString("title_id");
        var english = row.getString("title_en");
        return new ListEntry(
                row.getObject("id", UUID.class),
                row.getString("list"),
                row.getString("code"),
                row.getInt("position"),
                english == null ? LocalizedText.indonesian(title) : LocalizedText.of(title, english),
                row.getString("source"),
                row.getString("source_url"),
                Objects.requireNonNull(row.getObject("effective_from", LocalDate.class)),
                row.getObject("effective_to", LocalDate.class),
                DeadlineRule.Confidence.valueOf(row.getString("confidence")));
    }
}
