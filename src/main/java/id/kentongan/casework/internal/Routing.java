// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.RoutingRule;
import id.kentongan.channel.Network;
import java.text.Normalizer;
import java.time.LocalDate;
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

    /** Lower case without accents, words parted by one space, so that a rule's word never fits half a word. */
    static String plain(String text) {
        var bare = MARKS.matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                .replaceAll("");
        return BETWEEN_WORDS.matcher(bare).replaceAll(" ").strip();
    }
}
