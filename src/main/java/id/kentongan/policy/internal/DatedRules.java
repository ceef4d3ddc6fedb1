// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.CalendarChanged;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@Service
class DatedRules implements Rules {
    /** Other nodes see a change after this long; the node that made it, at once. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final RuleStore store;
    private final DatedLists lists;
    private final Tenants tenants;
    private final ActorTransactions transactions;
    private final Trail trail;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Cache<TenantId, TenantRules> cache =
            Caffeine.newBuilder().expireAfterWrite(FRESH).build();

    DatedRules(
            RuleStore store,
            DatedLists lists,
            Tenants tenants,
            ActorTransactions transactions,
            Trail trail,
            ApplicationEventPublisher events,
            Clock clock) {
        this.store = store;
        this.lists = lists;
        this.tenants = tenants;
        this.transactions = transactions;
        this.trail = trail;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Optional<DeadlineRule> deadline(Actor actor, String key, LocalDate on) {
        return current(actor).on(key, on);
    }

    @Override
    public List<DeadlineRule> deadlines(Actor actor) {
        return current(actor).rules();
    }

    @Override
    public DeadlineRule change(Actor actor, DeadlineRule rule) {
        requireAdministrator(actor);
        requireSensible(rule);
        return changing(actor, () -> {
            if (store.hasFrom(rule.key(), rule.effectiveFrom())) {
                throw Refusal.conflict("policy.rule-exists", rule.key()).asException();
            }
            var now = clock.instant();
            var saved = new DeadlineRule(
                    Ids.next(),
                    rule.key(),
                    rule.amount(),
                    rule.unit(),
                    rule.source().strip(),
                    rule.sourceUrl(),
                    rule.effectiveFrom(),
                    rule.effectiveTo(),
                    rule.confidence());
            store.endBefore(rule.key(), rule.effectiveFrom(), now);
            store.insert(actor.tenant(), List.of(saved), now);
            record(
                    actor,
                    "policy.deadline-changed",
                    "deadline-rule",
                    saved.id(),
                    Map.of(
                            "key", saved.key(),
                            "amount", Integer.toString(saved.amount()),
                            "unit", saved.unit().name(),
                            "from", saved.effectiveFrom().toString()));
            return saved;
        });
    }

    @Override
    public WorkCalendar calendar(Actor actor) {
        return current(actor).calendar();
    }

    @Override
    public Instant due(Actor actor, DeadlineRule rule, Instant start) {
        return current(actor).due(rule, start);
    }

    @Override
    public LocalDate dueOn(Actor actor, DeadlineRule rule, Instant start) {
        return current(actor).dueOn(rule, start);
    }

    @Override
    public List<Holiday> holidays(Actor actor, int year) {
        return current(actor).holidays().stream()
                .filter(holiday -> holiday.day().getYear() == year)
                .toList();
    }

    @Override
    public Holiday addHoliday(Actor actor, LocalDate day, Holiday.Kind kind, String title, String source) {
        requireAdministrator(actor);
        if (title.isBlank() || source.isBlank()) {
            throw Refusal.invalid("policy.holiday-incomplete").asException();
        }
        return changing(actor, () -> {
            if (load(actor).calendar().daysOff().contains(day)) {
                throw Refusal.conflict("policy.holiday-exists", day).asException();
            }
            var version = nextVersion(actor, "added " + day);
            var holiday = new Holiday(Ids.next(), day, kind, title.strip(), source.strip(), clock.instant(), version);
            store.insertHolidays(actor.tenant(), List.of(holiday));
            record(
                    actor,
                    "policy.holiday-added",
                    "holiday",
                    holiday.id(),
                    Map.of("day", day.toString(), "kind", kind.name(), "version", Integer.toString(version)));
            events.publishEvent(new CalendarChanged(actor.tenant(), version, day));
            return holiday;
        });
    }

    @Override
    public void withdrawHoliday(Actor actor, LocalDate day, String reason) {
        requireAdministrator(actor);
        changing(actor, () -> {
            var holiday = load(actor).holidays().stream()
                    .filter(candidate -> candidate.day().equals(day))
                    .findFirst()
                    .orElseThrow(() -> Refusal.notFound().asException());
            var version = nextVersion(actor, "withdrew " + day + ": " + reason);
            store.withdraw(day, version);
            record(
                    actor,
                    "policy.holiday-withdrawn",
                    "holiday",
                    holiday.id(),
                    Map.of("day", day.toString(), "version", Integer.toString(version)));
            events.publishEvent(new CalendarChanged(actor.tenant(), version, day));
            return version;
        });
    }

    @Override
    public int calendarVersion(Actor actor) {
        return current(actor).calendarVersion();
    }

    @Override
    public void installDefaults(Actor actor) {
        requireAdministrator(actor);
        changing(actor, () -> {
            if (store.calendarVersion() > 0) {
                return addMissing(actor);
            }
            var now = clock.instant();
            store.insert(actor.tenant(), ShippedDefaults.deadlines(), now);
            lists.insert(actor.tenant(), ShippedDefaults.lists(), now);
            nextVersion(actor, "shipped");
            store.insertHolidays(actor.tenant(), ShippedDefaults.holidays(now));
            record(actor, "policy.defaults-installed", "tenant", actor.tenant().value(), Map.of());
            return true;
        });
    }

    /**
     * What a newer release ships and the tenant never had. A rule that was ended on purpose is there and comes back in
     * no way; the calendar is the tenant's own.
     */
    private boolean addMissing(Actor actor) {
        var known = store.rules().stream().map(DeadlineRule::key).collect(Collectors.toSet());
        var rules = ShippedDefaults.deadlines().stream()
                .filter(each -> !known.contains(each.key()))
                .toList();
        var entries = ShippedDefaults.lists().stream()
                .filter(each -> !lists.has(each.list(), each.code()))
                .toList();
        if (rules.isEmpty() && entries.isEmpty()) {
            return false;
        }
        var now = clock.instant();
        store.insert(actor.tenant(), rules, now);
        lists.insert(actor.tenant(), entries, now);
        record(
                actor,
                "policy.defaults-added",
                "tenant",
                actor.tenant().value(),
                Map.of(
                        "rules", rules.stream().map(DeadlineRule::key).collect(Collectors.joining(" ")),
                        "entries",
                                entries.stream()
                                        .map(each -> each.list() + ":" + each.code())
                                        .collect(Collectors.joining(" "))));
        return true;
    }

