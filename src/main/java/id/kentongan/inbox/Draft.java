// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an officer has written and not sent, in one window of theirs.
 *
 * @param window the window that wrote it last
 * @param version another one after every saving
 */
public record Draft(UUID window, UUID version, String text, Instant savedAt) {
    /**
     * A window in which an officer writes.
     *
     * @param id made when the window was drawn, and the same as long as it is open
     * @param from the version of the draft that stood in it from the beginning, or null
     */
    public record Window(UUID id, @Nullable UUID from) {}
}
