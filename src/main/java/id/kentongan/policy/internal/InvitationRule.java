// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import id.kentongan.identity.spi.InvitationPeriod;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How long an invitation holds, by the dated rule {@code officer.invitation}. */
@Component
class InvitationRule implements InvitationPeriod {
    private static final String KEY = "officer.invitation";

    /** While a tenant is being founded its first officer may be invited before it has rules. */
    private static final Duration BEFORE_ANY_RULE = Duration.ofHours(72);

    private final Rules rules;
    private final Clock clock;

    InvitationRule(Rules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public Duration of(Actor actor) {
        var today = rules.calendar(actor).dayOf(clock.instant());
        return rules.deadline(actor, KEY, today)
                .map(rule -> switch (rule.unit()) {
                    case HOURS -> Duration.ofHours(rule.amount());
                    case DAYS, WORKING_DAYS -> Duration.ofDays(rule.amount());
                })
                .orElse(BEFORE_ANY_RULE);
    }
}
