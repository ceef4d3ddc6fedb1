// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of state, as it goes into the trail.
 *
 * @param verb module and past tense: {@code casework.forwarded}
 * @param subject what changed
 * @param facts ids, states, numbers; never personal data and never a citizen's words
 * @param commitment salted SHA-256 commitment to sealed content, or null; the salt stays with the content, so that
 *     the chain verifies after an erasure
 */
public record TrailEntry(String verb, Subject subject, Map<String, String> facts, byte @Nullable [] commitment) {
    public TrailEntry {
        facts = Map.copyOf(facts);
    }

    public static TrailEntry of(String verb, String kind, UUID id, Map<String, String> facts) {
        return new TrailEntry(verb, new Subject(kind, id), facts, null);
    }

    public static TrailEntry of(String verb, String kind, UUID id) {
        return of(verb, kind, id, Map.of());
    }
}
