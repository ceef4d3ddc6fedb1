// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Ratings;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.Network;
import id.kentongan.desk.internal.CaseCards.CaseCard;
import id.kentongan.desk.internal.CasePlaces.Place;
import id.kentongan.desk.internal.CasePlaces.PlaceChoice;
import id.kentongan.desk.internal.PersonCards.Left;
import id.kentongan.desk.internal.Threads.Attached;
import id.kentongan.desk.internal.Threads.Entry;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A case on its own page: what it is, what was said and done, what to do next and by when. */
@Component
class CasePages {
    private static final int MOST_FORMS = 5;

    /** What happened to the case; what was said stands there as messages already. */
    private static final Set<String> EVENTS = Set.of(
            "verified",
            "forwarded",
            "returned",
            "postponed",
            "resumed",
            "not-ours",
            "archived",
            "deadline-moved",
            "support",
            "support-ended",
            "contributed",
            "task",
            "task-done",
            "closed",
            "reopened");

    private final Cases cases;
    private final Conversations conversations;
    private final Rules rules;
    private final CaseCards cards;
    private final CasePlaces placing;
    private final PersonCards persons;
    private final Threads threads;
    private final InboxLists lists;
    private final Readings readings;
    private final PlaceMaps maps;
    private final Ratings ratings;
    private final CaseTeams teams;
    private final Clock clock;
    private final Dates dates;
    private final Say say;

    CasePages(
            Cases cases,
            Conversations conversations,
            Rules rules,
            CaseCards cards,
            CasePlaces placing,
            PersonCards persons,
            Threads threads,
            InboxLists lists,
            Readings readings,
            PlaceMaps maps,
            Ratings ratings,
            CaseTeams teams,
            Clock clock,
            Dates dates,
            Say say) {
        this.cases = cases;
        this.conversations = conversations;
        this.rules = rules;
        this.cards = cards;
        this.placing = placing;
        this.persons = persons;
        this.threads = threads;
        this.lists = lists;
        this.readings = readings;
        this.maps = maps;
        this.ratings = ratings;
        this.teams = teams;
        this.clock = clock;
        this.dates = dates;
        this.say = say;
    }

    /**
     * @param next what is to be done next, in words
     * @param left numbers and addresses the reporter left, masked
     * @param map where it is, or null when nobody said
     * @param choices where the answer can be shown, or nothing where there is one way
     * @param chosen which of them
     * @param places where an answer will appear besides
     * @param send what the send button says
     * @param announces what the platform adds to the answer, or null
     * @param meanwhile what was done to the case while the reader wrote, or null
     * @param fields what was in the form of the verb that came back with an error
     * @param note covering note that came back with an error
     */
    record CasePage(
            String title,
            CaseCard card,
            String next,
            List<Fact> facts,
            List<Left> left,
            PlaceMaps.@Nullable PlaceMap map,
            List<Waiting> waiting,
            List<Attached> files,
            List<Entry> entries,
            List<PlaceChoice> choices,
            String chosen,
            List<Place> places,
            String send,
            @Nullable String announces,
            String text,
            String key,
            String note,
            FormErrors errors,
            @Nullable String conflict,
            @Nullable String meanwhile,
            Map<String, String> fields,
            boolean needsReason,
            boolean mayWork,
            Team team,
            List<Choice> kinds,
            List<Choice> agencies,
            String stream) {}

    /**
     * The agencies that help and what they have to do.
     *
     * @param mayContribute whether the reader adds notes, as everybody does who works on it
     * @param mayInvite whether the reader asks for help and gives tasks
     * @param agencies who may still be asked
     * @param holders officers a task can be given to, with their agency
     */
    record Team(
            List<Helping> helping,
            List<TaskLine> tasks,
            boolean mayContribute,
            boolean mayInvite,
            List<Choice> agencies,
            List<Choice> holders) {}

    record Helping(String id, String name) {}

    /** @param due in words, or null @param late whether it should be done by now */
    record TaskLine(
            String id,
            String number,
            String href,
            String title,
            String whose,
            @Nullable String due,
            boolean late,
            @Nullable String done,
            boolean mayChange) {}

    private Team team(Actor actor, People people, CaseView found) {
        var open = found.state() != CaseState.CLOSED && Access.mayWork(actor);
        return new Team(
                found.supporting().stream()
                        .map(each -> new Helping(each.toString(), Objects.requireNonNullElse(people.agency(each), "")))
                        .toList(),
                teams.tasks(actor, found.id()).stream()
                        .map(each -> task(people, each))
                        .toList(),
                open,
                open && found.leads(),
                people.agencyChoices().stream()
                        .filter(each -> found.supporting().stream()
                                .noneMatch(one -> one.toString().equals(each.value())))
                        .filter(each -> found.agency() == null
                                || !each.value().equals(found.agency().toString()))
                        .toList(),
                people.liaisons());
    }

