// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import id.kentongan.kernel.LocalizedText;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a dated, sourced list: a reason to choose, a clock that runs on, a role that is told.
 *
 * @param list what it is a list of: {@code case.archive-reason}
 * @param code what programs know it by: {@code too-general}
 * @param title what people read
 * @param source the legal or practical source, citable
 */
public record ListEntry(
        UUID id,
        String list,
        String code,
        int position,
        LocalizedText title,
        String source,
        @Nullable String sourceUrl,
        LocalDate effectiveFrom,
        @Nullable LocalDate effectiveTo,
        DeadlineRule.Confidence confidence) {
    public boolean holds(LocalDate day) {
        return !effectiveFrom.isAfter(day) && (effectiveTo == null || !effectiveTo.isBefore(day));
    }
}
