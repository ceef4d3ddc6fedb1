// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.Cases;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.policy.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.modulith.events.EventPublication;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.stereotype.Component;

/** Tells a regency's month, from its beginning or from where it was left. */
@Component
@ConditionalOnProperty(name = "kentongan.demo", havingValue = "true")
class MonthTeller {
    private static final Logger log = LoggerFactory.getLogger(MonthTeller.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Founding founding;
    private final MonthStore months;
    private final Accounts accounts;
    private final Rules rules;
    private final Conversations conversations;
    private final Cases cases;
    private final Month.Tools tools;
    private final ActorTransactions transactions;
    private final IncompleteEventPublications publications;
    private final RememberedTime time;
    private final Clock clock;

    MonthTeller(
            Founding founding,
            MonthStore months,
            Accounts accounts,
            Rules rules,
            Conversations conversations,
            Cases cases,
            ItemReceiver receiver,
            ActorTransactions transactions,
            IncompleteEventPublications publications,
            RememberedTime time,
            Clock clock) {
        this.founding = founding;
        this.months = months;
        this.accounts = accounts;
        this.rules = rules;
        this.conversations = conversations;
        this.cases = cases;
        this.tools = new Month.Tools(time, transactions, months, receiver, conversations, cases);
        this.transactions = transactions;
        this.publications = publications;
        this.time = time;
        this.clock = clock;
    }

    /** Whether there is a month that is not told to its end. */
    boolean untold(Actor actor) {
        return months.untold(actor).isPresent();
    }

    /** Returns whether the month is told to its end now. */
    boolean tell(Actor actor, int people, BooleanSupplier stopping) throws InterruptedException {
        var untold = months.untold(actor);
        if (untold.isEmpty()) {
            return true;
        }
        var account = accounts.all(actor).stream()
                .filter(each -> each.network() == Network.ACTIVITYPUB)
                .min(Comparator.comparing(Account::handle));
        if (account.isEmpty()) {
            log.info("The demonstration regency has no account any more: its month is not told on");
            return false;
        }
        var before = untold.get().begun();
        var now = before == null ? begin(actor) : before;
        var words = Words.read();
        var voice = new Voice(words);
        var office = new OfficeHours(rules.calendar(actor));
        var staff = founding.staff(actor);
        var month = new Month(
                actor,
                staff,
                tools,
                now,
                agenda -> new Course(agenda, actor, staff, conversations, cases, office, words, voice),
                stopping);
        var openings = new Scenario(words, voice, office, account.get(), accounts.web(actor)).openings(people, now);
        if (!month.tell(openings)) {
            return false;
        }
        months.ended(actor, clock.instant());
        return true;
    }

    private Instant begin(Actor actor) {
        var now = clock.instant();
        transactions.run(actor, () -> {
            founding.hireColleagues(actor);
            months.begun(actor, now);
        });
        return now;
    }

    /**
     * What listens to a told moment lives in it. What an interruption kept from ending is handed over again in the
     * moment it was said in, before the present could take it for something new.
     */
    void handOverWhatWasInterrupted(Actor actor) throws InterruptedException {
        var begun = months.untold(actor).map(MonthStore.Untold::begun);
        if (begun.isEmpty()) {
            return;
        }
        var left = new ArrayList<EventPublication>();
        publications.resubmitIncompletePublications(publication -> {
            if (publication.getPublicationDate().isBefore(begun.get())) {
                left.add(publication);
            }
            return false;
        });
        left.sort(Comparator.comparing(EventPublication::getPublicationDate));
        for (var each : left) {
            time.at(
                    each.getPublicationDate(),
                    () -> publications.resubmitIncompletePublications(
                            publication -> publication.getIdentifier().equals(each.getIdentifier())));
            time.settle(PATIENCE, () -> false);
        }
        if (!left.isEmpty()) {
            log.info("{} events of the demonstration's month were handed over again", left.size());
        }
    }
}
