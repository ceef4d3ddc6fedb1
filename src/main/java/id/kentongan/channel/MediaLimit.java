// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.util.Set;

/**
 * What a network takes beside the words.
 *
 * @param most of this kind with one message, at least 1
 * @param largest bytes of one
 * @param types media types it takes, in lower case
 */
public record MediaLimit(Kind kind, int most, long largest, Set<String> types) {
    public enum Kind {
        IMAGE,
        VIDEO,
        AUDIO,
        DOCUMENT
    }

    public MediaLimit {
        types = Set.copyOf(types);
        if (most < 1 || largest < 1 || types.isEmpty()) {
            throw new IllegalArgumentException("A kind that a network takes none of is left out");
        }
    }

    public boolean takes(String mediaType, long bytes) {
        return types.contains(mediaType) && bytes <= largest;
    }
}
