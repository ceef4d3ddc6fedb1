// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dated, sourced rule for one clock.
 *
 * @param key what it limits: {@code complaint.verify}, {@code complaint-supervised.finish}
 * @param amount how many units
 * @param source the legal or practical source, citable
 * @param confidence how sure the source is: published, secondary, practice
 */
public record DeadlineRule(
        UUID id,
        String key,
        int amount,
        Unit unit,
        String source,
        @Nullable String sourceUrl,
        LocalDate effectiveFrom,
        @Nullable LocalDate effectiveTo,
        Confidence confidence) {
    public enum Unit {
        WORKING_DAYS,
        DAYS,
        HOURS
    }

    public enum Confidence {
        PUBLISHED,
        SECONDARY,
        PRACTICE
    }
}
