// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.Cases;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationFilter.Order;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the month of the imaginary regency from its first message to its present, in the order in which it happens.
 * Everything goes through the modules' own verbs, and that a step was told is remembered in the step's own transaction:
 * one that was interrupted, however hard, goes through the same steps again, throws the same dice, and does only what
 * was not done.
 */
final class Month implements Course.Agenda {
    private static final Logger log = LoggerFactory.getLogger(Month.class);
    private static final Duration SLICE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a month is told with. */
    record Tools(
            RememberedTime time,
            ActorTransactions transactions,
            MonthStore store,
            ItemReceiver receiver,
            Conversations conversations,
            Cases cases) {}

    private final Actor system;
    private final Staff staff;
    private final Tools with;
    private final Instant now;
    private final BooleanSupplier stopping;
    private final Course course;
    private final PriorityQueue<Step> ahead =
            new PriorityQueue<>(Comparator.comparing(Step::at).thenComparing(Step::order));
    private long order;

    /**
     * @param now the month's present
     * @param course made for this agenda
     * @param stopping whether it is to be left where it is
     */
    Month(
            Actor system,
            Staff staff,
            Tools with,
            Instant now,
            Function<Course.Agenda, Course> course,
            BooleanSupplier stopping) {
        this.system = system;
        this.staff = staff;
        this.with = with;
        this.now = now;
        this.course = course.apply(this);
        this.stopping = stopping;
    }

    private sealed interface Step {
        Instant at();

        long order();

        Story story();
    }

    /** @param meant whether there is still cause to say it */
    private record Saying(Instant at, long order, Story story, ReceivedItem item, boolean first, BooleanSupplier meant)
            implements Step {}

    private record Deed(Instant at, long order, Story story, Supplier<Runnable> what) implements Step {}

    @Override
    public void later(Story story, Instant at, Supplier<Runnable> step) {
        ahead.add(new Deed(at, order++, story, step));
    }

    @Override
    public void writes(Story story, Instant at, String text, BooleanSupplier meant) {
        var moment = at.truncatedTo(ChronoUnit.MILLIS);
        ahead.add(new Saying(moment, order++, story, story.adds(moment, text), false, meant));
    }

    /** Tells what is not told yet. Returns whether all of it is told now: a stop leaves it in between. */
    boolean tell(List<Scenario.Opening> openings) throws InterruptedException {
        var told = with.store().stories(system).stream().collect(Collectors.toMap(Story.Told::number, each -> each));
        for (var opening : openings) {
            var story = opening.story();
            story.standsAt(told.getOrDefault(story.number, story.told()));
            ahead.add(new Saying(opening.at(), order++, story, opening.item(), true, () -> true));
        }
        while (!ahead.isEmpty() && !ahead.peek().at().isAfter(now)) {
            if (stopping.getAsBoolean()) {
                return false;
            }
            switch (ahead.poll()) {
                case Deed deed -> carryOut(deed);
                case Saying saying -> {
                    if (!hear(together(saying))) {
                        return false;
                    }
                }
            }
        }
        staff.desk().forEach(this::read);
        read(staff.supervisor());
        return true;
    }

    private void carryOut(Deed deed) {
        var story = deed.story();
        var doing = deed.what().get();
        if (story.passesWhatWasTold()) {
            return;
        }
        var before = story.told();
        try {
            tell(deed.at(), () -> {
                doing.run();
                with.store().told(system, story.nowTold());
            });
        } catch (RefusalException moved) {
            // Somebody really signed in may have been faster.
            log.debug("The month went on differently: {}", moved.getMessage());
            story.standsAt(before);
            tell(deed.at(), () -> with.store().told(system, story.nowTold()));
        }
    }

    private void tell(Instant at, Runnable what) {
        with.time().at(at, () -> with.transactions().run(system, what));
    }

    /** What is said within a few minutes, before anybody does anything. */
    private List<Saying> together(Saying first) {
        var together = new ArrayList<Saying>();
        together.add(first);
        while (ahead.peek() instanceof Saying next
                && next.at().isBefore(first.at().plus(SLICE))
                && !next.at().isAfter(now)) {
            together.add(next);
            ahead.poll();
        }
        return together;
    }

    /**
     * Takes in what is said, waits for the rules to open their cases, and finds them. Returns whether it came so far
     * before a stop.
     */
    private boolean hear(List<Saying> together) throws InterruptedException {
        var fresh = together.stream()
                .filter(saying -> !saying.story().passesWhatWasTold())
                .toList();
        if (!fresh.isEmpty()) {
            var last = together.getLast().at().plusSeconds(5);
            tell(last.isAfter(now) ? now : last, () -> takeIn(fresh));
            with.time().settle(PATIENCE, stopping);
            if (stopping.getAsBoolean()) {
                return false;
            }
        }
        var heard = fresh.isEmpty() ? List.<ConversationRow>of() : newest(fresh.size());
        for (var saying : together) {
            var story = saying.story();
            var conversation = story.told().conversation();
            if (!saying.first() || conversation == null) {
                continue;
            }
            if (story.justBegun()) {
                story.isCase(mark(conversation, heard));
            }
            course.begins(story, saying.at());
        }
        return true;
    }

    private void takeIn(List<Saying> fresh) {
        var items = fresh.stream()
                .filter(saying -> saying.meant().getAsBoolean())
                .map(Saying::item)
                .toList();
        if (!items.isEmpty()) {
            with.receiver().receive(system, items);
        }
        var conversations = newest(fresh.size()).stream()
                .collect(Collectors.toMap(ConversationRow::lastAt, ConversationRow::id, (a, b) -> a));
        for (var saying : fresh) {
            if (saying.first()) {
                saying.story().isIn(conversations.get(saying.at()));
            }
            with.store().told(system, saying.story().nowTold());
        }
    }

    private @Nullable CaseMark mark(ConversationId conversation, List<ConversationRow> heard) {
        return heard.stream()
                .filter(row -> row.id().equals(conversation))
                .findFirst()
                .or(() -> with.conversations().accessible(system, conversation).map(ConversationView::row))
                .map(ConversationRow::mark)
                .orElse(null);
    }

    /** Those somebody last wrote in; a few more than were heard of, since there are visitors in the present too. */
    private List<ConversationRow> newest(int heard) {
        return with.conversations()
                .list(system, new ConversationFilter(Box.ALL, null, null, null, Order.NEWEST), null, heard + 20)
                .items();
    }

    /** What is older than a day has been looked at by those who look into the whole inbox. */
    private void read(Actor officer) {
        var seen = now.minus(Duration.ofHours(20));
        String after = null;
        do {
            var page = with.conversations().list(officer, ConversationFilter.of(Box.UNANSWERED), after, 200);
            for (var row : page.items()) {
                if (row.lastAt().isBefore(seen)) {
                    with.conversations().markRead(officer, row.id());
                }
            }
            after = page.next();
        } while (after != null);
    }
}
