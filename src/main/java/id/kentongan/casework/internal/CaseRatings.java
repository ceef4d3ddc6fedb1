// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.Ratings;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class CaseRatings implements Ratings {
    static final String WORD = "casework.rating.word";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final PublicCases published;
    private final CaseTimeline timeline;
    private final Conversations conversations;
    private final Vault vault;
    private final ReadingLog readings;
    private final Rules rules;
    private final Tenants tenants;
    private final Trail trail;
    private final Clock clock;

    CaseRatings(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            PublicCases published,
            CaseTimeline timeline,
            Conversations conversations,
            Vault vault,
            ReadingLog readings,
            Rules rules,
            Tenants tenants,
            Trail trail,
            Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.published = published;
        this.timeline = timeline;
        this.conversations = conversations;
        this.vault = vault;
        this.readings = readings;
        this.rules = rules;
        this.tenants = tenants;
        this.trail = trail;
        this.clock = clock;
    }

    /** @param word as it is stored */
    private record Stored(
            int stars,
            byte @Nullable [] word,
            Instant givenAt,
            @Nullable Instant changedAt,
            int closing) {}

    @Override
    public Optional<Rateable> bySecret(TenantId tenant, String secret) {
        var system = Actor.system(tenant, "casework");
        return transactions.read(
                system,
                () -> caseOf(secret).flatMap(book::find).map(row -> {
                    var given = stored(row.id()).stream()
                            .filter(each -> row.state() == CaseState.CLOSED && each.closing() == row.closings())
                            .findFirst();
                    var until = until(system, row, given.orElse(null));
                    return new Rateable(
                            row.id(),
                            published.shown(system, row, false),
                            given.map(each -> opened(system, row, each)).orElse(null),
                            until,
                            until != null && clock.instant().isBefore(until));
                }));
    }

    private Optional<CaseId> caseOf(String secret) {
        return jdbc.sql("select case_id from casework.secret_link where token_hash = ?")
                .param(CaseBook.hash(secret))
                .query((row, n) -> new CaseId(row.getObject(1, UUID.class)))
                .optional();
    }

    private List<Stored> stored(CaseId id) {
        return jdbc.sql("select * from casework.rating where case_id = ? order by closing desc")
                .param(id.value())
                .query(CaseRatings::stored)
                .list();
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        var changed = row.getTimestamp("changed_at");
        return new Stored(
                row.getInt("stars"),
                row.getBytes("word_sealed"),
                row.getTimestamp("given_at").toInstant(),
                changed == null ? null : changed.toInstant(),
                row.getInt("closing"));
    }

    private Rating opened(Actor actor, CaseBook.Row row, Stored stored) {
        var word = stored.word();
        return new Rating(
                stored.stars(),
                word == null
                        ? null
                        : vault.openText(actor, row.key(), WORD, word).orElse(null),
                stored.givenAt(),
                stored.changedAt(),
                stored.closing());
    }

    /** By the rules of the day from which each counts; without a rule nothing ends. */
    private @Nullable Instant until(Actor actor, CaseBook.Row row, @Nullable Stored given) {
        var closedAt = row.closedAt();
        if (row.state() != CaseState.CLOSED || closedAt == null) {
            return null;
        }
        return given == null ? end(actor, "case.rate", closedAt) : end(actor, "case.rate-again", given.givenAt());
    }

    private Instant end(Actor actor, String key, Instant from) {
        var day = from.atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
        return rules.deadline(actor, key, day)
                .map(rule -> rules.due(actor, rule, from))
                .orElse(Instant.MAX);
    }

    @Override
    public void rate(TenantId tenant, String secret, int stars, String word) {
        if (stars < 1 || stars > MOST_STARS) {
            throw Refusal.invalid("casework.no-stars").asException();
        }
        var said = word.strip();
        if (said.length() > LONGEST_WORD) {
            throw Refusal.invalid("casework.reason-too-long", LONGEST_WORD).asException();
        }
        var system = Actor.system(tenant, "casework");
        transactions.run(system, () -> {
            var row = caseOf(secret)
                    .flatMap(book::locked)
                    .orElseThrow(() -> Refusal.notFound().asException());
            var given = stored(row.id()).stream()
                    .filter(each -> each.closing() == row.closings())
                    .findFirst()
                    .orElse(null);
            var until = until(system, row, given);
            if (until == null) {
                throw Refusal.conflict("casework.not-closed").asException();
            }
            if (!clock.instant().isBefore(until)) {
                throw Refusal.conflict(given == null ? "casework.rating-over" : "casework.rating-final")
                        .asException();
            }
            if (given == null) {
                insert(system, row, stars, said);
            } else {
                var before = opened(system, row, given);
                if (before.stars() == stars && said.equals(before.word() == null ? "" : before.word())) {
                    return;
                }
                update(system, row, stars, said);
            }
            var reporter =
                    Optional.ofNullable(row.reporter()).map(ContactId::value).orElse(new UUID(0, 0));
            trail.record(
                    Actor.citizen(tenant, reporter),
                    TrailEntry.of(
                            given == null ? "casework.rated" : "casework.rating-changed",
                            "case",
                            row.id().value(),
                            Map.of("stars", "" + stars, "closing", "" + row.closings())));
            conversations.announce(system, book.conversationsOf(row.id()), "rated");
        });
    }

    private void insert(Actor system, CaseBook.Row row, int stars, String word) {
        var now = clock.instant();
        jdbc.sql("""
                insert into casework.rating (tenant_id, case_id, closing, stars, word_sealed, given_at)
                values (:tenant, :id, :closing, :stars, :word, :now)
                """)
                .param("tenant", system.tenant().value())
                .param("id", row.id().value())
                .param("closing", row.closings())
                .param("stars", stars)
                .param("word", sealed(system, row, word))
                .param("now", Timestamp.from(now))
                .update();
        timeline.add(system, List.of(new CaseTimeline.Line(row.id(), now, "rated", null, null, null, null, false)));
    }

    private void update(Actor system, CaseBook.Row row, int stars, String word) {
        jdbc.sql("""
                update casework.rating
                set stars = :stars, word_sealed = :word, changed_at = :now
                where case_id = :id and closing = :closing
                """)
                .param("stars", stars)
                .param("word", sealed(system, row, word))
                .param("now", Timestamp.from(clock.instant()))
                .param("id", row.id().value())
                .param("closing", row.closings())
                .update();
    }

    private byte @Nullable [] sealed(Actor system, CaseBook.Row row, String word) {
        return word.isEmpty() ? null : vault.seal(system, row.key(), WORD, word);
    }

    @Override
    public List<Rating> of(Actor actor, CaseId id) {
        if (!CaseAccess.readsWords(actor)) {
            return List.of();
        }
        var open = readings.mayRead(actor, new Subject("case", id.value()));
        return transactions.read(
                actor,
                () -> book.find(id)
                        .map(row -> stored(id).stream()
                                .map(each -> open
                                        ? opened(actor, row, each)
                                        : new Rating(
                                                each.stars(), null, each.givenAt(), each.changedAt(), each.closing()))
                                .toList())
                        .orElse(List.of()));
    }

    @Override
    public List<Summary> summary(Actor actor, LocalDate from, LocalDate to) {
        var zone = tenants.get(actor.tenant()).zone();
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select c.agency_id, count(*) as closed, count(r.stars) as rated, coalesce(sum(r.stars), 0) as stars
                        from casework.case c
                        left join casework.rating r
                            on r.tenant_id = c.tenant_id and r.case_id = c.id and r.closing = c.closings
                        where c.opened_at >= ? and c.opened_at < ? and c.state = 'CLOSED'
                        group by c.agency_id
                        order by count(*) desc, c.agency_id
                        """)
                        .params(
                                Timestamp.from(from.atStartOfDay(zone).toInstant()),
                                Timestamp.from(to.plusDays(1).atStartOfDay(zone).toInstant()))
                        .query((row, n) -> {
                            var agency = row.getObject("agency_id", UUID.class);
                            return new Summary(
                                    agency == null ? null : new AgencyId(agency),
                                    row.getInt("closed"),
                                    row.getInt("rated"),
                                    row.getInt("stars"));
                        })
                        .list());
    }
}
