// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import id.kentongan.kernel.TenantId;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Holiday;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class RuleStore {
    private final JdbcClient jdbc;

    RuleStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<DeadlineRule> rules() {
        return jdbc.sql("""
                select id, key, amount, unit, source, source_url, effective_from, effective_to, confidence
                from policy.deadline_rule
                order by key, effective_from
                """).query(RuleStore::rule).list();
    }

    List<Holiday> holidays() {
        return jdbc.sql("""
                select id, day, kind, title, source, added_at, added_version
                from policy.holiday
                where withdrawn_version is null
                order by day
                """).query(RuleStore::holiday).list();
    }

    /** Held until the transaction ends. */
    void lock(TenantId tenant) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 13))")
                .param(tenant.toString())
                .query((row, index) -> 1)
                .list();
    }

    int calendarVersion() {
        return jdbc.sql("select coalesce(max(version), 0) from policy.calendar_version")
                .query(Integer.class)
                .single();
    }

    void insert(TenantId tenant, List<DeadlineRule> rules, Instant at) {
        jdbc.sql("""
                insert into policy.deadline_rule
                    (tenant_id, id, key, amount, unit, source, source_url, effective_from, effective_to, confidence,
                     changed_at)
                select :tenant, r.id, r.key, r.amount, r.unit, r.source, r.url, r.since, r.until, r.confidence, :at
                from unnest(:ids::uuid[], :keys::text[], :amounts::int[], :units::text[], :sources::text[],
                            :urls::text[], :since::date[], :until::date[], :confidences::text[])
                    as r(id, key, amount, unit, source, url, since, until, confidence)
                """)
                .param("tenant", tenant.value())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("ids", rules.stream().map(DeadlineRule::id).toArray(UUID[]::new))
                .param("keys", rules.stream().map(DeadlineRule::key).toArray(String[]::new))
                .param("amounts", rules.stream().map(DeadlineRule::amount).toArray(Integer[]::new))
                .param("units", rules.stream().map(rule -> rule.unit().name()).toArray(String[]::new))
                .param("sources", rules.stream().map(DeadlineRule::source).toArray(String[]::new))
                .param("urls", rules.stream().map(DeadlineRule::sourceUrl).toArray(String[]::new))
                .param(
                        "since",
                        rules.stream().map(rule -> text(rule.effectiveFrom())).toArray(String[]::new))
                .param(
                        "until",
                        rules.stream().map(rule -> text(rule.effectiveTo())).toArray(String[]::new))
                .param(
                        "confidences",
                        rules.stream().map(rule -> rule.confidence().name()).toArray(String[]::new))
                .update();
    }

    /** Ends the rule of the key that still holds on the day before. */
    void endBefore(String key, LocalDate day, Instant at) {
        jdbc.sql("""
                update policy.deadline_rule
                set effective_to = :last, changed_at = :at
                where key = :key
                  and effective_from < :day
                  and (effective_to is null or effective_to >= :day)
                """)
                .param("key", key)
                .param("day", day)
                .param("last", day.minusDays(1))
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    boolean hasFrom(String key, LocalDate day) {
        return jdbc.sql("""
                select exists (
                    select from policy.deadline_rule
                    where key = :key and effective_from >= :day)
                """)
                .param("key", key)
                .param("day", day)
                .query(Boolean.class)
                .single();
    }

    void insertVersion(TenantId tenant, int version, Instant at, String reason) {
        jdbc.sql("""
                insert into policy.calendar_version (tenant_id, version, at, reason)
                values (:tenant, :version, :at, :reason)
                """)
                .param("tenant", tenant.value())
                .param("version", version)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .update();
    }

    void insertHolidays(TenantId tenant, List<Holiday> holidays) {
        jdbc.sql("""
                insert into policy.holiday (tenant_id, id, day, kind, title, source, added_at, added_version)
                select :tenant, h.id, h.day, h.kind, h.title, h.source, h.at, h.version
                from unnest(:ids::uuid[], :days::date[], :kinds::text[], :titles::text[], :sources::text[],
                            :at::timestamptz[], :versions::int[])
                    as h(id, day, kind, title, source, at, version)
                """)
                .param("tenant", tenant.value())
                .param("ids", holidays.stream().map(Holiday::id).toArray(UUID[]::new))
                .param(
                        "days",
                        holidays.stream().map(holiday -> text(holiday.day())).toArray(String[]::new))
                .param(
                        "kinds",
                        holidays.stream().map(holiday -> holiday.kind().name()).toArray(String[]::new))
                .param("titles", holidays.stream().map(Holiday::title).toArray(String[]::new))
                .param("sources", holidays.stream().map(Holiday::source).toArray(String[]::new))
                .param(
                        "at",
                        holidays.stream()
                                .map(holiday -> holiday.addedAt().toString())
                                .toArray(String[]::new))
                .param("versions", holidays.stream().map(Holiday::version).toArray(Integer[]::new))
                .update();
    }

    boolean withdraw(LocalDate day, int version) {
        return jdbc.sql("""
                update policy.holiday
                set withdrawn_version = :version
                where day = :day and withdrawn_version is null
                """).param("day", day).param("version", version).update() > 0;
    }

    private static @Nullable String text(@Nullable LocalDate day) {
        return day == null ? null : day.toString();
    }

    private static DeadlineRule rule(ResultSet row, int index) throws SQLException {
        return new DeadlineRule(
                row.getObject("id", UUID.class),
                row.getString("key"),
                row.getInt("amount"),
                DeadlineRule.Unit.valueOf(row.getString("unit")),
                row.getString("source"),
                row.getString("source_url"),
                Objects.requireNonNull(row.getObject("effective_from", LocalDate.class)),
                row.getObject("effective_to", LocalDate.class),
                DeadlineRule.Confidence.valueOf(row.getString("confidence")));
    }

    private static Holiday holiday(ResultSet row, int index) throws SQLException {
        return new Holiday(
                row.getObject("id", UUID.class),
                row.getObject("day", LocalDate.class),
                Holiday.Kind.valueOf(row.getString("kind")),
                row.getString("title"),
                row.getString("source"),
                row.getTimestamp("added_at").toInstant(),
                row.getInt("added_version"));
    }
}
