// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules.Outcome;
import id.kentongan.casework.RoutingRules.Sample;
import id.kentongan.casework.RoutingRules.Step;
import id.kentongan.casework.RoutingRules.Trial;
import id.kentongan.channel.Network;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the rule that fits a message: the first in order whose every condition holds. */
final class Routing {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** The rules of one day with their words made plain, so that this is done once and not for every message. */
    private final List<Prepared> rules;

    private record Prepared(RoutingRule rule, List<String> words) {}

    Routing(List<RoutingRule> rules, LocalDate on) {
        this.rules = rules.stream()
                .filter(rule -> !rule.effectiveFrom().isAfter(on))
                .filter(rule ->
                        rule.effectiveTo() == null || !rule.effectiveTo().isBefore(on))
                .map(rule -> new Prepared(
                        rule,
                        rule.words().stream()
                                .map(Routing::plain)
                                .filter(word -> !word.isEmpty())
                                .map(word -> " " + word + " ")
                                .toList()))
                .toList();
    }

    Optional<RoutingRule> fitting(String text, Network network, @Nullable String district) {
        var plain = " " + plain(text) + " ";
        return rules.stream()
                .filter(each -> each.rule().network() == null || each.rule().network() == network)
                .filter(each ->
                        each.rule().district() == null || each.rule().district().equals(district))
                .filter(each ->
                        each.rule().words().isEmpty() || each.words().stream().anyMatch(plain::contains))
                .map(Prepared::rule)
                .findFirst();
    }

    /** Asks each rule as {@link #fitting} would, and says why not. */
    static Trial attempt(List<RoutingRule> rules, LocalDate on, Sample sample) {
        var plain = " " + plain(sample.text()) + " ";
        var steps = new ArrayList<Step>();
        RoutingRule decided = null;
        for (var rule : rules) {
            var word = rule.words().stream()
                    .filter(each -> !plain(each).isEmpty() && plain.contains(" " + plain(each) + " "))
                    .findFirst()
                    .orElse(null);
            var outcome = decided == null ? outcome(rule, on, sample, word) : Outcome.NOT_ASKED;
            if (outcome == Outcome.FITS) {
                decided = rule;
            }
            steps.add(new Step(rule, outcome, word));
        }
        return new Trial(steps, decided);
    }

    private static Outcome outcome(RoutingRule rule, LocalDate on, Sample sample, @Nullable String word) {
        var ends = rule.effectiveTo();
        if (rule.effectiveFrom().isAfter(on)) {
            return Outcome.NOT_YET;
        }
        if (ends != null && ends.isBefore(on)) {
            return Outcome.ENDED;
        }
        if (rule.network() != null && rule.network() != sample.network()) {
            return Outcome.OTHER_NETWORK;
        }
        if (rule.district() != null && !rule.district().equals(sample.district())) {
            return Outcome.OTHER_DISTRICT;
        }
        return rule.words().isEmpty() || word != null ? Outcome.FITS : Outcome.NO_WORD;
    }

    /** Lower case without accents, words parted by one space, so that a rule's word never fits half a word. */
    static String plain(String text) {
        var bare = MARKS.matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                .replaceAll("");
        return BETWEEN_WORDS.matcher(bare).replaceAll(" ").strip();
    }
}
