// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.AgencyChanged;
import id.kentongan.identity.Officer;
import id.kentongan.identity.OfficerChanged;
import id.kentongan.identity.Officers;
import id.kentongan.identity.spi.OfficerReadings;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Actor.Reach;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

@Component
class DatabaseOfficers implements Officers {
    static final String MAIL = "identity.officer.mail";

    static final String COLUMNS = """
            o.id, o.name, o.agency_id, o.circle, o.active,
            array(select r.role from identity.officer_role r
                  where r.tenant_id = o.tenant_id and r.officer_id = o.id order by r.role) as roles
            """;

    private static final String SELECT = "select " + COLUMNS + " from identity.officer o ";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Trail trail;
    private final Clock clock;
    private final Agencies agencies;
    private final ObjectProvider<OfficerSecrets> secrets;
    private final ObjectProvider<OfficerReadings> readings;
    private final PasswordEncoder passwords;
    private final ApplicationEventPublisher events;
    private final Sessions sessions;
    private final Cache<OfficerId, Actor> actors =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(10)).build();

    DatabaseOfficers(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Trail trail,
            Clock clock,
            Agencies agencies,
            ObjectProvider<OfficerSecrets> secrets,
            ObjectProvider<OfficerReadings> readings,
            PasswordEncoder passwords,
            ApplicationEventPublisher events,
            Sessions sessions) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
        this.agencies = agencies;
        this.secrets = secrets;
        this.readings = readings;
        this.passwords = passwords;
        this.events = events;
        this.sessions = sessions;
    }

    @Override
    public List<Officer> all(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql(SELECT + "order by o.active desc, o.name")
                        .query(DatabaseOfficers::officer)
                        .list());
    }

    @Override
    public Optional<Officer> find(Actor actor, OfficerId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql(SELECT + "where o.id = ?")
                        .param(id.value())
                        .query(DatabaseOfficers::officer)
                        .optional());
    }

    @Override
    public Map<OfficerId, String> names(Actor actor, Collection<OfficerId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        record Named(OfficerId id, String name) {}
        return transactions.read(
                actor,
                () -> jdbc
                        .sql("select id, name from identity.officer where id = any(?)")
                        .param(ids.stream().map(OfficerId::value).distinct().toArray(UUID[]::new))
                        .query((row, n) -> new Named(new OfficerId(row.getObject(1, UUID.class)), row.getString(2)))
                        .stream()
                        .collect(Collectors.toMap(Named::id, Named::name)));
    }

    @Override
    public Actor actorOf(TenantId tenant, OfficerId id) {
        var known = actors.getIfPresent(id);
        if (known != null && known.tenant().equals(tenant)) {
            return known;
        }
        var system = Actor.system(tenant, "identity");
        var officer = find(system, id)
                .filter(Officer::active)
                .orElseThrow(() -> Refusal.notFound().asException());
        var actor = new Actor(
                tenant,
                Actor.Kind.OFFICER,
                id.value(),
                officer.name(),
                officer.roles(),
                reach(system, officer),
                officer.circle() || officer.roles().contains(Role.AUDITOR),
                officer.roles().equals(Set.of(Role.AUDITOR)));
        actors.put(id, actor);
        return actor;
    }

    private Reach reach(Actor system, Officer officer) {
        var roles = officer.roles();
        if (roles.contains(Role.COMMUNICATION_OFFICER)
                || roles.contains(Role.SUPERVISOR)
                || roles.contains(Role.AUDITOR)) {
            return Reach.everywhere();
        }
        if (roles.contains(Role.LIAISON_OFFICER) || roles.contains(Role.HEAD)) {
            return Reach.of(agencies.subtree(system, officer.agency()).stream()
                    .map(Agency::id)
                    .collect(Collectors.toSet()));
        }
        return Reach.of(new HashSet<>());
    }

    @Override
    public Officer add(Actor actor, NewOfficer officer, String password) {
        administrator(actor);
        var hash = Objects.requireNonNull(passwords.encode(password));
        return transactions.write(actor, () -> {
            var added = insert(actor, officer);
            jdbc.sql("update identity.officer set password_hash = ? where id = ?")
                    .params(hash, added.id().value())
                    .update();
            return added;
        });
    }

    Officer insert(Actor actor, NewOfficer officer) {
        var id = OfficerId.next();
        var mail = normalised(officer.mail());
        var vault = secrets.getObject();
        sensible(actor, officer.agency(), officer.roles());
        var hash = vault.keyedHash(actor.tenant(), MAIL, mail);
        var added = jdbc.sql("""
                        insert into identity.officer
                            (tenant_id, id, agency_id, name, mail_sealed, mail_hash, circle, active, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, true, ?)
                        on conflict (tenant_id, mail_hash) do nothing
                        """)
                .params(
                        actor.tenant().value(),
                        id.value(),
                        officer.agency().value(),
                        officer.name(),
                        vault.seal(actor.tenant(), MAIL, mail.getBytes(StandardCharsets.UTF_8)),
                        hash,
                        officer.circle(),
                        Timestamp.from(clock.instant()))
                .update();
        if (added == 0) {
            throw Refusal.invalid("identity.mail-taken").asException();
        }
        roles(actor, id, officer.roles());
        trail.record(
                actor,
                TrailEntry.of(
                        "identity.officer-added", "officer", id.value(), Map.of("roles", names(officer.roles()))));
        changed(actor, id);
        return new Officer(id, officer.name(), officer.agency(), officer.roles(), officer.circle(), true);
    }

    /**
     * Changes what an officer is and may do. Nobody takes their own administration away, so that a tenant always
     * keeps an administrator. Whoever is made inactive is signed out everywhere.
     */
    @Override
    public void change(Actor actor, Officer officer) {
        change(actor, officer, "identity.officer-changed");
    }

    /** Takes an officer out of office, or back in; everything else about them stays. */
    void activate(Actor actor, OfficerId id, boolean active) {
        administrator(actor);
        transactions.run(actor, () -> {
            var officer = find(actor, id).orElseThrow(() -> Refusal.notFound().asException());
            if (officer.active() != active) {
                change(
                        actor,
                        new Officer(id, officer.name(), officer.agency(), officer.roles(), officer.circle(), active),
                        active ? "identity.officer-reactivated" : "identity.officer-deactivated");
            }
        });
    }

    /** What somebody may do is another administrator's decision, who answers for it. */
    private boolean differs(Actor actor, Officer wanted) {
        return find(actor, wanted.id())
                .filter(stands -> !stands.roles().equals(wanted.roles()) || stands.circle() != wanted.circle())
                .isPresent();
    }

    private void change(Actor actor, Officer officer, String verb) {
        administrator(actor);
        transactions.run(actor, () -> {
            sensible(actor, officer.agency(), officer.roles());
            stillAdministrator(actor);
            if (actor.id().equals(officer.id().value())
                    && !(officer.active() && officer.roles().contains(Role.ADMINISTRATOR))) {
                throw Refusal.invalid("identity.own-administration").asException();
            }
            if (actor.id().equals(officer.id().value()) && differs(actor, officer)) {
                throw Refusal.invalid("identity.own-roles").asException();
            }
            var changed = jdbc.sql(
                            "update identity.officer set name = ?, agency_id = ?, circle = ?, active = ? where id = ?")
                    .params(
                            officer.name(),
                            officer.agency().value(),
                            officer.circle(),
                            officer.active(),
                            officer.id().value())
                    .update();
            if (changed == 0) {
                throw Refusal.notFound().asException();
            }
            jdbc.sql("delete from identity.officer_role where officer_id = ?")
                    .param(officer.id().value())
                    .update();
            roles(actor, officer.id(), officer.roles());
            trail.record(
                    actor,
                    TrailEntry.of(
                            verb,
                            "officer",
                            officer.id().value(),
                            Map.of(
                                    "agency",
                                    officer.agency().toString(),
                                    "roles",
                                    names(officer.roles()),
                                    "active",
                                    "" + officer.active(),
                                    "circle",
                                    "" + officer.circle())));
            changed(actor, officer.id());
            if (!officer.active()) {
                sessions.endAll(officer.id());
            }
        });
    }

    @Override
    public Optional<OfficerId> withMail(Actor actor, String mail) {
        administrator(actor);
        return transactions.read(
                actor,
                () -> jdbc.sql("select id from identity.officer where mail_hash = ?")
                        .param(secrets.getObject().keyedHash(actor.tenant(), MAIL, normalised(mail)))
                        .query((row, n) -> new OfficerId(row.getObject(1, UUID.class)))
                        .optional());
    }

    /**
     * The mail address, for the administrator's and the auditor's screen and the officer's own; nothing for an auditor
     * who has not said why.
     */
    Optional<String> mail(Actor actor, OfficerId id) {
        var own = actor.kind() == Actor.Kind.OFFICER && actor.officer().equals(id);
        if (!own) {
            oversees(actor);
            if (find(actor, id).isPresent() && !readings.getObject().mayRead(actor, id)) {
                return Optional.empty();
            }
        }
        return Optional.of(transactions.read(
                actor,
                () -> jdbc.sql("select mail_sealed from identity.officer where id = ?")
                        .param(id.value())
                        .query((row, n) -> new String(
                                secrets.getObject().open(actor.tenant(), MAIL, row.getBytes(1)),
                                StandardCharsets.UTF_8))
                        .optional()
                        .orElseThrow(() -> Refusal.notFound().asException())));
    }

    /** An auditor says why they need to see the officer's personal data. */
    void stateReason(Actor actor, OfficerId id, String reason) {
        oversees(actor);
        find(actor, id).orElseThrow(() -> Refusal.notFound().asException());
        readings.getObject().stateReason(actor, id, reason);
    }

    /** Looking at administration: an auditor sees what is set up, and changes none of it. */
    static void oversees(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM && !actor.hasAny(Role.ADMINISTRATOR, Role.AUDITOR)) {
            throw Refusal.notFound().asException();
        }
    }

    /** Screens of administration do not exist for others; the machine itself may found and seed. */
    static void administrator(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }

    /** For what an administrator may do to others; for oneself the old password and code are needed. */
    static void notOneself(Actor actor, OfficerId officer) {
        if (actor.id().equals(officer.value())) {
            throw Refusal.conflict("identity.own-account").asException();
        }
    }

    /** One change at a time, by somebody whom the change before has not put out of office. */
    private void stillAdministrator(Actor actor) {
        jdbc.sql("select tenant_id from identity.tenant for update")
                .query(UUID.class)
                .single();
        if (actor.kind() == Actor.Kind.OFFICER) {
            find(actor, actor.officer())
                    .filter(by -> by.active() && by.roles().contains(Role.ADMINISTRATOR))
                    .orElseThrow(() -> Refusal.notFound().asException());
        }
    }

    private void sensible(Actor actor, AgencyId agency, Set<Role> roles) {
        if (roles.isEmpty()) {
            throw Refusal.invalid("identity.role-needed").asException();
        }
        // Who looks over the others' work does none of it.
        if (roles.contains(Role.AUDITOR) && roles.size() > 1) {
            throw Refusal.invalid("identity.auditor-alone").asException();
        }
        if (agencies.find(actor, agency).filter(Agency::active).isEmpty()) {
            throw Refusal.invalid("identity.agency-needed").asException();
        }
    }

    private void roles(Actor actor, OfficerId id, Set<Role> roles) {
        jdbc.sql("""
                        insert into identity.officer_role (tenant_id, officer_id, role)
                        select ?, ?, r from unnest(?::text[]) as r
                        """)
                .params(
                        actor.tenant().value(),
                        id.value(),
                        roles.stream().map(Role::name).toArray(String[]::new))
                .update();
    }

    /** The reach of officers follows the tree. */
    @EventListener
    void on(AgencyChanged event) {
        transactions.afterCommit(actors::invalidateAll);
    }

    void changed(Actor actor, OfficerId id) {
        events.publishEvent(
                new OfficerChanged(actor.tenant(), id, actor.kind() == Actor.Kind.OFFICER ? actor.officer() : id));
        transactions.afterCommit(() -> actors.invalidate(id));
    }

    private static String names(Set<Role> roles) {
        return roles.stream().map(Role::name).sorted().collect(Collectors.joining(","));
    }

    static String normalised(String mail) {
        return mail.strip().toLowerCase(Locale.ROOT);
    }

    static Officer officer(ResultSet row, int number) throws SQLException {
        var roles = Arrays.stream((String[]) row.getArray("roles").getArray())
                .map(Role::valueOf)
                .collect(Collectors.toSet());
        return new Officer(
                new OfficerId(row.getObject("id", UUID.class)),
                row.getString("name"),
                new AgencyId(row.getObject("agency_id", UUID.class)),
                roles,
                row.getBoolean("circle"),
                row.getBoolean("active"));
    }
}
