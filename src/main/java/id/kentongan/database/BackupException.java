// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import org.jspecify.annotations.Nullable;

/** A backup or a restore that did not happen; the message tells an operator what to do. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        this(message, null);
    }

    BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
