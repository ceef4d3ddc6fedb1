// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The platform does not start, for a reason whoever starts it can mend. The message says what is wrong and what to do;
 * it is shown to them as it is.
 */
public final class StartRefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public StartRefusedException(String message) {
        super(message);
    }

    public StartRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The refusal behind what a failed start threw. */
    public static Optional<StartRefusedException> in(@Nullable Throwable thrown) {
        for (var each = thrown; each != null; each = each.getCause()) {
            if (each instanceof StartRefusedException refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }
}
