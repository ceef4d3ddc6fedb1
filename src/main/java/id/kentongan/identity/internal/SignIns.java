// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Mail and password, with the throttle before them. */
@Component
class SignIns {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final ObjectProvider<OfficerSecrets> secrets;
    private final PasswordEncoder passwords;
    private final DatabaseOfficers officers;
    private final Throttle throttle;
    private final Sessions sessions;
    private final String nobodysHash;

    SignIns(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            ObjectProvider<OfficerSecrets> secrets,
            PasswordEncoder passwords,
            DatabaseOfficers officers,
            Throttle throttle,
            Sessions sessions) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.secrets = secrets;
        this.passwords = passwords;
        this.officers = officers;
        this.throttle = throttle;
        this.sessions = sessions;
        this.nobodysHash =
                Objects.requireNonNull(passwords.encode(UUID.randomUUID().toString()));
    }

    /** @param secondFactor whether the officer has one enrolled @param password names the password that was right */
    record Known(OfficerId officer, boolean secondFactor, String password) {}

    private record Login(OfficerId id, @Nullable String passwordHash, boolean secondFactor) {}

    /**
     * Checks mail and password. An unknown mail costs the same time and gives the same answer as a wrong password.
     *
     * @param network the visitor's, in which few tries are free for one account and some more for all
     * @param browser what {@link KnownBrowsers} said of this one when it proved to be this officer's; guesses made
     *     elsewhere do not count against it
     */
    Optional<Known> password(Tenant tenant, String mail, String password, String network, Optional<String> browser) {
        var system = SecondFactors.system(tenant.id());
        var normal = DatabaseOfficers.normalised(mail);
        var byNetwork = Throttle.Key.network(network);
        var byMail = browser.map(known -> new Throttle.Key[] {Throttle.Key.browser(normal, known)})
                .orElseGet(() -> new Throttle.Key[] {Throttle.Key.mail(normal, network), Throttle.Key.account(normal)});
        var all = Arrays.copyOf(byMail, byMail.length + 1);
        all[byMail.length] = byNetwork;
        throttle.charge(system, all);
        var hash = secrets.getObject().keyedHash(tenant.id(), DatabaseOfficers.MAIL, normal);
        var login = transactions.read(
                system,
                () -> jdbc.sql("""
                        select id, password_hash, totp_sealed is not null
                        from identity.officer
                        where mail_hash = ? and active
                        """)
                        .param(hash)
                        .query((row, n) -> new Login(
                                new OfficerId(row.getObject(1, UUID.class)), row.getString(2), row.getBoolean(3)))
                        .optional());
        var expected = login.map(Login::passwordHash).orElse(nobodysHash);
        if (!passwords.matches(password, expected) || login.isEmpty()) {
            return Optional.empty();
        }
        throttle.forget(system, byMail);
        throttle.giveBack(system, byNetwork);
        return login.map(found -> new Known(found.id(), found.secondFactor(), named(expected)));
    }

    /** Names the password that stands, without telling it; nothing for whoever is out of office. */
    Optional<String> standing(TenantId tenant, OfficerId officer) {
        return transactions.read(
                SecondFactors.system(tenant),
                () -> jdbc.sql("select password_hash from identity.officer where id = ? and active")
                        .param(officer.value())
                        .query((row, n) -> Optional.ofNullable(row.getString(1)))
                        .optional()
                        .flatMap(hash -> hash)
                        .map(SignIns::named));
    }

    private static String named(String hash) {
        return HexFormat.of().formatHex(Tokens.hash(hash), 0, 16);
    }

    /** Whether that is the officer's own password, asked once more before something serious. */
    boolean holds(TenantId tenant, OfficerId officer, String password) {
        var system = SecondFactors.system(tenant);
        var key = Throttle.Key.code("password:" + officer);
        throttle.charge(system, key);
        var stands = transactions.read(
                system,
                () -> jdbc.sql("select password_hash from identity.officer where id = ? and active")
                        .param(officer.value())
                        .query((row, n) -> Optional.ofNullable(row.getString(1)))
                        .optional()
                        .flatMap(hash -> hash));
        if (!passwords.matches(password, stands.orElse(nobodysHash)) || stands.isEmpty()) {
            return false;
        }
        throttle.forget(system, key);
        return true;
    }

    /**
     * Changes an officer's own password and ends all sessions but one; false when the current password is wrong.
     *
     * @param session the only one that stays signed in
     */
    boolean changePassword(
            TenantId tenant, OfficerId officer, String current, String wanted, @Nullable String session) {
        if (!holds(tenant, officer, current)) {
            return false;
        }
        var hash = Objects.requireNonNull(passwords.encode(wanted));
        var actor = officers.actorOf(tenant, officer);
        transactions.run(SecondFactors.system(tenant), () -> {
            jdbc.sql("update identity.officer set password_hash = ? where id = ?")
                    .params(hash, officer.value())
                    .update();
            sessions.endOthers(officer, session);
            trail.record(actor, TrailEntry.of("identity.password-changed", "officer", officer.value()));
        });
        return true;
    }

    void signedIn(TenantId tenant, OfficerId officer) {
        record(officers.actorOf(tenant, officer), "identity.signed-in");
    }

    /** Whoever was put out of office meanwhile was signed out by that already. */
    void signedOut(TenantId tenant, OfficerId officer) {
        if (standing(tenant, officer).isPresent()) {
            record(officers.actorOf(tenant, officer), "identity.signed-out");
        }
    }

    /** As the machine: an auditor, who changes nothing else, comes and goes too. */
    private void record(Actor actor, String verb) {
        transactions.run(
                SecondFactors.system(actor.tenant()),
                () -> trail.record(actor, TrailEntry.of(verb, "officer", actor.id())));
    }
}
