// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an officer is told at the desk of cases that concern them. Everybody reads their own. */
public interface CaseNotices {
    Page<Notice> of(Actor actor, @Nullable String after, int limit);

    int unseen(Actor actor);

    /** The actor has seen everything until now. */
    void seen(Actor actor);

    enum What {
        /** A deadline nears. */
        REMINDED,
        /** A deadline passed; the step says how far up it is told. */
        ESCALATED,
        /** An agency gave the case back. */
        RETURNED,
        REOPENED,
        /** A postponed case came back. */
        RESUMED,
        /** A change of the calendar moved deadlines. */
        DEADLINES_MOVED,
        /** The officer's agency was asked to help with a case. */
        SUPPORT,
        /** An agency that helps added something. */
        CONTRIBUTED,
        TASK,
        /** The day of a task nears. */
        TASK_DUE,
        TASK_DONE
    }

    /**
     * @param id null for a notice of many cases
     * @param mayOpen whether the actor still reaches the case
     * @param amount of how many cases it tells, for deadlines that moved
     * @param day the day of the deadline, or the day off that changed
     */
    record Notice(
            UUID notice,
            What what,
            @Nullable CaseId id,
            @Nullable String number,
            boolean mayOpen,
            @Nullable ClockKind clock,
            int step,
            int amount,
            @Nullable LocalDate day,
            Instant at,
            boolean seen) {}
}
