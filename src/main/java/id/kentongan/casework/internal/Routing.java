// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.RoutingRule;
import id.kentongan.channel.Network;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the rule that fits a message: the first in order whose every condition holds. */
final class Routing {
    private Routing() {}

    static Optional<RoutingRule> fitting(
            List<RoutingRule> rules, String text, Network network, @Nullable String district, LocalDate on) {
        var plain = " " + plain(text) + " ";
        return rules.stream()
                .filter(rule -> !rule.effectiveFrom().isAfter(on))
                .filter(rule ->
                        rule.effectiveTo() == null || !rule.effectiveTo().isBefore(on))
                .filter(rule -> rule.network() == null || rule.network() == network)
                .filter(rule -> rule.district() == null || rule.district().equals(district))
                .filter(rule -> rule.words().isEmpty()
                        || rule.words().stream().anyMatch(word -> plain.contains(" " + plain(word) + " ")))
                .findFirst();
    }

    /** Lower case without accents, words parted by one space, so that a rule's word never fits half a word. */
    static String plain(String text) {
        return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }
}
