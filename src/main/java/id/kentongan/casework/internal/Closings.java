// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the citizen hears of the end of their case: in the answer, when it will close by itself; once it is closed,
 * privately, until when they can open it again, and a link to say how they were served.
 */
@Component
class Closings {
    private final JdbcClient jdbc;
    private final Telling telling;
    private final Rules rules;
    private final Tenants tenants;

    Closings(JdbcClient jdbc, Telling telling, Rules rules, Tenants tenants) {
        this.jdbc = jdbc;
        this.telling = telling;
        this.rules = rules;
        this.tenants = tenants;
    }

    /** The rule that closes what was answered then, if there is one. */
    Optional<DeadlineRule> rule(Actor actor, Instant answeredAt) {
        return rule(actor, "case.auto-close", answeredAt);
    }

    private Optional<DeadlineRule> rule(Actor actor, String key, Instant at) {
        return rules.deadline(
                actor, key, at.atZone(tenants.get(actor.tenant()).zone()).toLocalDate());
    }

    /** From when what was answered then is closed by itself: by the rule of the day it was answered, as it was told. */
    Optional<Instant> closesAt(Actor actor, Instant answeredAt) {
        return rule(actor, answeredAt).map(rule -> rules.due(actor, rule, answeredAt));
    }

    /** What stands at the end of an answer: by when a reaction is waited for. */
    Optional<String> announcement(Actor actor, Instant answeredAt, Locale locale) {
        return rule(actor, answeredAt)
                .map(rule -> telling.text(
                        locale, "casework.told.closes", Telling.day(locale, rules.dueOn(actor, rule, answeredAt))));
    }

    /** The last day on which the citizen can open what was closed then again; empty where no rule ends it. */
    Optional<LocalDate> reopenUntil(Actor actor, Instant closedAt) {
        return rule(actor, "case.reopen", closedAt).map(rule -> rules.dueOn(actor, rule, closedAt));
    }

    boolean mayReopen(Actor actor, Instant closedAt, Instant now) {
        return rule(actor, "case.reopen", closedAt)
                .map(rule -> now.isBefore(rules.due(actor, rule, closedAt)))
                .orElse(true);
    }

    /**
     * Tells of a closing that just happened, privately and once for each.
     *
     * @param closed as it stands now
     * @param reason the officer's words, or empty when it closed by itself
     */
    void tell(Actor actor, CaseBook.Row closed, String reason) {
        var about = telling.newestOfReporter(actor, closed).orElse(null);
        var closedAt = closed.closedAt();
        if (about == null || closedAt == null) {
            return;
        }
        var locale = Telling.language(about);
        var why = reason.isBlank() ? telling.text(locale, "casework.told.unreacted") : Telling.sentence(reason);
        var until = reopenUntil(actor, closedAt)
                .map(day -> telling.text(locale, "casework.told.reopen-until", Telling.day(locale, day)))
                .orElse("");
        // Whoever asked by the form has the tracking page, where the rating stands.
        var text = about.network() == Network.WEB
                ? telling.text(locale, "casework.told.closed-web", closed.number(), why, until)
                : telling.text(locale, "casework.told.closed", closed.number(), why, until, link(actor, closed));
        telling.automatically(
                actor,
                closed,
                about,
                new Telling.Automatic(Audience.DIRECT, text.strip()),
                "closed:" + closed.id() + ":" + closed.closings());
    }

    private String link(Actor actor, CaseBook.Row closed) {
        var secret = CaseBook.newSecret();
        jdbc.sql("""
                        insert into casework.secret_link (tenant_id, token_hash, case_id, purpose)
                        values (?, ?, ?, 'RATING')
                        """)
                .params(
                        actor.tenant().value(),
                        CaseBook.hash(secret),
                        closed.id().value())
                .update();
        return tenants.get(actor.tenant()).address() + "/nilai/" + secret;
    }
}
