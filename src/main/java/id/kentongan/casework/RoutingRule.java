// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.channel.Network;
import id.kentongan.kernel.AgencyId;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule that opens a case or chooses its agency. The first that fits, by ascending order, decides.
 *
 * @param words any of these words or phrases, compared without case and accents; empty fits every text
 * @param network only from this network, or null
 * @param district only from this district's code, or null
 * @param kind the kind to open, or null to leave the message in its conversation
 * @param source why the rule is so, shown to officers
 */
public record RoutingRule(
        UUID id,
        int order,
        String title,
        List<String> words,
        @Nullable Network network,
        @Nullable String district,
        @Nullable CaseKind kind,
        @Nullable String category,
        @Nullable AgencyId agency,
        String source,
        LocalDate effectiveFrom,
        @Nullable LocalDate effectiveTo) {
    public RoutingRule {
        words = List.copyOf(words);
    }
}
