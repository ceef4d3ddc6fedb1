// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.spi.InvitationPeriod;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * One-time links by which an officer chooses a password: the first, or another when it was forgotten. The link's
 * token is returned once and kept as a hash.
 */
@Component
class OneTimeLinks implements Invitations {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final PasswordEncoder passwords;
    private final DatabaseOfficers officers;
    private final Sessions sessions;
    /** Asked for late: policy, which implements it, needs this module. */
    private final ObjectProvider<InvitationPeriod> period;

    OneTimeLinks(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            PasswordEncoder passwords,
            DatabaseOfficers officers,
            Sessions sessions,
            ObjectProvider<InvitationPeriod> period) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.passwords = passwords;
        this.officers = officers;
        this.sessions = sessions;
        this.period = period;
    }

    @Override
    public Invited invite(Actor actor, NewOfficer officer) {
        DatabaseOfficers.administrator(actor);
        return transactions.write(actor, () -> {
            var added = officers.insert(actor, officer);
            return link(actor, added.id());
        });
    }

    /**
     * Another link for an officer who lost the first or the password; earlier links stop working. Administrators
     * change their own password with the old one, like everybody.
     */
    Invited again(Actor actor, OfficerId officer) {
        DatabaseOfficers.administrator(actor);
        DatabaseOfficers.notOneself(actor, officer);
        return transactions.write(actor, () -> {
            var stands = officers.find(actor, officer)
                    .orElseThrow(() -> Refusal.notFound().asException());
            if (!stands.active()) {
                throw Refusal.conflict("identity.officer-inactive").asException();
            }
            trail.record(actor, TrailEntry.of("identity.officer-invited-again", "officer", officer.value()));
            return link(actor, officer);
        });
    }

    private Invited link(Actor actor, OfficerId officer) {
        var until = clock.instant().plus(period.getObject().of(actor));
        var now = Timestamp.from(clock.instant());
        jdbc.sql("update identity.invitation set used_at = ? where officer_id = ? and used_at is null")
                .params(now, officer.value())
                .update();
        var token = Tokens.next();
        jdbc.sql("""
                        insert into identity.invitation (tenant_id, token_hash, officer_id, expires_at)
                        values (?, ?, ?, ?)
                        """)
                .params(actor.tenant().value(), Tokens.hash(token), officer.value(), Timestamp.from(until))
                .update();
        return new Invited(officer, token, until);
    }

    /** The name of the officer a link is for, while it holds. */
    Optional<String> nameOf(TenantId tenant, String token) {
        return transactions.read(
                SecondFactors.system(tenant),
                () -> jdbc.sql("""
                        select o.name
                        from identity.invitation i
                        join identity.officer o on o.tenant_id = i.tenant_id and o.id = i.officer_id
                        where i.token_hash = ? and i.used_at is null and i.expires_at > ? and o.active
                        """)
                        .params(Tokens.hash(token), Timestamp.from(clock.instant()))
                        .query(String.class)
                        .optional());
    }

    /** Takes a link once and sets the name and the password; whoever was signed in with the old one is not any more. */
    Optional<OfficerId> accept(TenantId tenant, String token, String name, String password) {
        var system = SecondFactors.system(tenant);
        var hash = Objects.requireNonNull(passwords.encode(password));
        return transactions.write(system, () -> {
            var officer = jdbc.sql("""
                            update identity.invitation i set used_at = :now
                            from identity.officer o
                            where i.token_hash = :hash and i.used_at is null and i.expires_at > :now
                              and o.tenant_id = i.tenant_id and o.id = i.officer_id and o.active
                            returning i.officer_id
                            """)
                    .param("now", Timestamp.from(clock.instant()))
                    .param("hash", Tokens.hash(token))
                    .query(UUID.class)
                    .optional()
                    .map(OfficerId::new);
            officer.ifPresent(id -> {
                jdbc.sql("update identity.officer set name = ?, password_hash = ? where id = ?")
                        .params(name, hash, id.value())
                        .update();
                trail.record(system, TrailEntry.of("identity.invitation-accepted", "officer", id.value()));
                officers.changed(system, id);
                sessions.endAll(id);
            });
            return officer;
        });
    }
}
