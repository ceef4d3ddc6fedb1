// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/**
 * A day that is not worked.
 *
 * @param source the joint decree (SKB) or regional decision by number
 * @param addedAt when it entered the calendar; later than the year's start when the decree was amended
 * @param version the version of the calendar that brought it
 */
public record Holiday(UUID id, LocalDate day, Kind kind, String title, String source, Instant addedAt, int version) {
    public enum Kind {
        NATIONAL,
        /** Cuti bersama. */
        COLLECTIVE_LEAVE,
        /** A day off by regional decision, such as an election day or the regency's own. */
        LOCAL
    }
}