    TaskLine task(People people, CaseTeams.Task each) {
        var officer = each.officer();
        var agency = Objects.requireNonNullElse(people.agency(each.agency()), "");
        var due = each.due();
        var done = each.doneAt();
        return new TaskLine(
                each.id().toString(),
                each.number(),
                "/desk/kasus/" + each.matter(),
                each.title().isBlank() ? say.it("desk.case.no-title") : each.title(),
                officer == null ? agency : say.it("desk.team.whose", people.name(officer), agency),
                due == null ? null : say.it("desk.team.due", dates.shortDay(due)),
                done == null && due != null && due.isBefore(dates.today()),
                done == null
                        ? null
                        : say.it("desk.team.done-by", Objects.requireNonNullElse(each.doneBy(), ""), dates.near(done)),
                each.mayChange());
    }

    record Fact(String term, String value) {}

    /** Somebody who waits for the answer. */
    record Waiting(String href, String icon, String name, String where) {}

    /** What the officer had in the forms when they came back. */
    record Written(
            String text,
            String key,
            String note,
            Map<String, String> fields,
            FormErrors errors,
            @Nullable String conflict) {
        static Written nothing() {
            return new Written("", "", "", Map.of(), FormErrors.none(), null);
        }

        /** What was in the form of one verb, by the names of its fields. */
        static Written of(Map<String, String> fields) {
            return new Written("", "", "", fields, FormErrors.none(), null);
        }
    }

    CasePage page(Actor actor, People people, CaseId id, Written written) {
        var found =
                cases.accessible(actor, id).orElseThrow(() -> Refusal.notFound().asException());
        var views = found.conversations().stream()
                .flatMap(each -> conversations.accessible(actor, each).stream())
                .toList();
        var calendar = rules.calendar(actor);
        var card = cards.card(actor, people, found, calendar);
        var choices = card.places().choices();
        var places = places(found, card);
        var wanted = written.fields().getOrDefault("target", "");
        return new CasePage(
                found.publicNumber() + " " + card.title(),
                card,
                next(actor, found),
                facts(actor, found, views),
                left(actor, views),
                maps.of(actor, found).orElse(null),
                views.stream().map(each -> waiting(found, each)).toList(),
                files(people, views),
                entries(people, found, views, calendar),
                choices,
                choices.stream()
                        .map(PlaceChoice::value)
                        .filter(wanted::equals)
                        .findFirst()
                        .orElse(choices.isEmpty() ? "" : choices.getFirst().value()),
                places,
                send(places, views),
                found.state() == CaseState.CLOSED
                        ? null
                        : closing(actor, clock.instant())
                                .map(day -> say.it("desk.case.announces", dates.day(day)))
                                .orElse(null),
                written.text(),
                written.key().isEmpty() ? Ids.next().toString() : written.key(),
                written.note(),
                written.errors(),
                written.conflict(),
                written.conflict() == null ? null : meanwhile(people, found),
                written.fields(),
                !readings.mayRead(actor, "case", id.value()),
                Access.mayWork(actor) && found.leads(),
                team(actor, people, found),
                lists.kinds(),
                people.agencyChoices(),
                "/desk/alir"
                        + (views.isEmpty()
                                ? ""
                                : "?percakapan=" + views.getFirst().row().id()));
    }

    private String next(Actor actor, CaseView found) {
        if (!Access.mayWork(actor)) {
            return say.it("desk.case.next.reading");
        }
        if (!found.leads()) {
            return say.it("desk.case.next.helping");
        }
        return switch (found.state()) {
            case POSTPONED -> say.it("desk.case.next.postponed");
            case RECEIVED -> say.it("desk.case.next.received");
            case FORWARDED -> say.it("desk.case.next.forwarded");
            case ANSWERED ->
                closesOn(actor, found)
                        .map(day -> say.it("desk.case.next.answered-until", dates.day(day)))
                        .orElseGet(() -> say.it("desk.case.next.answered"));
            case CLOSED -> say.it("desk.case.next.closed");
        };
    }

    /** When an answered case closes by itself, by the rule of the day it was answered. */
    private Optional<LocalDate> closesOn(Actor actor, CaseView found) {
        var answeredAt = found.answeredAt();
        return answeredAt == null ? Optional.empty() : closing(actor, answeredAt);
    }

    private Optional<LocalDate> closing(Actor actor, Instant answeredAt) {
        return rules.deadline(actor, "case.auto-close", rules.calendar(actor).dayOf(answeredAt))
                .map(rule -> rules.dueOn(actor, rule, answeredAt));
    }

    /** What happened to it last, so that whoever was slower knows what stands in the way. */
    private @Nullable String meanwhile(People people, CaseView found) {
        return found.timeline().stream()
                .max(Comparator.comparing(TimelineLine::at))
                .map(line -> say.it("desk.case.meanwhile", cards.sentence(people, line), dates.near(line.at())))
                .orElse(null);
    }

