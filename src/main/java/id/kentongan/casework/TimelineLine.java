// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.AgencyId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One line of a case's timeline.
 *
 * @param what code below {@code casework.timeline.}: received, verified, forwarded, returned, noted,
 *     answered, added, postponed, resumed, not-ours, archived, closed, reopened
 * @param by officer's name or system part, null towards the public
 * @param text the covering note or answer, null when there is none or it is not for this reader
 * @param toPublic whether the public page shows it
 * @param day the day it tells of: until when the case is put off
 * @param message the message it tells of, or null: what the reporter added, an answer as it was sent
 */
public record TimelineLine(
        Instant at,
        String what,
        @Nullable String by,
        @Nullable AgencyId from,
        @Nullable AgencyId to,
        @Nullable String text,
        boolean toPublic,
        @Nullable MessageId message,
        @Nullable LocalDate day) {
    public TimelineLine(
            Instant at,
            String what,
            @Nullable String by,
            @Nullable AgencyId from,
            @Nullable AgencyId to,
            @Nullable String text,
            boolean toPublic) {
        this(at, what, by, from, to, text, toPublic, null, null);
    }
}
