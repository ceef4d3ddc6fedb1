// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.archive.Subject;
import id.kentongan.kernel.Actor;

/** Who read whose personal data, and why. One line per officer, subject and hour. */
public interface ReadingLog {
    /**
     * Notes that the actor is shown personal data of the subject. An auditor must have stated a reason for it
     * within the last eight hours, otherwise the answer is false and the data stay masked.
     */
    boolean mayRead(Actor actor, Subject subject);

    /** Whether the actor has stated a reason for the subject within the last eight hours. */
    boolean reasonStated(Actor actor, Subject subject);

    /** An officer states why they need to see the subject's personal data. Recorded in the trail. */
    void stateReason(Actor actor, Subject subject, String reason);
}
