// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import org.jspecify.annotations.Nullable;

/** Keys could not be exported, imported or read; the message says what to do and may be shown to the operator. */
public final class KeyException extends Exception {
    public KeyException(String message) {
        super(message);
    }

    public KeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
