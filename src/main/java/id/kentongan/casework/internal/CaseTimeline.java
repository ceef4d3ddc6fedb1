// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What happened to a case, line by line, as its reporter and its officers read it. */
@Component
class CaseTimeline {
    static final String TEXT = "casework.timeline.text";

    private final JdbcClient jdbc;
    private final Vault vault;

    CaseTimeline(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** @param message the citizen's message it tells of, or null @param day the day it tells of, or null */
    record Line(
            CaseId id,
            Instant at,
            String what,
            @Nullable String by,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic,
            @Nullable UUID message,
            @Nullable LocalDate day) {
        Line(
                CaseId id,
                Instant at,
                String what,
                @Nullable String by,
                @Nullable AgencyId from,
                @Nullable AgencyId to,
                @Nullable String text,
                boolean toPublic,
                @Nullable UUID message) {
            this(id, at, what, by, from, to, text, toPublic, message, null);
        }

        Line(
                CaseId id,
                Instant at,
                String what,
                @Nullable String by,
                @Nullable AgencyId from,
                @Nullable AgencyId to,
                @Nullable String text,
                boolean toPublic) {
            this(id, at, what, by, from, to, text, toPublic, null, null);
        }
    }

    void add(Actor actor, List<Line> lines) {
        jdbc.sql("""
                        insert into casework.timeline
                            (tenant_id, id, case_id, at, what, by_name, from_agency, to_agency, text_sealed, to_public,
                             message_id, on_day)
                        select ?, l.id, l.case_id, l.at, l.what, l.by_name, l.from_agency, l.to_agency, l.text,
                               l.to_public, l.message, l.day
                        from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::uuid[], ?::uuid[],
                                    ?::bytea[], ?::boolean[], ?::uuid[], ?::date[])
                            as l (id, case_id, at, what, by_name, from_agency, to_agency, text, to_public, message, day)
                        on conflict (tenant_id, message_id) where message_id is not null do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        lines.stream().map(line -> Ids.next()).toArray(UUID[]::new),
                        lines.stream().map(line -> line.id().value()).toArray(UUID[]::new),
                        lines.stream().map(line -> line.at().toString()).toArray(String[]::new),
                        lines.stream().map(Line::what).toArray(String[]::new),
                        lines.stream().map(Line::by).toArray(String[]::new),
                        lines.stream().map(line -> value(line.from())).toArray(UUID[]::new),
                        lines.stream().map(line -> value(line.to())).toArray(UUID[]::new),
                        lines.stream().map(line -> sealed(actor, line)).toArray(byte[][]::new),
                        lines.stream().map(Line::toPublic).toArray(Boolean[]::new),
                        lines.stream().map(Line::message).toArray(UUID[]::new),
                        lines.stream()
                                .map(line -> line.day() == null ? null : String.valueOf(line.day()))
                                .toArray(String[]::new))
                .update();
    }

    private byte @Nullable [] sealed(Actor actor, Line line) {
        var text = line.text();
        // The office's own words outlive the reporter's key: what was said stays on record.
        return text == null ? null : vault.sealForTenant(actor, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable UUID value(@Nullable AgencyId agency) {
        return agency == null ? null : agency.value();
    }
}
