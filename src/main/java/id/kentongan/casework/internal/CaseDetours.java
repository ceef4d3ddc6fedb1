// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseClosed;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CasePostponed;
import id.kentongan.casework.CaseResumed;
import id.kentongan.casework.CaseReturned;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.ClockKind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The ways besides the straight one: given back, put off and taken up again, not ours, archived. */
@Component
class CaseDetours {
    private static final int LONGEST_REASON = 1000;

    private final ActorTransactions transactions;
    private final CaseSteps steps;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final Telling telling;
    private final Rules rules;
    private final SourcedLists lists;
    private final Tenants tenants;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    CaseDetours(
            ActorTransactions transactions,
            CaseSteps steps,
            CaseBook book,
            CaseClocks clocks,
            Telling telling,
            Rules rules,
            SourcedLists lists,
            Tenants tenants,
            Clock clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.steps = steps;
        this.book = book;
        this.clocks = clocks;
        this.telling = telling;
        this.rules = rules;
        this.lists = lists;
        this.tenants = tenants;
        this.clock = clock;
        this.events = events;
    }

    private LocalDate today(Actor actor) {
        return clock.instant().atZone(tenants.get(actor.tenant()).zone()).toLocalDate();
    }

    private static String words(String text, String missing) {
        if (text.isBlank()) {
            throw Refusal.invalid(missing).asException();
        }
        if (text.strip().length() > LONGEST_REASON) {
            throw Refusal.invalid("casework.reason-too-long", LONGEST_REASON).asException();
        }
        return text.strip();
    }

    /** The citizen hears nothing: for them the case is with the government as before, and its deadlines run on. */
    void giveBack(Actor actor, CaseId id, String reason, long version) {
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            CaseAccess.leads(actor, row);
            var agency = row.agency();
            var why = words(reason, "casework.no-reason");
            if (agency == null || (row.state() != CaseState.RECEIVED && row.state() != CaseState.FORWARDED)) {
                throw Refusal.conflict("casework.not-to-give-back").asException();
            }
            steps.line(actor, row, "returned", agency, null, why, false);
            steps.record(actor, id, "casework.returned", Map.of("from", agency.toString()));
            events.publishEvent(new CaseReturned(actor.tenant(), id, agency));
            // Last, because the case then leaves the agency's own reach.
            steps.changeByMachine(
                    actor, row, CaseBook.Change.of(row).in(CaseState.RECEIVED).with(null));
            steps.announce(actor, id, "returned");
            steps.tell(actor, id, What.RETURNED, Set.of("coordinator"));
        });
    }

    void postpone(Actor actor, CaseId id, String reason, LocalDate until, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            var why = words(reason, "casework.no-reason");
            if (row.state() != CaseState.RECEIVED && row.state() != CaseState.FORWARDED) {
                throw Refusal.conflict("casework.not-to-postpone").asException();
            }
            var today = today(actor);
            var now = clock.instant();
            if (!until.isAfter(today)) {
                throw Refusal.invalid("casework.postpone-past").asException();
            }
            rules.deadline(actor, "case.postpone", today)
                    .map(rule -> rules.dueOn(actor, rule, now))
                    .filter(until::isAfter)
                    .ifPresent(last -> {
                        throw Refusal.invalid("casework.postpone-too-far", last).asException();
                    });
            var held = clocks.hold(actor, id, now);
            steps.line(actor, row, "postponed", null, null, why, true, until);
            book.change(actor, row, CaseBook.Change.of(row).postponing(until, row.state()));
            steps.record(
                    actor,
                    id,
                    "casework.postponed",
                    Map.of(
                            "until",
                            until.toString(),
                            "held",
                            held.stream().map(ClockKind::name).collect(Collectors.joining(" "))));
            var locale = telling.language(actor, row);
            tell(
                    actor,
                    row,
                    telling.text(
                            locale,
                            "casework.told.postponed",
                            row.number(),
                            Telling.day(locale, until),
                            Telling.sentence(why)),
                    "postponed:" + id + ":" + version);
            events.publishEvent(new CasePostponed(actor.tenant(), id, until));
        });
    }

    /** The citizen was told the day when it was put off, so hears nothing of it; the tracking page shows it. */
    void resume(Actor actor, CaseId id, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            if (row.state() != CaseState.POSTPONED) {
                throw Refusal.conflict("casework.not-postponed").asException();
            }
            resumed(actor, row);
        });
    }

    /** By an officer, or by the machine on the day. */
    void resumed(Actor actor, CaseBook.Row row) {
        clocks.release(actor, row.id(), clock.instant());
        steps.line(actor, row, "resumed", null, row.agency(), null, true);
        book.change(actor, row, CaseBook.Change.of(row).resuming());
        steps.record(actor, row.id(), "casework.resumed", Map.of());
        steps.announce(actor, row.id(), "resumed");
        steps.tell(actor, row.id(), What.RESUMED, Set.of("liaison", "coordinator"));
        events.publishEvent(new CaseResumed(actor.tenant(), row.id()));
    }

    void refer(Actor actor, CaseId id, String suggestion, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            var whom = words(suggestion, "casework.no-suggestion");
            end(actor, row, "not-ours", whom, CaseOutcome.NOT_OURS, null);
            steps.record(actor, id, "casework.not-ours", Map.of());
            var locale = telling.language(actor, row);
            tell(
                    actor,
                    row,
                    telling.text(
                            locale,
                            "casework.told.not-ours",
                            row.number(),
                            tenants.get(actor.tenant()).shortName(),
                            Telling.sentence(whom)),
                    "not-ours:" + id + ":" + version);
        });
    }

    void archive(Actor actor, CaseId id, String reason, String note, boolean tell, long version) {
        CaseAccess.coordinates(actor);
        transactions.run(actor, () -> {
            var row = steps.open(actor, id, version);
            var entry = lists.on(actor, "case.archive-reason", today(actor)).stream()
                    .filter(each -> each.code().equals(reason))
                    .findFirst()
                    .orElseThrow(
                            () -> Refusal.invalid("casework.no-archive-reason").asException());
            var further = note.isBlank() ? "" : words(note, "casework.no-reason");
            end(actor, row, "archived", further, CaseOutcome.ARCHIVED, entry.code());
            steps.record(
                    actor,
                    id,
                    "casework.archived",
                    Map.of("reason", entry.code(), "entry", entry.id().toString(), "told", Boolean.toString(tell)));
            if (tell) {
                var locale = telling.language(actor, row);
                tell(
                        actor,
                        row,
                        telling.text(
                                        locale,
                                        "casework.told.archived",
                                        row.number(),
                                        entry.title().in(locale).toLowerCase(locale),
                                        further.isEmpty() ? "" : Telling.sentence(further))
                                .strip(),
                        "archived:" + id + ":" + version);
            }
        });
    }

    private void tell(Actor actor, CaseBook.Row row, String text, String key) {
        telling.officially(actor, row, Telling.Official.of(text, key));
    }

    private void end(
            Actor actor,
            CaseBook.Row row,
            String what,
            String text,
            CaseOutcome outcome,
            @Nullable String archiveReason) {
        clocks.meet(row.id(), clock.instant(), ClockKind.values());
        steps.line(actor, row, what, null, null, text, true);
        book.change(actor, row, CaseBook.Change.of(row).ending(outcome, archiveReason));
        events.publishEvent(new CaseClosed(actor.tenant(), row.id()));
    }
}
