// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What citizens say of how they were served, after their case is closed: one to five stars and a word. */
public interface Ratings {
    int MOST_STARS = 5;
    int LONGEST_WORD = 1000;

    /** By the reporter's secret link, or by the link that was sent when the case was closed; empty for any other. */
    Optional<Rateable> bySecret(TenantId tenant, String secret);

    /**
     * Rates the case, once for each closing: within the days of the rule {@code case.rate} after it, and anew within
     * those of {@code case.rate-again} after the first time. Recorded in the trail.
     */
    void rate(TenantId tenant, String secret, int stars, String word);

    /** The ratings of a case, newest first. */
    List<Rating> of(Actor actor, CaseId id);

    /** Of the cases that came in from the first to the last day and are closed now, by the agency that has them. */
    List<Summary> summary(Actor actor, LocalDate from, LocalDate to);

    /**
     * @param given what was said, or null
     * @param until the moment from which nothing can be said or changed any more; null when it is not closed
     * @param open whether something can be said or changed now
     */
    record Rateable(
            CaseId id,
            PublicCase shown,
            @Nullable Rating given,
            @Nullable Instant until,
            boolean open) {}

    /** @param word null when nothing was written, or when whoever wrote it is erased */
    record Rating(
            int stars,
            @Nullable String word,
            Instant givenAt,
            @Nullable Instant changedAt,
            int closing) {}

    /**
     * Numbers with their denominators: of {@code closed} cases {@code rated} were rated, with {@code stars} in all.
     *
     * @param agency who has them, or null for those that no agency has
     */
    record Summary(@Nullable AgencyId agency, int closed, int rated, int stars) {
        /** Stars by rating, or null where nobody rated. */
        public @Nullable Double average() {
            return rated == 0 ? null : (double) stars / rated;
        }
    }
}
