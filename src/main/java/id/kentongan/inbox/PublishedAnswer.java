// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Network;
import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer of ours that stands in public: released text, which anybody can read where it was said.
 *
 * @param account the account it was said from, "@kabar@sukamaju.example"
 * @param text as it stands now, after corrections
 * @param caseNumber public number of the case it belongs to, or null
 */
public record PublishedAnswer(
        MessageId id,
        Instant at,
        Network network,
        String account,
        String text,
        boolean corrected,
        @Nullable AgencyId agency,
        @Nullable String caseNumber) {}
