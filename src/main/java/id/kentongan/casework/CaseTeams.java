// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Several agencies on one case. One leads it and alone answers; those that support it see the case and its
 * conversations, add to them internally, and have tasks. Absent and forbidden look the same.
 */
public interface CaseTeams {
    int LONGEST_TITLE = 200;
    int LONGEST_CONTRIBUTION = 4000;

    /** Asks another agency to help: from now on it sees the case. Coordinating officers, and whoever leads the case. */
    void support(Actor actor, CaseId id, AgencyId agency, String note, long version);

    /** Thanks an agency: it no longer sees the case. Refused while it has an open task there. */
    void release(Actor actor, CaseId id, AgencyId agency, long version);

    /** Adds something for colleagues; the citizen never reads it. Whoever works on the case or supports it. */
    void contribute(Actor actor, CaseId id, String text);

    /**
     * Gives a task to an agency, or to one of its officers. An agency that is not there yet supports the case from now
     * on. Coordinating officers, and whoever leads the case.
     *
     * @param due the last day, or null
     */
    UUID give(
            Actor actor,
            CaseId id,
            String title,
            AgencyId agency,
            @Nullable OfficerId officer,
            @Nullable LocalDate due);

    /** Marks a task as done, or as not done after all. Its agency, the case's lead, and coordinating officers. */
    void done(Actor actor, UUID task, boolean done);

    /** The tasks of a case, open ones first. */
    List<Task> tasks(Actor actor, CaseId id);

    /** Open tasks given to the actor or to their agency, the nearest first. */
    List<Task> mine(Actor actor);

    record Task(
            UUID id,
            CaseId matter,
            String number,
            String title,
            AgencyId agency,
            @Nullable OfficerId officer,
            @Nullable LocalDate due,
            @Nullable Instant doneAt,
            @Nullable String doneBy,
            boolean mayChange) {}
}
