// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import id.kentongan.kernel.Actor;
import java.time.Instant;
import java.util.UUID;

/** One entry of the trail as read back. */
public record TrailLine(
        UUID id, Instant at, Actor.Kind actorKind, UUID actor, String actorName, TrailEntry entry, boolean sealed) {}
