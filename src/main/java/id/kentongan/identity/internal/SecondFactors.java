// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import dev.samstevens.totp.secret.DefaultSecretGenerator;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Codes of authenticator apps (TOTP, RFC 6238: six digits, thirty seconds, SHA-1) and recovery codes. */
@Component
class SecondFactors {
    private static final String TOTP = "identity.officer.totp";
    private static final int RECOVERY_CODES = 10;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final ObjectProvider<OfficerSecrets> secrets;
    private final Throttle throttle;
    private final Sessions sessions;

    SecondFactors(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            ObjectProvider<OfficerSecrets> secrets,
            Throttle throttle,
            Sessions sessions) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.secrets = secrets;
        this.throttle = throttle;
        this.sessions = sessions;
    }

    boolean enrolled(TenantId tenant, OfficerId officer) {
        return transactions.read(
                system(tenant),
                () -> jdbc.sql("select totp_sealed is not null from identity.officer where id = ?")
                        .param(officer.value())
                        .query(Boolean.class)
                        .single());
    }

    /** Recovery codes that were not used yet. */
    int recoveryCodesLeft(TenantId tenant, OfficerId officer) {
        return transactions.read(
                system(tenant),
                () -> jdbc.sql("select count(*) from identity.recovery_code where officer_id = ? and used_at is null")
                        .param(officer.value())
                        .query(Integer.class)
                        .single());
    }

    /** Whether a code of the app, or a recovery code, is right. A code is good once. */
    boolean accepts(TenantId tenant, OfficerId officer, String code) {
        var system = system(tenant);
        var key = Throttle.Key.code(officer);
        throttle.charge(system, key);
        var plain = code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
        var right = plain.matches("\\d{6}") ? app(system, officer, plain) : recovery(system, officer, plain);
        if (right) {
            throttle.forget(system, key);
        }
        return right;
    }

    private boolean app(Actor system, OfficerId officer, String digits) {
        record Row(byte @Nullable [] sealed, long last) {}
        return transactions.write(system, () -> {
            var row = jdbc.sql("""
                            select totp_sealed, totp_last_step
                            from identity.officer
                            where id = ? and active
                            for update
                            """)
                    .param(officer.value())
                    .query((r, n) -> new Row(r.getBytes(1), r.getLong(2)))
                    .optional();
            if (row.isEmpty() || row.get().sealed() == null) {
                return false;
            }
            var step = stepOf(
                    open(system.tenant(), row.get().sealed()), digits, row.get().last());
            step.ifPresent(used -> jdbc.sql("update identity.officer set totp_last_step = ? where id = ?")
                    .params(used, officer.value())
                    .update());
            return step.isPresent();
        });
    }

    private boolean recovery(Actor system, OfficerId officer, String code) {
        return transactions.write(system, () -> {
            var used = jdbc.sql("""
                            update identity.recovery_code set used_at = ?
                            where officer_id = ? and code_hash = ? and used_at is null
                            """)
                    .params(Timestamp.from(clock.instant()), officer.value(), Tokens.hash(code))
                    .update();
            if (used == 1) {
                trail.record(system, TrailEntry.of("identity.recovery-code-used", "officer", officer.value()));
            }
            return used == 1;
        });
    }

    /** A new secret, sealed: until it is confirmed it stands in the session, which lies in the database. */
    byte[] newSecret(TenantId tenant) {
        var secret = new DefaultSecretGenerator(32).generate();
        return secrets.getObject().seal(tenant, TOTP, secret.getBytes(StandardCharsets.UTF_8));
    }

    String open(TenantId tenant, byte[] sealed) {
        return new String(secrets.getObject().open(tenant, TOTP, sealed), StandardCharsets.UTF_8);
    }

    /**
     * Enrols the first second factor once a code of it was right; empty when the code is wrong or another factor
     * stands already. A password alone must never replace one.
     *
     * @param session the only one that stays signed in
     * @return ten recovery codes, shown once
     */
    Optional<List<String>> enrol(
            TenantId tenant, OfficerId officer, byte[] sealed, String code, @Nullable String session) {
        return enrol(system(tenant), officer, sealed, code, session, "totp_sealed is null");
    }

    /** Puts another second factor in place; the caller has had the old one shown. */
    Optional<List<String>> replace(
            TenantId tenant, OfficerId officer, byte[] sealed, String code, @Nullable String session) {
        return enrol(system(tenant), officer, sealed, code, session, "true");
    }

    private Optional<List<String>> enrol(
            Actor system, OfficerId officer, byte[] sealed, String code, @Nullable String session, String condition) {
        var step = stepOf(open(system.tenant(), sealed), code.replaceAll("\\s", ""), 0);
        if (step.isEmpty()) {
            return Optional.empty();
        }
        return transactions.write(system, () -> {
            var changed = jdbc.sql("update identity.officer set totp_sealed = ?, totp_last_step = ?"
                            + " where id = ? and active and " + condition)
                    .params(sealed, step.getAsLong(), officer.value())
                    .update();
            if (changed == 0) {
                return Optional.<List<String>>empty();
            }
            sessions.endOthers(officer, session);
            trail.record(system, TrailEntry.of("identity.second-factor-enrolled", "officer", officer.value()));
            return Optional.of(renewRecoveryCodes(system, officer));
        });
    }

    /** Ten new recovery codes instead of the old ones. */
    List<String> renewRecoveryCodes(Actor system, OfficerId officer) {
        return transactions.write(system, () -> {
            jdbc.sql("delete from identity.recovery_code where officer_id = ?")
                    .param(officer.value())
                    .update();
            var codes = new ArrayList<String>();
            var hashes = new ArrayList<byte[]>();
            for (var i = 0; i < RECOVERY_CODES; i++) {
                var plain = HexFormat.of().formatHex(Tokens.random(8));
                codes.add(String.join("-", plain.split("(?<=\\G.{4})")));
                hashes.add(Tokens.hash(plain));
            }
            jdbc.sql("""
                            insert into identity.recovery_code (tenant_id, officer_id, code_hash)
                            select ?, ?, h from unnest(?::bytea[]) as h
                            """)
                    .params(system.tenant().value(), officer.value(), hashes.toArray(byte[][]::new))
                    .update();
            trail.record(system, TrailEntry.of("identity.recovery-codes-made", "officer", officer.value()));
            return List.copyOf(codes);
        });
    }

    /** Takes the second factor away and signs the officer out, so that the next sign-in enrols another. */
    void reset(Actor actor, OfficerId officer) {
        DatabaseOfficers.administrator(actor);
        DatabaseOfficers.notOneself(actor, officer);
        transactions.run(actor, () -> {
            var changed = jdbc.sql("update identity.officer set totp_sealed = null, totp_last_step = 0 where id = ?")
                    .param(officer.value())
                    .update();
            if (changed == 0) {
                throw Refusal.notFound().asException();
            }
            jdbc.sql("delete from identity.recovery_code where officer_id = ?")
                    .param(officer.value())
                    .update();
            trail.record(actor, TrailEntry.of("identity.second-factor-reset", "officer", officer.value()));
            sessions.endAll(officer);
        });
    }

    /** The step a code belongs to, one before and one after now allowed; none at or before the last one used. */
    private OptionalLong stepOf(String secret, String digits, long last) {
        var now = clock.instant().getEpochSecond() / 30;
        var found = OptionalLong.empty();
        for (var step = now - 1; step <= now + 1; step++) {
            if (step > last && Tokens.same(generate(secret, step), digits) && found.isEmpty()) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    private static String generate(String secret, long step) {
        try {
            return new DefaultCodeGenerator(HashingAlgorithm.SHA1, 6).generate(secret, step);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException("A code could not be made", e);
        }
    }

    static Actor system(TenantId tenant) {
        return Actor.system(tenant, "identity");
    }
}
