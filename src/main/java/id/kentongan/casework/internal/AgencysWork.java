// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.AgencyUse;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** An agency that citizens still wait for, or that rules still send them to, is not closed. */
@Component
class AgencysWork implements AgencyUse {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    AgencysWork(ActorTransactions transactions, JdbcClient jdbc, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Optional<Refusal> standsInTheWay(TenantId tenant, AgencyId agency) {
        // As the machine: administrators read no citizen's words, so their own reach would find no case.
        return transactions.read(Actor.system(tenant, "casework"), () -> {
            var open = jdbc.sql("select count(*) from casework.case where agency_id = ? and state <> 'CLOSED'")
                    .param(agency.value())
                    .query(Long.class)
                    .single();
            if (open > 0) {
                return Optional.of(Refusal.invalid("casework.agency-has-open-cases", open));
            }
            var rules = jdbc.sql("""
                            select count(*) from casework.routing_rule
                            where agency_id = ? and (effective_to is null or effective_to >= ?)
                            """)
                    .params(agency.value(), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .query(Long.class)
                    .single();
            return rules > 0
                    ? Optional.of(Refusal.invalid("casework.agency-has-rules", rules))
                    : Optional.<Refusal>empty();
        });
    }
}
