// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import dev.samstevens.totp.secret.DefaultSecretGenerator;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Passwords, second factors, invitations and the throttle before them. */
@Component
class SignIns {
    private static final int FREE_FAILURES = 5;
    private static final Duration LONGEST_BLOCK = Duration.ofMinutes(15);
    private static final Duration INVITATION = Duration.ofHours(72);
    private static final String MAIL = "identity.officer.mail";
    private static final String TOTP = "identity.officer.totp";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final ObjectProvider<OfficerSecrets> secrets;
    private final PasswordEncoder passwords;
    private final DatabaseOfficers officers;
    private final String nobodysHash;

    SignIns(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            ObjectProvider<OfficerSecrets> secrets,
            PasswordEncoder passwords,
            DatabaseOfficers officers) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.secrets = secrets;
        this.passwords = passwords;
        this.officers = officers;
        this.nobodysHash = java.util.Objects.requireNonNull(
                passwords.encode(UUID.randomUUID().toString()));
    }

    /** @param secondFactor whether the officer has one enrolled */
    record Known(OfficerId officer, boolean secondFactor) {}

    /**
     * Checks mail and password. An unknown mail costs the same time and gives the same answer as a wrong password.
     *
     * @param address the client's address, throttled beside the mail
     */
    Optional<Known> password(Tenant tenant, String mail, String password, String address) {
        var system = Actor.system(tenant.id(), "identity");
        var normal = DatabaseOfficers.normalised(mail);
        refuseBlocked(system, "mail:" + normal, "address:" + address);
        var login = transactions.read(
                system,
                () -> jdbc.sql("""
                        select id, password_hash, totp_sealed, totp_last_step
                        from identity.officer
                        where mail_hash = ? and active
                        """)
                        .param(secrets.getObject().keyedHash(tenant.id(), MAIL, normal))
                        .query((row, n) -> new DatabaseOfficers.Login(
                                new OfficerId(row.getObject(1, UUID.class)),
                                row.getString(2),
                                row.getBytes(3),
                                row.getLong(4)))
                        .optional());
        var hash = login.map(DatabaseOfficers.Login::passwordHash).orElse(nobodysHash);
        var right = passwords.matches(password, hash) && login.isPresent();
        if (!right) {
            failed(system, "mail:" + normal, "address:" + address);
            return Optional.empty();
        }
        forget(system, "mail:" + normal);
        return login.map(found -> new Known(found.id(), found.totp() != null));
    }

    /** Checks a code of the second factor, or a recovery code. A code is good once. */
    boolean code(TenantId tenant, OfficerId officer, String code) {
        var system = Actor.system(tenant, "identity");
        refuseBlocked(system, "code:" + officer);
        var digits = code.replaceAll("\\s", "");
        var right = digits.matches("\\d{6}") ? totp(system, officer, digits) : recovery(system, officer, digits);
        if (right) {
            forget(system, "code:" + officer);
        } else {
            failed(system, "code:" + officer);
        }
        return right;
    }

    private boolean totp(Actor system, OfficerId officer, String digits) {
        return transactions.write(system, () -> {
            record Row(byte[] sealed, long last) {}
            var row = jdbc.sql("select totp_sealed, totp_last_step from identity.officer where id = ? for update")
                    .param(officer.value())
                    .query((r, n) -> new Row(r.getBytes(1), r.getLong(2)))
                    .single();
            if (row.sealed() == null) {
                return false;
            }
            var secret =
                    new String(secrets.getObject().open(system.tenant(), TOTP, row.sealed()), StandardCharsets.UTF_8);
            var now = clock.instant().getEpochSecond() / 30;
            for (var step = now - 1; step <= now + 1; step++) {
                if (step > row.last() && same(generate(secret, step), digits)) {
                    jdbc.sql("update identity.officer set totp_last_step = ? where id = ?")
                            .params(step, officer.value())
                            .update();
                    return true;
                }
            }
            return false;
        });
    }

    private boolean recovery(Actor system, OfficerId officer, String code) {
        return transactions.write(system, () -> {
            var used = jdbc.sql("""
                            update identity.recovery_code set used_at = ?
                            where officer_id = ? and code_hash = ? and used_at is null
                            """)
                    .params(Timestamp.from(clock.instant()), officer.value(), sha256(code.replace("-", "")))
                    .update();
            if (used == 1) {
                trail.record(system, TrailEntry.of("identity.recovery-code-used", "officer", officer.value()));
            }
            return used == 1;
        });
    }

    static String newSecret() {
        return new DefaultSecretGenerator(32).generate();
    }

    /** Enrols a second factor once a code of it was right; returns ten recovery codes, shown once. */
    Optional<List<String>> enrol(TenantId tenant, OfficerId officer, String secret, String code) {
        var now = clock.instant().getEpochSecond() / 30;
        var digits = code.replaceAll("\\s", "");
        if (!same(generate(secret, now), digits) && !same(generate(secret, now - 1), digits)) {
            return Optional.empty();
        }
        var system = Actor.system(tenant, "identity");
        return transactions.write(system, () -> {
            // A password alone must never replace a second factor that stands.
            var enrolled = jdbc.sql("""
                            update identity.officer set totp_sealed = ?, totp_last_step = ?
                            where id = ? and totp_sealed is null
                            """)
                    .params(
                            secrets.getObject().seal(tenant, TOTP, secret.getBytes(StandardCharsets.UTF_8)),
                            now,
                            officer.value())
                    .update();
            if (enrolled == 0) {
                return Optional.<List<String>>empty();
            }
            jdbc.sql("delete from identity.recovery_code where officer_id = ?")
                    .param(officer.value())
                    .update();
            var codes = new ArrayList<String>();
            for (var i = 0; i < 10; i++) {
                var bytes = new byte[8];
                RANDOM.nextBytes(bytes);
                var plain = HexFormat.of().formatHex(bytes);
                codes.add(plain.substring(0, 4) + "-" + plain.substring(4, 8) + "-" + plain.substring(8, 12) + "-"
                        + plain.substring(12));
                jdbc.sql("insert into identity.recovery_code (tenant_id, officer_id, code_hash) values (?, ?, ?)")
                        .params(tenant.value(), officer.value(), sha256(plain))
                        .update();
            }
            trail.record(system, TrailEntry.of("identity.second-factor-enrolled", "officer", officer.value()));
            return Optional.of(List.copyOf(codes));
        });
    }

    private static String generate(String secret, long step) {
        try {
            return new DefaultCodeGenerator(HashingAlgorithm.SHA1, 6).generate(secret, step);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException("A code could not be made", e);
        }
    }

    /** Invites an officer; the link's token is returned once and kept as a hash. */
    String invite(Actor actor, NewOfficer officer) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        return transactions.write(actor, () -> {
            var mail = DatabaseOfficers.normalised(officer.mail());
            var taken = jdbc.sql("select exists (select 1 from identity.officer where mail_hash = ?)")
                    .param(secrets.getObject().keyedHash(actor.tenant(), MAIL, mail))
                    .query(Boolean.class)
                    .single();
            if (taken) {
                throw Refusal.invalid("identity.mail-taken").asException();
            }
            var added = officers.insert(actor, officer);
            var bytes = new byte[24];
            RANDOM.nextBytes(bytes);
            var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            jdbc.sql("""
                            insert into identity.invitation (tenant_id, token_hash, officer_id, expires_at)
                            values (?, ?, ?, ?)
                            """)
                    .params(
                            actor.tenant().value(),
                            sha256(token),
                            added.id().value(),
                            Timestamp.from(clock.instant().plus(INVITATION)))
                    .update();
            return token;
        });
    }

    boolean invitationHolds(TenantId tenant, String token) {
        return transactions.read(
                Actor.system(tenant, "identity"),
                () -> jdbc.sql("""
                        select exists (
                            select 1 from identity.invitation
                            where token_hash = ? and used_at is null and expires_at > ?)
                        """)
                        .params(sha256(token), Timestamp.from(clock.instant()))
                        .query(Boolean.class)
                        .single());
    }

    /** Accepts an invitation once and sets the password. */
    Optional<OfficerId> accept(TenantId tenant, String token, String password) {
        var system = Actor.system(tenant, "identity");
        return transactions.write(system, () -> {
            var officer = jdbc.sql("""
                            update identity.invitation set used_at = :now
                            where token_hash = :hash and used_at is null and expires_at > :now
                            returning officer_id
                            """)
                    .param("now", Timestamp.from(clock.instant()))
                    .param("hash", sha256(token))
                    .query(UUID.class)
                    .optional();
            officer.ifPresent(id -> {
                jdbc.sql("update identity.officer set password_hash = ? where id = ?")
                        .params(java.util.Objects.requireNonNull(passwords.encode(password)), id)
                        .update();
                trail.record(system, TrailEntry.of("identity.invitation-accepted", "officer", id));
            });
            return officer.map(OfficerId::new);
        });
    }

    void signedIn(TenantId tenant, OfficerId officer) {
        var actor = officers.actorOf(tenant, officer);
        transactions.run(
                Actor.system(tenant, "identity"),
                () -> trail.record(actor, TrailEntry.of("identity.signed-in", "officer", officer.value())));
    }

    private void refuseBlocked(Actor system, String... keys) {
        var until = transactions.read(
                system,
                () -> jdbc.sql("""
                        select max(blocked_until) from identity.sign_in_attempt
                        where key_hash = any(?) and blocked_until > ?
                        """)
                        .params(hashes(system, keys), Timestamp.from(clock.instant()))
                        .query((row, n) -> Optional.ofNullable(row.getTimestamp(1)))
                        .single());
        if (until.isPresent()) {
            var seconds = Math.max(
                    1,
                    until.get().toInstant().getEpochSecond() - clock.instant().getEpochSecond());
            throw Refusal.limited("identity.too-many-tries", (seconds + 59) / 60)
                    .asException();
        }
    }

    /** Five failures are free, then the wait doubles up to a quarter of an hour. */
    private void failed(Actor system, String... keys) {
        transactions.run(system, () -> {
            for (var hash : hashes(system, keys)) {
                var failures = jdbc.sql("""
                                insert into identity.sign_in_attempt (tenant_id, key_hash, failures, last_at)
                                values (?, ?, 1, ?)
                                on conflict (tenant_id, key_hash) do update
                                set failures = identity.sign_in_attempt.failures + 1, last_at = excluded.last_at
                                returning failures
                                """)
                        .params(system.tenant().value(), hash, Timestamp.from(clock.instant()))
                        .query(Integer.class)
                        .single();
                if (failures >= FREE_FAILURES) {
                    var wait = Math.min(LONGEST_BLOCK.toSeconds(), 15L << Math.min(6, failures - FREE_FAILURES));
                    jdbc.sql("update identity.sign_in_attempt set blocked_until = ? where key_hash = ?")
                            .params(Timestamp.from(clock.instant().plusSeconds(wait)), hash)
                            .update();
                }
            }
        });
    }

    private void forget(Actor system, String... keys) {
        transactions.run(
                system,
                () -> jdbc.sql("delete from identity.sign_in_attempt where key_hash = any(?)")
                        .param(hashes(system, keys))
                        .update());
    }

    private byte[][] hashes(Actor system, String... keys) {
        var hashes = new byte[keys.length][];
        for (var i = 0; i < keys.length; i++) {
            hashes[i] = secrets.getObject().keyedHash(system.tenant(), "identity.sign-in", keys[i]);
        }
        return hashes;
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
