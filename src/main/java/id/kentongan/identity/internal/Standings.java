// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Officer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How officers stand with their sign-in, for administrators and auditors. */
@Component
class Standings {
    private static final String SELECT = "select " + DatabaseOfficers.COLUMNS + """
            , o.password_hash is not null as known, o.totp_sealed is not null as second_factor,
            (select max(i.expires_at) from identity.invitation i
             where i.tenant_id = o.tenant_id and i.officer_id = o.id and i.used_at is null) as invited_until
            from identity.officer o
            """;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    Standings(ActorTransactions transactions, JdbcClient jdbc, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    enum State {
        ACTIVE,
        INVITED,
        INVITATION_EXPIRED,
        INACTIVE
    }

    /**
     * @param invitedUntil until when an unused invitation link works, or null; somebody who has a password may have
     *     one too, to choose another
     */
    record Standing(
            Officer officer,
            State state,
            boolean secondFactor,
            @Nullable Instant invitedUntil) {}

    /** Those in office first, by name. */
    List<Standing> all(Actor actor) {
        DatabaseOfficers.oversees(actor);
        return transactions.read(
                actor,
                () -> jdbc.sql(SELECT + "order by o.active desc, lower(o.name), o.id")
                        .query(this::standing)
                        .list());
    }

    Standing of(Actor actor, OfficerId officer) {
        DatabaseOfficers.oversees(actor);
        return transactions.read(
                actor,
                () -> jdbc.sql(SELECT + "where o.id = ?")
                        .param(officer.value())
                        .query(this::standing)
                        .optional()
                        .orElseThrow(() -> Refusal.notFound().asException()));
    }

    private Standing standing(ResultSet row, int number) throws SQLException {
        var officer = DatabaseOfficers.officer(row, number);
        var expires = row.getTimestamp("invited_until");
        var until = expires == null || !expires.toInstant().isAfter(clock.instant()) ? null : expires.toInstant();
        var state = !officer.active()
                ? State.INACTIVE
                : row.getBoolean("known") ? State.ACTIVE : until == null ? State.INVITATION_EXPIRED : State.INVITED;
        return new Standing(officer, state, row.getBoolean("second_factor"), until);
    }
}