    /** A tenant that was founded under an earlier release gets what has been added since; once, whichever node is first. */
    @EventListener
    void on(ApplicationReadyEvent event) {
        for (var tenant : tenants.all()) {
            var system = Actor.system(tenant.id(), "policy");
            transactions.run(system, () -> {
                store.lock(tenant.id());
                if (store.calendarVersion() > 0) {
                    installDefaults(system);
                }
            });
        }
    }

    private int nextVersion(Actor actor, String reason) {
        var version = store.calendarVersion() + 1;
        store.insertVersion(actor.tenant(), version, clock.instant(), reason);
        return version;
    }

    private void record(Actor actor, String verb, String kind, UUID id, Map<String, String> facts) {
        trail.record(actor, TrailEntry.of(verb, kind, id, facts));
    }

    static void requireAdministrator(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }

    private static void requireSensible(DeadlineRule rule) {
        if (rule.amount() < 0 || rule.amount() > 3650) {
            throw Refusal.invalid("policy.amount-out-of-range").asException();
        }
        if (rule.source().isBlank()) {
            throw Refusal.invalid("policy.source-missing").asException();
        }
        if (rule.effectiveTo() != null && rule.effectiveTo().isBefore(rule.effectiveFrom())) {
            throw Refusal.invalid("policy.ends-before-it-starts").asException();
        }
    }

    private TenantRules current(Actor actor) {
        if (TransactionSynchronizationManager.hasResource(this)) {
            return transactions.read(actor, () -> load(actor));
        }
        return cache.get(actor.tenant(), tenant -> transactions.read(actor, () -> load(actor)));
    }

    private TenantRules load(Actor actor) {
        var rules = store.rules();
        var byKey = rules.stream()
                .collect(Collectors.groupingBy(DeadlineRule::key, LinkedHashMap::new, Collectors.toList()));
        var holidays = store.holidays();
        var calendar = new WorkCalendar(
                tenants.get(actor.tenant()).zone(),
                holidays.stream().map(Holiday::day).collect(Collectors.toUnmodifiableSet()));
        return new TenantRules(
                List.copyOf(rules), Map.copyOf(byKey), List.copyOf(holidays), calendar, store.calendarVersion());
    }

    /**
     * A transaction that changes rules reads past the cache, so that what may yet be rolled back is never kept, and
     * empties it when it has ended.
     */
    private <T> T changing(Actor actor, Supplier<T> work) {
        return transactions.write(actor, () -> {
            if (!TransactionSynchronizationManager.hasResource(this)) {
                TransactionSynchronizationManager.bindResource(this, actor.tenant());
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        TransactionSynchronizationManager.unbindResourceIfPossible(DatedRules.this);
                        cache.invalidate(actor.tenant());
                    }
                });
            }
            return work.get();
        });
    }
}