    private List<Fact> facts(Actor actor, CaseView found, List<ConversationView> views) {
        var facts = new ArrayList<Fact>();
        var category = found.category();
        if (category != null && !category.isBlank()) {
            facts.add(new Fact(say.it("desk.case.topic"), category));
        }
        views.stream()
                .map(each -> lists.network(each.row().network()) + ", "
                        + threads.audience(each.row().audience()).toLowerCase(java.util.Locale.ROOT))
                .distinct()
                .forEach(each -> facts.add(new Fact(say.it("desk.case.channel"), each)));
        facts.add(new Fact(say.it("desk.case.reporter"), placing.who(found, null)));
        facts.add(new Fact(say.it("desk.case.opened"), dates.full(found.openedAt())));
        var place = found.place();
        if (place != null && !place.isBlank()) {
            facts.add(new Fact(say.it("desk.case.place"), place));
        }
        var closed = found.closedAt();
        if (closed != null) {
            facts.add(new Fact(say.it("desk.case.closed-at"), dates.full(closed)));
        }
        ratings.of(actor, found.id()).forEach(each -> {
            var word = each.word();
            facts.add(new Fact(
                    say.it("desk.case.rating"),
                    word == null
                            ? say.it("desk.case.rated", each.stars(), Ratings.MOST_STARS, dates.near(each.givenAt()))
                            : say.it(
                                    "desk.case.rated-word",
                                    each.stars(),
                                    Ratings.MOST_STARS,
                                    dates.near(each.givenAt()),
                                    word)));
        });
        var archived = found.archiveReason();
        if (archived != null) {
            facts.add(new Fact(say.it("desk.case.archive-reason"), cards.archiveReason(actor, archived)));
        }
        facts.add(new Fact(
                say.it("desk.case.shown"),
                say.it(
                        found.confidential()
                                ? "desk.case.shown-confidential"
                                : found.anonymous() ? "desk.case.shown-anonymous" : "desk.case.shown-public")));
        return facts;
    }

    /** How the reporter can be reached otherwise, as their form says. */
    private List<Left> left(Actor actor, List<ConversationView> views) {
        return views.stream()
                .filter(each -> each.row().network() == Network.WEB)
                .limit(MOST_FORMS)
                .flatMap(each -> persons.left(actor, each.row().id()).stream())
                .toList();
    }

    private Waiting waiting(CaseView found, ConversationView view) {
        var row = view.row();
        return new Waiting(
                "/desk/percakapan/" + row.id(),
                InboxLists.icon(row.network()),
                placing.who(found, row.network()),
                threads.audience(row.audience()));
    }

    private List<Attached> files(People people, List<ConversationView> views) {
        return views.stream()
                .flatMap(view -> view.messages().items().stream()
                        .map(each -> threads.message(
                                people,
                                view.row().id(),
                                each,
                                lists.who(view.row()),
                                view.row().audience())))
                .flatMap(each -> each.files().stream())
                .toList();
    }

    private record Timed(Instant at, Entry entry) {}

    private List<Entry> entries(People people, CaseView found, List<ConversationView> views, WorkCalendar calendar) {
        var all = new ArrayList<Timed>();
        for (var view : views) {
            for (var each : view.messages().items()) {
                all.add(new Timed(
                        each.at(),
                        new Entry(
                                "message",
                                "",
                                threads.message(
                                        people,
                                        view.row().id(),
                                        each,
                                        lists.who(view.row()),
                                        view.row().audience()))));
            }
        }
        found.timeline().stream()
                .filter(line -> EVENTS.contains(line.what()))
                .forEach(line -> all.add(new Timed(line.at(), new Entry("event", event(people, line), null))));
        all.sort(Comparator.comparing(Timed::at));
        var entries = new ArrayList<Entry>();
        LocalDate day = null;
        for (var each : all) {
            var its = calendar.dayOf(each.at());
            if (!its.equals(day)) {
                entries.add(new Entry("day", dates.day(its), null));
                day = its;
            }
            entries.add(each.entry());
        }
        return entries;
    }

    private String event(People people, TimelineLine line) {
        var sentence = cards.sentence(people, line);
        var text = line.text();
        return text == null || text.isBlank()
                ? say.it("desk.thread.event", sentence, dates.near(line.at()))
                : say.it("desk.thread.event-note", sentence, dates.near(line.at()), text);
    }

    /** Besides where it can be chosen. */
    private List<Place> places(CaseView found, CaseCard card) {
        var places = new ArrayList<Place>(
                card.places().choices().isEmpty() ? card.places().told() : List.of());
        places.add(new Place(
                found.confidential() ? "lock" : "globe",
                say.it(found.confidential() ? "desk.case.to.tracking-secret" : "desk.case.to.tracking")));
        return places;
    }

    private String send(List<Place> places, List<ConversationView> views) {
        if (views.size() != 1) {
            return say.it("desk.case.send-many", places.size());
        }
        var network = views.getFirst().row().network();
        return network == Network.WEB
                ? say.it("desk.case.send-web")
                : say.it("desk.case.send-one", lists.network(network));
    }
}
