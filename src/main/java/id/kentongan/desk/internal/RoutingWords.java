// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Categories;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.casework.RoutingRules.Outcome;
import id.kentongan.casework.RoutingRules.Sample;
import id.kentongan.casework.RoutingRules.Step;
import id.kentongan.casework.RoutingRules.Trial;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Dates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Routing rules in words, and why a message they are tried with goes where it goes. */
@Component
class RoutingWords {
    private static final int LONGEST_TEXT = 4000;

    private final RoutingRules rules;
    private final Regions regions;
    private final Categories categories;
    private final DeskPeople people;
    private final Dates dates;
    private final Say say;

    RoutingWords(RoutingRules rules, Regions regions, Categories categories, DeskPeople people, Dates dates, Say say) {
        this.rules = rules;
        this.regions = regions;
        this.categories = categories;
        this.people = people;
        this.dates = dates;
        this.say = say;
    }

    /** @param when what the rule asks for @param then what it does, in words */
    record RuleRow(
            String id,
            String href,
            int place,
            boolean first,
            boolean last,
            String title,
            List<String> when,
            String then,
            String source,
            String since,
            @Nullable StateMark state,
            boolean closed) {}

    record Choices(
            List<Choice> networks,
            List<Choice> districts,
            List<Choice> kinds,
            List<Choice> agencies,
            List<String> categories) {}

    /** What the officer types to try the rules with. */
    record TryForm(
            @Nullable String text,
            @Nullable String sampleNetwork,
            @Nullable String sampleDistrict) {
        static final TryForm EMPTY = new TryForm("", "", "");
    }

    /** @param sentence which rule decides and what follows, or that none does */
    record Result(boolean decided, String sentence, List<StepLine> steps) {}

    record StepLine(String title, StateMark mark, boolean draft) {}

    RuleRow row(People known, Map<String, String> names, RoutingRule rule, int place, int of) {
        var when = new ArrayList<String>();
        if (!rule.words().isEmpty()) {
            when.add(say.it("desk.rules.when-words", String.join(", ", rule.words())));
        }
        var network = rule.network();
        if (network != null) {
            when.add(say.it("desk.rules.when-network", say.it("desk.network." + network.code())));
        }
        var district = rule.district();
        if (district != null) {
            when.add(say.it("desk.rules.when-district", names.getOrDefault(district, district)));
        }
        if (when.isEmpty()) {
            when.add(say.it("desk.rules.when-always"));
        }
        var closed = rule.agency() != null && !known.isOpen(rule.agency());
        var until = rule.effectiveTo();
        var today = dates.today();
        return new RuleRow(
                rule.id().toString(),
                RoutingController.PATH + "/" + rule.id(),
                place,
                place == 1,
                place == of,
                rule.title(),
                when,
                then(known, rule),
                rule.source(),
                until == null
                        ? say.it("desk.rules.since", dates.shortDay(rule.effectiveFrom()))
                        : say.it("desk.rules.between", dates.shortDay(rule.effectiveFrom()), dates.shortDay(until)),
                closed
                        ? new StateMark("late", "warning", say.it("desk.rules.agency-closed"))
                        : rule.effectiveFrom().isAfter(today)
                                ? new StateMark("waiting", "clock", say.it("desk.rules.not-yet"))
                                : null,
                closed);
    }

    private String then(People known, RoutingRule rule) {
        var kind = rule.kind();
        var agency = known.agency(rule.agency());
        var category = rule.category();
        var what = kind == null ? say.it("desk.rules.then-nothing") : say.it("desk.kind." + kind.code());
        var to = agency == null
                ? say.it("desk.rules.then-nobody", what)
                : say.it("desk.rules.then-agency", what, agency);
        return category == null || category.isBlank() ? to : say.it("desk.rules.then-topic", to, category);
    }

    Choices choices(Actor actor, People known) {
        return new Choices(
                Arrays.stream(Network.values())
                        .map(each -> new Choice(each.code(), say.it("desk.network." + each.code())))
                        .toList(),
                regions.districts(actor).stream()
                        .map(each -> new Choice(each.code(), each.name()))
                        .toList(),
                Arrays.stream(CaseKind.values())
                        .map(each -> new Choice(each.code(), say.it("desk.kind." + each.code())))
                        .toList(),
                known.agencyChoices(),
                categories.all(actor).stream().map(Categories.Category::name).toList());
    }

    Map<String, String> names(Actor actor) {
        var names = new LinkedHashMap<String, String>();
        regions.districts(actor).forEach(each -> names.put(each.code(), each.name()));
        return names;
    }

    // -- trying out

    /** @param draft a rule as typed, which takes the place of the saved one, or null */
    Result result(Actor actor, TryForm sample, @Nullable RoutingRule draft) {
        var text = sample.text() == null ? "" : sample.text();
        var network = network(sample.sampleNetwork());
        var trial = rules.attempt(
                actor,
                new Sample(
                        text.substring(0, Math.min(text.length(), LONGEST_TEXT)),
                        network == null ? Network.ACTIVITYPUB : network,
                        blank(sample.sampleDistrict())),
                draft);
        return new Result(trial.decided() != null, sentence(actor, trial), steps(actor, trial, draft));
    }

    private String sentence(Actor actor, Trial trial) {
        var decided = trial.decided();
        if (decided == null) {
            return say.it("desk.rules.none-decides");
        }
        var word = trial.steps().stream()
                .filter(each -> each.outcome() == Outcome.FITS)
                .map(Step::word)
                .findFirst()
                .orElse(null);
        var then = then(people.of(actor), decided);
        return word == null
                ? say.it("desk.rules.decides", decided.title(), then)
                : say.it("desk.rules.decides-word", decided.title(), word, then);
    }

    private List<StepLine> steps(Actor actor, Trial trial, @Nullable RoutingRule draft) {
        var names = names(actor);
        return trial.steps().stream()
                .filter(each -> each.outcome() != Outcome.ENDED)
                .map(each -> new StepLine(
                        each.rule().title(),
                        mark(each, names),
                        draft != null && each.rule().id().equals(draft.id())))
                .toList();
    }

    private StateMark mark(Step step, Map<String, String> names) {
        var rule = step.rule();
        var network = rule.network();
        var district = rule.district();
        return switch (step.outcome()) {
            case FITS -> {
                var word = step.word();
                yield new StateMark(
                        "good",
                        "check-circle",
                        word == null ? say.it("desk.rules.step.fits") : say.it("desk.rules.step.fits-word", word));
            }
            case OTHER_NETWORK ->
                new StateMark(
                        "quiet",
                        "close",
                        say.it(
                                "desk.rules.step.network",
                                network == null ? "" : say.it("desk.network." + network.code())));
            case OTHER_DISTRICT ->
                new StateMark(
                        "quiet",
                        "close",
                        say.it(
                                "desk.rules.step.district",
                                district == null ? "" : names.getOrDefault(district, district)));
            case NO_WORD -> new StateMark("quiet", "close", say.it("desk.rules.step.words"));
            case NOT_YET ->
                new StateMark("quiet", "clock", say.it("desk.rules.step.not-yet", dates.day(rule.effectiveFrom())));
            case ENDED -> new StateMark("quiet", "pause", say.it("desk.rules.step.ended"));
            case NOT_ASKED -> new StateMark("quiet", "arrow-right", say.it("desk.rules.step.not-asked"));
        };
    }

    static @Nullable String blank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    static @Nullable Network network(@Nullable String code) {
        return code == null || code.isBlank() ? null : Access.parsed(code, Network::of);
    }
}
