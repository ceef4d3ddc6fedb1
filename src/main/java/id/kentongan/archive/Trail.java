// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of who did what. An entry is written in the transaction of the change it records and linked into the
 * tenant's hash chain by the sealer within two seconds, so that nobody queues behind the chain.
 */
public interface Trail {
    /** Records a change; must be called inside the change's transaction. */
    void record(Actor actor, TrailEntry entry);

    /** Records many changes of one transaction with one statement. */
    void recordAll(Actor actor, List<TrailEntry> entries);

    /** The entries about one subject, oldest first. The caller has checked that the actor may see the subject. */
    List<TrailLine> about(Actor actor, Subject subject);

    /** The tenant's entries, newest first; for auditors and administrators. */
    Page<TrailLine> latest(Actor actor, @Nullable String after, int limit);

    /** When the oldest entry was recorded that is not in the chain yet; empty when all are. For the machine alone. */
    Optional<Instant> unsealedSince(Actor system);
}
